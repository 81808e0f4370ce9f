"""What people type at the desks → clean values, or sentences beside the field they belong to.

Every form is drawn from one flat mapping of texts, stored or typed, so nothing typed is lost.
"""

from nayu.portal.forms.entry import (
    TEXTS,
    Sent,
    activities_of,
    basics_of,
    flat_of,
    links_of,
    place_of,
    promises_of,
    risks_of,
    same_text,
    sent_of,
    stored,
    stored_rows,
)
from nayu.portal.forms.entry_fields import (
    MORE_ROWS,
    SPARE_ROWS,
    activity_rows,
    basics_fields,
    promise_rows,
    risk_rows,
    text_fields,
)
from nayu.portal.forms.lines import later_fields, line_fields, line_input, running_fields
from nayu.portal.forms.typed import (
    Choice,
    Drawing,
    Shown,
    Typed,
    meeting_of,
    plain,
    whole_or_zero,
)

__all__ = [
    "MORE_ROWS", "SPARE_ROWS", "TEXTS", "Choice", "Drawing", "Sent", "Shown", "Typed",
    "activities_of", "activity_rows", "basics_fields", "basics_of", "flat_of", "later_fields",
    "line_fields", "line_input", "links_of", "meeting_of", "place_of", "plain", "promise_rows",
    "promises_of", "risk_rows", "risks_of", "running_fields", "same_text", "sent_of", "stored", "stored_rows",
    "text_fields",
    "whole_or_zero",
]  # fmt: skip

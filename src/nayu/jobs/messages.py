"""Sentences about background work that did not come to an end."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "job_failed": _(
        "The work stopped because of a fault in the system. Nothing was changed; order it again, and"
        " tell the administrator the code %(reference)s if it stops again."
    ),
    "job_gave_up": _(
        "The work was begun %(attempts)s times and never finished, so it was not begun again."
        " Nothing was changed; try a smaller part of it."
    ),
    "job_cancelled": _("The work was cancelled."),
    "unknown_job_kind": _("There is no background work called “%(kind)s”."),
}

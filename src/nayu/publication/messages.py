"""Sentences of broken rules about publishing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "nothing_to_publish": _("No project of fiscal year %(fiscal_year)s is in the plan yet."),
    "not_published": _(
        "This project does not stand in an official version of the plan, so it needs no change"
        " request."
    ),
    "change_stale": _(
        "What this request would change has changed since it was written: %(fields)s. Compare, bring"
        " the request up to date, and submit it again."
    ),
    "day_not_passed": _("%(day)s has not come yet: a page can be shown as at a past day only."),
    "nothing_proposed": _("Nothing is proposed yet: change at least one field."),
    "why_missing": _("Write why the published plan should change."),
    "body_missing": _("Choose the body that decided."),
    "body_too_low": _(
        "“%(body)s” decides minor corrections only; this is a material change of %(fields)s."
    ),
}

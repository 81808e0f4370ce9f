"""Sentences of broken rules about steps and rights, and the names of states, steps and parts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "step_not_allowed": _(
        "The step “%(step)s” is not possible while this is “%(state)s”. Somebody may have acted"
        " before you: open the page again."
    ),
    "reason_missing": _("Write the reason, so that the author knows what to correct."),
    "meeting_missing": _("Write the committee's meeting number and the date of the meeting."),
    "own_work": _("You wrote this project, so somebody else must take this step."),
    "not_oneself": _("Somebody else must do this: nobody takes their own name out of the record."),
    "not_permitted": _("Your post does not allow this while it is “%(state)s”."),
}

NAMES: dict[str, Any] = {
    "-": _("in this state"),
    "draft": _("Draft"),
    "returned": _("Returned"),
    "submitted": _("Submitted"),
    "endorsed": _("Endorsed by the agency"),
    "reviewed": _("Reviewed"),
    "in_plan": _("In the plan"),
    "open": _("Open"),
    "proposed": _("Proposed by the Budget Department"),
    "decided": _("Decided by the executive"),
    "ordinance": _("In the ordinance"),
    "approved": _("Approved, not published yet"),
    "refused": _("Refused"),
    "applied": _("Published"),
    "approve": _("Approve"),
    "refuse": _("Refuse"),
    "apply": _("Publish the change"),
    "submit": _("Submit"),
    "endorse": _("Endorse"),
    "review": _("Review"),
    "include": _("Put in the plan"),
    "return": _("Return"),
    "propose": _("Propose"),
    "decide": _("Decide"),
    "enact": _("Enter in the ordinance"),
    "promises": _("What people get"),
    "rationale": _("Rationale"),
    "objectives": _("Objectives"),
    "target_quantity": _("Targets"),
    "target_quality": _("Targets (quality)"),
    "method": _("Nature of the project"),
    "place_text": _("Place"),
    "links": _("Links to the frameworks"),
    "indicators": _("Indicators"),
    "activities": _("Action plan"),
    "risks": _("Risks"),
    "lines": _("Budget lines"),
    "name_th": _("Name"),
    "name_en": _("English name"),
}

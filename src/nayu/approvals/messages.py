"""Sentences of broken rules about steps and rights, and the names of states, steps and parts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "step_not_allowed": _(
        "The step “%(step)s” is not possible while this is “%(state)s”. Somebody may have acted"
        " before you: open the page again."
    ),
    "reason_missing": _("Write the reason, so that the author knows what to correct."),
    "not_a_reviewer": _(
        "This person is not asked to review this, or cannot be: choose somebody who holds a post"
        " of the desk and did not write it."
    ),
    "window_closed": _(
        "This step is open from %(opens)s to %(closes)s, and today is %(day)s. Ask the %(ask)s for"
        " an exception."
    ),
    "window_wrong": _(
        "Write an opening day that is not after the closing day; an exception needs its last day,"
        " the reason and who allowed it."
    ),
    "appointment_wrong": _(
        "Write the person, the first and the last day in order, and the number and date of the"
        " order."
    ),
    "appointment_overlaps": _(
        "Somebody acts for this post, or this person holds it already, on some of these days"
        " (%(first)s to %(last)s)."
    ),
    "comment_missing": _("Write what you want to say."),
    "meeting_missing": _("Write the committee's meeting number and the date of the meeting."),
    "own_work": _("You wrote this project, so somebody else must take this step."),
    "endorsed_below": _(
        "You took the step “%(earlier)s” in this round, so somebody else must take the step"
        " “%(step)s”."
    ),
    "changed_since": _(
        "This changed after you opened it, so nothing was decided. What changed is shown below:"
        " read it, then decide."
    ),
    "not_oneself": _("Somebody else must do this: nobody takes their own name out of the record."),
    "not_permitted": _("Your post does not allow this while it is “%(state)s”."),
}

NAMES: dict[str, Any] = {
    "-": _("in this state"),
    "strategist": _("Strategy and Evaluation Department"),
    "budgeter": _("Budget Department"),
    "draft": _("Draft"),
    "returned": _("Returned"),
    "submitted": _("Submitted"),
    "endorsed": _("Endorsed by the agency"),
    "reviewed": _("Reviewed"),
    "in_plan": _("In the plan"),
    "rejected": _("Not approved"),
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
    "reject": _("Do not approve"),
    "propose": _("Propose"),
    "adopted": _("Adopted, its amounts written"),
    "adopt": _("Adopt"),
    "undo": _("Undo the adoption"),
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

"""Steps of a scenario and comments on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nayu.allocation import services
from nayu.allocation.views.common import found_scenario, person_of, sentence_of
from nayu.approvals.domain import CommentMissing, EndorsedBelow, ReasonMissing, StepNotAllowed
from nayu.approvals.services import Meeting, Remark, write_comment
from nayu.core.errors import RuleBroken
from nayu.db.clock import now, today


@require_POST
def step(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Propose, send back, adopt or undo; what a rule forbids is told on the page."""
    found = found_scenario(request, year, number)
    code, reason = request.POST.get("step", ""), request.POST.get("step_reason", "")
    person, at = person_of(request), now()
    told = {
        "propose": _("The scenario is proposed to the executive"),
        "return": _("The scenario went back to its makers"),
        "adopt": _("The plan is adopted, and its amounts are written"),
        "undo": _("The adoption is undone, and the amounts before it stand again"),
    }
    try:
        match code:
            case "propose":
                services.propose(found.pk, actor=person, at=at, reason=reason)
            case "return":
                services.send_back(found.pk, actor=person, at=at, reason=reason)
            case "adopt":
                meeting = request.POST.get("meeting", "").strip()
                services.adopt(
                    found.pk, actor=person, at=at, reason=reason,
                    meeting=Meeting(meeting, today() if meeting else None),
                )  # fmt: skip
            case "undo":
                services.undo(found.pk, actor=person, at=at, reason=reason)
            case _other:
                raise StepNotAllowed(step=code, state=found.state, procedure="scenario")
    except (ReasonMissing, EndorsedBelow) as broken:
        words = {
            "reason_missing": _("Write the reason: it stays in the record"),
            "endorsed_below": _("Whoever proposed a scenario does not adopt it"),
        }
        messages.error(request, words[broken.code])
    except RuleBroken as broken:
        if not sentence_of(broken):
            raise
        messages.error(request, sentence_of(broken))
    else:
        messages.success(request, told[code])
    return redirect("allocation:scenario", year, number)


@require_POST
def comment(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A comment on the whole scenario."""
    found = found_scenario(request, year, number)
    subject = services.subject_of(found)
    try:
        write_comment(
            subject, Remark(request.POST.get("text", "")), actor=person_of(request), at=now()
        )
    except CommentMissing:
        messages.error(request, _("Write the comment first"))
    else:
        messages.success(request, _("The comment stands"))
    return redirect("allocation:scenario", year, number)

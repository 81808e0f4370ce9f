"""The decision desk of one project: what is missing, its lines, and the steps one may take."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROCEDURES, PROJECT, ChangedSince, may
from nayu.approvals.queries import (
    content_changes,
    late_subjects,
    latest_decisions,
    newest_change,
    steps_below,
)
from nayu.budget import services as budget
from nayu.budget.domain.profile import profile_of
from nayu.budget.models import Line
from nayu.budget.queries import line_sheets
from nayu.budget.queries.prices import outside
from nayu.coach.queries import entry_remarks
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.fiscal_year import FiscalYear
from nayu.core.money import total as add_up
from nayu.db.clock import now, today
from nayu.portal.forms import Drawing, meeting_of, whole_or_zero
from nayu.portal.queries.attachments import entry_shelf, project_address
from nayu.portal.views.beginning import LAST_NEW_YEAR
from nayu.portal.views.comments import comments_context, remark_rows, remarks_of
from nayu.portal.views.last_year import last_year_of
from nayu.portal.views.parts import entry_or_404
from nayu.portal.views.reviewing import reviewing_context
from nayu.portal.views.sentences import problem_sentence, sentences_of
from nayu.portal.views.stale import changes_since
from nayu.projects import services
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import problems, sheet_of
from nayu.ui.components import Crumb

STEP_OF_NOUN = {
    "submission": "submit",
    "endorsement": "endorse",
    "review": "review",
    "inclusion": "include",
    "return": "return",
    "rejection": "reject",
}


def nouns_for(request: HttpRequest, entry: ProjectEntry) -> list[str]:
    """Steps this person may take now, in the order of the procedure; a return and a refusal last."""
    person = request.person  # type: ignore[attr-defined]
    below = steps_below(PROJECT, person.user_id, [entry.pk])
    found = []
    for noun, act in STEP_OF_NOUN.items():
        for step in PROCEDURES[PROJECT].steps:
            if step.code != act or step.from_state != entry.state:
                continue
            own = step.not_by_author and person.user_id == entry.author_id
            own = own or (step.not_by_earlier and entry.pk in below)
            scope = {"state": entry.state, "agency_code": entry.agency_id}
            if not own and may(person, f"project.{act}", **scope):
                found.append(noun)
    return found


@login_required
@require_GET
def decision(request: HttpRequest, year: int, code: str) -> HttpResponse:
    return _page(request, entry_or_404(request, year, code))


@login_required
@require_POST
def continuation(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Begin a project's entry of a later year, with what was committed for that year."""
    person = request.person  # type: ignore[attr-defined]
    earlier = (
        ProjectEntry.objects.visible_to(person)
        .filter(project__code=code, fiscal_year_be__lt=year)
        .first()
    )
    if earlier is None or not _may_begin(year):
        raise NotVisible
    entry = budget.continue_with_commitments(earlier.project_id, year, actor=person, at=now())
    messages.success(request, _("The project goes on in fiscal year %(year)s.") % {"year": year})
    return redirect("portal:decision", year, entry.project.code)


def _may_begin(year: int) -> bool:
    spending = FiscalYear.containing(today()).year_be
    return spending < year <= spending + LAST_NEW_YEAR


def _next_year(person: Person, entry: ProjectEntry) -> tuple[int, bool]:
    """(the year in which this project may go on, whether it has begun there); 0 for nobody else."""
    if not may(person, "project.create", agency_code=entry.agency_id):
        return 0, False
    year = max(entry.fiscal_year_be, FiscalYear.containing(today()).year_be) + 1
    has = ProjectEntry.objects.filter(project=entry.project, fiscal_year_be=year).exists()
    return (year, has) if _may_begin(year) else (0, False)


@login_required
@require_POST
def step(request: HttpRequest, year: int, code: str, noun: str) -> HttpResponse:
    """Take one step. A refusal is told on the desk, with what was typed; nothing was written.

    The form carries the newest change that its page showed; a form without it saw nothing.
    """
    entry = entry_or_404(request, year, code)
    person, at = request.person, now()  # type: ignore[attr-defined]
    act, seen = STEP_OF_NOUN[noun], whole_or_zero(request.POST.get("seen"))
    try:
        if act == "submit":
            budget.submit_entry(entry.pk, actor=person, at=at, seen=seen)
        else:
            services.take_step(
                entry.pk, act, actor=person, at=at, reason=request.POST.get("reason", ""),
                meeting=meeting_of(request.POST.dict()),  # type: ignore[arg-type]
                seen=seen,
                remarks=remarks_of(request.POST.dict(), entry),  # type: ignore[arg-type]
            )  # fmt: skip
    except RuleBroken as broken:
        sentences = sentences_of(broken)
        unseen = seen if isinstance(broken, ChangedSince) else None
        entry = entry_or_404(request, year, code)
        return _page(request, entry, noun, sentences, unseen=unseen, status=409)
    messages.success(request, _done(act))
    if not may(
        person, "project.view", state=_state_after(entry.pk), agency_code=entry.agency_id
    ):  # fmt: skip
        return redirect("portal:my_work")
    return redirect("portal:decision", year, code)


def _state_after(entry_id: int) -> str:
    return ProjectEntry.objects.values_list("state", flat=True).get(pk=entry_id)


def _done(act: str) -> str:
    return {
        "submit": _("The project is submitted."),
        "endorse": _("The project is endorsed."),
        "review": _("The project passed the review."),
        "include": _("The project is in the plan."),
        "return": _("The project is returned to its author."),
        "reject": _("The project is not approved. Its agency reads the reason."),
    }[act]


def _page(
    request: HttpRequest, entry: ProjectEntry, noun: str = "", sentences: list[str] | None = None,
    *, unseen: int | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    # The mark is read before what it marks: a change between the two is then a change unseen.
    changes = content_changes(PROJECT, entry.pk)
    seen = newest_change(changes)
    sheet = sheet_of(entry)
    found = line_sheets(Line.objects.filter(entry=entry))
    missing = [problem_sentence(problem) for problem in problems(sheet, lines=len(found))]
    typed: dict[str, str] = request.POST.dict() if noun else {}  # type: ignore[assignment]
    person = request.person  # type: ignore[attr-defined]
    year = entry.fiscal_year_be
    may_edit = may(person, "project.edit", state=entry.state, agency_code=entry.agency_id)
    page: dict[str, Any] = {
        "year": year,
        "nav": "projects",
        "entry": entry,
        "sheet": sheet,
        "position": sheet.links[0].position if sheet.links else None,
        "lines": found,
        "line_total": add_up(line.amount for line in found),
        "outside": outside(found, year),
        "profile": profile_of(found, year),
        "missing": missing,
        "remarks": entry_remarks(entry, person, sheet),
        "latest": latest_decisions(PROJECT, [entry.pk]).get(entry.pk),
        "acts": [
            (one, _fields(entry, one, typed if one == noun else {}))
            for one in nouns_for(request, entry)
        ],
        "remark_rows": remark_rows(typed),
        "is_late": entry.pk in late_subjects(PROJECT, year, {entry.pk: entry.agency_id}),
        **comments_context(person, entry),
        **reviewing_context(person, entry),
        "refused": noun,
        "seen": seen,
        "changes": changes_since(changes.filter(id__gt=unseen), year) if unseen is not None else [],
        "sentences": sentences or [],
        "next_year": _next_year(person, entry),
        "last_year": last_year_of(entry, person),
        "may_edit": may_edit,
        "shelf": entry_shelf(entry, may_edit=may_edit),
        "attachments_address": project_address(entry),
        "crumbs": [
            Crumb(sheet.project_code, reverse("portal:project", args=[year, sheet.project_code])),
            Crumb(_("Decision")),
        ],
    }  # fmt: skip
    return render(request, "portal/decision.html", page, status=status)


def _fields(entry: ProjectEntry, noun: str, typed: dict[str, str]) -> list[Any]:
    """What the step asks for, by its procedure."""
    draw = Drawing(typed, {}, {}, prefix=noun)
    step = PROCEDURES[PROJECT].step(STEP_OF_NOUN[noun], entry.state)
    fields = meeting_fields(draw) if step.needs_meeting else []
    if step.needs_reason:
        fields.append(draw.area("reason", _("Reason, which the author sees"), size=3))
    return fields


def meeting_fields(draw: Drawing) -> list[Any]:
    """Number and date of a committee's meeting."""
    return [
        draw.text("meeting_number", _("Meeting number"), most=40, hint=_("for example 2/2568")),
        draw.text(
            "meeting_date", _("Date of the meeting"), most=40,
            hint=_("for example 14 ก.ค. 2568 or ๑๔/๗/๒๕๖๘"),
        ),
    ]  # fmt: skip

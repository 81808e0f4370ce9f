"""Changing what is published: the request, its parts, the decision, and what it came to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.agencies.domain import Person
from nayu.approvals.domain import CHANGE, PROCEDURES, may
from nayu.approvals.queries import decisions_of
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.values import from_json, to_json
from nayu.db.clock import now, today
from nayu.portal.forms import (
    MORE_ROWS,
    SPARE_ROWS,
    Choice,
    Drawing,
    Sent,
    Typed,
    meeting_of,
    stored,
    whole_or_zero,
)
from nayu.portal.queries.linking import Linking, linking_of
from nayu.portal.queries.plans import working_entry
from nayu.portal.views.decisions import meeting_fields
from nayu.portal.views.differing import field_names, told_fields
from nayu.portal.views.parts import drawn, given_of, month_choices, parts
from nayu.portal.views.sentences import sentences_of
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.publication import services
from nayu.publication.domain import MINOR
from nayu.publication.models import ChangeRequest
from nayu.publication.queries import deciding_bodies, visible_changes
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import named

STEP_OF_NOUN = {
    "submission": "submit",
    "approval": "approve",
    "refusal": "refuse",
    "return": "return",
}
# The links' lists follow the form of the desk; lines are money, which the budget's procedure moves.
SECTIONS = (
    "basics", "promises", "rationale", "objectives", "targets", "method", "place", "activities",
    "risks", "links", "partners",
)  # fmt: skip


@login_required
@require_GET
def changes(request: HttpRequest, year: int) -> HttpResponse:
    """All change requests of a year that one may see."""
    person = request.person  # type: ignore[attr-defined]
    if not person.holdings:
        raise NotVisible
    found = list(visible_changes(person, year))
    page = {
        "year": year,
        "nav": "plan",
        "rows": [(one, [field_names().get(n, n) for n in one.proposed]) for one in found],
        "crumbs": [
            Crumb(_("Plan of %(year)s") % {"year": year}, reverse("portal:home_year", args=[year])),
            Crumb(_("Change requests")),
        ],
    }
    return render(request, "portal/changes.html", page)


@login_required
@require_POST
def beginning(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Begin a request on a published project, or go on with the one begun."""
    person = request.person  # type: ignore[attr-defined]
    entry = working_entry(person, year, code)
    if entry is None:
        raise NotVisible
    made = services.begin_change(entry.pk, actor=person, at=now())
    return redirect("portal:change", year, made.number)


def _visible(person: Person, year: int, number: int) -> ChangeRequest:
    found = visible_changes(person, year).filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


@login_required
@require_GET
def change(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return _page(request, _visible(request.person, year, number))  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, year: int, number: int, section: str) -> HttpResponse:
    """One part of the project as it would read; saving it proposes what differs."""
    person = request.person  # type: ignore[attr-defined]
    found = _visible(person, year, number)
    if section not in SECTIONS or not _may(person, "edit", found):
        raise NotVisible
    entry = ProjectEntry.objects.select_related("project", "agency").get(pk=found.entry_id)
    linking = linking_of(entry)
    if request.method == "GET":
        return _section_page(request, found, entry, section, linking)
    sent = Sent(request.POST.dict(), {key: request.POST.getlist(key) for key in request.POST})  # type: ignore[arg-type]
    if "more" in request.POST:
        return _section_page(request, found, entry, section, linking, sent=sent, spare=MORE_ROWS)
    typed = Typed()
    given = given_of(section, sent, typed, linking)
    sentences: list[str] = []
    if not typed.problems:
        try:
            services.propose(
                found.pk, given, revision=whole_or_zero(sent.data.get("revision")),
                actor=person, at=now(),
            )  # fmt: skip
        except RuleBroken as broken:
            sentences = sentences_of(broken)
        else:
            messages.success(request, _("The proposal is saved."))
            return redirect("portal:change", year, number)
    return _section_page(
        request, found, entry, section, linking, sent=sent, typed=typed, sentences=sentences,
        status=422,
    )  # fmt: skip


def _section_page(
    request: HttpRequest, found: ChangeRequest, entry: ProjectEntry, section: str, linking: Linking,
    *, sent: Sent | None = None, typed: Typed | None = None, sentences: list[str] | None = None,
    spare: int = SPARE_ROWS, status: int = 200,
) -> HttpResponse:  # fmt: skip
    year = found.fiscal_year_be
    data, lists = sent or _as_proposed(found, entry, linking)
    draw = Drawing(data, lists, typed.problems if typed else {}, month_choices(year))
    part = next(one for one in parts() if one.code == section)
    page = {
        "year": year,
        "nav": "plan",
        "found": found,
        "entry": entry,
        "part": part,
        "sentences": sentences or [],
        "bad": typed.problems if typed else {},
        "crumbs": [*_crumbs(found), Crumb(part.name)],
        **drawn(section, draw, spare, linking),
    }
    return render(request, "portal/change_section.html", page, status=status)


def _as_proposed(found: ChangeRequest, entry: ProjectEntry, linking: Linking) -> Sent:
    """The form's texts of the entry as it would read."""
    sheet = from_json(EntrySheet, to_json(sheet_of(entry)) | found.proposed)
    data, lists = stored(sheet)
    elements = {
        (framework.code, element.number): str(element.pk)
        for framework, elements in linking.frameworks
        for element in elements
    }
    for link in sheet.links:
        pk = elements.get((link.framework_code, link.number))
        if pk and link.is_primary:
            data[f"primary-{link.framework_code}"] = pk
        elif pk:
            lists.setdefault(f"other-{link.framework_code}", []).append(pk)
    chosen = {one.code for one in sheet.indicators}
    lists["indicator"] = [str(one.pk) for one, _t in linking.indicators if one.code in chosen]
    return Sent(data, lists)


@login_required
@require_POST
def reason(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Why the published plan should change; or a field is taken out, or the request refreshed."""
    person = request.person  # type: ignore[attr-defined]
    found = _visible(person, year, number)
    revision = whole_or_zero(request.POST.get("revision"))
    at = now()
    try:
        if name := request.POST.get("withdraw", ""):
            services.withdraw_field(found.pk, name, revision=revision, actor=person, at=at)
        elif "refresh" in request.POST:
            services.adopt_current(found.pk, revision=revision, actor=person, at=at)
        else:
            why = request.POST.get("why", "")
            services.propose(found.pk, why=why, revision=revision, actor=person, at=at)
    except RuleBroken as broken:
        return _page(request, _visible(person, year, number), "reason", sentences_of(broken))
    messages.success(request, _("The request is saved."))
    return redirect("portal:change", year, number)


@login_required
@require_POST
def step(request: HttpRequest, year: int, number: int, noun: str) -> HttpResponse:
    """Take one step. A refusal is told on the page, with what was typed; nothing was written."""
    person = request.person  # type: ignore[attr-defined]
    found = _visible(person, year, number)
    sent: dict[str, str] = request.POST.dict()  # type: ignore[assignment]
    revision = whole_or_zero(sent.get("revision"))
    try:
        services.take_change_step(
            found.pk, STEP_OF_NOUN[noun], revision=revision, actor=person, at=now(),
            reason=sent.get("reason", ""), body_code=sent.get("body", ""),
            meeting=meeting_of(sent),
        )  # fmt: skip
    except RuleBroken as broken:
        return _page(request, _visible(person, year, number), noun, sentences_of(broken))
    messages.success(request, _done(noun))
    if visible_changes(person, year).filter(number=number).exists():
        return redirect("portal:change", year, number)
    return redirect("portal:changes", year)


def _done(noun: str) -> str:
    return {
        "submission": _("The change request is submitted."),
        "approval": _("The change is approved; the next published version shows it."),
        "refusal": _("The change is refused."),
        "return": _("The change request is returned to the agency."),
    }[noun]


@login_required
@require_POST
def publication(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Publish an approved change at once, in a new official version."""
    person = request.person  # type: ignore[attr-defined]
    found = _visible(person, year, number)
    revision = whole_or_zero(request.POST.get("revision"))
    try:
        version = services.apply_now(found.pk, revision=revision, actor=person, at=now())
    except RuleBroken as broken:
        return _page(request, _visible(person, year, number), "publication", sentences_of(broken))
    messages.success(request, _("Published as version %(n)s.") % {"n": version.number})
    return redirect("portal:version", year, version.number)


# --- The page of one request ---------------------------------------------------------------------


def _may(person: Person, act: str, found: ChangeRequest) -> bool:
    return may(person, f"change.{act}", state=found.state, agency_code=found.agency_id)


def _crumbs(found: ChangeRequest) -> list[Crumb]:
    year, code = found.fiscal_year_be, found.entry.project.code
    return [
        Crumb(code, reverse("portal:project", args=[year, code])),
        Crumb(_("Change requests"), reverse("portal:changes", args=[year])),
        Crumb(
            _("Request %(number)s") % {"number": found.number},
            reverse("portal:change", args=[year, found.number]),
        ),
    ]


def _page(
    request: HttpRequest,
    found: ChangeRequest,
    refused: str = "",
    sentences: list[str] | None = None,
) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    year = found.fiscal_year_be
    typed: dict[str, str] = request.POST.dict() if refused else {}  # type: ignore[assignment]
    pairs = {name: [found.base[name], value] for name, value in found.proposed.items()}
    may_edit, nouns = _may(person, "edit", found), _nouns(person, found)
    page: dict[str, Any] = {
        "year": year,
        "nav": "plan",
        "found": found,
        "changes": told_fields(pairs, year),
        "names": [(name, field_names().get(name, name)) for name in found.proposed],
        "moved": _moved(found) if found.state in ("draft", "submitted") else [],
        "may_edit": may_edit,
        "sections": [one for one in parts() if one.code in SECTIONS] if may_edit else [],
        "why_field": Drawing({"why": typed.get("why", found.why)}, {}, {}).area(
            "why", _("Why the published plan should change"), size=4,
            hint=_("The public reads it as written, so name posts and bodies, not private persons."),
        ),
        "nouns": nouns,
        "decision_fields": _decision_fields(typed, found) if "approval" in nouns else [],
        "may_apply": _may(person, "apply", found),
        "decisions": decisions_of(CHANGE, found.pk),
        "sentences": sentences or [],
        "crumbs": [*_crumbs(found)[:2], Crumb(_("Request %(number)s") % {"number": found.number})],
    }  # fmt: skip
    return render(request, "portal/change.html", page, status=409 if sentences else 200)


def _moved(found: ChangeRequest) -> list[Any]:
    """Fields that stand otherwise now than when the change was proposed."""
    sheet = to_json(sheet_of(found.entry))
    moved = {n: [base, sheet[n]] for n, base in found.base.items() if sheet[n] != base}
    return told_fields(moved, found.fiscal_year_be)


def _nouns(person: Person, found: ChangeRequest) -> list[str]:
    """Steps this person may take now."""
    nouns = []
    for noun, act in STEP_OF_NOUN.items():
        for one in PROCEDURES[CHANGE].steps:
            own = one.not_by_author and person.user_id == found.author_id
            here = one.code == act and one.from_state == found.state
            if here and not own and _may(person, act, found):
                nouns.append(noun)
    return nouns


def _decision_fields(typed: dict[str, str], found: ChangeRequest) -> list[Any]:
    """Which body decided, in which meeting, on which day; and a reason where one is due."""
    draw = Drawing(typed, {}, {})
    bodies = [
        Choice(body.code, named(body))
        for body in deciding_bodies(today())
        if body.decides_material or found.weight == MINOR
    ]
    return [
        draw.choice("body", _("Decided by"), [Choice("", _("not chosen yet")), *bodies]),
        *meeting_fields(draw),
        draw.area(
            "reason", _("Reason"), size=3, optional=True,
            hint=_("Needed to refuse or to return; the public reads the reason of a decision."),
        ),
    ]  # fmt: skip

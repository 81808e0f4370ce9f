"""The writing desk: one section of a project at a time; nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.agencies.domain import PLANNER
from nayu.agencies.models import Agency
from nayu.agencies.queries import budget_holders, districts
from nayu.approvals.domain import PROCEDURES, PROJECT, may
from nayu.approvals.messages import NAMES
from nayu.audit.queries import events_of
from nayu.budget import services as budget
from nayu.budget.messages import MESSAGES as BUDGET
from nayu.budget.models import (
    ExpenditureCategory,
    ExpenditureType,
    FunctionNode,
    FundingSource,
    Line,
)
from nayu.budget.queries import line_counts, line_sheets, uses
from nayu.core.errors import NotVisible, RuleBroken, Stale
from nayu.core.money import total as add_up
from nayu.db.clock import now
from nayu.portal.forms import SPARE_ROWS, Typed, entry_input, line_input, meeting_of
from nayu.portal.queries.plans import working_entry
from nayu.projects import services
from nayu.projects.domain import ORIGINS
from nayu.projects.messages import MESSAGES as PROJECTS
from nayu.projects.messages import PROBLEMS
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import problems, sheet_of
from nayu.strategy.models import Indicator
from nayu.strategy.queries import frameworks_in_force, linkable_elements
from nayu.ui.components import Crumb, Meter

SECTIONS = ("basics", "texts", "links", "promises", "activities", "risks", "places")
STEP_ACTS = ("submit", "endorse", "return", "review", "include")
FIELDS_OF = {
    "basics": ("name_th",),
    "texts": ("rationale", "objectives", "target_quantity", "method", "place_text"),
    "links": ("links", "indicators"),
    "promises": ("promises",),
    "activities": ("activities",),
    "risks": ("risks",),
    "places": (),
}


def section_names() -> dict[str, str]:
    return {
        "basics": _("Name and period"),
        "texts": _("Rationale, objectives, targets, nature, place"),
        "links": _("Links and indicators"),
        "promises": _("What people get"),
        "activities": _("Action plan"),
        "risks": _("Risks"),
        "places": _("Districts and partners"),
    }


def section_help() -> dict[str, str]:
    """What each part is for, in a sentence."""
    return {
        "basics": _("A name a citizen understands, consistent with the objective."),
        "texts": _(
            "Rationale: the situation with figures, the cause, what was tried, why now. Objectives one a"
            " line, each measurable. Nature: own work or contract, and how."
        ),
        "links": _(
            "One goal in each framework carries the money; an indicator needs a target this year."
        ),
        "promises": _(
            "Who gains, how many, what changes for them, from when, and how we shall know. A change for"
            " people, not an activity."
        ),
        "activities": _("Steps from October to September; the weights add up to 100."),
        "risks": _("What may go wrong, how likely and how bad from 1 to 5, and the response."),
        "places": _("Without a district the project serves the whole city."),
    }


def _entry(request: HttpRequest, year: int, code: str) -> ProjectEntry:
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    if entry is None:
        raise NotVisible
    return entry


@login_required
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest, year: int) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    own = [h.agency_code for h in person.holdings if h.role == PLANNER and h.agency_code]
    agencies = Agency.objects.filter(code__in=own)
    if request.method == "POST":
        typed = Typed()
        last = typed.whole(request.POST, "last_fy", year, year + 10, label=_("Last fiscal year"))
        if not typed.problems:
            entry = services.open_project(
                agency_code=request.POST.get("agency", ""),
                fiscal_year_be=year,
                last_fy=last,
                name_th=request.POST.get("name_th", ""),
                name_en=request.POST.get("name_en", ""),
                actor=person,
                at=now(),
            )
            return redirect("portal:edit", year, entry.project.code)
        page = {
            "year": year,
            "agencies": agencies,
            "typed": request.POST,
            "problems": typed.problems,
        }
        return render(request, "portal/new_project.html", page, status=422)
    page = {"year": year, "agencies": agencies, "typed": {"last_fy": year}, "nav": "projects"}
    return render(request, "portal/new_project.html", page)


def _edit_page(entry: ProjectEntry, year: int) -> dict[str, Any]:
    sheet = sheet_of(entry)
    missing = problems(sheet, lines=line_counts([entry.pk]).get(entry.pk, 0))
    fields = {problem.field for problem in missing}
    frameworks = [
        (framework, linkable_elements(framework), _chosen(entry, framework.pk))
        for framework in frameworks_in_force(year)
    ]
    primary = [pk for _f, _e, pk in frameworks if pk]
    names, helps = section_names(), section_help()
    return {
        "year": year,
        "nav": "projects",
        "entry": entry,
        "sheet": sheet,
        "sections": [
            (code, names[code], helps[code], not fields & set(FIELDS_OF[code])) for code in SECTIONS
        ],
        "missing": [_missing(problem) for problem in missing],
        "frameworks": frameworks,
        "indicators": Indicator.objects.filter(element_id__in=primary).order_by("code"),
        "own_indicators": Indicator.objects.filter(element=None, owner=entry.agency).order_by(
            "code"
        ),
        "indicator_ids": set(entry.indicator_links.values_list("indicator_id", flat=True)),
        "districts": districts(),
        "weights": dict(entry.district_shares.values_list("district__plan_code", "weight")),
        "agencies": budget_holders(year),
        "supporting": {code for code, *_rest in sheet.supporting},
        "spare": range(SPARE_ROWS),
        "promise_rows": [*sheet.promises, *[None] * SPARE_ROWS],
        "activity_rows": [*sheet.activities, *[None] * SPARE_ROWS],
        "risk_rows": [*sheet.risks, *[None] * SPARE_ROWS],
        "origins": _origins(),
        "may_edit": True,
        "crumbs": [
            Crumb(_("Projects"), f"/{year}/projects/?view=working"),
            Crumb(sheet.project_code, f"/{year}/projects/{sheet.project_code}/"),
            Crumb(_("Write")),
        ],
    }


def _origins() -> list[tuple[str, str]]:
    names = {
        "agency": _("the agency itself"),
        "governor": _("the governor's policy"),
        "community": _("a community plan"),
        "citizens": _("citizens' reports"),
        "council": _("the council"),
    }
    return [(code, names[code]) for code in ORIGINS]


def _chosen(entry: ProjectEntry, framework_id: int) -> int | None:
    link = entry.links.filter(framework_id=framework_id, is_primary=True).first()
    return link.element_id if link else None


def _missing(problem: Any) -> str:
    facts = {"field": NAMES.get(problem.field, problem.field), **dict(problem.facts)}
    return str(PROBLEMS[problem.code]) % facts


@login_required
@require_GET
def edit(request: HttpRequest, year: int, code: str) -> HttpResponse:
    entry = _entry(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    return render(request, "portal/edit.html", _edit_page(entry, year))


@login_required
@require_POST
def edit_section(request: HttpRequest, year: int, code: str, section: str) -> HttpResponse:
    """Save one section; what cannot be saved comes back with what was typed."""
    entry = _entry(request, year, code)
    if section not in SECTIONS:
        raise NotVisible
    typed = Typed()
    lists = {key: request.POST.getlist(key) for key in request.POST}
    given = entry_input(section, request.POST.dict(), lists, typed)  # type: ignore[arg-type]
    revision = request.POST.get("revision", "")
    sentences = list(typed.problems.values())
    if not sentences:
        try:
            services.save_entry(
                entry.pk,
                given,
                revision=int(revision) if revision.isdigit() else 0,
                actor=request.person,  # type: ignore[attr-defined]
                at=now(),
            )
        except Stale:
            return _stale(request, entry, year, section)
        except RuleBroken as broken:
            if broken.code in ("not_visible", "not_permitted"):
                raise
            sentences = [sentence_of(broken)]
    if sentences:
        page = _edit_page(entry, year) | {
            "failed": section, "sentences": sentences, "typed": request.POST, "given": given,
            "typed_pairs": _pairs(request),
        }  # fmt: skip
        _show_given(page, given)
        return render(request, "portal/edit.html", page, status=422)
    messages.success(request, _("Saved."))
    return redirect(f"/{year}/projects/{code}/edit/#{section}")


def sentence_of(broken: RuleBroken) -> str:
    """The sentence of a rule that belongs to this desk."""
    return str({**BUDGET, **PROJECTS}.get(broken.code, "%(code)s")) % {
        "code": broken.code,
        **{
            key: NAMES.get(value, value) if isinstance(value, str) else value
            for key, value in broken.facts.items()
        },
    }


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, for keeping and comparing, without the machinery of the form."""
    return [
        (key, str(value))
        for key, value in request.POST.items()
        if value and key not in ("csrfmiddlewaretoken", "revision")
    ]


def _show_given(page: dict[str, Any], given: Any) -> None:
    for name in ("promises", "activities", "risks"):
        rows = getattr(given, name)
        if rows is not None:
            key = {"promises": "promise_rows", "activities": "activity_rows", "risks": "risk_rows"}[
                name
            ]
            page[key] = [*rows, *[None] * SPARE_ROWS]


def _stale(request: HttpRequest, entry: ProjectEntry, year: int, section: str) -> HttpResponse:
    """Somebody saved since: who, when and what, with the reader's own text kept beside it."""
    event = events_of(PROJECT, entry.pk).filter(verb="project.edit").first()
    entry.refresh_from_db()
    page = _edit_page(entry, year) | {
        "failed": section,
        "sentences": [
            _(
                "Somebody saved this after you opened it. Your text is kept below; compare and save again."
            )
        ],
        "stale_event": event,
        "typed_pairs": _pairs(request),
        "typed": request.POST,
    }
    return render(request, "portal/edit.html", page, status=409)


# --- Lines ------------------------------------------------------------------------------------


def _line_lists() -> dict[str, Any]:
    return {
        "categories": ExpenditureCategory.objects.exclude(type_id="unspecified")
        .exclude(code="6.1")
        .filter(code__regex=r"^[1-5]\.[0-9]$")
        .select_related("type")
        .order_by("code"),
        "works": FunctionNode.objects.filter(depth=3, code__startswith="F").order_by("code"),
        "sources": FundingSource.objects.order_by("order"),
        "references": [
            ("standard", _("standard price list")), ("quotation", _("quotations")),
            ("past_purchase", _("past purchase")), ("design", _("drawing and median price")),
            ("payroll", _("payroll")), ("other", _("other")),
        ],
        "novelties": [
            ("new", _("new")), ("continuing", _("continuing")), ("replacement", _("replacement")),
        ],
    }  # fmt: skip


def _meters(agency: str, year: int) -> list[Meter]:
    names = {t.code: t for t in ExpenditureType.objects.all()}
    return [
        Meter(
            names[u.type_code].name_th,
            u.asked_baht,
            u.asked_baht - u.asked_baht,
            u.ceiling_baht,
            code=u.type_code,
        )
        for u in uses(agency, year, with_drafts=True)
    ]


@login_required
@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The lines of a project: a table, and a form beside the remaining ceilings."""
    entry = _entry(request, year, code)
    person = request.person  # type: ignore[attr-defined]
    shown = request.GET.get("line", "") or request.POST.get("line", "")
    line = entry.lines.filter(pk=int(shown)).first() if shown.isdigit() else None
    if request.method == "POST":
        return _change_lines(request, entry, line)
    found = line_sheets(Line.objects.filter(entry=entry))
    page = _lines_page(entry, year, found, line) | {
        "typed": line_values(line) if line else {"novelty": entry.novelty, "source": "bma"}
    }
    page["may_edit"] = may(
        person, "project.edit", state=entry.state, agency_code=entry.agency_id
    ) or (
        entry.state == "in_plan"
        and may(person, "request.edit", state="open", agency_code=entry.agency_id)
    )
    return render(request, "portal/lines.html", page)


def _lines_page(entry: ProjectEntry, year: int, found: Any, line: Line | None) -> dict[str, Any]:
    return {
        "year": year,
        "nav": "projects",
        "entry": entry,
        "lines": found,
        "line": line,
        "line_total": add_up(sheet.amount for sheet in found),
        "meters": _meters(entry.agency_id, year),
        "commitments": entry.project.commitments.prefetch_related("years"),
        "may_edit": True,
        **_line_lists(),
    }


def line_values(line: Line) -> dict[str, Any]:
    return {
        "item": line.item, "quantity": line.quantity.normalize(), "unit": line.unit,
        "unit_price": line.unit_price, "category": line.category_id, "work": line.work_id,
        "source": line.source_id, "price_reference": line.price_reference,
        "price_evidence": line.price_evidence, "first_month": line.first_month,
        "last_month": line.last_month, "novelty": line.novelty, "priority": line.priority,
        "if_not_funded": line.if_not_funded,
    }  # fmt: skip


def _change_lines(request: HttpRequest, entry: ProjectEntry, line: Line | None) -> HttpResponse:
    person, year = request.person, entry.fiscal_year_be  # type: ignore[attr-defined]
    typed = Typed()
    try:
        if request.POST.get("remove") and line:
            budget.remove_line(line.pk, actor=person, at=now())
            messages.success(request, _("The line was removed."))
            return redirect("portal:lines", year, entry.project.code)
        given = line_input(request.POST, typed)  # type: ignore[arg-type]
        if not typed.problems and line:
            budget.change_line(
                line.pk,
                given,
                revision=int(request.POST.get("revision") or 0),
                actor=person,
                at=now(),
            )
        elif not typed.problems:
            budget.add_line(
                given, kind="project", agency_code=entry.agency_id, fiscal_year_be=year,
                entry_id=entry.pk, actor=person, at=now(),
            )  # fmt: skip
        sentences = list(typed.problems.values())
    except RuleBroken as broken:
        if broken.code in ("not_visible", "not_permitted"):
            raise
        sentences = [sentence_of(broken)]
    if not sentences:
        messages.success(request, _("Saved."))
        return redirect("portal:lines", year, entry.project.code)
    found = line_sheets(Line.objects.filter(entry=entry))
    page = _lines_page(entry, year, found, line) | {"typed": request.POST, "sentences": sentences}
    return render(request, "portal/lines.html", page, status=422)


# --- Steps ------------------------------------------------------------------------------------


def acts_for(request: HttpRequest, entry: ProjectEntry) -> list[str]:
    """Steps this person may take now, in the order of the procedure."""
    person = request.person  # type: ignore[attr-defined]
    possible = {s.code for s in PROCEDURES[PROJECT].steps if s.from_state == entry.state}
    return [
        act
        for act in STEP_ACTS
        if act in possible
        and may(person, f"project.{act}", state=entry.state, agency_code=entry.agency_id)
        and not (act in ("endorse", "review", "include") and person.user_id == entry.author_id)
    ]


@login_required
@require_GET
def decision(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The decision desk of one project: what is missing, and the steps this person may take."""
    entry = _entry(request, year, code)
    return render(request, "portal/decision.html", _decision_page(request, entry))


def _decision_page(request: HttpRequest, entry: ProjectEntry) -> dict[str, Any]:
    sheet = sheet_of(entry)
    found = line_sheets(Line.objects.filter(entry=entry))
    missing = problems(sheet, lines=len(found))
    person = request.person  # type: ignore[attr-defined]
    return {
        "year": entry.fiscal_year_be,
        "nav": "projects",
        "entry": entry,
        "sheet": sheet,
        "lines": found,
        "line_total": add_up(line.amount for line in found),
        "missing": [_missing(problem) for problem in missing],
        "acts": acts_for(request, entry),
        "may_edit": may(person, "project.edit", state=entry.state, agency_code=entry.agency_id),
    }


STEP_OF_NOUN = {
    "submission": "submit",
    "endorsement": "endorse",
    "return": "return",
    "review": "review",
    "inclusion": "include",
}


@login_required
@require_POST
def step(request: HttpRequest, year: int, code: str, noun: str) -> HttpResponse:
    """Take one step; a refusal is a sentence, and then nothing was written."""
    entry = _entry(request, year, code)
    person = request.person  # type: ignore[attr-defined]
    act = STEP_OF_NOUN[noun]
    if act == "submit":
        budget.submit_entry(entry.pk, actor=person, at=now())
    else:
        services.take_step(
            entry.pk,
            act,
            actor=person,
            at=now(),
            reason=request.POST.get("reason", ""),
            meeting=meeting_of(request.POST),  # type: ignore[arg-type]
        )
    messages.success(request, _("Done."))
    return redirect("portal:decision", year, code)


@require_GET
def history(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """What happened to an entry, newest first, in words; only for those who may see the entry."""
    entry = _entry(request, year, code)
    rows = []
    for event in events_of(PROJECT, entry.pk)[:200]:
        changed = event.facts.get("changed", {})
        rows.append(
            (
                event,
                [(NAMES.get(key, key), before, after) for key, (before, after) in changed.items()],
            )
        )
    page = {"year": year, "nav": "projects", "entry": entry, "rows": rows}
    return render(request, "portal/history.html", page)

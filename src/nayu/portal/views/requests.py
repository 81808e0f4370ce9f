"""The request desks: agencies against ceilings, one agency's request, stages, publication."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.agencies.models import Agency
from nayu.agencies.queries import budget_holders
from nayu.approvals.domain import PROCEDURES, REQUEST, may
from nayu.approvals.queries import decisions_of
from nayu.budget import services
from nayu.budget.domain import ROUTINE, Use
from nayu.budget.models import ExpenditureType, FunctionNode, Line, Request, Stage
from nayu.budget.queries import (
    LineSheet,
    all_uses,
    line_sheets,
    lines_outside_the_plan,
    reached_stage,
    request_lines,
    uses,
    visible_request,
    working_books,
)
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.money import parse_baht
from nayu.core.money import total as add_up
from nayu.db.clock import now
from nayu.portal.forms import Typed, line_input, meeting_of
from nayu.portal.views.writing import _line_lists, line_values, sentence_of
from nayu.projects.models import ProjectEntry
from nayu.publication.models import DRAFT, OFFICIAL
from nayu.publication.queries import versions_of
from nayu.publication.services import STATES_OF_KIND, publish
from nayu.ui.components import Meter

STEPS = ("submit", "return", "propose", "decide", "enact")
STEP_OF_NOUN = {
    "submission": "submit",
    "return": "return",
    "proposal": "propose",
    "decision": "decide",
    "ordinance": "enact",
}


def _types() -> dict[str, ExpenditureType]:
    return {t.code: t for t in ExpenditureType.objects.order_by("order")}


@login_required
@require_GET
def requests(request: HttpRequest, year: int) -> HttpResponse:
    """All requests this person may see, those over a ceiling first."""
    person = request.person  # type: ignore[attr-defined]
    states = dict(
        Request.objects.visible_to(person)
        .filter(fiscal_year_be=year)
        .values_list("agency_id", "state")
    )
    found = all_uses(year)
    rows: list[dict[str, Any]] = []
    for agency in budget_holders(year):
        if agency.code not in states and agency.code not in person.agency_codes:
            continue
        agency_uses = found.get(agency.code, [])
        rows.append(
            {
                "agency": agency,
                "state": states.get(agency.code, ""),
                "asked": add_up(u.asked_baht for u in agency_uses),
                "ceiling": add_up(u.ceiling_baht or 0 for u in agency_uses),  # type: ignore[misc]
                "over": [u for u in agency_uses if u.is_over],
            }
        )
    rows.sort(key=lambda row: (not row["over"], row["agency"].code))
    page = {
        "year": year, "nav": "budget", "rows": rows, "types": _types(),
        "over": sum(1 for row in rows if row["over"]),
        "may_set": may(person, "ceiling.set"),
    }  # fmt: skip
    return render(request, "portal/requests.html", page)


def _visible(request: HttpRequest, year: int, code: str) -> Request:
    found = visible_request(code, year, request.person)  # type: ignore[attr-defined]
    if found is None:
        raise NotVisible
    return found


@login_required
@require_GET
def one(request: HttpRequest, year: int, code: str) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    agency = get_object_or_404(Agency, code=code)
    if visible_request(code, year, person) is None and code in person.agency_codes:
        return render(
            request, "portal/request.html",
            {"year": year, "nav": "budget", "agency": agency, "asked": None,
             "may_open": may(person, "request.edit", state="open", agency_code=code)},
        )  # fmt: skip
    return render(request, "portal/request.html", _request_page(request, year, agency))


def _request_page(request: HttpRequest, year: int, agency: Agency) -> dict[str, Any]:
    person = request.person  # type: ignore[attr-defined]
    asked = _visible(request, year, agency.code)
    sheets = line_sheets(request_lines(agency.code, year))
    found = uses(agency.code, year)
    types = _types()
    possible = {s.code for s in PROCEDURES[REQUEST].steps if s.from_state == asked.state}
    acts = [
        act for act in STEPS
        if act in possible and may(person, f"request.{act}", state=asked.state, agency_code=agency.code)
    ]  # fmt: skip
    return {
        "year": year,
        "nav": "budget",
        "agency": agency,
        "asked": asked,
        "groups": _groups(sheets),
        "stages": _stage_sums(sheets),
        "count": len(sheets),
        "total": add_up(sheet.amount for sheet in sheets),
        "meters": [_meter(use, types) for use in found]
        if may(person, "ceiling.view", agency_code=agency.code)
        else [],
        "outside": lines_outside_the_plan(agency.code, year)
        .values("entry__project__code", "entry__name_th", "entry__state")
        .distinct()
        .order_by("entry__project__code")
        if agency.code in person.agency_codes
        else [],
        "acts": acts,
        "sets_amounts": {"submitted": "propose", "proposed": "decide"}.get(asked.state) in acts,
        "may_edit": may(person, "request.edit", state=asked.state, agency_code=agency.code),
        "decisions": decisions_of(REQUEST, asked.pk),
    }


def _meter(use: Use, types: dict[str, ExpenditureType]) -> Meter:
    return Meter(
        types[use.type_code].name_th, use.asked_baht, use.asked_baht - use.asked_baht,
        use.ceiling_baht, code=use.type_code,
    )  # fmt: skip


def _stage_sums(sheets: list[LineSheet]) -> list[tuple[Stage, Any]]:
    sums: dict[str, Any] = {}
    for sheet in sheets:
        for stage, amount in sheet.stages:
            sums[stage] = sums.get(stage, 0) + amount
    return [(s, sums[s.code]) for s in Stage.objects.order_by("order") if s.code in sums]


def _groups(sheets: list[LineSheet]) -> list[dict[str, Any]]:
    """ด้าน → แผนงาน → งาน or project → lines, each level with its sum."""
    nodes = {node.code: node for node in FunctionNode.objects.all()}
    entries = {
        e.pk: e
        for e in ProjectEntry.objects.filter(
            pk__in={s.entry_id for s in sheets if s.entry_id}
        ).select_related("project")
    }
    groups: dict[tuple[str, int], dict[str, Any]] = {}
    for sheet in sorted(sheets, key=lambda s: (s.work_code, s.entry_id or 0, s.type_code, s.order)):
        key = (sheet.work_code, sheet.entry_id or 0)
        if key not in groups:
            groups[key] = {
                "path": _path(sheet.work_code, nodes),
                "entry": entries.get(sheet.entry_id or 0),
                "lines": [],
                "total": add_up(()),
            }
        groups[key]["lines"].append(sheet)
        groups[key]["total"] += sheet.amount
    return list(groups.values())


def _path(code: str, nodes: dict[str, FunctionNode]) -> list[FunctionNode]:
    found = []
    node = nodes.get(code)
    while node is not None:
        found.append(node)
        node = nodes.get(node.parent_id or "")
    return found[::-1]


@login_required
@require_POST
def opening(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The agency begins its request of a year."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "request.edit", state="open", agency_code=code):
        raise NotVisible
    services.open_request(code, year, at=now())
    return redirect("portal:request", year, code)


@login_required
@require_POST
def step(request: HttpRequest, year: int, code: str, noun: str) -> HttpResponse:
    asked = _visible(request, year, code)
    services.take_request_step(
        asked.pk,
        STEP_OF_NOUN[noun],
        actor=request.person,  # type: ignore[attr-defined]
        at=now(),
        reason=request.POST.get("reason", ""),
        meeting=meeting_of(request.POST),  # type: ignore[arg-type]
    )
    messages.success(request, _("Done."))
    return redirect("portal:request", year, code)


@login_required
@require_POST
def amount(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """What สงม. proposes or the executive decides for one line."""
    _visible(request, year, code)
    line = get_object_or_404(
        Line, pk=int(request.POST.get("line") or 0), agency_id=code, fiscal_year_be=year
    )
    services.set_stage_amount(
        line.pk,
        parse_baht(request.POST.get("amount", ""), whole=True),
        reason=request.POST.get("reason", ""),
        actor=request.person,  # type: ignore[attr-defined]
        at=now(),
    )
    messages.success(request, _("Saved."))
    return redirect(f"/{year}/requests/{code}/#line-{line.pk}")


@login_required
@require_http_methods(["GET", "POST"])
def routine(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Add or change a line of routine work while the request is open."""
    agency = get_object_or_404(Agency, code=code)
    asked = _visible(request, year, code)
    person = request.person  # type: ignore[attr-defined]
    shown = request.GET.get("line", "") or request.POST.get("line", "")
    line = (
        Line.objects.filter(pk=int(shown), agency=agency, fiscal_year_be=year, kind=ROUTINE).first()
        if shown.isdigit()
        else None
    )
    typed, sentences = Typed(), []
    if request.method == "POST":
        try:
            if request.POST.get("remove") and line:
                services.remove_line(line.pk, actor=person, at=now())
                return redirect("portal:request", year, code)
            given = line_input(request.POST, typed)  # type: ignore[arg-type]
            sentences = list(typed.problems.values())
            if not sentences and line:
                services.change_line(
                    line.pk,
                    given,
                    revision=int(request.POST.get("revision") or 0),
                    actor=person,
                    at=now(),
                )
            elif not sentences:
                services.add_line(
                    given,
                    kind=ROUTINE,
                    agency_code=code,
                    fiscal_year_be=year,
                    actor=person,
                    at=now(),
                )
        except RuleBroken as broken:
            if broken.code in ("not_visible", "not_permitted"):
                raise
            sentences = [sentence_of(broken)]
        if not sentences:
            messages.success(request, _("Saved."))
            return redirect("portal:request", year, code)
    page = {
        "year": year, "nav": "budget", "agency": agency, "asked": asked, "line": line,
        "typed": request.POST if request.method == "POST" else (line_values(line) if line else {"source": "bma", "novelty": "continuing"}),
        "sentences": sentences, "meters": [_meter(u, _types()) for u in uses(code, year, with_drafts=True)],
        **_line_lists(),
    }  # fmt: skip
    return render(request, "portal/routine.html", page, status=422 if sentences else 200)


@login_required
@require_http_methods(["GET", "POST"])
def ceilings(request: HttpRequest, year: int) -> HttpResponse:
    """สงม. sets ceilings: agency × expenditure type."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "ceiling.set"):
        raise NotVisible
    if request.method == "POST":
        services.set_ceiling(
            request.POST.get("agency", ""),
            year,
            request.POST.get("type", ""),
            parse_baht(request.POST.get("amount", ""), whole=True),
            actor=person,
            at=now(),
        )
        messages.success(request, _("Saved."))
        return redirect(f"/{year}/ceilings/")
    types = [t for t in _types().values() if t.code in "12345"]
    found = all_uses(year)
    rows = []
    for agency in budget_holders(year):
        by_type = {use.type_code: use for use in found.get(agency.code, [])}
        rows.append((agency, [(t, by_type.get(t.code)) for t in types]))
    return render(
        request,
        "portal/ceilings.html",
        {"year": year, "nav": "budget", "rows": rows, "types": types},
    )


@login_required
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, year: int) -> HttpResponse:
    """What would be published, and the deed of publishing."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "plan.publish"):
        raise NotVisible
    if request.method == "POST":
        kind = request.POST.get("kind", DRAFT)
        version = publish(
            year, kind=OFFICIAL if kind == OFFICIAL else DRAFT, note=request.POST.get("note", ""),
            actor=person, at=now(),
        )  # fmt: skip
        messages.success(request, _("Published as version %(n)s.") % {"n": version.number})
        return redirect("portal:version", year, version.number)
    stage = reached_stage(year)
    counts = {
        kind: ProjectEntry.objects.filter(fiscal_year_be=year, state__in=states).count()
        for kind, states in STATES_OF_KIND.items()
    }
    page = {
        "year": year, "nav": "plan", "stage": Stage.objects.get(pk=stage), "counts": counts,
        "total": working_books(year, stage).total_baht(), "versions": versions_of(year),
    }  # fmt: skip
    return render(request, "portal/publication.html", page)

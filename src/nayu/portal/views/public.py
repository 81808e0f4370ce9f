"""Pages for everybody: home, framework, projects, money, agencies, districts."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.agencies.models import Agency, District
from nayu.agencies.queries import budget_holders, districts
from nayu.approvals.domain import PROCEDURES, may
from nayu.approvals.messages import NAMES
from nayu.approvals.queries import decisions_of
from nayu.budget.domain import BY, NO_ELEMENT, WHOLE_CITY, Use
from nayu.budget.models import ExpenditureType, Line, RevenueEstimate, Stage
from nayu.budget.queries import Balance, LineSheet, Row, breakdown, entry_amounts, line_sheets, uses
from nayu.core.errors import NotVisible
from nayu.core.fiscal_year import FiscalYear
from nayu.core.money import baht_of, satang_of
from nayu.core.thai import normalise
from nayu.core.values import from_json
from nayu.db.clock import today
from nayu.db.fields import sum_satang
from nayu.portal.queries.calendar import bars_of, calendar_of, doing
from nayu.portal.queries.facets import (
    Facets,
    facets_of,
    flat,
    shares_add_up_to,
    untargeted,
    with_origin,
    with_type,
)
from nayu.portal.queries.plans import (
    ElementNode,
    Plan,
    PromiseShown,
    agency_counts,
    filtered_entries,
    narrowed,
    plan_of,
    residents,
    working_entry,
)
from nayu.projects.domain import EntrySheet, PromiseValues
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.publication.models import FrozenEntry, FrozenLine
from nayu.publication.queries import published_project, versions_of
from nayu.strategy.models import Element, Framework
from nayu.strategy.queries import frameworks_in_force, indicators_of, year_targets
from nayu.ui.components import (
    BarRow,
    Crumb,
    Paging,
    StepShown,
    Strand,
    Tile,
    YearChoice,
    bar_rows,
    percent,
)
from nayu.ui.templatetags.nayu import month_and_year, short_date

FIRST_YEAR, LAST_YEAR = 2565, 2575
PAGE = 40
MOST_LINES = 80
ASKED = ("q", "strategy", "agency", "district", "type", "origin", "sort")


def current_year() -> int:
    """The year being spent on the city's day."""
    return FiscalYear.containing(today()).year_be


def years(current: int, name: str, *args: object) -> list[YearChoice]:
    """The three years that are live at once, and the one being read."""
    base = current_year()
    shown = sorted({base, base + 1, base + 2, current})
    return [
        YearChoice(year, doing(year, base), reverse(name, args=[year, *args]), year == current)
        for year in shown
    ]


def ribbon_of(plan: Plan | None) -> list[tuple[int | None, Decimal]]:
    if plan is None:
        return []
    return [(s.position, s.share_percent) for s in strands_of(plan) if s.amount_baht]


def strands_of(plan: Plan) -> list[Strand]:
    """The strategies in the order of their numbers, then what names none."""
    if plan.framework is None:
        return []
    found = [
        Strand(
            node.element.position,
            node.element.name_en
            if _is_english() and node.element.name_en
            else node.element.name_th,
            node.amount,
            percent(node.amount, plan.project_total_baht),
            reverse(
                "portal:element",
                args=[plan.fiscal_year_be, plan.framework.code, node.element.number],
            ),
            node.projects,
            int(node.people),
        )
        for node in plan.tree(plan.framework)
    ]
    rest = plan.project_total_baht - sum((s.amount_baht for s in found), Decimal(0))
    if rest:
        found.append(
            Strand(None, _("No strategy named"), rest, percent(rest, plan.project_total_baht))
        )
    return found


def _is_english() -> bool:
    return get_language() == "en"


def _named(thing: Any) -> str:
    english = str(getattr(thing, "name_en", "") or "")
    return english if english and _is_english() else str(thing.name_th)


def _frame(year: int, name: str, nav: str, plan: Plan | None, *args: object) -> dict[str, Any]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotVisible
    return {
        "year": year,
        "is_spending": year == current_year(),
        "LANGUAGE_CODE": get_language(),
        "years": years(year, name, *args),
        "nav": nav,
        "plan": plan,
        "ribbon": ribbon_of(plan),
        "updated_at": plan.version.published_at if plan else None,
    }


@require_GET
def home(request: HttpRequest, year: int | None = None) -> HttpResponse:
    year = year or current_year()
    plan = plan_of(year)
    page = _frame(year, "portal:home_year", "plan", plan)
    calendar = calendar_of(current_year(), today())
    page |= {"calendar": calendar, "lanes": bars_of(calendar)}
    if plan is None:
        return render(request, "portal/home.html", page)
    strands = strands_of(plan)
    page |= {
        "strands": strands,
        "rounded_to": shares_add_up_to([strand.share_percent for strand in strands]),
        "unnamed": plan.entries_of_element(NO_ELEMENT),
        "share": percent(plan.project_total_baht, plan.total_baht),
        "people": int(plan.people_of(plan.entries)),
        "tiles": district_tiles(plan),
        "steps": _steps_text(),
        "city_wide": _whole_city_sums(plan),
        "promises": _three_promises(plan),
        "promise_count": sum(len(found) for found in plan.promises.values()),
        "versions": versions_of(year)[:3],
    }
    return render(request, "portal/home.html", page)


def _steps_text() -> list[str]:
    """The five steps of the map, from low to high, with round limits."""
    return [_("under 250"), "250–499", "500–999", "1,000–1,499", _("1,500 or more")]


DISTRICT_STEPS = (250, 500, 1_000, 1_500)


def district_tiles(plan: Plan) -> list[Tile]:
    """Baht of the plan per resident, district by district, in five steps."""
    amounts = {row.code: row.amount_baht for row in plan.totals("district").rows}
    return [
        _tile(plan, district, amounts.get(code, Decimal(0)))
        for code, district in residents().items()
    ]


def _tile(plan: Plan, district: District, amount: Decimal) -> Tile:
    rate = amount / district.population
    step = 1 + sum(1 for limit in DISTRICT_STEPS if rate >= limit)
    return Tile(
        district.plan_code,
        district.tile_column,
        district.tile_row,
        _named(district),
        district.short_label_en if _is_english() else district.short_label_th,
        f"{rate:,.0f}",
        step,
        href=reverse("portal:district", args=[plan.fiscal_year_be, district.plan_code]),
        note=f"{amount / 1_000_000:,.2f} {_('million baht')}",
    )


def _whole_city_sums(plan: Plan) -> dict[str, Decimal]:
    rows = {row.code: row.amount_baht for row in plan.totals("district").rows}
    city = rows.get(WHOLE_CITY, Decimal(0))
    return {
        "districts": plan.project_total_baht - city,
        "city": city,
        "all": plan.project_total_baht,
    }


def _three_promises(plan: Plan) -> list[dict[str, Any]]:
    """One promise each from the three strategies that promise most people."""
    chosen: dict[int, PromiseShown] = {}
    positions = _positions(plan)
    for entry_id, promises in plan.promises.items():
        position = positions.get(entry_id, 0)
        for promise in promises:
            if promise.counts_people and (
                position not in chosen or promise.number > chosen[position].number
            ):
                chosen[position] = promise
    best = sorted(chosen.items(), key=lambda item: -item[1].number)[:3]
    return [_promise_card(plan, promise, position) for position, promise in best]


def _positions(plan: Plan) -> dict[int, int]:
    places = dict(
        Element.objects.filter(pk__in=set(plan.element_of.values())).values_list("pk", "position")
    )
    return {entry_id: places[element] for entry_id, element in plan.element_of.items()}


def _promise_card(plan: Plan, promise: PromiseShown, position: int) -> dict[str, Any]:
    frozen = plan.entries[promise.entry_id]
    english = _is_english()
    return {
        "number": int(promise.number),
        "unit": promise.unit_en if english and promise.unit_en else promise.unit_th,
        "who": promise.who_en if english and promise.who_en else promise.who_th,
        "change": promise.change_en if english and promise.change_en else promise.change_th,
        "indicator": promise.evidence_en
        if english and promise.evidence_en
        else promise.evidence_th,
        "period": _month_of(plan.fiscal_year_be, promise.from_month),
        "amount_baht": frozen.amount,
        "project_name": _named(frozen),
        "href": reverse("portal:project", args=[plan.fiscal_year_be, frozen.project_code]),
        "position": position,
        "strategy_name": next((s.name for s in strands_of(plan) if s.position == position), ""),
    }


def _month_of(year: int, position: int) -> str:
    return _("from %(month)s") % {"month": month_and_year(FiscalYear(year).month(position))}


# --- Framework --------------------------------------------------------------------------------


@require_GET
def framework(request: HttpRequest, year: int) -> HttpResponse:
    frameworks = frameworks_in_force(year)
    wanted = request.GET.get("framework", "")
    shown = next((f for f in frameworks if f.code == wanted), frameworks[0] if frameworks else None)
    plan = plan_of(year)
    tree = plan.tree(shown) if plan and shown else []
    if shown and plan is None:
        tree = _bare_tree(shown)
    page = _frame(year, "portal:framework", "plan", plan) | {
        "frameworks": frameworks,
        "framework": shown,
        "tree": tree,
        "levels": list(shown.levels.order_by("depth")) if shown else [],
        "gaps": sum(1 for node in flat(tree) if node.is_gap),
        "untargeted": untargeted(tree, year),
        "tree_projects": sum(node.projects for node in tree),
        "tree_people": sum((node.people for node in tree), Decimal(0)),
        "tree_total": sum((node.amount for node in tree), Decimal(0)),
    }
    return render(request, "portal/framework.html", page)


def _bare_tree(shown: Framework) -> list[ElementNode]:
    nodes = [
        ElementNode(e)
        for e in Element.objects.filter(framework=shown)
        .select_related("level")
        .order_by("sort_key")
    ]
    by_pk = {node.element.pk: node for node in nodes}
    for node in nodes:
        if node.element.parent_id:
            by_pk[node.element.parent_id].children.append(node)
    return [node for node in nodes if not node.element.parent_id]


@require_GET
def element(request: HttpRequest, year: int, code: str, number: str) -> HttpResponse:
    shown = get_object_or_404(
        Element.objects.select_related("framework", "level", "parent"),
        framework__code=code,
        number=number,
    )
    plan = plan_of(year)
    node = None
    projects: list[FrozenEntry] = []
    if plan:
        plan.framework = shown.framework
        node = next((n for n in flat(plan.tree(shown.framework)) if n.element.pk == shown.pk), None)
        ids = set(plan.entries_of_element(number))
        projects = [frozen for pk, frozen in plan.entries.items() if pk in ids]
    indicators = indicators_of([shown])[shown.pk]
    targets = year_targets([indicator.pk for indicator in indicators], year)
    crumbs = [Crumb(_("Framework"), f"{reverse('portal:framework', args=[year])}?framework={code}")]
    step, path, top = shown.parent, [], shown
    while step is not None:
        top = step
        path.append(
            Crumb(
                f"{step.number} {_named(step)}",
                reverse("portal:element", args=[year, code, step.number]),
            )
        )
        step = step.parent
    page = _frame(year, "portal:element", "plan", plan, code, number) | {
        "element": shown,
        "node": node,
        "top": top,
        "people": int(node.people) if node else 0,
        "projects": sorted(projects, key=lambda frozen: (-frozen.amount, frozen.project_code)),
        "projects_total": sum((frozen.amount for frozen in projects), Decimal(0)),
        "indicators": [(indicator, targets.get(indicator.pk)) for indicator in indicators],
        "crumbs": [*crumbs, *reversed(path), Crumb(shown.number)],
    }
    return render(request, "portal/element.html", page)


# --- Projects ---------------------------------------------------------------------------------


@require_GET
def projects(request: HttpRequest, year: int) -> HttpResponse:
    """The list: published for everybody; working entries for those who may see them."""
    plan = plan_of(year)
    asked = {key: normalise(request.GET.get(key, "")) for key in ASKED}
    page = _frame(year, "portal:projects", "projects", plan) | {"asked": asked}
    if request.GET.get("view") == "working":
        return _working_list(request, year, asked, page)
    rows: list[FrozenEntry] = []
    if plan:
        rows = filtered_entries(
            plan,
            words=asked["q"],
            strategy=asked["strategy"],
            agency=asked["agency"],
            district=asked["district"],
            order=asked["sort"],
        )
        if asked["type"]:
            rows = with_type(plan, rows, asked["type"])
        if asked["origin"]:
            rows = with_origin(plan, rows, asked["origin"])
    facets = facets_of(plan) if plan else None
    _start, shown, paging = _page_of(request, rows, lambda frozen: frozen.project_code)
    positions = _positions(plan) if plan else {}
    page |= {
        "rows": [
            (frozen, positions.get(frozen.entry_id), _first_promise(plan, frozen))
            for frozen in shown
        ],
        "count": len(rows),
        "total": sum((frozen.amount for frozen in rows), Decimal(0)),
        "paging": paging,
        "strategies": strands_of(plan) if plan else [],
        "agencies": _agency_choices(plan),
        "districts": _district_choices(facets),
        "types": [(t.code, _named(t), n) for t, n in facets.types] if facets else [],
        "origins": [(o, ORIGIN_NAMES[o], n) for o, n in facets.origins.items()] if facets else [],
        "may_see_working": bool(request.person.holdings),  # type: ignore[attr-defined]
    }
    return render(request, "portal/projects.html", page)


def _first_promise(plan: Plan | None, frozen: FrozenEntry) -> PromiseShown | None:
    found = plan.promises.get(frozen.entry_id, []) if plan else []
    return found[0] if found else None


ORIGIN_NAMES = {
    "agency": gettext_lazy("the agency itself"),
    "governor": gettext_lazy("the governor's policy"),
    "community": gettext_lazy("a community's proposal"),
    "citizens": gettext_lazy("citizens' proposals"),
    "council": gettext_lazy("the council's proposal"),
}


def _district_choices(facets: Facets | None) -> list[tuple[str, str, int]]:
    if facets is None:
        return []
    listed = [(d.plan_code, _named(d), facets.districts.get(d.plan_code, 0)) for d in districts()]
    return [(WHOLE_CITY, _("Whole city"), facets.districts.get(WHOLE_CITY, 0)), *listed]


def _agency_choices(plan: Plan | None) -> list[tuple[str, str, int]]:
    if plan is None:
        return []
    counts = agency_counts(plan)
    names = {frozen.agency_id: _named(frozen.agency) for frozen in plan.entries.values()}
    return [(code, names[code], counts[code]) for code in sorted(counts)]


def _page_of(request: HttpRequest, rows: list[Any], key: Any) -> tuple[int, list[Any], Paging]:
    """One page after the row whose key is in the address, so that new rows shift nothing."""
    after = request.GET.get("after", "")
    start = next((n + 1 for n, row in enumerate(rows) if key(row) == after), 0) if after else 0
    shown = rows[start : start + PAGE]
    query = request.GET.copy()
    links = {"previous": "", "next": ""}
    if start + PAGE < len(rows):
        query["after"] = key(shown[-1])
        links["next"] = f"?{query.urlencode()}"
    if start > 0:
        before = start - PAGE - 1
        if before >= 0:
            query["after"] = key(rows[before])
        else:
            query.pop("after", None)
        links["previous"] = f"?{query.urlencode()}"
    return start, shown, Paging(links["previous"], links["next"], len(shown), len(rows))


def _working_list(
    request: HttpRequest, year: int, asked: dict[str, str], page: dict[str, Any]
) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    found = (
        ProjectEntry.objects.visible_to(person)
        .filter(fiscal_year_be=year)
        .select_related("project", "agency")
        .order_by("project__code")
    )
    for word in asked["q"].split():
        found = found.filter(name_th__icontains=word) | found.filter(project__code__icontains=word)
    if asked["agency"]:
        found = found.filter(agency_id=asked["agency"])
    if state := request.GET.get("state", ""):
        found = found.filter(state=state)
    rows = list(found)
    _start, shown, paging = _page_of(request, rows, lambda entry: entry.project.code)
    amounts = entry_amounts([entry.pk for entry in rows])
    page |= {
        "entries": [(entry, amounts.get(entry.pk, Decimal(0))) for entry in shown],
        "count": len(rows),
        "total": sum(amounts.values(), Decimal(0)),
        "paging": paging,
        "states": [
            (state, NAMES[state], number)
            for state, number in ProjectEntry.objects.visible_to(person)
            .filter(fiscal_year_be=year)
            .values_list("state")
            .annotate(number=Count("pk"))
            .order_by("state")
        ],
        "state": request.GET.get("state", ""),
    }
    return render(request, "portal/projects_working.html", page)


@require_GET
def project(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A project's sheet: the working one for those who may see it, the published one for all."""
    person = request.person  # type: ignore[attr-defined]
    entry = working_entry(person, year, code)
    plan = plan_of(year)
    working = entry is not None and request.GET.get("view") != "published"
    frozen_id = 0
    if working and entry is not None:
        sheet = sheet_of(entry)
        lines = line_sheets(Line.objects.filter(entry=entry))
    else:
        if plan is None:
            raise NotVisible
        published = published_project(plan.version, code)
        sheet, lines = published.sheet, list(published.lines)
        frozen_id = published.frozen_id
    stage = plan.version.stage_id if plan and not working else "requested"
    page = _frame(year, "portal:projects", "projects", None) | {
        "plan": plan,
        "sheet": sheet,
        "entry": entry,
        "working": working,
        "lines": lines,
        "line_total": sum((line.at(stage) or Decimal(0) for line in lines), Decimal(0)),
        "line_rows": _line_rows(lines, stage, frozen_id),
        "requested_total": sum((line.amount for line in lines), Decimal(0)),
        "is_restaged": any(line.at(stage) != line.amount for line in lines),
        "stage": Stage.objects.filter(code=stage).first(),
        "stage_bars": _stage_bars(lines),
        "promises": [_sheet_promise(sheet, promise, lines, stage) for promise in sheet.promises],
        "people": int(sum((p.number for p in sheet.promises if p.unit_th == "คน"), Decimal(0))),
        "links": sheet.links,
        "position": sheet.links[0].position if sheet.links else 0,
        "ribbon": [(sheet.links[0].position if sheet.links else None, Decimal(100))],
        "tiles": _place_tiles(sheet),
        "activities": [
            {
                "name": a.name_th,
                "weight_percent": Decimal(a.weight_percent),
                "first_position": a.first_month,
                "last_position": a.last_month,
            }
            for a in sheet.activities
        ],
        "steps": _steps(entry) if working and entry else [],
        "crumbs": _project_crumbs(sheet, year),
        "family": _family(sheet, plan),
        "other_years": _other_years(sheet, year),
        "may_edit": bool(
            entry and may(person, "project.edit", state=entry.state, agency_code=entry.agency_id)
        ),
        "first_day": FiscalYear(year).month(sheet.first_month),
        "last_day": FiscalYear(year).month(sheet.last_month),
    }
    return render(request, "portal/project.html", page)


def _project_crumbs(sheet: EntrySheet, year: int) -> list[Crumb]:
    crumbs = [
        Crumb(_("Plan of %(year)s") % {"year": year}, reverse("portal:home_year", args=[year]))
    ]
    if sheet.links:
        link = sheet.links[0]
        for number, thai, english in link.path:
            crumbs.append(
                Crumb(
                    f"{number} {english if _is_english() and english else thai}",
                    reverse("portal:element", args=[year, link.framework_code, number]),
                )
            )
    return [*crumbs, Crumb(sheet.project_code)]


def _sheet_promise(
    sheet: EntrySheet, promise: PromiseValues, lines: list[LineSheet], stage: str
) -> dict[str, Any]:
    english = _is_english()
    total = sum((line.at(stage) or Decimal(0) for line in lines), Decimal(0))
    amount = None
    if promise.share_percent is not None:
        amount = baht_of(satang_of(total) * promise.share_percent // 100)
    names = {code: (th, en) for code, th, en, _w in sheet.districts}
    where = [
        names.get(code, (code, code))[1 if english else 0] for code in promise.districts or names
    ]
    per = amount / promise.number if amount and promise.unit_th == "คน" else None
    return {
        "number": int(promise.number) if promise.number == int(promise.number) else promise.number,
        "unit": promise.unit_en if english and promise.unit_en else promise.unit_th,
        "who": promise.who_en if english and promise.who_en else promise.who_th,
        "change": promise.change_en if english and promise.change_en else promise.change_th,
        "where": ", ".join(where) if where else _("Whole city"),
        "period": _month_of(sheet.fiscal_year_be, promise.from_month)
        + (f" · {promise.lasts_th}" if promise.lasts_th and not english else ""),
        "indicator": promise.evidence_en
        if english and promise.evidence_en
        else promise.evidence_th,
        "amount_baht": amount,
        "per_person_baht": per.quantize(Decimal("0.01")) if per else None,
        "position": sheet.links[0].position if sheet.links else 0,
    }


def _line_rows(
    lines: list[LineSheet], stage: str, frozen_id: int
) -> list[tuple[LineSheet, Decimal | None, int | None]]:
    """(line, amount at the stage, id of the published line)."""
    frozen = dict(FrozenLine.objects.filter(frozen_id=frozen_id).values_list("line_id", "pk"))
    return [(line, line.at(stage), frozen.get(line.line_id)) for line in lines]


def _stage_bars(lines: list[LineSheet]) -> tuple[BarRow, ...]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        for stage, amount in line.stages:
            sums[stage] = sums.get(stage, Decimal(0)) + amount
    stages = [s for s in Stage.objects.order_by("order") if s.code in sums]
    return bar_rows(
        BarRow(
            _named(stage),
            sums[stage.code],
            "" if stage is stages[-1] else "was",
            strong=stage is stages[-1],
        )
        for stage in stages
    )


def _place_tiles(sheet: EntrySheet) -> list[Tile]:
    on = {code for code, *_rest in sheet.districts}
    return [
        Tile(d.plan_code, d.tile_column, d.tile_row, _named(d), "", on=code in on)
        for code, d in residents().items()
    ]


def _steps(entry: ProjectEntry) -> list[StepShown]:
    shown = [
        StepShown(
            "done",
            str(NAMES[row.to_state]),
            f"{row.post_title_en if _is_english() else row.post_title_th} · {short_date(row.at)}"
            + (f" · {_('meeting')} {row.meeting_number}" if row.meeting_number else ""),
            row.reason,
        )
        for row in decisions_of("project", entry.pk)
    ]
    waits = PROCEDURES["project"].waits_for.get(entry.state)
    if waits:
        shown.append(StepShown("now", str(NAMES[entry.state]), _role_name(waits), icon="clock"))
    return shown


def _role_name(role: str) -> str:
    return {
        "planner": _("waiting for the agency's planner"),
        "head": _("waiting for the head of the agency"),
        "strategist": _("waiting for the Strategy and Evaluation Department"),
        "budgeter": _("waiting for the Budget Department"),
        "executive": _("waiting for the executive"),
    }[role]


def _family(sheet: EntrySheet, plan: Plan | None) -> list[FrozenEntry]:
    if not sheet.family or plan is None:
        return []
    return list(
        plan.version.entries.filter(entry__project__family=sheet.family)
        .exclude(project_code=sheet.project_code)
        .select_related("agency")
        .defer("sheet")
        .order_by("project_code")[:50]
    )


def _other_years(sheet: EntrySheet, year: int) -> list[int]:
    found = (
        FrozenEntry.objects.filter(project_code=sheet.project_code)
        .exclude(version__fiscal_year_be=year)
        .values_list("version__fiscal_year_be", flat=True)
        .distinct()
        .order_by("version__fiscal_year_be")
    )
    return list(found)


# --- Money ------------------------------------------------------------------------------------

BY_NAMES = ("expenditure", "function", "agency", "source", "element", "district")


@require_GET
def money(request: HttpRequest, year: int) -> HttpResponse:
    plan = plan_of(year)
    page = _frame(year, "portal:money", "budget", plan)
    if plan:
        page |= {
            "tables": [(by, plan.totals(by)) for by in BY_NAMES],
            "by_names": _by_names(),
            "balance": _published_balance(plan),
        }
    return render(request, "portal/money.html", page)


def _published_balance(plan: Plan) -> Balance | None:
    """Revenue estimate against the version's own total, so that no draft moves the page."""
    revenue = RevenueEstimate.objects.filter(fiscal_year_be=plan.fiscal_year_be).aggregate(
        sum_baht=sum_satang("amount")
    )["sum_baht"]
    if revenue is None:
        return None
    return Balance(plan.fiscal_year_be, plan.version.stage_id, revenue, plan.total_baht)


def _by_names() -> dict[str, str]:
    return {
        "expenditure": _("Expenditure type"),
        "function": pgettext("budget class", "Function"),
        "agency": _("Agency"),
        "source": _("Source of funds"),
        "element": _("Element of the framework"),
        "district": _("District"),
    }


@require_GET
def money_part(request: HttpRequest, year: int, by: str, code: str) -> HttpResponse:
    """One bucket of a breakdown: its projects and standing lines, with the same total."""
    plan = plan_of(year)
    if plan is None or by not in BY:
        raise NotVisible
    row = _bucket(plan, by, code)
    agency_code, project_code = request.GET.get("agency", ""), request.GET.get("project", "")
    lines = narrowed(plan.lines_of(by, code), agency=agency_code, project=project_code)
    amounts = {} if project_code else plan.amounts_of(by, code, agency=agency_code)
    listed = [(plan.entries[pk], amount) for pk, amount in amounts.items() if pk in plan.entries]
    standing = lines if project_code else lines.exclude(kind="project")
    standing_rows, by_agency = _standing(
        standing.select_related("agency", "category"),
        one_by_one=bool(agency_code or project_code or by == "agency"),
    )
    if (agency_code or project_code) and not (listed or standing_rows):
        raise NotVisible
    total = (
        sum((a for _f, a in listed), Decimal(0))
        + sum((a for *_x, a in standing_rows), Decimal(0))
        + sum((a for *_x, a in by_agency), Decimal(0))
    )
    page = _frame(year, "portal:money", "budget", plan) | {
        "by": by,
        "by_name": _by_names().get(by, ""),
        "row": row,
        "row_code": code,
        "splits_projects": by in ("expenditure", "function", "source"),
        "narrowed_to": _narrowed_to(plan, agency_code, project_code),
        "project_code": project_code,
        "projects": sorted(listed, key=lambda item: (-item[1], item[0].project_code)),
        "standing": standing_rows,
        "standing_by_agency": by_agency,
        "part_total": total,
        "crumbs": [
            Crumb(_("Budget"), reverse("portal:money", args=[year])),
            Crumb(_by_names().get(by, ""), f"{reverse('portal:money', args=[year])}#{by}"),
            Crumb(_named(row), reverse("portal:money_part", args=[year, by, code])),
        ],
    }
    page["years"] = years(year, "portal:money")
    return render(request, "portal/money_part.html", page)


def _narrowed_to(plan: Plan, agency_code: str, project_code: str) -> str:
    """The name of the agency or the project that a part is narrowed to."""
    if project_code:
        frozen = next((f for f in plan.entries.values() if f.project_code == project_code), None)
        return _named(frozen) if frozen else ""
    if agency_code:
        return _named(get_object_or_404(Agency, code=agency_code))
    return ""


def _bucket(plan: Plan, by: str, code: str) -> Row:
    rows = plan.totals(by).rows
    if code == "projects":
        return Row(code, "โครงการทั้งหมดในแผน", "All projects of the plan", plan.project_total_baht)
    found = next((row for row in rows if row.code == code), None)
    if found:
        return found
    parts = [row for row in rows if row.code.startswith(f"{code}.")]
    shown = Element.objects.filter(framework__code=plan.framework_code, number=code).first()
    if not parts or shown is None:
        raise NotVisible
    return Row(code, shown.name_th, shown.name_en, sum((r.amount_baht for r in parts), Decimal(0)))


def _standing(lines: Any, *, one_by_one: bool) -> tuple[list[Any], list[Any]]:
    """Lines one by one while they are few, else added up by agency."""
    if one_by_one or lines.count() <= MOST_LINES:
        return [(line, line.amount) for line in lines.order_by("-amount", "pk")], []
    sums = (
        lines.values("agency_id", "agency__name_th", "agency__name_en")
        .annotate(sum_baht=sum_satang("amount"))
        .order_by("agency_id")
    )
    return [], [
        (
            row["agency_id"],
            row["agency__name_en"] if _is_english() else row["agency__name_th"],
            row["sum_baht"],
        )
        for row in sums
    ]


@require_GET
def line(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One published line, the last step of the drill."""
    plan = plan_of(year)
    frozen = (
        FrozenLine.objects.filter(pk=pk, version__fiscal_year_be=year)
        .select_related("agency", "frozen", "version")
        .first()
    )
    if plan is None or frozen is None or frozen.version_id != plan.version.pk:
        raise NotVisible
    sheet = from_json(LineSheet, frozen.sheet)
    crumbs = [
        Crumb(_("Budget"), reverse("portal:money", args=[year])),
        Crumb(_named(frozen.agency), reverse("portal:agency", args=[year, frozen.agency_id])),
    ]
    if frozen.frozen:
        crumbs.append(
            Crumb(
                frozen.frozen.project_code,
                reverse("portal:project", args=[year, frozen.frozen.project_code]),
            )
        )
    names = Stage.objects.in_bulk([code for code, _amount in sheet.stages])
    page = _frame(year, "portal:money", "budget", plan) | {
        "line": sheet,
        "frozen": frozen,
        "stages": [(_named(names[code]), amount) for code, amount in sheet.stages],
        "crumbs": [*crumbs, Crumb(_("Line"))],
    }
    return render(request, "portal/line.html", page)


# --- Agencies and districts -------------------------------------------------------------------


@require_GET
def agencies(request: HttpRequest, year: int) -> HttpResponse:
    plan = plan_of(year)
    holders = list(budget_holders(year).select_related("district"))
    amounts = {row.code: row.amount_baht for row in plan.totals("agency").rows} if plan else {}
    counts = agency_counts(plan) if plan else {}
    rows = [(agency, counts.get(agency.code, 0), amounts.get(agency.code)) for agency in holders]
    page = _frame(year, "portal:agencies", "budget", plan) | {
        "rows": rows,
        "central": amounts.get("00000000"),
        "others": [
            row
            for row in (plan.totals("agency").rows if plan else ())
            if row.code not in {a.code for a in holders} and row.code != "00000000"
        ],
        "total": plan.total_baht if plan else None,
    }
    return render(request, "portal/agencies.html", page)


@require_GET
def agency(request: HttpRequest, year: int, code: str) -> HttpResponse:
    shown = get_object_or_404(Agency.objects.select_related("district"), code=code)
    plan = plan_of(year)
    person = request.person  # type: ignore[attr-defined]
    own = [frozen for frozen in plan.entries.values() if frozen.agency_id == code] if plan else []
    books = plan.books.only(agency_id=code) if plan else None
    page = _frame(year, "portal:agency", "budget", plan, code) | {
        "agency": shown,
        "projects": sorted(own, key=lambda frozen: (-frozen.amount, frozen.project_code)),
        "projects_total": sum((frozen.amount for frozen in own), Decimal(0)),
        "by_type": breakdown(books, "expenditure") if books else None,
        "people": int(plan.people_of(frozen.entry_id for frozen in own)) if plan else 0,
        "uses": _named_uses(code, year) if may(person, "ceiling.view", agency_code=code) else None,
        "crumbs": [
            Crumb(_("Agencies"), reverse("portal:agencies", args=[year])),
            Crumb(_named(shown)),
        ],
    }
    return render(request, "portal/agency.html", page)


def _named_uses(code: str, year: int) -> list[tuple[str, Use]]:
    found = uses(code, year)
    types = ExpenditureType.objects.in_bulk([use.type_code for use in found])
    return [(_named(types[use.type_code]), use) for use in found]


@require_GET
def district(request: HttpRequest, year: int, plan_code: str) -> HttpResponse:
    shown = get_object_or_404(District.objects.select_related("group"), plan_code=plan_code)
    plan = plan_of(year)
    amounts = plan.amounts_of("district", plan_code) if plan else {}
    listed = [(plan.entries[pk], amount) for pk, amount in amounts.items()] if plan else []
    total = sum(amounts.values(), Decimal(0))
    page = _frame(year, "portal:district", "plan", plan, plan_code) | {
        "district": shown,
        "projects": sorted(listed, key=lambda item: (-item[1], item[0].project_code)),
        "part_total": total,
        "per_resident": (total / shown.population).quantize(Decimal("0.01")),
        "people": int(plan.people_of(amounts)) if plan else 0,
        "crumbs": [
            Crumb(_("Plan"), reverse("portal:home_year", args=[year])),
            Crumb(_named(shown)),
        ],
    }
    return render(request, "portal/district.html", page)


@require_GET
def version(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A published version: what it is, its hash, its totals."""
    found = versions_of(year).filter(number=number).first()
    if found is None:
        raise NotVisible
    plan = Plan(year, found, None)
    page = _frame(year, "portal:home_year", "documents", plan) | {
        "version": found,
        "total": plan.total_baht,
        "projects": found.entries.count(),
        "project_total": plan.project_total_baht,
        "crumbs": [
            Crumb(_("Plan"), reverse("portal:home_year", args=[year])),
            Crumb(_("Version %(number)s") % {"number": number}),
        ],
    }
    return render(request, "portal/version.html", page)


# --- Standing pages ---------------------------------------------------------------------------


@require_GET
def how_we_count(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/how_we_count.html", {"nav": "", "sample": settings.SAMPLE_CITY})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"nav": ""})


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")

"""The list of projects: published for everybody, working for those who may see it."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from nayu.agencies.queries import districts
from nayu.approvals.domain import ALL_PROJECT, PROJECT, REJECTED
from nayu.approvals.messages import NAMES
from nayu.approvals.queries import late_subjects, newest_changes
from nayu.budget.domain import WHOLE_CITY
from nayu.budget.queries import entry_amounts
from nayu.budget.queries.past import entries_then, entry_amounts_then
from nayu.core.thai import normalise
from nayu.portal.queries.facets import (
    Facets,
    facets_of,
    with_origin,
    with_type,
)
from nayu.portal.queries.plans import (
    Plan,
    agency_counts,
    filtered_entries,
)
from nayu.portal.queries.promised import PromiseShown
from nayu.portal.views.as_at import day_asked, plan_asked
from nayu.portal.views.bulk import bulk_choices
from nayu.portal.views.frame import named_here, page_frame, positions_of, strands_of
from nayu.projects.models import ProjectEntry
from nayu.publication.models import FrozenEntry
from nayu.ui.components import (
    Paging,
)

PAGE = 40


ASKED = ("q", "strategy", "agency", "district", "type", "origin", "sort")


@require_GET
def projects(request: HttpRequest, year: int) -> HttpResponse:
    """The list: published for everybody; working entries for those who may see them."""
    plan = plan_asked(request, year)
    asked = {key: normalise(request.GET.get(key, "")) for key in ASKED}
    page = page_frame(year, "portal:projects", "projects", plan) | {"asked": asked}
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
    _start, shown, paging = page_of(request, rows, lambda frozen: frozen.project_code)
    positions = positions_of(plan) if plan else {}
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
        "types": [(t.code, named_here(t), n) for t, n in facets.types] if facets else [],
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
    listed = [
        (d.plan_code, named_here(d), facets.districts.get(d.plan_code, 0)) for d in districts()
    ]
    return [(WHOLE_CITY, _("Whole city"), facets.districts.get(WHOLE_CITY, 0)), *listed]


def _agency_choices(plan: Plan | None) -> list[tuple[str, str, int]]:
    if plan is None:
        return []
    counts = agency_counts(plan)
    names = {frozen.agency_id: named_here(frozen.agency) for frozen in plan.entries.values()}
    return [(code, names[code], counts[code]) for code in sorted(counts)]


def page_of(request: HttpRequest, rows: list[Any], key: Any) -> tuple[int, list[Any], Paging]:
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
    if day := day_asked(request):
        return _past_list(request, year, asked, page, day)
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
    _start, shown, paging = page_of(request, rows, lambda entry: entry.project.code)
    marks = newest_changes(PROJECT, [entry.pk for entry in shown])
    late = late_subjects(PROJECT, year, {entry.pk: entry.agency_id for entry in shown})
    amounts = entry_amounts([entry.pk for entry in rows])
    # What was not approved asks for nothing, unless the reader asked for just that.
    counted = {state} if state else set(ALL_PROJECT) - {REJECTED}
    page |= {
        "entries": [
            (entry, amounts.get(entry.pk, Decimal(0)), marks.get(entry.pk, 0), entry.pk in late)
            for entry in shown
        ],
        "bulk_choices": bulk_choices(person),
        "count": len(rows),
        "total": sum(
            (amounts.get(entry.pk, Decimal(0)) for entry in rows if entry.state in counted),
            Decimal(0),
        ),
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


def _past_list(
    request: HttpRequest, year: int, asked: dict[str, str], page: dict[str, Any], day: date
) -> HttpResponse:
    """Working entries as they stood at the end of a day, of those one's posts could see then."""
    then = entries_then(year, day)
    seen = then.visible_to(request.person)  # type: ignore[attr-defined]
    entries = list(
        ProjectEntry.objects.filter(fiscal_year_be=year, pk__in=seen)
        .select_related("project", "agency")
        .order_by("project__code")
    )
    for entry in entries:
        entry.state = then.states[entry.pk]
        entry.name_th = then.said(entry.pk, "name_th", entry.name_th)
        entry.name_en = then.said(entry.pk, "name_en", entry.name_en)
    state = request.GET.get("state", "")
    words = asked["q"].casefold().split()
    rows = [
        entry
        for entry in entries
        if state in ("", entry.state)
        and asked["agency"] in ("", entry.agency_id)
        and all(word in f"{entry.name_th}\n{entry.project.code}".casefold() for word in words)
    ]
    amounts = entry_amounts_then(year, day)
    _start, shown, paging = page_of(request, rows, lambda entry: entry.project.code)
    page |= {
        "entries": [(entry, amounts.get(entry.pk, Decimal(0)), 0, False) for entry in shown],
        "count": len(rows),
        "total": sum(
            (
                amounts.get(entry.pk, Decimal(0))
                for entry in rows
                if state or entry.state != REJECTED
            ),
            Decimal(0),
        ),
        "paging": paging,
        "states": [
            (code, NAMES[code], number)
            for code, number in sorted(Counter(entry.state for entry in entries).items())
        ],
        "state": state,
    }
    return render(request, "portal/projects_working.html", page)

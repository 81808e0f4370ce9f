"""Home: the year's plan at a glance."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.agencies.models import District
from nayu.budget.domain import NO_ELEMENT, WHOLE_CITY
from nayu.db.clock import today
from nayu.portal.queries.calendar import bars_of, calendar_of
from nayu.portal.queries.facets import (
    shares_add_up_to,
)
from nayu.portal.queries.plans import (
    Plan,
    residents,
)
from nayu.portal.queries.promised import PromiseShown
from nayu.portal.views.as_at import plan_asked
from nayu.portal.views.frame import (
    current_year,
    is_english,
    named_here,
    page_frame,
    positions_of,
    promise_card,
    strands_of,
)
from nayu.publication.queries import versions_of
from nayu.ui.components import (
    Tile,
    percent,
)


@require_GET
def home(request: HttpRequest, year: int | None = None) -> HttpResponse:
    year = year or current_year()
    plan = plan_asked(request, year)
    page = page_frame(year, "portal:home_year", "plan", plan)
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
        "people_least": int(plan.largest_of(plan.entries)),
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
        named_here(district),
        district.short_label_en if is_english() else district.short_label_th,
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
    most: dict[int, Decimal] = {}
    positions = positions_of(plan)
    for entry_id, promises in plan.promises.items():
        position = positions.get(entry_id, 0)
        for promise in promises:
            number = promise.how_many
            if promise.counts_people and number and number > most.get(position, Decimal(0)):
                chosen[position], most[position] = promise, number
    best = sorted(chosen.items(), key=lambda item: -most[item[0]])[:3]
    return [promise_card(plan, promise, position) for position, promise in best]

"""What the public pages share: the years, the band of strategies, names in the reader's language."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nayu.core.errors import NotVisible
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import today
from nayu.portal.queries.calendar import doing
from nayu.portal.queries.plans import (
    Plan,
    residents,
)
from nayu.portal.queries.promised import PromiseShown
from nayu.projects.domain import EntrySheet
from nayu.strategy.models import Element
from nayu.ui.components import (
    Strand,
    Tile,
    YearChoice,
    percent,
)
from nayu.ui.templatetags.nayu import month_and_year

FIRST_YEAR, LAST_YEAR = 2565, 2575


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
            node.element.name_en if is_english() and node.element.name_en else node.element.name_th,
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


def is_english() -> bool:
    return get_language() == "en"


def named_here(thing: Any) -> str:
    english = str(getattr(thing, "name_en", "") or "")
    return english if english and is_english() else str(thing.name_th)


def page_frame(year: int, name: str, nav: str, plan: Plan | None, *args: object) -> dict[str, Any]:
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


def positions_of(plan: Plan) -> dict[int, int]:
    places = dict(
        Element.objects.filter(pk__in=set(plan.element_of.values())).values_list("pk", "position")
    )
    return {entry_id: places[element] for entry_id, element in plan.element_of.items()}


def promise_card(plan: Plan, promise: PromiseShown, position: int) -> dict[str, Any]:
    frozen = plan.entries[promise.entry_id]
    english = is_english()
    return {
        "number": None if promise.how_many is None else int(promise.how_many),
        "asked": promise.number,
        "percent": promise.percent,
        "unit": promise.unit_en if english and promise.unit_en else promise.unit_th,
        "who": promise.who_en if english and promise.who_en else promise.who_th,
        "change": promise.change_en if english and promise.change_en else promise.change_th,
        "indicator": promise.evidence_en
        if english and promise.evidence_en
        else promise.evidence_th,
        "period": month_of(plan.fiscal_year_be, promise.from_month),
        "amount_baht": frozen.amount,
        "project_name": named_here(frozen),
        "href": reverse("portal:project", args=[plan.fiscal_year_be, frozen.project_code]),
        "position": position,
        "strategy_name": next((s.name for s in strands_of(plan) if s.position == position), ""),
    }


def month_of(year: int, position: int) -> str:
    return _("from %(month)s") % {"month": month_and_year(FiscalYear(year).month(position))}


def place_tiles(sheet: EntrySheet) -> list[Tile]:
    on = {code for code, *_rest in sheet.districts}
    return [
        Tile(d.plan_code, d.tile_column, d.tile_row, named_here(d), "", on=code in on)
        for code, d in residents().items()
    ]

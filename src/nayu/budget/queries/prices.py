"""The cost catalogue: what the city's own lines of earlier years cost, by item and unit.

Only lines for which money was decided count, so everybody reads the same figures.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from nayu.budget.domain import DECIDED, ORDINANCE, PROJECT, LineSheet
from nayu.budget.domain.prices import Band, band_of
from nayu.budget.models import Line, StageAmount
from nayu.core.thai import normalise
from nayu.search.domain.likeness import plain

MOST_ITEMS = 1500  # different items of a category that are compared by name
MOST_PRICES = 400  # prices of an item that make its band: the newest
NEAR = 5
LEAST_LIKENESS = 30  # percent
Key = tuple[str, str]  # item and unit, as stored


@dataclass(frozen=True, slots=True)
class PastPrice:
    """One line of an earlier year: how like its item is (percent), and what it cost."""

    percent: int
    item: str
    unit: str
    unit_price: Decimal
    quantity: Decimal
    fiscal_year_be: int
    agency_code: str
    agency_th: str
    agency_en: str


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """An item in a unit over earlier years."""

    item: str
    unit: str
    count: int
    first_year: int
    last_year: int
    band: Band | None
    lowest: Decimal
    highest: Decimal


def past_lines(before_year: int) -> QuerySet[Line]:
    """Project lines with a price, of fiscal years before this one, for which money was decided.

    Routine lines are left out: a month of cleaning costs by the size of the agency.
    """
    decided = StageAmount.objects.filter(line=OuterRef("pk"), stage__in=[DECIDED, ORDINANCE])
    return Line.objects.filter(
        Exists(decided.filter(amount__gt=0)),
        kind=PROJECT,
        fiscal_year_be__lt=before_year,
        unit_price__gt=0,
    ).exclude(unit="")


def key_of(item: str, unit: str) -> Key:
    """Item and unit as lines hold them."""
    return normalise(item)[:1000], normalise(unit)[:100]


def bands(keys: Iterable[Key], before_year: int) -> dict[Key, Band]:
    """The bands of some items, in one question; an item with too few prices has none."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = (
        past_lines(before_year)
        .filter(item__in={item for item, _unit in wanted})
        .order_by("-fiscal_year_be", "-pk")
        .values_list("item", "unit", "unit_price")
    )
    prices: dict[Key, list[Decimal]] = defaultdict(list)
    for item, unit, price in rows:
        if (item, unit) in wanted and len(prices[item, unit]) < MOST_PRICES:
            prices[item, unit].append(price)
    found = {key: band_of(some) for key, some in prices.items()}
    return {key: band for key, band in found.items() if band}


@dataclass(frozen=True, slots=True)
class Outside:
    """A line whose price is outside its band: "above" or "below", and what its author says."""

    line_id: int
    item: str
    unit_price: Decimal
    side: str
    band: Band
    reason: str


def outside(lines: Iterable[LineSheet | Line], before_year: int) -> list[Outside]:
    """Lines of one fiscal year whose price asks for a reason, in their order; one question."""
    some = list(lines)
    found = bands([(line.item, line.unit) for line in some], before_year)
    told = []
    for line in some:
        band = found.get((line.item, line.unit))
        side = band.side_of(line.unit_price) if band else ""
        if band and side:
            pk = line.pk if isinstance(line, Line) else line.line_id
            told.append(Outside(pk, line.item, line.unit_price, side, band, line.price_reason))
    return told


def nearest(item: str, unit: str, category_code: str, before_year: int) -> list[PastPrice]:
    """The NEAR past lines most like this item: by name, the same unit first, the newest first."""
    item, unit = key_of(item, unit)
    lines = past_lines(before_year).filter(category=category_code)
    named = lines.order_by("item", "unit").values_list("item", "unit").distinct()[:MOST_ITEMS]
    pieces = _pieces(item)
    scored = sorted(
        ((_percent(pieces, _pieces(other)), other_unit == unit, other, other_unit)
         for other, other_unit in named),
        key=lambda one: (-one[0], not one[1], one[2], one[3]),
    )  # fmt: skip
    best = [one for one in scored if one[0] >= LEAST_LIKENESS][:NEAR]
    if not best:
        return []
    condition = Q(pk__in=[])
    for _percents, _same, other, other_unit in best:
        condition |= Q(item=other, unit=other_unit)
    percents = {(one[2], one[3]): one[0] for one in best}
    rows = lines.filter(condition).select_related("agency").order_by("-fiscal_year_be", "-pk")
    told = [_past_price(line, percents[line.item, line.unit]) for line in rows[: NEAR * 40]]
    told.sort(key=lambda one: (-one.percent, one.unit != unit, -one.fiscal_year_be))
    return told[:NEAR]


def _past_price(line: Line, percent: int) -> PastPrice:
    return PastPrice(
        percent, line.item, line.unit, line.unit_price, line.quantity, line.fiscal_year_be,
        line.agency_id, line.agency.name_th, line.agency.name_en,
    )  # fmt: skip


def _pieces(text: str) -> set[str]:
    letters = plain(text).letters
    return {letters[at : at + 3] for at in range(max(len(letters) - 2, 1))}


def _percent(one: set[str], other: set[str]) -> int:
    return 100 * len(one & other) // max(len(one | other), 1)


def catalogue(
    before_year: int, *, words: str = "", category: str = "", first: int = 0, most: int = 25
) -> tuple[list[CatalogueRow], int]:
    """One page of the catalogue, the most often bought first, and how many items there are."""
    lines = past_lines(before_year)
    for word in normalise(words).split():
        lines = lines.filter(item__icontains=word)
    if category:
        lines = lines.filter(category=category)
    grouped = (
        lines.order_by()
        .values("item", "unit")
        .annotate(
            count=Count("pk"), first=Min("fiscal_year_be"), last=Max("fiscal_year_be"),
            lowest=Min("unit_price"), highest=Max("unit_price"),
        )
        .order_by("-count", "item", "unit")
    )  # fmt: skip
    total = grouped.count()
    page = list(grouped[first : first + most])
    found = bands([(row["item"], row["unit"]) for row in page], before_year)
    return [
        CatalogueRow(
            row["item"], row["unit"], row["count"], row["first"], row["last"],
            found.get((row["item"], row["unit"])), row["lowest"], row["highest"],
        )
        for row in page
    ], total  # fmt: skip

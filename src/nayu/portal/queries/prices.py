"""What stands beside a line: its band, drawn, and the nearest past prices."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from nayu.budget.domain.prices import Band
from nayu.budget.models import Line
from nayu.budget.queries.prices import bands, key_of, nearest

WIDTH, MARGIN = 260, 14  # of the picture of a band, in its own units


def prices_beside(
    year: int, item: str, unit: str, category: str, price: Decimal | None
) -> dict[str, Any]:
    """What `_prices_beside.html` needs; nothing is asked while there is no item."""
    item, unit = key_of(item, unit)
    if not item:
        return {"year": year, "item": "", "band": None, "near": []}
    band = bands([(item, unit)], year).get((item, unit))
    return {
        "year": year,
        "item": item,
        "unit": unit,
        "price": price,
        "band": band,
        "side": band.side_of(price) if band and price is not None else "",
        "drawn": _drawn(band, price) if band else None,
        "near": nearest(item, unit, category, year),
        "catalogue": f"{reverse('portal:prices', args=[year])}?{urlencode({'q': item[:80]})}",
    }


def prices_of_line(line: Line | None, year: int) -> dict[str, Any]:
    if line is None:
        return prices_beside(year, "", "", "", None)
    return prices_beside(year, line.item, line.unit, line.category_id, line.unit_price)


def _drawn(band: Band, price: Decimal | None) -> dict[str, int]:
    """Places of the band and the price on a line of WIDTH units, for the picture."""
    ends = [band.least, band.most] + ([price] if price is not None else [])
    low, high = min(ends), max(ends)
    room = (high - low) or Decimal(1)

    def at(value: Decimal) -> int:
        return MARGIN + int((value - low) * (WIDTH - 2 * MARGIN) / room)

    drawn = {name: at(getattr(band, name)) for name in ("least", "low", "middle", "high", "most")}
    drawn["width"] = max(drawn["high"] - drawn["low"], 2)
    drawn["price"] = at(price) if price is not None else -1
    return drawn

"""What like items cost before, and from which price on a reason is asked. Prices are baht a unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles

from nayu.core.errors import RuleBroken

LEAST_PRICES = 3  # fewer are no band
MANY = 10  # from so many prices on, a tenth at each end no longer counts
# How far outside the usual prices a price may lie before a reason is asked.
ABOVE, BELOW = Decimal("1.4"), Decimal("0.65")
LEAST_REASON = 10  # characters


class PriceReasonMissing(RuleBroken):
    """Lines whose price is outside the band and that do not say why; `facts["prices"]` names each."""

    code = "price_reason_missing"


@dataclass(frozen=True, slots=True)
class Band:
    """Usual prices of an item in a unit: `low` to `high` around `middle`, of `count` lines.

    A price above `most` or below `least` needs a reason.
    """

    count: int
    low: Decimal
    middle: Decimal
    high: Decimal

    @property
    def least(self) -> Decimal:
        return (self.low * BELOW).quantize(Decimal("0.01"))

    @property
    def most(self) -> Decimal:
        return (self.high * ABOVE).quantize(Decimal("0.01"))

    def side_of(self, price: Decimal) -> str:
        """ "above", "below", or "" for a price that needs no reason."""
        return "above" if price > self.most else "below" if price < self.least else ""


def band_of(prices: Iterable[Decimal]) -> Band | None:
    """The band of some prices; None for fewer than LEAST_PRICES.

    From MANY prices on, `low` and `high` leave a tenth of them out at each end.
    """
    ordered = sorted(prices)
    if len(ordered) < LEAST_PRICES:
        return None
    low, high = ordered[0], ordered[-1]
    if len(ordered) >= MANY:
        tenths = quantiles(ordered, n=10)
        low, high = tenths[0], tenths[-1]
    satang = Decimal("0.01")
    return Band(
        len(ordered), low.quantize(satang), median(ordered).quantize(satang), high.quantize(satang)
    )


def is_reason(text: str) -> bool:
    return len(text.strip()) >= LEAST_REASON

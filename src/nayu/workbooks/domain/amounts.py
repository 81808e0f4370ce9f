"""Money in cells: read exactly, added exactly; baht as `Decimal`, whole satang (`int`) as loaded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from functools import lru_cache

from nayu.core.money import LARGEST_BAHT, MINUS, SATANG, baht_of
from nayu.core.thai import normalise, to_arabic_digits

ZERO = Decimal(0)
# Sums are exact or an error: Python's usual 28 digits would round a long sum without a word.
EXACT = Context(prec=200, Emax=10_000, Emin=-10_000, traps=[Inexact, InvalidOperation])
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
# A cell with more digits than this is no amount of money.
_MOST_DIGITS = 40


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum without any rounding; raises `decimal.Inexact` rather than lose a digit."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def exact_text(amount: Decimal) -> str:
    """Every digit, no exponent, at least two decimals: the form of these figures in JSON."""
    # Written so, and not by a context, since `normalize` and `quantize` round to its precision.
    whole, _, fraction = format(amount, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def satang_rounded(amount_baht: Decimal) -> int:
    """Whole satang, half to even, as the residues of many rows then cancel."""
    return int(amount_baht.quantize(SATANG, context=_ROUNDING).scaleb(2, context=EXACT))


def residue_of(amount_baht: Decimal, amount_satang: int) -> Decimal:
    """What rounding took away (positive) or put on (negative), exact baht."""
    return EXACT.subtract(amount_baht, baht_of(amount_satang))


@dataclass(frozen=True, slots=True)
class Amount:
    """A cell read as money: the figure if there is one, and the code of what is wrong with it.

    A ``doubt`` does not keep the figure out, but somebody must look at it.
    """

    baht: Decimal | None
    problem: str = ""
    doubt: str = ""


BLANK = Amount(None, "amount_blank")
DASH = Amount(None, "amount_dash")
NOT_A_NUMBER = Amount(None, "amount_not_number")

_DASHES = re.compile(f"[-\u2010-\u2015{MINUS}]+$")
# "1,500.-" is how a Thai bill writes an even sum; a minus after digits alone is not understood.
_FIGURE = re.compile(
    r"(?P<open>\()?(?P<minus>-)?฿?"
    r"(?P<figure>(?P<whole>\d+(?:,\d+)*)(?:\.(?:\d+|-)?)?|\.\d+)"
    r"(?:บาท|฿)?(?P<close>\))?$",
    re.ASCII,
)
# A comma elsewhere is often a digit that a scan has lost: "18,250,00" was 18,250,000.
_COMMAS_IN_PLACE = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)$", re.ASCII)


def read_amount(value: object, unit_baht: int = 1) -> Amount:
    """The money in a cell, in baht; ``unit_baht`` is 1,000,000 where the file counts in millions.

    Thai or Arabic digits, thousands commas and blanks are understood; brackets or a minus are
    negative, which is read (so that sums agree) but is a problem; so is more than 10¹² baht.
    """
    if isinstance(value, str):
        return _amount_of_text(value, unit_baht)
    if value is None:
        return BLANK
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return NOT_A_NUMBER
    return _judged(_figure(value), unit_baht)


def _figure(value: int | float | Decimal) -> Decimal:
    """Spreadsheets keep 15 significant digits; the rest of a float is noise of the binary form."""
    return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)


@lru_cache(maxsize=20_000)
def _amount_of_text(text: str, unit_baht: int) -> Amount:
    plain = text.isascii() and text.isdecimal()
    cleaned = text if plain else to_arabic_digits(normalise(text)).replace(" ", "")
    if not cleaned:
        return BLANK
    if _DASHES.match(cleaned):
        return DASH
    match = _FIGURE.match(cleaned.replace(MINUS, "-"))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return NOT_A_NUMBER
    figure = Decimal(match["figure"].replace(",", "").removesuffix("-").removesuffix("."))
    in_place = match["whole"] is None or _COMMAS_IN_PLACE.match(match["whole"])
    doubt = "" if in_place else "amount_commas_misplaced"
    return _judged(-figure if match["open"] or match["minus"] else figure, unit_baht, doubt)


def _judged(figure: Decimal, unit_baht: int, doubt: str = "") -> Amount:
    if not figure.is_finite() or figure.adjusted() > _MOST_DIGITS:
        return NOT_A_NUMBER
    if int(figure.as_tuple().exponent) < -_MOST_DIGITS:
        return NOT_A_NUMBER
    baht = EXACT.multiply(figure, Decimal(unit_baht)) if unit_baht != 1 else figure
    if baht < 0:
        return Amount(baht, "amount_negative")
    if baht > LARGEST_BAHT:
        return Amount(baht, "amount_too_large")
    return Amount(baht, doubt=doubt)


class Subtotals:
    """Knows, while a table is read from top to bottom, which sums a subtotal row may state."""

    def __init__(self) -> None:
        self._open = ZERO
        self._open_rows = 0
        self._groups: list[Decimal] = []

    @property
    def open_rows(self) -> int:
        """Rows since the last subtotal."""
        return self._open_rows

    @property
    def open_sum(self) -> Decimal:
        return self._open

    def add(self, amount: Decimal) -> None:
        self._open = EXACT.add(self._open, amount)
        self._open_rows += 1

    def close(self, stated: Decimal) -> Decimal | None:
        """End the group at a row that states a subtotal.

        Returns None when it agrees with the rows since the last subtotal, or with the last
        groups together (a grand total); otherwise the sum it should have stated.
        """
        if self._open_rows:
            self._groups.append(self._open)
            self._open, self._open_rows = ZERO, 0
        covered = ZERO
        for position in range(len(self._groups) - 1, -1, -1):
            covered = EXACT.add(covered, self._groups[position])
            if covered == stated:
                self._groups[position:] = [covered]
                return None
        return self._groups[-1] if self._groups else ZERO

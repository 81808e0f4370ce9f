"""Cells as text, numbers, years, months and days."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from nayu.core.dates import MONTHS_TH, MONTHS_TH_SHORT
from nayu.core.fiscal_year import BUDDHIST_ERA_OFFSET, FIRST_BE, LAST_BE
from nayu.core.thai import match_key, normalise, to_arabic_digits

YES = frozenset({"true", "1", "yes", "ใช่", "✓"})
# Shorter years than this are no year of either era.
_YEAR_DIGITS = 4
_MONTH_POSITIONS = {
    match_key(name): (number + 2) % 12 + 1
    for names in (MONTHS_TH, MONTHS_TH_SHORT)
    for number, name in enumerate(names, start=1)
}

clean = lru_cache(maxsize=50_000)(normalise)
heading_key = lru_cache(maxsize=5_000)(match_key)


def text_of(value: object) -> str:
    """The cell as normalised text; whole numbers without a decimal point, days in ISO form."""
    if isinstance(value, str):
        return clean(value) if value else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else clean(str(value))


def is_yes(value: object) -> bool:
    return text_of(value).casefold() in YES


@lru_cache(maxsize=1_000)
def year_be_of(text: str, era: str) -> int | None:
    """The Buddhist Era year a cell names in the era ("ce" or "be") that its file counts in.

    None if it is no year, or a year of the other era.
    """
    digits = to_arabic_digits(text)
    if not digits.isdecimal() or len(digits) != _YEAR_DIGITS:
        return None
    year_be = int(digits) + (BUDDHIST_ERA_OFFSET if era == "ce" else 0)
    return year_be if FIRST_BE <= year_be <= LAST_BE else None


@lru_cache(maxsize=1_000)
def month_position_of(text: str) -> int | None:
    """1 = October … 12 = September, from that number or from a Thai month name."""
    digits = to_arabic_digits(text)
    if digits.isdecimal() and len(digits) <= 2:
        return int(digits) if 1 <= int(digits) <= 12 else None
    return _MONTH_POSITIONS.get(match_key(text))


def fits_decimals(number: Decimal, places: int) -> bool:
    """Whether a number needs no more decimals than `places`."""
    scaled = number.scaleb(places)
    return scaled == scaled.to_integral_value()

"""Money: exact `Decimal` baht with two places; whole satang in the database; text in JSON."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeVar

from nayu.core.errors import RuleBroken
from nayu.core.thai import normalise, to_arabic_digits

LARGEST_BAHT = Decimal(10**12)
SATANG = Decimal("0.01")
MILLION = Decimal(1_000_000)
MINUS = "\u2212"

Key = TypeVar("Key")


class MoneyNotUnderstood(RuleBroken):
    """The text is not an amount of money."""

    code = "money_not_understood"


class MoneyTooLarge(RuleBroken):
    """Above 10¹² baht, which no city's line reaches and 64 bits of satang × thousandths cannot hold."""

    code = "money_too_large"


class MoneyNegative(RuleBroken):
    code = "money_negative"


class MoneyNotWholeBaht(RuleBroken):
    """Typed requests, ceilings and allocations are whole baht."""

    code = "money_not_whole_baht"


def satang_of(amount_baht: Decimal) -> int:
    """Whole satang; raises `ValueError` if the amount has a fraction of a satang."""
    scaled = amount_baht * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount_baht} baht has a fraction of a satang")
    return int(scaled)


def baht_of(satang: int) -> Decimal:
    return Decimal(satang).scaleb(-2)


def parse_number(text: str) -> Decimal:
    """A figure as people type or paste it: Thai digits, commas, blanks, "บาท"; exact."""
    cleaned = to_arabic_digits(normalise(text)).replace(",", "").replace(" ", "")
    cleaned = cleaned.removesuffix("บาท").removesuffix("฿").replace(MINUS, "-")
    if not cleaned or "e" in cleaned.lower():
        raise MoneyNotUnderstood(value=text)
    try:
        figure = Decimal(cleaned)
    except InvalidOperation:
        raise MoneyNotUnderstood(value=text) from None
    if not figure.is_finite():
        raise MoneyNotUnderstood(value=text)
    return figure


def parse_baht(text: str, *, whole: bool = False) -> Decimal:
    """A typed amount. Raises MoneyNotUnderstood, MoneyNegative, MoneyTooLarge, MoneyNotWholeBaht."""
    amount = parse_number(text)
    if amount < 0:
        raise MoneyNegative(value=amount)
    if amount > LARGEST_BAHT:
        raise MoneyTooLarge(value=amount)
    if whole and amount != amount.to_integral_value():
        raise MoneyNotWholeBaht(value=amount)
    if amount * 100 != (amount * 100).to_integral_value():
        raise MoneyNotUnderstood(value=text)
    return amount.quantize(SATANG)


def format_baht(amount_baht: Decimal, places: int = 2) -> str:
    """1,234.00 with a true minus; half up, as Thai accounts round."""
    rounded = amount_baht.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,}".replace("-", MINUS)


def format_millions(amount_baht: Decimal) -> str:
    """Million baht with two decimals, for tables and charts headed "ล้านบาท"."""
    return format_baht(amount_baht / MILLION)


def text_of(amount_baht: Decimal) -> str:
    """The form of money in JSON: "1234.00"."""
    return str(amount_baht.quantize(SATANG))


def split(amount_satang: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """Share whole satang by weight; the remainder by largest fraction, then key order.

    The shares add up to the amount exactly. Weights are whole and not all zero.
    """
    total = sum(weights.values())
    if total <= 0:
        raise ValueError("weights must add up to more than zero")
    shares = {key: amount_satang * weight // total for key, weight in weights.items()}
    left = amount_satang - sum(shares.values())
    if left:
        # The fractions have one denominator, so their numerators are compared.
        order = sorted(weights, key=lambda key: (-(amount_satang * weights[key] % total), str(key)))
        for key in order[:left]:
            shares[key] += 1
    return shares


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))


_UNITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")


def _read_below_a_million(number: int, *, follows: bool) -> str:
    words = []
    digits = str(number)
    for index, char in enumerate(digits):
        digit, place = int(char), len(digits) - 1 - index
        if digit == 0:
            continue
        if place == 0 and digit == 1 and (len(digits) > 1 or follows):
            words.append("เอ็ด")
        elif place == 1 and digit == 2:
            words.append("ยี่สิบ")
        elif place == 1 and digit == 1:
            words.append("สิบ")
        else:
            words.append(_UNITS[digit] + _PLACES[place])
    return "".join(words)


def _read(number: int, *, follows: bool = False) -> str:
    if number < 10**6:
        return _read_below_a_million(number, follows=follows)
    millions, rest = divmod(number, 10**6)
    return _read(millions, follows=follows) + "ล้าน" + _read(rest, follows=True)


def baht_text(amount_baht: Decimal) -> str:
    """The amount in Thai words: 21 → ยี่สิบเอ็ดบาทถ้วน; satang are rounded half up first."""
    satang = int((amount_baht * 100).to_integral_value(ROUND_HALF_UP))
    sign, satang = ("ลบ" if satang < 0 else ""), abs(satang)
    baht, rest = divmod(satang, 100)
    if baht == 0 and rest == 0:
        return "ศูนย์บาทถ้วน"
    words = f"{_read(baht)}บาท" if baht else ""
    return sign + words + (f"{_read(rest)}สตางค์" if rest else "ถ้วน")

"""Dates as Thai offices write them: Buddhist Era, full or short month names."""

import re
from datetime import date
from typing import Literal

from nayu.core.errors import RuleBroken
from nayu.core.fiscal_year import BUDDHIST_ERA_OFFSET
from nayu.core.thai import normalise, to_arabic_digits, to_thai_digits

Digits = Literal["arabic", "thai"]
Form = Literal["full", "short"]
Language = Literal["th", "en"]

MONTHS_TH = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_TH_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class DateNotUnderstood(RuleBroken):
    code = "date_not_understood"


class DateOfWrongEra(RuleBroken):
    """The year reads as the Christian Era (or a far year) where the Buddhist Era is meant."""

    code = "date_of_wrong_era"


def month_name(month: int, *, form: Form = "full", language: Language = "th") -> str:
    """`month` is 1 = January … 12 = December."""
    if language == "en":
        return MONTHS_EN[month - 1] if form == "full" else MONTHS_EN[month - 1][:3]
    return (MONTHS_TH if form == "full" else MONTHS_TH_SHORT)[month - 1]


def thai_date(
    day: date, *, digits: Digits = "arabic", form: Form = "full", language: Language = "th"
) -> str:
    """16 สิงหาคม 2567 (full), 16 ส.ค. 2567 (short); English text keeps the Buddhist Era."""
    month = month_name(day.month, form=form, language=language)
    text = f"{day.day} {month} {day.year + BUDDHIST_ERA_OFFSET}"
    return to_thai_digits(text) if digits == "thai" else text


_NUMERIC = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{2,4})$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_WORDS = re.compile(r"(\d{1,2})\s*([^\d\s]+?)\s*(?:พ\.ศ\.)?\s*(\d{2,4})$")


def parse_date(text: str) -> date:
    """A date as typed: 3 พ.ย. 2569, ๓/๑๑/๒๕๖๙, 3/11/69; two-digit years are Buddhist Era.

    ISO text (2026-11-03, as date fields send it) is the Christian Era and taken so.
    Raises DateNotUnderstood, DateOfWrongEra.
    """
    cleaned = to_arabic_digits(normalise(text))
    if iso := _ISO.match(cleaned):
        year, month, day = map(int, iso.groups())
        if year > 2400:
            year -= BUDDHIST_ERA_OFFSET
        return _date(year, month, day, text)
    if numeric := _NUMERIC.match(cleaned):
        day, month, year = map(int, numeric.groups())
        return _date(_christian(year, text), month, day, text)
    if words := _WORDS.match(cleaned):
        return _date(
            _christian(int(words[3]), text), _month_number(words[2], text), int(words[1]), text
        )
    raise DateNotUnderstood(value=text)


def _christian(year: int, text: str) -> int:
    if year < 100:
        return year + 2500 - BUDDHIST_ERA_OFFSET
    if not 2400 <= year <= 2700:
        raise DateOfWrongEra(value=text, year=year)
    return year - BUDDHIST_ERA_OFFSET


def _month_number(word: str, text: str) -> int:
    plain = word.replace(".", "")
    for names in (MONTHS_TH, MONTHS_TH_SHORT):
        for number, name in enumerate(names, start=1):
            if plain == name.replace(".", ""):
                return number
    raise DateNotUnderstood(value=text)


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateNotUnderstood(value=text) from None

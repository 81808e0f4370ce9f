"""The cells of one row as a line or a project, or all the reasons why they are none."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from nayu.core.dates import DateNotUnderstood, DateOfWrongEra, parse_date
from nayu.core.fiscal_year import FiscalYear
from nayu.core.thai import to_arabic_digits
from nayu.workbooks.domain import (
    EXACT,
    ParsedLine,
    ParsedProject,
    TemplateMark,
    exact_text,
    read_amount,
)
from nayu.workbooks.profile import CATEGORY_FIELDS, CODED_FIELDS, EXTRA, Profile
from nayu.workbooks.reading.cells import fits_decimals, is_yes, month_position_of, year_be_of

# "…?item=17000000-3486" of a published project: agency code and number, the true identity.
_ITEM = re.compile(r"[?&]item=((\d{8})-\d+)\b")
_LABELLED = ("project_code", "work_code", "category_code", "source_code")
_WORDS = ("price_reference", "novelty")
_MONTHS = ("first_month", "last_month")
_COUNTS = ("priority", "revision")
_COUNT_DIGITS = 6
_QUANTITY_DECIMALS = 3
_PRICE_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a row."""

    code: str
    name: str
    value: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class UnusableRowError(Exception):
    """A row that is no line; all faults at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the texts of its filled fields, and its amount as written and as rounded."""

    sheet: str
    row: int
    texts: dict[str, str]
    raw_amount: Decimal
    amount_satang: int


class Builder:
    """Makes lines (or projects) of the rows of one table, by its profile.

    ``contents`` counts, over the whole file, how often a content without identity was met.
    """

    def __init__(
        self,
        profile: Profile,
        year_be: int | None,
        mark: TemplateMark | None,
        contents: Counter[str],
    ) -> None:
        self.profile, self.year_be, self.mark, self.contents = profile, year_be, mark, contents
        self._extras = [
            (name, name.removeprefix(EXTRA))
            for name in profile.columns.values()
            if name.startswith(EXTRA) or name in CODED_FIELDS
        ]

    def build(self, record: Record) -> ParsedLine | ParsedProject:
        """Raises UnusableRowError with everything that is wrong with the row."""
        faults = [
            Fault("cell_blank", name) for name in self.profile.filled if not record.texts.get(name)
        ]
        if self.profile.kind == "projects":
            return self._project(record, faults)
        return self._line(record, faults)

    def _line(self, record: Record, faults: list[Fault]) -> ParsedLine:
        texts, profile, mark = record.texts, self.profile, self.mark
        get = texts.get
        year = _year(texts, profile, self.year_be, faults)
        quantity = _number(texts, "quantity", _QUANTITY_DECIMALS, faults)
        unit_price = _number(texts, "unit_price", _PRICE_DECIMALS, faults)
        if profile.amount_is_product and quantity is not None and unit_price is not None:
            _check_product(record, quantity, unit_price, faults)
        extra = self._extra(texts)
        if profile.label_separator:
            _decode(texts, profile, extra, faults)
        if faults:
            raise UnusableRowError(faults)
        external_id = get("external_id", "")
        return ParsedLine(
            sheet=record.sheet,
            row=record.row,
            external_id=external_id or _made_identity(record, self.contents),
            item=get("item", ""),
            fiscal_year_be=year,
            amount_satang=record.amount_satang,
            raw_amount=record.raw_amount,
            body_name=mark.agency_name if mark else get("body_name", ""),
            body_code=mark.agency_code if mark else get("body_code", ""),
            parent_body_name=get("ministry", ""),
            plan_name=get("plan_name", ""),
            output_name=get("output_name", ""),
            project_name=extra.get("project_code_name", "") or get("project_name", ""),
            category_path=tuple([texts[name] for name in CATEGORY_FIELDS if get(name)]),
            quantity=quantity,
            unit=get("unit", ""),
            unit_price=unit_price,
            obliged="obliged" in texts and is_yes(texts["obliged"]),
            source_ref=f"{get('source_document', '')} {get('source_page', '')}".strip(),
            extra=extra,
            generated_id=not external_id,
        )

    def _project(self, record: Record, faults: list[Fault]) -> ParsedProject:
        texts = record.texts
        get = texts.get
        days = _days(texts, faults)
        used = read_amount(get("used", ""))
        if used.problem not in {"", "amount_blank", "amount_dash"}:
            faults.append(Fault(used.problem, "used", get("used", "")))
        if "fiscal_year" not in texts and self.year_be is None and days[0]:
            year = _year_of_most_days(days[0], days[1] or days[0])
        else:
            year = _year(texts, self.profile, self.year_be, faults)
        if faults:
            raise UnusableRowError(faults)
        division, _, bureau = get("body", "").rpartition("/")
        item = _ITEM.search(get("link", ""))
        external_id = item[1] if item else get("external_id", "")
        extra = self._extra(texts)
        if item and "external_id" in texts:
            extra["list_number"] = texts["external_id"]
        return ParsedProject(
            sheet=record.sheet,
            row=record.row,
            external_id=external_id or _made_identity(record, self.contents),
            name=get("name", ""),
            fiscal_year_be=year,
            amount_satang=record.amount_satang,
            raw_amount=record.raw_amount,
            first_day=days[0],
            last_day=days[1],
            status=get("status", ""),
            purpose=get("purpose", ""),
            used_baht=used.baht,
            body_name=bureau.strip(),
            body_code=item[2] if item else "",
            division_name=division.strip(),
            strategy_name=get("strategy_name", ""),
            link=get("link", ""),
            extra=extra,
            generated_id=not external_id,
        )

    def _extra(self, texts: dict[str, str]) -> dict[str, Any]:
        return {name: text for key, name in self._extras if (text := texts.get(key))}


def _year_of_most_days(first_day: date, last_day: date) -> int:
    """Real projects start in August or end on 1 October: the middle day tells the year."""
    return FiscalYear.containing(first_day + (last_day - first_day) / 2).year_be


def _days(texts: dict[str, str], faults: list[Fault]) -> tuple[date | None, date | None]:
    first, last = _day(texts, "first_day", faults), _day(texts, "last_day", faults)
    if first and last and last < first:
        faults.append(Fault("days_reversed", "last_day", texts["last_day"]))
    return first, last


def _made_identity(record: Record, contents: Counter[str]) -> str:
    """An identity from the content: the same file again gives the same one.

    Two rows equal in everything are two lines, so the second of them is numbered 2.
    """
    parts = [f"{name}={text}" for name, text in sorted(record.texts.items()) if text]
    content = "\x1f".join([*parts, exact_text(record.raw_amount)])
    digest = hashlib.sha256(content.encode()).hexdigest()[:20]
    contents[digest] += 1
    return f"content:{digest}:{contents[digest]}"


def _year(texts: dict[str, str], profile: Profile, year_be: int | None, faults: list[Fault]) -> int:
    text = texts.get("fiscal_year", "")
    if not text:
        if year_be is None:
            faults.append(Fault("year_missing", "fiscal_year"))
        return year_be or 0
    year = year_be_of(text, profile.era)
    if year is not None:
        return year
    other = "be" if profile.era == "ce" else "ce"
    code = "year_of_other_era" if year_be_of(text, other) else "year_not_understood"
    faults.append(Fault(code, "fiscal_year", text, {"era": profile.era}))
    return 0


def _number(texts: dict[str, str], name: str, decimals: int, faults: list[Fault]) -> Decimal | None:
    text = texts.get(name, "")
    number = read_amount(text)
    if number.baht is None and number.problem in {"amount_blank", "amount_dash"}:
        return None
    if number.problem or number.baht is None:
        faults.append(Fault("number_not_understood", name, text))
        return None
    if not fits_decimals(number.baht, decimals):
        faults.append(Fault("too_many_decimals", name, text, {"decimals": decimals}))
        return None
    return number.baht


def _check_product(
    record: Record, quantity: Decimal, unit_price: Decimal, faults: list[Fault]
) -> None:
    product = EXACT.multiply(quantity, unit_price)
    if product != record.raw_amount:
        facts = {
            "quantity": quantity, "unit_price": unit_price,
            "product": product, "amount": record.raw_amount,
        }  # fmt: skip
        faults.append(Fault("amount_not_product", "amount", exact_text(record.raw_amount), facts))


def _decode(
    texts: dict[str, str], profile: Profile, extra: dict[str, Any], faults: list[Fault]
) -> None:
    """Codes out of the choices of our own template: "code : name", words, months, numbers."""
    for name in _LABELLED:
        if text := texts.get(name, ""):
            extra[name], extra[f"{name}_name"] = _code_and_label(text, profile.label_separator)
    for name in _WORDS:
        if text := texts.get(name, ""):
            extra[name] = _code_of_word(name, text, profile, faults)
    for name in _MONTHS:
        if text := texts.get(name, ""):
            extra[name] = _month(name, text.partition(profile.label_separator)[0], faults)
    if (extra.get("first_month") or 1) > (extra.get("last_month") or 12):
        faults.append(Fault("months_reversed", "last_month", texts.get("last_month", "")))
    for name in _COUNTS:
        if text := texts.get(name, ""):
            extra[name] = _count(name, text, faults)


@lru_cache(maxsize=5_000)
def _code_and_label(text: str, separator: str) -> tuple[str, str]:
    """The same choices stand in row after row."""
    code, _, label = text.partition(separator)
    return code.strip(), label.strip()


def _code_of_word(name: str, text: str, profile: Profile, faults: list[Fault]) -> str:
    words = profile.values.get(name, {})
    if text not in words and text not in words.values():
        faults.append(Fault("choice_unknown", name, text, {"choices": ", ".join(words)}))
    return words.get(text, text)


def _month(name: str, text: str, faults: list[Fault]) -> int | None:
    position = month_position_of(text)
    if position is None:
        faults.append(Fault("month_not_understood", name, text))
    return position


def _count(name: str, text: str, faults: list[Fault]) -> int:
    digits = to_arabic_digits(text)
    if digits.isdecimal() and len(digits) <= _COUNT_DIGITS:
        return int(digits)
    faults.append(Fault("number_not_understood", name, text))
    return 0


def _day(texts: dict[str, str], name: str, faults: list[Fault]) -> date | None:
    text = texts.get(name, "")
    if text in {"", "-"}:
        return None
    try:
        return parse_date(text)
    except (DateNotUnderstood, DateOfWrongEra):
        faults.append(Fault("day_not_understood", name, text))
        return None

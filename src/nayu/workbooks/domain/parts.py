"""Entries in a workbook: an entry's own texts, its promises, activities and risks, a sheet each.

Every cell has one plain text, the same from a file as from an entry, so that the two compare.
A flat name says which: ``entry.rationale``, ``promises.3.who_th``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from nayu.projects.domain import (
    GROUPS,
    LEVELS,
    ORIGINS,
    TEXT_LIMIT,
    ActivityValues,
    EntrySheet,
    PromiseValues,
    RiskValues,
)

ENTRY, PROMISES, ACTIVITIES, RISKS = "entry", "promises", "activities", "risks"
ROWS = (PROMISES, ACTIVITIES, RISKS)  # parts of which an entry has many, by number
NOVELTIES = ("new", "continuing")
MOST_NUMBER = 999  # the highest number that a row of an entry may have

Kind = Literal["text", "lines", "word", "month", "whole", "number", "codes"]
Flat = dict[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell may say: `limit` characters, whole numbers from `low` to `high`, one of `words`."""

    kind: Kind = "text"
    limit: int = TEXT_LIMIT
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()
    needed: bool = False


_MONTH = Cell("month", low=1, high=12, needed=True)
_LONG = Cell("lines")
_GRADE = Cell("whole", low=1, high=5, needed=True)

CELLS: Mapping[str, Mapping[str, Cell]] = {
    ENTRY: {
        "name_th": Cell(limit=500, needed=True),
        "name_en": Cell(limit=500),
        "first_month": _MONTH,
        "last_month": _MONTH,
        "origin": Cell("word", words=ORIGINS, needed=True),
        "novelty": Cell("word", words=NOVELTIES, needed=True),
        "rationale": _LONG,
        "objectives": _LONG,
        "target_quantity": _LONG,
        "target_quality": _LONG,
        "method": _LONG,
        "place_text": _LONG,
    },
    PROMISES: {
        "who_th": Cell(limit=300, needed=True),
        "number": Cell("number", needed=True),
        "unit_th": Cell(limit=60, needed=True),
        "group": Cell("word", words=("", *GROUPS)),
        "change_th": Cell("lines", needed=True),
        "from_month": _MONTH,
        "lasts_th": Cell(limit=200),
        "indicator_code": Cell(limit=60),
        "evidence_th": _LONG,
        "share_percent": Cell("whole", low=0, high=100),
        **{f"level_{percent}": Cell("number") for percent in LEVELS},
        "districts": Cell("codes"),
        "who_en": Cell(limit=300),
        "unit_en": Cell(limit=60),
        "change_en": _LONG,
        "evidence_en": _LONG,
    },
    ACTIVITIES: {
        "name_th": Cell(limit=500, needed=True),
        "first_month": _MONTH,
        "last_month": _MONTH,
        "weight_percent": Cell("whole", low=0, high=100, needed=True),
    },
    RISKS: {
        "event_th": Cell("lines", needed=True),
        "likelihood": _GRADE,
        "impact": _GRADE,
        "response_th": Cell("lines", needed=True),
    },
}
TEXTS = tuple(name for name, cell in CELLS[ENTRY].items() if cell.kind in ("text", "lines"))


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """A row of one of these sheets: `number` is 0 for a new one, `cells` are those the sheet has.

    `event` is the newest deed on the entry when the workbook was made; only `ENTRY` rows have it.
    """

    sheet: str
    row: int
    part: str
    project_code: str
    number: int = 0
    event: int = 0
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """An entry that stands in a workbook when it is made; `event` is the newest deed on it."""

    event: int
    sheet: EntrySheet


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell; ``code`` names a sentence in `messages`."""

    name: str
    code: str
    value: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def flat_name(part: str, number: int, name: str) -> str:
    return f"{part}.{name}" if part == ENTRY else f"{part}.{number}.{name}"


def flat_of(sheet: EntrySheet) -> Flat:
    """All cells of an entry, by flat name."""
    flat = {f"{ENTRY}.{name}": _told(sheet, name) for name in CELLS[ENTRY]}
    for part in ROWS:
        for row in getattr(sheet, part):
            for name in CELLS[part]:
                flat[flat_name(part, row.order, name)] = _told(row, name)
    return flat


def _told(holder: EntrySheet | PromiseValues | ActivityValues | RiskValues, name: str) -> str:
    if isinstance(holder, PromiseValues) and name.startswith("level_"):
        return plain(dict(holder.levels).get(int(name.removeprefix("level_"))))
    value = getattr(holder, name)
    if isinstance(value, tuple):
        return ("\n" if name == "objectives" else ", ").join(value)
    return plain(value) if isinstance(value, (int, Decimal)) or value is None else str(value)


def plain(number: Decimal | int | None) -> str:
    """A figure without exponent, comma or needless zeros; "" for none."""
    if number is None:
        return ""
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rows_in(flat: Mapping[str, str], part: str) -> dict[int, dict[str, str]]:
    """The rows of a part by number, each by cell."""
    rows: dict[int, dict[str, str]] = {}
    for key, text in flat.items():
        found, _, rest = key.partition(".")
        if found == part and part != ENTRY:
            number, _, name = rest.partition(".")
            rows.setdefault(int(number), {})[name] = text
    return rows


def problems_in(part: str, cells: Mapping[str, str]) -> list[CellProblem]:
    """What keeps a whole row from standing in an entry; its cells were read one by one before."""
    found = [
        CellProblem(name, "cell_blank")
        for name, cell in CELLS[part].items()
        if cell.needed and not cells.get(name, "")
    ]
    first, last = cells.get("first_month", ""), cells.get("last_month", "")
    if first and last and int(last) < int(first):
        found.append(CellProblem("last_month", "months_reversed", last))
    if part == PROMISES:
        found += _promise_problems(cells)
    return found


def _promise_problems(cells: Mapping[str, str]) -> Iterable[CellProblem]:
    number = cells.get("number", "")
    if number and not Decimal(number):
        yield CellProblem("number", "number_not_above_zero", number)
    most = Decimal(number or 0)
    for percent in LEVELS:
        level = cells.get(f"level_{percent}", "")
        if level and Decimal(level) > most:
            facts = {"percent": percent}
            yield CellProblem(f"level_{percent}", "level_above_more_money", level, facts)
        most = min(most, Decimal(level)) if level else most


def values_in(part: str, flat: Mapping[str, str]) -> tuple[Any, ...]:
    """The rows of a part as values; each row is one without problems."""
    made: Callable[[int, Mapping[str, str]], Any] = _MAKERS[part]
    return tuple(made(number, cells) for number, cells in sorted(rows_in(flat, part).items()))


def _promise(number: int, cells: Mapping[str, str]) -> PromiseValues:
    share = cells["share_percent"]
    levels = [(percent, cells[f"level_{percent}"]) for percent in LEVELS]
    return PromiseValues(
        order=number,
        who_th=cells["who_th"],
        who_en=cells["who_en"],
        number=Decimal(cells["number"]),
        unit_th=cells["unit_th"],
        unit_en=cells["unit_en"],
        districts=tuple(code for code in cells["districts"].split(", ") if code),
        change_th=cells["change_th"],
        change_en=cells["change_en"],
        from_month=int(cells["from_month"]),
        lasts_th=cells["lasts_th"],
        indicator_code=cells["indicator_code"],
        evidence_th=cells["evidence_th"],
        evidence_en=cells["evidence_en"],
        share_percent=int(share) if share else None,
        group=cells["group"],
        levels=tuple((percent, Decimal(text)) for percent, text in levels if text),
    )


def _activity(number: int, cells: Mapping[str, str]) -> ActivityValues:
    return ActivityValues(
        number,
        cells["name_th"],
        int(cells["first_month"]),
        int(cells["last_month"]),
        int(cells["weight_percent"]),
    )


def _risk(number: int, cells: Mapping[str, str]) -> RiskValues:
    return RiskValues(
        cells["event_th"],
        int(cells["likelihood"]),
        int(cells["impact"]),
        cells["response_th"],
        number,
    )


_MAKERS: Mapping[str, Callable[[int, Mapping[str, str]], Any]] = {
    PROMISES: _promise,
    ACTIVITIES: _activity,
    RISKS: _risk,
}

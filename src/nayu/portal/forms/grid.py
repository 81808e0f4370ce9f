"""The table of a project's lines as flat texts: `line-12-quantity`, `new-3f-item`.

A row is judged by itself. What the table does not show keeps what the line says.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from nayu.budget.models import Line
from nayu.budget.services import LineInput
from nayu.core.money import MoneyNotUnderstood, parse_number
from nayu.core.thai import normalise
from nayu.portal.forms.lines import line_input
from nayu.portal.forms.typed import Choice, Typed, plain

Flat = dict[str, str]
FIGURES = ("quantity", "unit_price")
COLUMNS = (
    "item", "category", "quantity", "unit", "unit_price", "promise", "price_reason",
)  # fmt: skip
REMOVE = "remove"
NAME = re.compile(r"(line-\d{1,18}|new-[0-9a-z]{1,32})-([a-z_]+)")


@dataclass
class Rows:
    """Rows that can stand, as input; and what is wrong with the others, by field."""

    given: dict[str, LineInput] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def parted(name: str) -> tuple[str, str] | None:
    """("line-12", "quantity") of a field of the table; None for any other name."""
    found = NAME.fullmatch(name)
    if not found or found[2] not in (*COLUMNS, REMOVE):
        return None
    return found[1], found[2]


def fields_in(data: Mapping[str, str]) -> Flat:
    """The fields of the table among those that were sent."""
    return {name: text for name, text in data.items() if parted(name)}


def rows_in(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of fields by their row, in the order in which rows first come."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        parts = parted(name)
        if parts:
            found[parts[0]].append(name)
    return dict(found)


def row_of(line: Line) -> str:
    return f"line-{line.pk}"


def flat_line(line: Line) -> Flat:
    """What the table shows of a line."""
    values = {
        "item": line.item, "category": line.category_id, "quantity": plain(line.quantity),
        "unit": line.unit, "unit_price": plain(line.unit_price),
        "promise": str(line.promise_number or ""), "price_reason": line.price_reason,
    }  # fmt: skip
    return {f"{row_of(line)}-{name}": text for name, text in values.items()}


def same_cell(one: str, other: str) -> bool:
    """Whether two texts of a cell are no change: the same figure in other digits is none."""
    return _told(one) == _told(other)


def _told(text: str) -> str:
    clean = normalise(text, keep_lines=True)
    try:
        return plain(parse_number(clean)) if clean else ""
    except MoneyNotUnderstood:
        return clean


def is_blank(row: str, values: Mapping[str, str], usual: Mapping[str, str]) -> bool:
    """A new row in which nothing was typed."""
    return row.startswith("new-") and not any(
        normalise(values.get(f"{row}-{name}", "")) not in ("", usual.get(name, ""))
        for name in COLUMNS
    )


def settle(
    rows: Iterable[str],
    values: Mapping[str, str],
    stored: Mapping[str, Mapping[str, str]],
    lists: Mapping[str, tuple[Choice, ...]],
    *,
    year: int,
    judge: Callable[[LineInput], str],
) -> Rows:
    """Input of each row that is whole. `stored` are all texts of a line's form, by row; `judge`
    says in a sentence why an amount cannot be."""
    found = Rows()
    for row in rows:
        if values.get(f"{row}-{REMOVE}"):
            found.removed.append(row)
            continue
        data = dict(stored[row])
        for name in COLUMNS:
            if f"{row}-{name}" in values:
                data[name] = values[f"{row}-{name}"]
        typed = Typed()
        given = line_input(data, typed, lists, year=year)
        if not normalise(data.get("unit", "")):
            typed.problems.setdefault("unit", _("Write the unit, such as ชุด or งาน."))
        if not typed.problems and (wrong := judge(given)):
            typed.problems["unit_price"] = wrong
        for name, sentence in typed.problems.items():
            found.problems[f"{row}-{name}"] = sentence
        if not typed.problems:
            found.given[row] = given
    return found

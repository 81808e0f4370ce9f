"""The rules of an allocation: each one named block with its sentence, formula and unit.

A rule makes rows: whole numbers that are added up over the options chosen, and the limits of the
sum. `docs/allocation.md` is printed from this list.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nayu.allocation.domain.problem import Option, Question


@dataclass(frozen=True, slots=True)
class Row:
    """``low`` ≤ Σ coefficient over the options chosen ≤ ``high``; None is no limit.

    ``unit`` is what one unit of the sum is: satang, satang × 10,000, or projects.
    """

    name: str
    terms: tuple[tuple[int, int], ...]
    low: int | None = None
    high: int | None = None
    unit: str = "satang"


Maker = Callable[[Question, Sequence[Option]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of row, as printed: what it says, its formula, and the unit of its figures."""

    code: str
    sentence_th: str
    sentence_en: str
    formula: str
    unit: str
    rows: Maker


def rows_of(question: Question, options: Sequence[Option], rules: Sequence[Rule]) -> list[Row]:
    """All rows of all rules, in the order of the list; a row without terms or limits is left out."""
    return [row for rule in rules for row in rule.rows(question, options) if _says_something(row)]


def _says_something(row: Row) -> bool:
    if row.low is None and row.high is None:
        return False
    # Without terms the sum is nought: only a limit that nought breaks is worth a row.
    return bool(row.terms) or (row.low or 0) > 0 or (row.high is not None and row.high < 0)

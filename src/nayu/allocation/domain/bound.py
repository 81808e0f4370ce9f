"""The LP bound in exact arithmetic: no plan is worth more, whatever the multipliers are.

For any multipliers y (of the right sign) every plan x that keeps the rows has
Σ p·x ≤ Σ p·x + Σ y·(limit − row·x) = Σ y·limit + Σ (p − y·row)·x, and the last sum is at most the best
level of each project taken by itself. So the bound needs no solver and no trust in one: wrong
multipliers give a weaker bound, never a false one.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from nayu.allocation.domain.problem import Option
from nayu.allocation.domain.rules import Row

CHOICES_PER_PROJECT = ("ONE[", "COMMITTED[", "LEGAL[", "PINNED[", "FORBIDDEN[")


def is_per_project(row: Row) -> bool:
    """Rows on one project alone: the best level of each project takes care of them."""
    return row.name.startswith(CHOICES_PER_PROJECT)


def bound_of(
    options: Sequence[Option], rows: Sequence[Row], multipliers: Mapping[str, Fraction]
) -> Fraction:
    """An upper bound of the worth of any plan, in millionths of a point, exactly.

    ``multipliers`` are by row name, in millionths of a point for one unit of the row; positive
    ones are paid at the upper limit, negative ones at the lower. One that has no limit on its side
    is left out.
    """
    worth = [Fraction(option.level.points) for option in options]
    bound = Fraction(0)
    for row in rows:
        price = multipliers.get(row.name, Fraction(0))
        limit = row.high if price > 0 else row.low
        if not price or limit is None or is_per_project(row):
            continue
        bound += price * limit
        for at, weight in row.terms:
            worth[at] -= price * weight
    return bound + sum(_best_of_each(options, rows, worth).values(), Fraction(0))


def _best_of_each(
    options: Sequence[Option], rows: Sequence[Row], worth: Sequence[Fraction]
) -> dict[str, Fraction]:
    """The best level of each project, or nothing; what is required takes its best even at a loss."""
    best: dict[str, Fraction] = {}
    for option, value in zip(options, worth, strict=True):
        code = option.candidate.code
        best[code] = max(best.get(code, value), value)
    must = {_project(row) for row in rows if row.name.startswith(CHOICES_PER_PROJECT[1:4])}
    never = {_project(row) for row in rows if row.name.startswith("FORBIDDEN[")}
    return {
        code: Fraction(0) if code in never else value if code in must else max(value, Fraction(0))
        for code, value in best.items()
    }


def _project(row: Row) -> str:
    return row.name.partition("[")[2].removesuffix("]")

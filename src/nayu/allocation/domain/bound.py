"""The LP bound in exact arithmetic: no plan is worth more, whatever the multipliers are.

For any multipliers y (of the right sign) every plan x that keeps the rows has
Σ p·x ≤ Σ p·x + Σ y·(limit − row·x) = Σ y·limit + Σ (p − y·row)·x, and the last sum is at most the best
level of each project taken by itself. So the bound needs no solver and no trust in one: wrong
multipliers give a weaker bound, never a false one.
"""

import math
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
    # Whole numbers over one denominator: the same sum as of fractions, and much quicker.
    whole = math.lcm(*(price.denominator for price in multipliers.values()), 1)
    worth = [option.level.points * whole for option in options]
    bound = 0
    for row in rows:
        price = int(multipliers.get(row.name, Fraction(0)) * whole)
        limit = row.high if price > 0 else row.low
        if not price or limit is None or is_per_project(row):
            continue
        bound += price * limit
        for at, weight in row.terms:
            worth[at] -= price * weight
    return Fraction(bound + sum(_best_of_each(options, rows, worth).values()), whole)


def _best_of_each(
    options: Sequence[Option], rows: Sequence[Row], worth: Sequence[int]
) -> dict[str, int]:
    """The best level of each project, or nothing; what is required takes its best even at a loss."""
    best: dict[str, int] = {}
    for option, value in zip(options, worth, strict=True):
        code = option.candidate.code
        best[code] = max(best.get(code, value), value)
    must = {_project(row) for row in rows if row.name.startswith(CHOICES_PER_PROJECT[1:4])}
    never = {_project(row) for row in rows if row.name.startswith("FORBIDDEN[")}
    return {
        code: 0 if code in never else value if code in must else max(value, 0)
        for code, value in best.items()
    }


def _project(row: Row) -> str:
    return row.name.partition("[")[2].removesuffix("]")

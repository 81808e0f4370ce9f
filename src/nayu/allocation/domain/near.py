"""At once, from the LP's multipliers: what squeezes a project, and how far it is from coming in.

These are estimates and are called so; what is exact is asked again (`why`).
"""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from nayu.allocation.domain.answer import Answer
from nayu.allocation.domain.bound import is_per_project
from nayu.allocation.domain.problem import Question, options_of
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES


def near_misses(question: Question, answer: Answer) -> dict[str, dict[str, Any]]:
    """By project that is out or gets less than its first level: `row` that costs it most, `short`.

    `short` is how many millionths of a point its first level lacks at the multipliers' prices; at
    most nought means that only whole projects and the gap keep it out.
    """
    options = options_of(question)
    cost: list[Fraction] = [Fraction(0)] * len(options)
    dearest: dict[int, tuple[Fraction, str]] = defaultdict(lambda: (Fraction(0), ""))
    for row in rows_of(question, options, RULES):
        price = answer.multipliers.get(row.name)
        if not price or is_per_project(row):
            continue
        for at, weight in row.terms:
            part = price * weight
            cost[at] += part
            dearest[at] = max(dearest[at], (part, row.name))
    found: dict[str, dict[str, Any]] = {}
    for at, option in enumerate(options):
        code = option.candidate.code
        if (
            option.level is not option.candidate.levels[0]
            or answer.plan.get(code) == option.level.code
        ):
            continue
        short = cost[at] - option.level.points
        found[code] = {"row": dearest[at][1], "short": int(short)}
    return found

"""At once, from the LP's multipliers: what squeezes a project, and how far it is from coming in.

These are estimates and are called so; what is exact is asked again (`why`).
"""

import math
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
    whole = math.lcm(*(price.denominator for price in answer.multipliers.values()), 1)
    cost = [0] * len(options)
    dearest: list[tuple[int, str]] = [(0, "")] * len(options)
    for row in rows_of(question, options, RULES):
        price = int(answer.multipliers.get(row.name, 0) * whole)
        if not price or is_per_project(row):
            continue
        for at, weight in row.terms:
            part = price * weight
            cost[at] += part
            if part > dearest[at][0]:
                dearest[at] = (part, row.name)
    found: dict[str, dict[str, Any]] = {}
    for at, option in enumerate(options):
        code, first = option.candidate.code, option.candidate.levels[0]
        if option.level is first and answer.plan.get(code) != first.code:
            short = cost[at] - first.points * whole
            found[code] = {"row": dearest[at][1], "short": -(-short // whole)}
    return found

"""Many questions from one: steps of the total, a frontier, reasonable weightings. Pure functions.

Each function takes JSON values and gives JSON values, so that it may be done anywhere: in this process,
or on the workers of a Dask cluster (see `spreading`).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from nayu.allocation.domain.answer import IMPOSSIBLE
from nayu.allocation.domain.keeping import question_of
from nayu.allocation.domain.problem import (
    POINT,
    Question,
    Stay,
    cost_of,
    fair_floors,
    funded,
    points_of,
)
from nayu.allocation.milp import Limits, Sweep, solve

STEP_PERCENTS = (-30, -25, -20, -15, -10, -5, 0, 5, 10)
FAIR_STEPS = 5
STABLE_SHARES = (None, 20, 10)  # percent of the projects that may differ from the reference
DRAWS, CHUNK = 1_000, 50
LEAST_FACTOR, MOST_FACTOR = 0.5, 1.5  # of each weight, before they are made 100 again
SEED = 2570
GAP = Limits(gap=Fraction(1, 200))
HALVINGS = 20


def told(question: Question, plan: Mapping[str, str]) -> dict[str, Any]:
    """What a page tells of a plan: whole satang, millionths of a point, people."""
    return {
        "plan": dict(plan),
        "points": points_of(question, plan),
        "amount": cost_of(question, plan),
        "people": int(sum(level.people for _c, level in funded(question, plan))),
    }


def step_of_total(data: Mapping[str, Any]) -> dict[str, Any]:
    """The best plan with so many percent more or less money. ``data``: question, percent, gap."""
    question = question_of(data["question"])
    assert question.total is not None
    total = question.total * (100 + data["percent"]) // 100
    moved = replace(question, total=total)
    answer = solve(moved, Limits(gap=Fraction(data["gap"], 10_000)))
    known = {"percent": data["percent"], "total": total, "status": answer.status}
    return known if answer.status == IMPOSSIBLE else known | told(moved, answer.plan)


def fairest(question: Question, weights: Mapping[str, int]) -> int:
    """The most millionths of a satang for each unit of weight that every district can have.

    Districts in which no project asks for money are left out: nothing can reach them.
    """
    reached, most = reachable(question, weights), asked_by_district(question)
    base = replace(question, district_floors=dict.fromkeys(reached, 0))
    sweep = Sweep(base, GAP)
    low, high = 0, max(
        (10**6 * (question.total or cost_of(question, _all(question))) // max(w, 1)
         for w in reached.values()), default=0,
    )  # fmt: skip
    for _ in range(HALVINGS):
        middle = (low + high) // 2
        floors = fair_floors(middle, reached, most)
        asked = replace(base, district_floors=floors)
        bounds = {f"DISTRICT[{code}]": (floor, None) for code, floor in floors.items()}
        if all(name in sweep.at for name in bounds) and sweep.answer(asked, bounds=bounds):
            low = middle
        else:
            high = middle
    return low


def asked_by_district(question: Question) -> dict[str, int]:
    """Satang that the projects of each district ask for at their first level."""
    asked: dict[str, int] = {}
    for candidate in question.candidates:
        for code, part in candidate.shares("districts", candidate.levels[0]).items():
            asked[code] = asked.get(code, 0) + part
    return asked


def reachable(question: Question, weights: Mapping[str, int]) -> dict[str, int]:
    asked = asked_by_district(question)
    return {code: weight for code, weight in weights.items() if asked.get(code)}


def _all(question: Question) -> dict[str, str]:
    return {c.code: c.levels[0].code for c in question.candidates}


def least_of_districts(
    question: Question, plan: Mapping[str, str], weights: Mapping[str, int]
) -> tuple[int, str]:
    """Millionths of a satang for each unit of weight in the district that has least, and its code.

    A district whose projects get all that they ask for is not counted: more cannot reach it.
    """
    reached, most = reachable(question, weights), asked_by_district(question)
    sums = dict.fromkeys(reached, 0)
    for candidate, level in funded(question, plan):
        for code, part in candidate.shares("districts", level).items():
            if code in sums:
                sums[code] += part
    short = [code for code in sums if sums[code] < most[code]]
    if not short:
        return 0, ""
    return min((sums[code] * 10**6 // max(reached[code], 1), code) for code in short)


def point_of_frontier(data: Mapping[str, Any]) -> dict[str, Any]:
    """The best plan that is at least so fair and at most so far from the reference.

    ``data``: question, weights by district, fair (millionths of a satang for a unit of weight),
    changes (or None), reference (project codes).
    """
    question = question_of(data["question"])
    reached = reachable(question, data["weights"])
    floors = dict(question.district_floors)
    for code, floor in fair_floors(data["fair"], reached, asked_by_district(question)).items():
        floors[code] = max(floors.get(code, 0), floor)
    reference = frozenset(data["reference"])
    asked = replace(question, district_floors=floors)
    if data["changes"] is not None:
        asked = replace(asked, stay=Stay(reference, data["changes"]))
    answer = solve(asked, GAP)
    known = {"fair": data["fair"], "changes": data["changes"], "status": answer.status}
    if not answer.plan:
        return known
    least, district = least_of_districts(question, answer.plan, data["weights"])
    codes = {c.code for c in question.candidates}
    moved = len((reference & codes) ^ set(answer.plan))
    return known | told(question, answer.plan) | {
        "least": least, "district": district, "moved": moved,
    }  # fmt: skip


def draw(weights: Mapping[str, int], number: int) -> dict[str, float]:
    """The weights of one draw: each times ½ to 1½, made 100 again. The same number, the same draw."""
    chance = random.Random(SEED * 1_000_003 + number)  # noqa: S311  # published draws
    drawn = {
        code: weight * chance.uniform(LEAST_FACTOR, MOST_FACTOR)
        for code, weight in sorted(weights.items())
    }
    whole = sum(drawn.values())
    return {code: weight * 100 / whole for code, weight in drawn.items()} if whole else dict(drawn)


def chunk_of_draws(data: Mapping[str, Any]) -> dict[str, Any]:
    """Under which of some draws each project is in. ``data``: question, weights, parts, draws.

    ``parts`` are by project the scaled parts of its score (0…1) in the order of ``weights``; None for
    a project whose points are set by hand, which no draw changes.
    """
    question = question_of(data["question"])
    sweep = Sweep(question)
    codes = sorted(data["weights"])
    base = sweep.model.worth
    inside: dict[str, int] = {}
    valid = 0
    for number in data["draws"]:
        weights = draw(data["weights"], number)
        worth = np.array(
            [_drawn(o, data["parts"], codes, weights, base[at])
             for at, o in enumerate(sweep.model.options)]
        )  # fmt: skip
        found = sweep.answer(question, worth=worth)
        if found is None:
            continue
        valid += 1
        for code in found.plan:
            inside[code] = inside.get(code, 0) + 1
    return {"valid": valid, "inside": inside}


def _drawn(
    option: Any,
    parts: Mapping[str, Sequence[float] | None],
    codes: Sequence[str],
    weights: Mapping[str, float],
    base: float,
) -> float:
    own = parts.get(option.candidate.code)
    full = option.candidate.levels[0].points / POINT
    if own is None or not full:
        return float(base)
    points = sum(part * weights[code] for part, code in zip(own, codes, strict=True))
    return float(points * base / full)

"""The answer to a question: the whole MIP, or the LP with a restricted MIP, and the settling of ties."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import highspy
import numpy as np

from nayu.allocation.checker import check
from nayu.allocation.domain.answer import (
    FULL,
    IMPOSSIBLE,
    PROVED,
    RESTRICTED,
    STOPPED,
    Answer,
    hash_of,
)
from nayu.allocation.domain.bound import bound_of
from nayu.allocation.domain.problem import POINT, Question, cost_of, points_of
from nayu.allocation.milp.model import (
    FEASIBLE,
    INFINITE,
    NONE_POSSIBLE,
    ONE_AT_A_TIME,
    UNITS,
    Limits,
    Model,
    model_of,
)

FAR = 0.95  # of the LP's bound
SMALL = 1_000  # options below which the whole MIP is asked at once
NODES = 100  # of a restricted MIP, before more is left open
FREE_SHARE = (0.05, 0.18, 0.35)  # of the options, those nearest to a change of mind, tried in turn
SOLVER = f"HiGHS {highspy.HIGHS_VERSION_MAJOR}.{highspy.HIGHS_VERSION_MINOR}.{highspy.HIGHS_VERSION_PATCH}"
MOST_TIGHTENED = 60
MOST_SETTLED = 600  # projects up to which code order is settled among plans of the same cost
CHUNK = 20  # projects whose order one solve settles: 2^20 is still exact in a float
UNKNOWN = Fraction(10**30)  # no bound known: the multipliers' stands
# Multipliers are kept as decimals of this many places, so that an outsider can type them.
PLACES = 12


def solve(question: Question, limits: Limits = Limits()) -> Answer:
    """The plan that is proved to be within the gap of the best, or that there is none.

    The same question and limits give the same answer, whatever the number of threads.
    """
    asked = Answer(IMPOSSIBLE, solver=SOLVER, question_hash=hash_of(question))
    with ONE_AT_A_TIME:
        return _solved(question, limits, asked)


def _solved(question: Question, limits: Limits, asked: Answer) -> Answer:
    model = model_of(question, limits)
    options = model.options
    if not options:  # the empty plan, if it keeps the rules
        status = IMPOSSIBLE if check(question, {}) else PROVED
        return replace(asked, status=status, settled=True)
    if any(not row.terms for row in model.rows):
        return asked  # such a row stands only where nought breaks it
    relaxed = model.solver(limits, whole=False)
    if model.run(relaxed) in NONE_POSSIBLE:
        return replace(asked, work=model.work)
    multipliers = _multipliers(model, relaxed)
    lp_bound = bound_of(options, model.rows, multipliers)
    asked = replace(asked, bound=lp_bound, lp_bound=lp_bound, multipliers=multipliers)
    found, start = None, None
    if len(options) >= SMALL and limits.gap and not model.was_stopped:
        shares = FREE_SHARE if len(options) >= limits.large else FREE_SHARE[:2]
        found, start = _restricted(model, relaxed, lp_bound, limits, shares)
    asked = replace(asked, method=RESTRICTED if found is not None else FULL)
    tightened: dict[str, int] = {}
    if found is None:
        found = _whole(model, limits, tightened, start)
    if found is None:
        return replace(asked, work=model.work)
    plan, solver_bound, stopped = found
    asked = replace(asked, status=STOPPED, work=model.work, tightened=tightened,
                    by_time=model.was_stopped)  # fmt: skip
    if plan is None:
        return asked
    settled = False
    if not limits.gap and not stopped:
        plan, settled = _settled(model, plan, limits)
    points = points_of(question, plan)
    answer = replace(
        asked, plan=plan, points=points, bound=min(lp_bound, max(solver_bound, Fraction(points))),
        work=model.work, settled=settled, by_time=model.was_stopped,
    )  # fmt: skip
    return answer if stopped and answer.gap > limits.gap else replace(answer, status=PROVED)


def _multipliers(model: Model, relaxed: highspy.Highs) -> dict[str, Fraction]:
    """What one more unit of each row's limit would bring, in millionths of a point, as decimals."""
    duals = relaxed.getSolution().row_dual
    found = {}
    for row, dual in zip(model.rows, duals, strict=True):
        price = Fraction(round(dual * POINT * UNITS[row.unit] * 10**PLACES), 10**PLACES)
        if price:
            found[row.name] = price
    return found


# The plan (None: none found within the work), the solver's bound, whether work ran out.
Found = tuple[dict[str, str] | None, Fraction, bool]


def _whole(
    model: Model, limits: Limits, tightened: dict[str, int], start: Any = None
) -> Found | None:
    """The whole MIP; what rounding let through is cut off and it is solved again.

    ``start`` is a solution of a restricted MIP: with it only the bound is left to prove.
    """
    least_bound: Fraction | None = None
    for _attempt in range(MOST_TIGHTENED):
        solver = model.solver(limits, whole=True)
        if start is not None and not tightened:
            solver.setSolution(start)
        status = model.run(solver)
        if status in NONE_POSSIBLE:
            return None
        bound = _micro(solver.getInfo().mip_dual_bound)
        # Cuts lose no valid plan, so every solve's bound is one of the question as asked.
        least_bound = bound if least_bound is None else min(least_bound, bound)
        if solver.getInfo().primal_solution_status != FEASIBLE:
            break
        plan = model.plan_of(solver)
        broken = check(model.question, plan)
        if not broken:
            return plan, least_bound, status != highspy.HighsModelStatus.kOptimal
        for one in broken:
            model.cut_off(one.name, plan)
            tightened[one.name] = max(tightened.get(one.name, 0), one.short)
    return None, least_bound or UNKNOWN, True


def _micro(points: float) -> Fraction:
    """A bound of the solver in whole millionths of a point, as every plan is worth; noise forgiven."""
    return Fraction(math.floor(points * POINT + 0.25)) if math.isfinite(points) else UNKNOWN


def _restricted(
    model: Model,
    relaxed: highspy.Highs,
    lp_bound: Fraction,
    limits: Limits,
    shares: Sequence[float],
) -> tuple[Found | None, Any]:
    """The LP decides what is clear; a MIP over the options nearest to a change of mind does the rest.

    Only a plan within the gap of the LP's exact bound is taken; else the whole MIP is asked, and the best
    solution found here (if any) is where it starts.
    """
    start, most = None, -INFINITE
    solution = relaxed.getSolution()
    values, duals = np.array(solution.col_value), np.array(solution.row_dual)
    goal = Fraction(lp_bound) * (1 - limits.gap)
    for share in shares:
        free = model.nearest(values, duals, model.worth, int(len(values) * share))
        solver = model.solver(limits, whole=True)
        # It stops at the goal, which the LP's bound sets; its own gap is of no use before.
        solver.setOptionValue("mip_rel_gap", float(limits.gap) / 10)
        solver.setOptionValue("mip_max_nodes", NODES)
        solver.setOptionValue("objective_target", float(goal / POINT) * (1 + 1e-9))
        fixed = np.where(~free)[0].astype(np.int32)
        rounded = np.round(values[fixed])
        solver.changeColsBounds(len(fixed), fixed, rounded, rounded)
        status = model.run(solver)
        if status in NONE_POSSIBLE:
            continue
        if solver.getInfo().primal_solution_status != FEASIBLE:
            continue
        plan = model.plan_of(solver)
        if not check(model.question, plan) and points_of(model.question, plan) >= goal:
            return (plan, lp_bound, False), None
        found = solver.getInfo().objective_function_value
        if found > most:
            start, most = solver.getSolution(), found
        if found * POINT < FAR * float(lp_bound) and len(values) < limits.large:
            break  # the LP's bound is far off: the whole MIP must tell
    return None, start


def _settled(model: Model, plan: dict[str, str], limits: Limits) -> tuple[dict[str, str], bool]:
    """Of all plans of the same worth the cheapest, and of these the first in code order."""
    question = model.question
    points = points_of(question, plan)
    costs = np.array([o.level.amounts[0] * 1e-8 for o in model.options])
    worth = [(at, o.level.points / POINT) for at, o in enumerate(model.options) if o.level.points]
    cheaper = _asked_again(model, limits, -costs, [(worth, points / POINT - 5e-7, INFINITE)])
    if cheaper is None or points_of(question, cheaper) != points:
        return plan, False
    plan = cheaper
    codes = sorted({option.candidate.code for option in model.options})
    if len(codes) > MOST_SETTLED:
        return plan, False
    cost = cost_of(question, plan)
    spent = [(at, float(c)) for at, c in enumerate(costs) if c]
    held: list[tuple[list[tuple[int, float]], float, float]] = [
        (worth, points / POINT - 5e-7, INFINITE), (spent, -INFINITE, cost * 1e-8 + 5e-9),
    ]  # fmt: skip
    for start in range(0, len(codes), CHUNK):
        chunk = {
            code: 2.0 ** (CHUNK - 1 - n) for n, code in enumerate(codes[start : start + CHUNK])
        }
        first = np.array([chunk.get(o.candidate.code, 0.0) for o in model.options])
        earlier = _asked_again(model, limits, first, held)
        if (
            earlier is None
            or points_of(question, earlier) != points
            or cost_of(question, earlier) != cost
        ):
            return plan, False
        plan = earlier
        for at, option in enumerate(model.options):
            if option.candidate.code in chunk:
                chosen = float(plan.get(option.candidate.code) == option.level.code)
                held.append(([(at, 1.0)], chosen, chosen))
    return plan, True


def _asked_again(
    model: Model,
    limits: Limits,
    worth: Any,
    more: Sequence[tuple[Sequence[tuple[int, float]], float, float]],
) -> dict[str, str] | None:
    """The model with another aim and more rows; None where that cannot be solved exactly."""
    solver = model.solver(replace(limits, gap=Fraction(0)), whole=True)
    number = len(model.options)
    solver.changeColsCost(number, np.arange(number, dtype=np.int32), worth)
    for terms, low, high in more:
        index = np.array([at for at, _weight in terms], dtype=np.int32)
        weights = np.array([weight for _at, weight in terms], dtype=np.float64)
        solver.addRow(low, high, len(index), index, weights)
    if model.run(solver) != highspy.HighsModelStatus.kOptimal:
        return None
    plan = model.plan_of(solver)
    return None if check(model.question, plan) else plan

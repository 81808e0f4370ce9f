"""An impossible question: the smallest set of rules that clash, and the least that would do.

The LP with slack on every rule names a few rows; one after another is then left out for good if the
rest still clashes. What stays is minimal: without any one of them there is a plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import highspy
import numpy as np

from nayu.allocation.domain.problem import Question
from nayu.allocation.domain.rules import Row
from nayu.allocation.milp.model import (
    FEASIBLE,
    INFINITE,
    NONE_POSSIBLE,
    ONE_AT_A_TIME,
    Limits,
    Model,
    model_of,
)

STRUCTURE = ("ONE[",)  # what a project is, not what the city wants
SLACK_SEEN = 1e-7
EXACT = Limits(gap=Fraction(0))
ROUGH = Limits(gap=Fraction(1, 100), nodes=500)
LARGE = 12_000  # options from which the least easing is told within a hundredth


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit, moved alone by this much (whole units of its row), and a plan exists."""

    name: str
    unit: str
    by: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Rows that cannot be kept together, none of them to spare, with the relaxations that would do."""

    rows: tuple[Row, ...]
    relaxations: tuple[Relaxation, ...]
    together: bool = False  # no single one would do: all of them, moved at once


def clash_of(question: Question) -> Clash | None:
    """None where a plan exists."""
    with ONE_AT_A_TIME:
        return _clash(model_of(question))


def _clash(model: Model) -> Clash | None:
    policy = [n for n, row in enumerate(model.rows) if not row.name.startswith(STRUCTURE)]
    if not _clashes(model, policy):
        return None
    whole = not _clashes(model, policy, whole=False)  # only whole projects clash
    core = _named_by_slack(model, policy)
    if not _clashes(model, core, whole=whole):
        core = policy
    core = _minimal(model, core, whole=whole)
    rows = tuple(model.rows[n] for n in core)
    alone = [_moved(model, [n]) for n in core if model.rows[n].terms]
    relaxations = tuple(one for found in alone if found for one in found)
    if relaxations:
        return Clash(rows, relaxations)
    movable = [n for n in policy if model.rows[n].terms]
    return Clash(rows, _moved(model, movable) or (), together=True)


def _giving_way(
    model: Model, numbers: Iterable[int], limits: Limits, *, whole: bool
) -> highspy.Highs:
    """The least total by which these rows must move; a project counts as much as 100 million baht."""
    solver = model.solver(limits, whole=whole)
    count = len(model.options)
    solver.changeColsCost(count, np.arange(count, dtype=np.int32), np.zeros(count))
    for number in numbers:
        row = model.rows[number]
        cost = -1.0 if row.unit != "projects" else -100.0
        for sign, limit in ((-1.0, row.high), (1.0, row.low)):
            if limit is not None:
                at = np.array([number], dtype=np.int32)
                solver.addCol(cost, 0.0, INFINITE, 1, at, np.array([sign]))
    model.run(solver)
    return solver


def _moved(model: Model, numbers: Sequence[int]) -> tuple[Relaxation, ...] | None:
    """By how much these rows move in a plan that moves them least; None where there is none."""
    limits = EXACT if len(model.options) < LARGE else ROUGH
    solver = _giving_way(model, numbers, limits, whole=True)
    if solver.getInfo().primal_solution_status != FEASIBLE:
        return None
    plan = model.plan_of(solver)
    return tuple(
        Relaxation(model.rows[n].name, model.rows[n].unit, by)
        for n in numbers
        if (by := _short(model, model.rows[n], plan))
    )


def _clashes(model: Model, held: Iterable[int], *, whole: bool = True) -> bool:
    """Whether no plan keeps these rows and the structure."""
    if any(not model.rows[n].terms for n in held):
        return True  # such a row stands only where nought breaks it
    if not model.options:
        return False
    solver = model.solver(EXACT, whole=whole)
    solver.changeColsCost(
        len(model.options),
        np.arange(len(model.options), dtype=np.int32),
        np.zeros(len(model.options)),
    )
    _let_go(model, solver, set(held))
    return model.run(solver) in NONE_POSSIBLE


def _let_go(model: Model, solver: highspy.Highs, held: set[int]) -> None:
    """Rows of policy that are not held have no limits."""
    for number, row in enumerate(model.rows):
        if number not in held and not row.name.startswith(STRUCTURE):
            solver.changeRowBounds(number, -INFINITE, INFINITE)


def _minimal(model: Model, core: Sequence[int], *, whole: bool) -> list[int]:
    left = list(core)
    for number in core:
        rest = [n for n in left if n != number]
        if _clashes(model, rest, whole=whole):
            left = rest
    return left


def _named_by_slack(model: Model, policy: Sequence[int]) -> list[int]:
    """Rows with a price when every one of them may give way: the few that a clash is among."""
    empty = [n for n in policy if not model.rows[n].terms]
    if empty or not model.options:
        return empty[:1] or list(policy)
    solver = _giving_way(model, policy, EXACT, whole=False)
    duals = solver.getSolution().row_dual
    named = [n for n in policy if abs(duals[n]) > SLACK_SEEN]
    return named or list(policy)


def _short(model: Model, row: Row, plan: dict[str, str]) -> int:
    """By how many whole units a plan misses a row: exact, whatever the solver's floats say."""
    total = sum(
        weight
        for at, weight in row.terms
        if plan.get(model.options[at].candidate.code) == model.options[at].level.code
    )
    over = total - row.high if row.high is not None else 0
    under = row.low - total if row.low is not None else 0
    return max(over, under, 0)


def relaxed(question: Question, relaxation: Relaxation) -> Question:
    """The question with one limit moved; only limits of money and counts that stand alone."""
    name, by = relaxation.name, relaxation.by
    kind, _, code = name.rstrip("]").partition("[")
    if kind == "TOTAL" and question.total is not None:
        return replace(question, total=question.total + by)
    for rule, field, sign in (
        ("AGENCY", "agencies", 1), ("TYPE", "types", 1), ("SOURCE", "sources", 1),
        ("DISTRICT", "district_floors", -1),
    ):  # fmt: skip
        if kind == rule:
            limits = dict(getattr(question, field))
            limits[code] += sign * by
            return replace(question, **{field: limits})  # type: ignore[arg-type]
    raise KeyError(name)

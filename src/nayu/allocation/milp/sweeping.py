"""Many variations of one question, one after another: the LP keeps its place, a small MIP makes it whole.

Every plan is checked in whole satang; what a variation cannot have is told as None. A variation changes
limits of rows or the worth of options; the rows themselves are built once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import highspy
import numpy as np

from nayu.allocation.checker import check
from nayu.allocation.domain.problem import POINT, Question
from nayu.allocation.milp.model import (
    FEASIBLE,
    INFINITE,
    NONE_POSSIBLE,
    ONE_AT_A_TIME,
    Limits,
    Model,
    model_of,
    scaled,
)

USUAL = Limits(gap=Fraction(1, 100))
FREE = (0.05, 0.2)  # of the options, those nearest to a change of mind, tried in turn
ALL = 1.0  # where that gave no plan
LEAST_FREE = 150

Bounds = Mapping[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Swept:
    """A valid plan of a variation; ``bound`` is the LP's, in points, so the gap is the solver's word."""

    plan: dict[str, str]
    points: int
    gap: float


class Sweep:
    """One question whose limits and worths are changed from variation to variation."""

    def __init__(self, question: Question, limits: Limits = USUAL) -> None:
        self.model: Model = model_of(question)
        self.limits = limits
        self.at = {row.name: number for number, row in enumerate(self.model.rows)}
        self.codes = [option.candidate.code for option in self.model.options]
        self.levels = [option.level.code for option in self.model.options]
        self.points = np.array([o.level.points for o in self.model.options], dtype=np.int64)
        with ONE_AT_A_TIME:
            self.solver = self.model.solver(limits, whole=False)

    def answer(
        self, question: Question, *, bounds: Bounds | None = None, worth: Any = None
    ) -> Swept | None:
        """The plan of a variation: ``question`` is what it asks, for the check; None: there is none.

        ``bounds`` are in whole units of their rows; ``worth`` points of the options, as floats.
        """
        with ONE_AT_A_TIME:
            return self._answer(question, bounds or {}, worth)

    def _answer(self, question: Question, bounds: Bounds, worth: Any) -> Swept | None:
        model, solver = self.model, self.solver
        low, high = model.low.copy(), model.high.copy()
        for name, (least, most) in bounds.items():
            number = self.at[name]
            unit = model.rows[number].unit
            low[number] = scaled(least, unit, -INFINITE)
            high[number] = scaled(most, unit, INFINITE)
        value = model.worth if worth is None else worth
        count, rows = len(model.options), len(model.rows)
        if rows:
            numbers = np.arange(rows, dtype=np.int32)
            solver.changeRowsBounds(rows, numbers, low, high)  # type: ignore[attr-defined]
        solver.changeColsCost(count, np.arange(count, dtype=np.int32), value)
        if model.run(solver) in NONE_POSSIBLE:
            return None
        solution = solver.getSolution()
        x = np.array(solution.col_value)
        duals = np.array(solution.row_dual)
        best = float(value @ x)
        found: Swept | None = None
        for share in (*FREE, ALL):
            if share == ALL and found is not None:
                break
            whole = self._made_whole(x, duals, share, (low, high), value, best)
            if whole is None:
                continue
            gap = max(best - float(value @ whole), 0.0) / max(best, 1e-9)
            if found is None or gap < found.gap:
                inside = whole > 0.5
                plan = {self.codes[at]: self.levels[at] for at in np.flatnonzero(inside)}
                if not check(question, plan):
                    found = Swept(plan, int(self.points[inside].sum()), gap)
            if found is not None and found.gap <= self.limits.gap:
                break
        return found

    def _made_whole(
        self, x: Any, duals: Any, share: float, limits: tuple[Any, Any], worth: Any, best: float
    ) -> Any:
        """Nought or one for each option, None if none was found: the LP, but for those nearest to a change."""
        model = self.model
        count = len(x)
        free = model.nearest(x, duals, worth, max(int(count * share), min(LEAST_FREE, count)))
        fixed = np.where(free, 0.0, np.round(x))
        at = np.cumsum(free) - 1  # the place of a free option among the free
        held = free[model.index]
        spent = np.bincount(
            model.row_of_entry, weights=model.value * fixed[model.index], minlength=len(model.rows)
        )
        solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
        goal = best * (1 - float(self.limits.gap)) - float(worth @ fixed)
        for name, chosen in (
            ("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 0),
            ("mip_rel_gap", float(self.limits.gap)), ("objective_target", goal),
            ("mip_feasibility_tolerance", 1e-7), ("mip_max_nodes", 100),
        ):  # fmt: skip
            solver.setOptionValue(name, chosen)
        lp = highspy.HighsLp()
        number = int(free.sum())
        lp.num_col_, lp.num_row_ = number, len(model.rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = worth[free]
        lp.col_lower_, lp.col_upper_ = np.zeros(number), np.ones(number)
        low, high = limits
        lp.row_lower_, lp.row_upper_ = low - spent, high - spent
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lengths = np.bincount(model.row_of_entry[held], minlength=len(model.rows))
        lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        lp.a_matrix_.index_ = at[model.index[held]].astype(np.int32)
        lp.a_matrix_.value_ = model.value[held]
        lp.integrality_ = [highspy.HighsVarType.kInteger] * number
        solver.passModel(lp)
        model.run(solver)
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return None
        whole = fixed.copy()
        whole[free] = np.round(np.array(solver.getSolution().col_value))
        return whole


def worth_of(question: Question) -> Any:
    """Points of the options of a question, as floats, in the model's order."""
    return np.array([v.points / POINT for c in question.candidates for v in c.levels])

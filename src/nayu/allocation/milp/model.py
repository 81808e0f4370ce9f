"""The model of a question: the matrix of its rows, and how it goes to HiGHS and comes back."""

import ctypes
import gc
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from nayu.allocation.domain.answer import Work
from nayu.allocation.domain.problem import POINT, Option, Question, options_of
from nayu.allocation.domain.rules import Row, rows_of
from nayu.allocation.domain.rules.book import RULES


def _without_banner() -> None:
    """HiGHS 1.16 prints its licence on standard output once a process, where our JSON goes."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    library = ctypes.CDLL(None)
    library.fflush(None)
    os.dup2(nowhere, 1)
    try:
        highspy.Highs()  # type: ignore[no-untyped-call]
        library.fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


_without_banner()
USUAL_GAP = Fraction(1, 1000)
UNITS: Mapping[str, float] = {"satang": 1e-8, "satang × 10,000": 1e-12, "projects": 1.0}
INFINITE = highspy.kHighsInf
# The solver's threads are the process's: two questions at once would stop each other's.
ONE_AT_A_TIME = threading.RLock()
UNDECIDED = 1e-6  # an option this far from nought and from one is undecided by the LP
BLOCKING = True  # the threads of the last solve have ended before the next begins
FEASIBLE = 2  # of HiGHS's `primal_solution_status`
# Every option lies between nought and one, so nothing here is unbounded.
NONE_POSSIBLE = (
    highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: the gap asked for, and the most work; ``nodes`` 0 is without limit.

    ``is_stopped`` is asked now and then: a user's stop or a limit of time. What it ends is marked, for
    it cannot be repeated. From ``large`` options on the LP with a restricted MIP is tried first.
    """

    gap: Fraction = USUAL_GAP
    nodes: int = 0
    threads: int = 1
    is_stopped: Callable[[], bool] | None = None
    large: int = 12_000


@dataclass
class Model:
    """The matrix of the rows, built once; bounds change from solve to solve."""

    question: Question
    options: list[Option]
    rows: list[Row]
    limits: Limits = field(default_factory=Limits)
    work: Work = field(default_factory=Work)
    was_stopped: bool = False
    cuts: list[tuple[Any, Any, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        lengths = [len(row.terms) for row in self.rows]
        units = np.repeat([UNITS[row.unit] for row in self.rows], lengths)
        self.starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        self.index = np.array([at for row in self.rows for at, _w in row.terms], dtype=np.int32)
        weights = np.array([w for row in self.rows for _at, w in row.terms], dtype=np.float64)
        self.value = weights * units
        numbered = np.repeat(np.arange(len(self.rows)), np.diff(self.starts))
        self.row_of_entry = numbered.astype(np.int64)
        self.is_structure = np.array([r.name.startswith("ONE[") for r in self.rows], dtype=bool)
        self.row_names = [plain_name(row.name) for row in self.rows]
        self.worth = np.array([o.level.points / POINT for o in self.options], dtype=np.float64)
        numbers: dict[str, int] = {}
        self.project = np.array(
            [numbers.setdefault(o.candidate.code, len(numbers)) for o in self.options],
            dtype=np.int64,
        )  # of each option, which project it is a level of
        self.low = np.array([scaled(r.low, r.unit, -INFINITE) for r in self.rows])
        self.high = np.array([scaled(r.high, r.unit, INFINITE) for r in self.rows])

    def solver(self, limits: Limits, *, whole: bool) -> highspy.Highs:
        highspy.Highs.resetGlobalScheduler(BLOCKING)
        solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, chosen in (
            # Searching in parallel, HiGHS 1.16 gives another plan on two threads than on one.
            ("parallel", "off"),
            ("output_flag", False), ("threads", limits.threads), ("random_seed", 0),
            ("mip_abs_gap", 5e-7), ("mip_rel_gap", float(limits.gap)),
            ("mip_feasibility_tolerance", 1e-7), ("primal_feasibility_tolerance", 1e-8),
        ):  # fmt: skip
            solver.setOptionValue(name, chosen)
        if limits.nodes:
            solver.setOptionValue("mip_max_nodes", limits.nodes)
        solver.passModel(self.lp(whole=whole))
        for index, weights, low in self.cuts:
            solver.addRow(low, INFINITE, len(index), index, weights)
        return solver

    def lp(self, *, whole: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        number = len(self.options)
        lp.num_col_, lp.num_row_ = number, len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = self.worth
        lp.col_lower_, lp.col_upper_ = np.zeros(number), np.ones(number)
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = self.starts, self.index
        lp.a_matrix_.value_ = self.value
        lp.row_names_ = self.row_names
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * number
        return lp

    def run(self, solver: highspy.Highs) -> highspy.HighsModelStatus:
        if self.limits.is_stopped is not None:
            is_stopped = self.limits.is_stopped

            def ask(event: Any) -> None:
                if is_stopped():
                    self.was_stopped = True
                    event.interrupt()

            solver.cbSimplexInterrupt += ask
            solver.cbMipInterrupt += ask
        solver.run()
        info = solver.getInfo()
        self.work = Work(
            self.work.simplex_iterations + max(int(info.simplex_iteration_count), 0),
            self.work.nodes + max(int(info.mip_node_count), 0),
            self.work.solves + 1,
        )
        return solver.getModelStatus()

    def nearest(self, values: Any, duals: Any, worth: Any, count: int) -> Any:
        """Which options a restricted MIP leaves open, as booleans: about `count` of them, by whole projects.

        Undecided projects first, then those where a change costs least for each point that it moves: what
        a level is worth above the price of what it uses (``duals`` of the LP's rows) tells what is lost by
        another level, or by none. A project is open with all its levels, or a sister could not come in.
        """
        prices = np.where(self.is_structure, 0.0, duals)
        used = np.bincount(
            self.index, weights=self.value * prices[self.row_of_entry], minlength=len(worth)
        )
        surplus = worth - used
        projects = int(self.project.max()) + 1
        best = np.zeros(projects)
        np.maximum.at(best, self.project, surplus)
        chosen = surplus >= best[self.project] - UNDECIDED
        moved = np.zeros(projects)  # points of what the LP chooses; none, where it chooses none
        np.maximum.at(moved, self.project, np.where(chosen, worth, 0.0))
        lost = best[self.project] - surplus
        change = np.abs(worth - moved[self.project])
        near = np.where(chosen, np.inf, lost / np.maximum(change, 1e-9))
        nearest = np.where(moved > 0, best / np.maximum(moved, 1e-9), np.inf)
        np.minimum.at(nearest, self.project, near)
        undecided = (values > UNDECIDED) & (values < 1 - UNDECIDED)
        np.minimum.at(nearest, self.project, np.where(undecided, -1.0, np.inf))
        order = np.lexsort((np.arange(projects), nearest))
        levels = np.bincount(self.project, minlength=projects)[order]
        taken = int(np.searchsorted(np.cumsum(levels), count, side="right"))
        is_open = np.zeros(projects, dtype=bool)
        is_open[order[: max(taken, int((nearest < 0).sum()), 1)]] = True
        return is_open[self.project]

    def plan_of(self, solver: highspy.Highs) -> dict[str, str]:
        values = solver.getSolution().col_value[: len(self.options)]  # slack may stand behind
        return {
            option.candidate.code: option.level.code
            for option, value in zip(self.options, values, strict=True)
            if value > 0.5
        }

    def cut_off(self, name: str, plan: dict[str, str]) -> None:
        """Rule out what a plan chose in a row that it broke by rounding, and nothing else.

        Of the options of the row at least one must be chosen otherwise: true of every plan that keeps
        the row in whole satang, so nothing valid is lost, as it would be with a drawn-in limit.
        """
        row = next(row for row in self.rows if row.name == name)
        chosen = [
            plan.get(self.options[at].candidate.code) == self.options[at].level.code
            for at, _weight in row.terms
        ]
        index = np.array([at for at, _weight in row.terms], dtype=np.int32)
        weights = np.array([-1.0 if inside else 1.0 for inside in chosen])
        self.cuts.append((index, weights, 1.0 - sum(chosen)))


def scaled(limit: int | None, unit: str, none: float) -> float:
    return none if limit is None else limit * UNITS[unit]


def column_name(option: Option) -> str:
    return f"x[{option.candidate.code}|{option.level.code}]"


PLAIN = {
    ord("["): "(", ord("]"): ")", ord(">"): "~", ord("+"): "p", ord("|"): ",", ord("/"): ".",
}  # fmt: skip


SAFE = re.compile(r"[A-Za-z0-9(),.~_-]*")


def plain_name(name: str) -> str:
    """A name that LP and MPS files allow; what is not plain ASCII stands as its code point."""
    told = name.translate(PLAIN)
    if SAFE.fullmatch(told):
        return told
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "(),.~_-") else f"_{ord(c):x}" for c in told
    )


def model_of(question: Question, limits: Limits = Limits()) -> Model:
    with _uncollected():
        options = options_of(question)
        return Model(question, options, rows_of(question, options, RULES), limits)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Half a million small tuples are made and none thrown away: the collector would walk them in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def written(question: Question, folder: Path, *, whole: bool = True) -> tuple[Path, Path]:
    """The model as `question.lp` and `question.mps`, with its names, for any other solver."""
    model = model_of(question)
    solver = model.solver(Limits(), whole=whole)
    for number, option in enumerate(model.options):
        solver.passColName(number, plain_name(column_name(option)))
    paths = folder / "question.lp", folder / "question.mps"
    for path in paths:
        if solver.writeModel(str(path)) == highspy.HighsStatus.kError:
            raise OSError(path)
    return paths

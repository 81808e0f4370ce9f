"""An answer: the plan, what it is worth, and how close to the best it is proved to be."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from nayu.allocation.domain.keeping import question_json
from nayu.allocation.domain.problem import Question

PROVED, STOPPED, IMPOSSIBLE = "proved", "stopped", "impossible"
FULL, RESTRICTED = "full", "restricted"  # the whole MIP, or the LP with a restricted MIP


@dataclass(frozen=True, slots=True)
class Work:
    """Counted work of the solver; the same for the same question, unlike time."""

    simplex_iterations: int = 0
    nodes: int = 0
    solves: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """``points`` and ``bound`` are millionths of a point; ``bound`` is an upper bound of any plan.

    ``lp_bound`` is the exact bound of the multipliers, ``bound`` the smaller of it and of what
    branching adds, which is the solver's word. ``tightened`` names the rows in which a plan had to be
    cut off because the solver's rounding had let it through, with the largest shortfall.
    """

    status: str
    plan: Mapping[str, str] = field(default_factory=dict)
    points: int = 0
    bound: Fraction = Fraction(0)
    lp_bound: Fraction = Fraction(0)
    multipliers: Mapping[str, Fraction] = field(default_factory=dict)
    method: str = FULL
    work: Work = Work()
    solver: str = ""
    tightened: Mapping[str, int] = field(default_factory=dict)
    settled: bool = False  # ties were settled: lowest cost, then code order
    question_hash: str = ""
    by_time: bool = False  # stopped by a user or a clock: not repeatable

    @property
    def gap(self) -> Fraction:
        """How far, at most, the plan is from the best possible; 0 where nothing can be better."""
        if self.bound <= 0 or self.points >= self.bound:
            return Fraction(0)
        return (self.bound - self.points) / self.bound

    @property
    def answer_hash(self) -> str:
        return hashlib.sha256(
            _canonical([self.question_hash, sorted(self.plan.items())])
        ).hexdigest()


def hash_of(question: Question) -> str:
    """SHA-256 of everything that is asked, in one canonical form."""
    return hashlib.sha256(_canonical(question_json(question))).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

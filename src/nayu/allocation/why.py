"""Why a project is out and what would bring it in; why one is in and what it displaced.

Every statement is an answer to a question that was asked again: nothing is read off the multipliers
but the estimate, which says that it is one.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from nayu.allocation.domain.answer import IMPOSSIBLE, Answer
from nayu.allocation.domain.problem import PINNED, POINT, Candidate, Level, Question
from nayu.allocation.milp import Limits, Relaxation, relaxed, solve

WHOLE_PERCENT = 100
MILLION_SATANG = 100_000_000  # a million baht


@dataclass(frozen=True, slots=True)
class Difference:
    """One plan against another: codes that come, go, or change their level."""

    comes: tuple[str, ...]
    goes: tuple[str, ...]
    resized: tuple[str, ...]


def difference(before: Answer, after: Answer) -> Difference:
    old, new = before.plan, after.plan
    return Difference(
        tuple(sorted(set(new) - set(old))),
        tuple(sorted(set(old) - set(new))),
        tuple(sorted(code for code in set(old) & set(new) if old[code] != new[code])),
    )


@dataclass(frozen=True, slots=True)
class Forced:
    """The best plan with the project in (or out), what that costs in millionths of a point, and what
    changes place. ``answer`` None: there is no such plan."""

    answer: Answer | None
    lost: int = 0
    change: Difference = Difference((), (), ())


def forced_in(question: Question, answer: Answer, code: str, limits: Limits = Limits()) -> Forced:
    """What the project would push out: the whole question solved again with it in."""
    return _forced(pinned(question, code), answer, limits)


def forced_out(question: Question, answer: Answer, code: str, limits: Limits = Limits()) -> Forced:
    """What the project displaced: the whole question solved again without it."""
    without = replace(question, forbidden=question.forbidden | {code})
    return _forced(without, answer, limits)


def _forced(question: Question, answer: Answer, limits: Limits) -> Forced:
    found = solve(question, limits)
    if found.status == IMPOSSIBLE:
        return Forced(None)
    return Forced(found, answer.points - found.points, difference(answer, found))


def pinned(question: Question, code: str) -> Question:
    if code in question.required:
        return question
    return replace(question, required={**question.required, code: PINNED})


@dataclass(frozen=True, slots=True)
class WayIn:
    """The smallest change of one kind that brings a project in, proved by solving again.

    ``kind`` is cost (whole percent less), score (millionths of a point more, at every level) or rule
    (satang more in the limit of ``row``, and no other change).
    """

    kind: str
    by: int
    answer: Answer
    row: str = ""


def by_score(
    question: Question, answer: Answer, code: str, limits: Limits = Limits()
) -> WayIn | None:
    """How much more it would have to be worth: what forcing it in costs, and a millionth more.

    None where no plan has it at all, or where the solver's gap leaves it out even then.
    """
    forced = forced_in(question, answer, code, limits)
    if forced.answer is None:
        return None
    more = max(forced.lost, 0) + 1
    changed = _with(question, code, lambda level: replace(level, points=level.points + more))
    found = solve(changed, limits)
    return WayIn("score", more, found) if code in found.plan else None


RELAXED = ("TOTAL", "AGENCY", "TYPE", "SOURCE")
FINEST = MILLION_SATANG // 10  # a hundred thousand baht


def by_rule(
    question: Question, answer: Answer, code: str, limits: Limits = Limits()
) -> WayIn | None:
    """The least more money in one ceiling that brings it in, to a hundred thousand baht.

    Ceilings with a price are tried, dearest first; the first that does it is the answer.
    """
    cost = next(c.levels[0].amounts[0] for c in question.candidates if c.code == code)
    priced = sorted(
        (name for name, price in answer.multipliers.items()
         if price > 0 and name.partition("[")[0] in RELAXED),
        key=lambda name: (-answer.multipliers[name], name),
    )  # fmt: skip
    agency = next(c.agency for c in question.candidates if c.code == code)
    mine = [n for n in priced if not n.startswith("AGENCY") or n == f"AGENCY[{agency}]"]
    for name in mine[:3]:
        best = _with_more(question, code, name, cost, limits)
        if best is None:
            continue
        low, high = 0, cost
        while high - low > max(FINEST, cost // 64):
            middle = (low + high) // 2
            found = _with_more(question, code, name, middle, limits)
            if found is None:
                low = middle
            else:
                best, high = found, middle
        return best
    return None


def _with_more(question: Question, code: str, row: str, by: int, limits: Limits) -> WayIn | None:
    found = solve(relaxed(question, Relaxation(row, "satang", by)), limits)
    return WayIn("rule", by, found, row) if code in found.plan else None


def by_cost(
    question: Question, answer: Answer, code: str, limits: Limits = Limits()
) -> WayIn | None:
    """The least whole percent off its cost that brings it in; None where even 99 % do not.

    A cheaper project never fits worse where costs only count against ceilings; where floors and
    shares count them the other way, the percent found is the first of the halving that holds.
    """
    del answer  # the plan before plays no part
    low, high = 0, WHOLE_PERCENT - 1
    best = _cheaper(question, code, high, limits)
    if best is None:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = _cheaper(question, code, middle, limits)
        if found is None:
            low = middle
        else:
            best, high = found, middle
    return best


def _cheaper(question: Question, code: str, percent: int, limits: Limits) -> WayIn | None:
    def less(level: Level) -> Level:
        first, *later = (
            amount * (WHOLE_PERCENT - percent) // WHOLE_PERCENT for amount in level.amounts
        )
        return replace(level, amounts=(first, later[0], later[1], later[2]))

    found = solve(_with(question, code, less), limits)
    return WayIn("cost", percent, found) if code in found.plan else None


def _with(question: Question, code: str, change) -> Question:  # type: ignore[no-untyped-def]
    def changed(candidate: Candidate) -> Candidate:
        if candidate.code != code:
            return candidate
        return replace(candidate, levels=tuple(change(level) for level in candidate.levels))

    return replace(question, candidates=tuple(changed(c) for c in question.candidates))


def price_of_a_million(answer: Answer, row: str) -> Fraction:
    """Points that one more million baht in a row of money would bring, by the LP: an estimate."""
    return answer.multipliers.get(row, Fraction(0)) * MILLION_SATANG / POINT

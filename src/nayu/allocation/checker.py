"""Recounts a plan in whole satang, by itself: it shares no code with the rows of the model.

A wrong row in the model and a wrong sentence here would have to be wrong in the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nayu.allocation.domain.problem import (
    EXACTLY,
    WHOLE,
    Candidate,
    Level,
    Plan,
    Question,
)
from nayu.core.money import split


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a plan breaks: its row's name, the limit, what was found, and by how much."""

    name: str
    limit: int
    found: int
    short: int


def check(question: Question, plan: Plan) -> list[Broken]:
    """Every rule that the plan breaks; an empty list is a valid plan.

    A project or level that the question does not have is broken too, as ``UNKNOWN[code]``.
    """
    chosen = [
        (candidate, level)
        for candidate in question.candidates
        if (code := plan.get(candidate.code)) is not None
        for level in candidate.levels
        if level.code == code
    ]
    known = {candidate.code for candidate, _level in chosen}
    broken = [Broken(f"UNKNOWN[{code}]", 0, 1, 1) for code in sorted(set(plan) - known)]
    broken += _ceilings(question, chosen)
    broken += _shares(question, chosen)
    broken += _floors(question, chosen)
    broken += _choices(question, known)
    return broken


Chosen = list[tuple[Candidate, Level]]


def _above(name: str, found: int, most: int | None) -> Iterator[Broken]:
    if most is not None and found > most:
        yield Broken(name, most, found, found - most)


def _below(name: str, found: int, least: int) -> Iterator[Broken]:
    if found < least:
        yield Broken(name, least, found, least - found)


def _sums(chosen: Chosen, kind: str) -> dict[str, int]:
    """Satang of the year by code: each project's money shared out by its weights."""
    sums: dict[str, int] = {}
    for candidate, level in chosen:
        told = next((parts for known, parts in level.parts if known == kind), None)
        if told is None:
            weights, amount = getattr(candidate, kind), level.amounts[0]
            if len(weights) == 1:
                told = ((weights[0][0], amount),)
            elif weights and amount:
                told = tuple(split(amount, dict(weights)).items())
            else:
                continue
        for code, part in told:
            sums[code] = sums.get(code, 0) + part
    return sums


def _ceilings(question: Question, chosen: Chosen) -> Iterator[Broken]:
    yield from _above("TOTAL", sum(level.amounts[0] for _c, level in chosen), question.total)
    for year, most in enumerate(question.later, start=1):
        yield from _above(f"YEAR+{year}", sum(level.amounts[year] for _c, level in chosen), most)
    of_agency: dict[str, int] = {}
    for candidate, level in chosen:
        of_agency[candidate.agency] = of_agency.get(candidate.agency, 0) + level.amounts[0]
    for code, most in question.agencies.items():
        yield from _above(f"AGENCY[{code}]", of_agency.get(code, 0), most)
    for name, kind in (("TYPE", "types"), ("SOURCE", "sources")):
        ceilings = getattr(question, kind)
        sums = _sums(chosen, kind) if ceilings else {}
        for code, most in ceilings.items():
            yield from _above(f"{name}[{code}]", sums.get(code, 0), most)


def _shares(question: Question, chosen: Chosen) -> Iterator[Broken]:
    """Shares of the money granted; figures are satang × 10,000, so that nothing is rounded."""
    granted = sum(level.amounts[0] for _c, level in chosen)
    of_element: dict[tuple[str, str], int] = {}
    for candidate, level in chosen:
        for key in candidate.elements:
            of_element[key] = of_element.get(key, 0) + level.amounts[0]
    for share in question.elements:
        own = of_element.get((share.framework, share.element), 0)
        name = f"[{share.framework}/{share.element}]"
        yield from _below(f"ELEMENT_MIN{name}", own * WHOLE, share.least * granted)
        yield from _above(f"ELEMENT_MAX{name}", own * WHOLE, share.most * granted)
    if question.investment is not None:
        sums = _sums(chosen, "types")
        own = sum(sums.get(code, 0) for code in question.investment.types)
        yield from _below("INVESTMENT", own * WHOLE, question.investment.least * granted)


def _floors(question: Question, chosen: Chosen) -> Iterator[Broken]:
    sums = _sums(chosen, "districts") if question.district_floors else {}
    for code, least in question.district_floors.items():
        yield from _below(f"DISTRICT[{code}]", sums.get(code, 0), least)


def _choices(question: Question, inside: set[str]) -> Iterator[Broken]:
    for code, why in question.required.items():
        yield from _below(f"{why.upper()}[{code}]", int(code in inside), 1)
    for code in sorted(question.forbidden):
        yield from _above(f"FORBIDDEN[{code}]", int(code in inside), 0)
    for group in question.groups:
        number = len(inside.intersection(group.members))
        yield from _above(f"GROUP[{group.code}]", number, group.number)
        if group.sense == EXACTLY:
            yield from _below(f"GROUP[{group.code}]", number, group.number)
    for code, first in question.needs:
        yield from _above(f"NEEDS[{code}>{first}]", int(code in inside) - int(first in inside), 0)
    if question.stay is not None:
        codes = {candidate.code for candidate in question.candidates}
        changes = len(question.stay.reference.intersection(codes) - inside)
        changes += len(inside - question.stay.reference)
        yield from _above("STAY", changes, question.stay.most_changes)

"""Choices: one level a project, what must and must not be, either/or, prerequisites, not to stray."""

from collections.abc import Iterator, Sequence

from nayu.allocation.domain.problem import EXACTLY, REQUIRED, Option, Question
from nayu.allocation.domain.rules import Row, Rule

PROJECTS = "projects"


def _by_code(options: Sequence[Option]) -> dict[str, list[int]]:
    """Positions of the options of each project."""
    found: dict[str, list[int]] = {}
    for at, option in enumerate(options):
        found.setdefault(option.candidate.code, []).append(at)
    return found


def _ones(positions: Sequence[int], sign: int = 1) -> tuple[tuple[int, int], ...]:
    return tuple((at, sign) for at in positions)


def _one(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    for code, positions in _by_code(options).items():
        if len(positions) > 1:
            yield Row(f"ONE[{code}]", _ones(positions), high=1, unit=PROJECTS)


ONE = Rule(
    "ONE",
    "โครงการหนึ่งได้รับเงินไม่เกินหนึ่งระดับ",
    "A project gets at most one of its funding levels.",
    "Σ x over its levels ≤ 1",
    "โครงการ · projects",
    _one,
)


def _required(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    positions = _by_code(options)
    for kind in REQUIRED:
        for code, why in question.required.items():
            if why == kind:
                ones = _ones(positions.get(code, ()))
                yield Row(f"{kind.upper()}[{code}]", ones, low=1, unit=PROJECTS)


REQUIRED_RULE = Rule(
    "REQUIRED",
    "งบผูกพัน หน้าที่ตามกฎหมาย และโครงการที่ปักหมุด ต้องได้รับเงิน",
    "Past commitments, legal duties and pinned projects are funded (COMMITTED, LEGAL, PINNED).",
    "Σ x over its levels ≥ 1",
    "โครงการ · projects",
    _required,
)


def _forbidden(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    positions = _by_code(options)
    for code in sorted(question.forbidden):
        yield Row(f"FORBIDDEN[{code}]", _ones(positions.get(code, ())), high=0, unit=PROJECTS)


FORBIDDEN = Rule(
    "FORBIDDEN",
    "โครงการที่ห้ามไว้ไม่ได้รับเงิน",
    "Forbidden projects are not funded.",
    "Σ x over its levels = 0",
    "โครงการ · projects",
    _forbidden,
)


def _group(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    positions = _by_code(options)
    for group in question.groups:
        ones = tuple(one for code in group.members for one in _ones(positions.get(code, ())))
        low = group.number if group.sense == EXACTLY else None
        yield Row(f"GROUP[{group.code}]", ones, low=low, high=group.number, unit=PROJECTS)


GROUP = Rule(
    "GROUP",
    "ในกลุ่มที่กำหนด ได้รับเงินไม่เกิน (หรือเท่ากับ) จำนวนที่กำหนด",
    "Of the projects of a group at most, or exactly, so many are funded (either/or, at most k).",
    "Σ x over the group ≤ k, or = k",
    "โครงการ · projects",
    _group,
)


def _needs(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    positions = _by_code(options)
    for code, first in question.needs:
        ones = (*_ones(positions.get(code, ())), *_ones(positions.get(first, ()), -1))
        yield Row(f"NEEDS[{code}>{first}]", ones, high=0, unit=PROJECTS)


NEEDS = Rule(
    "NEEDS",
    "โครงการที่ต้องมีอีกโครงการก่อน ได้รับเงินเมื่อโครงการนั้นได้รับเงินด้วยเท่านั้น",
    "A project that needs another is funded only together with it.",
    "Σ x(project) ≤ Σ x(prerequisite)",
    "โครงการ · projects",
    _needs,
)


def _stay(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    """Changes = those of the reference that go out + those outside it that come in."""
    if question.stay is None:
        return
    reference = question.stay.reference
    known = {option.candidate.code for option in options} & reference
    ones = tuple(
        (at, -1 if option.candidate.code in reference else 1) for at, option in enumerate(options)
    )
    yield Row("STAY", ones, high=question.stay.most_changes - len(known), unit=PROJECTS)


STAY = Rule(
    "STAY",
    "จำนวนโครงการที่เข้าหรือออกต่างจากแผนอ้างอิงไม่เกินที่กำหนด",
    "At most so many projects differ, in or out, from the reference plan.",
    "Σ (1 − x) over the reference + Σ x outside it ≤ k",
    "โครงการ · projects",
    _stay,
)

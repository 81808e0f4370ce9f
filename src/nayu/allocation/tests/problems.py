"""Random questions of every shape, small enough to be answered by trying everything."""

import random

from nayu.allocation.checker import check
from nayu.allocation.domain.problem import (
    AT_MOST,
    EXACTLY,
    POINT,
    REQUIRED,
    Candidate,
    ElementShare,
    Group,
    InvestmentShare,
    Level,
    Question,
    Stay,
)

MOST_LEVELS = 3  # projects with two levels, so that everything can be tried
AGENCIES, TYPES, SOURCES, DISTRICTS, ELEMENTS = "AB", ("inv", "run"), ("bma", "gov"), "xyz", "12"


def random_question(seed: int, most: int = 12, *, rules: frozenset[str] | None = None) -> Question:
    """A question of up to `most` projects; each rule is there or not by chance (or by `rules`)."""
    chance = random.Random(seed)
    number = chance.randint(1, most)

    def on(rule: str) -> bool:
        return rule in rules if rules is not None else chance.random() < 0.4

    candidates = tuple(
        _candidate(chance, n, n < MOST_LEVELS and on("LEVELS")) for n in range(number)
    )
    codes = [c.code for c in candidates]
    asked = sum(c.levels[0].amounts[0] for c in candidates)
    some = [code for code in codes if chance.random() < 0.2]
    rest = [code for code in codes if code not in some]
    return Question(
        2570, candidates,
        total=int(asked * chance.uniform(0.2, 1.1)) if on("TOTAL") else None,
        later=tuple(int(asked * chance.uniform(0.1, 0.6)) if on("YEAR") else None for _ in range(3)),
        agencies={a: int(asked * chance.uniform(0.1, 0.6)) for a in AGENCIES} if on("AGENCY") else {},
        types={t: int(asked * chance.uniform(0.1, 0.7)) for t in TYPES} if on("TYPE") else {},
        sources={s: int(asked * chance.uniform(0.1, 0.7)) for s in SOURCES} if on("SOURCE") else {},
        elements=tuple(
            ElementShare("nine", e, chance.choice([0, 500, 2000]), chance.choice([10_000, 7_000]))
            for e in ELEMENTS
        ) if on("ELEMENT") else (),
        district_floors={d: int(asked * chance.uniform(0, 0.15)) for d in DISTRICTS}
        if on("DISTRICT") else {},
        investment=InvestmentShare(("inv",), chance.choice([1000, 3000])) if on("INVESTMENT") else None,
        required={code: chance.choice(REQUIRED) for code in some} if on("REQUIRED") else {},
        forbidden=frozenset(rest[:1]) if on("FORBIDDEN") else frozenset(),
        groups=(
            Group("g", tuple(chance.sample(codes, min(3, number))), 1, chance.choice([AT_MOST, EXACTLY])),
        ) if on("GROUP") else (),
        needs=((codes[0], codes[-1]),) if number > 1 and on("NEEDS") else (),
        stay=Stay(frozenset(chance.sample(codes, number // 2)), chance.randint(0, number))
        if on("STAY") else None,
    )  # fmt: skip


def _candidate(chance: random.Random, number: int, levels: bool) -> Candidate:
    # Some costs are equal and some are odd satang, as in life.
    cost = chance.choice([10_000_000, 25_000_000, chance.randint(1, 10 ** chance.randint(5, 13))])
    points = chance.randint(0, 40) * POINT // chance.choice([1, 3])
    later = tuple(chance.choice([0, 0, cost // 2]) for _ in range(3))
    full = Level("full", (cost, *later), points)
    less = Level("part", (cost * 3 // 4, *later), points * 2 // 3)
    return Candidate(
        f"P{number:02}", chance.choice(AGENCIES), (full, less) if levels else (full,),
        types=tuple((t, chance.randint(0, 3) + (t == "inv")) for t in TYPES),
        sources=((chance.choice(SOURCES), 1),),
        districts=tuple((d, chance.randint(1, 3)) for d in chance.sample(DISTRICTS, chance.randint(0, 3))),
        elements=(("nine", chance.choice(ELEMENTS)),),
    )  # fmt: skip


def best_by_trying(question: Question) -> dict[str, str] | None:
    """The best plan of all: most points, then lowest cost, then first in code order.

    Every plan there is, best first, up to the first that the checker calls valid.
    """
    assert [c.code for c in question.candidates] == sorted(c.code for c in question.candidates)
    tried: list[tuple[int, int, tuple[bool, ...], tuple[str, ...]]] = [(0, 0, (), ())]
    for candidate in question.candidates:
        choices = [(0, 0, True, "")]
        choices += [(v.points, v.amounts[0], False, v.code) for v in candidate.levels]
        tried = [
            (lost - points, cost + more, (*order, is_out), (*codes, code))
            for lost, cost, order, codes in tried
            for points, more, is_out, code in choices
        ]
    for _lost, _cost, _order, codes in sorted(tried):
        plan = {c.code: code for c, code in zip(question.candidates, codes, strict=True) if code}
        if not check(question, plan):
            return plan
    return None

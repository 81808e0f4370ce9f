"""Questions of the size and shape of a city, by seed: heavy-tailed costs, ceilings, shares, floors."""

import random

from nayu.allocation.domain.problem import (
    AT_MOST,
    POINT,
    Candidate,
    ElementShare,
    Group,
    InvestmentShare,
    Level,
    Question,
)

LUMPS = {"even": 0.8, "usual": 1.6, "lumpy": 2.2}  # sigma of the costs' logarithm
MILLION = 100_000_000  # satang
DISTRICTS, ELEMENTS = 50, 9


def city_question(
    number: int, seed: int, *, lumps: str = "usual", costs: list[int] | None = None
) -> Question:
    """`number` projects that ask for more than there is; `costs` (satang) are drawn from if given."""
    chance = random.Random(seed * 1_000_003 + number)
    agencies = min(80, max(2, number // 25))
    candidates = tuple(
        _candidate(chance, n, agencies, max(1, min(DISTRICTS, number // 20)), LUMPS[lumps], costs)
        for n in range(number)
    )
    asked = sum(c.levels[0].amounts[0] for c in candidates)
    later = tuple(sum(c.levels[-1].amounts[y] for c in candidates) // 2 for y in (1, 2, 3))
    by_agency: dict[str, int] = {}
    by_district: dict[str, int] = {}
    for c in candidates:
        by_agency[c.agency] = by_agency.get(c.agency, 0) + c.levels[0].amounts[0]
        for code, part in c.shares("districts", c.levels[0]).items():
            by_district[code] = by_district.get(code, 0) + part
    ceilings = {
        code: int(amount * chance.uniform(0.55, 0.95)) for code, amount in by_agency.items()
    }
    # Past commitments are small beside their agency's ceiling, so that the question has an answer.
    small = [c.code for c in candidates if c.levels[0].amounts[0] * 10 < ceilings[c.agency]]
    bound = set(chance.sample(small, min(len(small) // 4, number // 50)))
    codes = [c.code for c in candidates if c.code not in bound]
    return Question(
        2570, candidates,
        total=int(asked * 0.62),
        later=later,  # type: ignore[arg-type]
        agencies=ceilings,
        elements=tuple(ElementShare("nine", str(e + 1), 200) for e in range(ELEMENTS)) if number >= 400 else (),
        district_floors={code: int(amount * 0.05) for code, amount in by_district.items()},
        investment=InvestmentShare(("inv",), 2000),
        required=dict.fromkeys(sorted(bound), "committed"),
        groups=tuple(
            Group(f"g{n}", tuple(chance.sample(codes, 2)), 1, AT_MOST) for n in range(number // 50)
        ),
        needs=tuple(tuple(chance.sample(codes, 2)) for _ in range(number // 50)),  # type: ignore[misc]
    )  # fmt: skip


def _candidate(
    chance: random.Random,
    number: int,
    agencies: int,
    districts: int,
    sigma: float,
    costs: list[int] | None,
) -> Candidate:
    cost = (
        chance.choice(costs) if costs else int(chance.lognormvariate(0, sigma) * 5 * MILLION) + 100
    )
    score = chance.uniform(0.5, 1.5) * (cost / MILLION) ** 0.85
    full = Level("full", (cost, 0, 0, 0), int(score * POINT))
    less = Level(
        "part", (cost * 4 // 5, 0, 0, 0), int(score * 0.8 * chance.uniform(0.9, 1.05) * POINT)
    )
    phased = Level(
        "phased", (cost * 2 // 5, cost * 7 // 20, cost // 4, 0), int(score * 0.9 * POINT)
    )
    levels = (full, less, phased) if chance.random() < 0.4 else (full,)
    district = str(chance.randrange(districts))
    return Candidate(
        f"P{number:05}", f"A{chance.randrange(agencies):02}", levels,
        types=(("inv", chance.randint(0, 2)), ("run", 1)), sources=(("bma", 1),),
        districts=((district, 1),), elements=(("nine", str(chance.randrange(ELEMENTS) + 1)),),
    )  # fmt: skip

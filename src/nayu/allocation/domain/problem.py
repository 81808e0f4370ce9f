"""The question of an allocation, as plain values: candidates with funding levels, and the rules.

Money is whole satang, points are whole millionths of a point, shares are hundredths of a percent:
everything is an integer, so that a plan can be added up exactly by anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nayu.core.money import split

YEARS = 4  # the fiscal year and the three after it
POINT = 1_000_000  # millionths in a point
WHOLE = 10_000  # hundredths of a percent in the whole

COMMITTED, LEGAL, PINNED = "committed", "legal", "pinned"
REQUIRED = (COMMITTED, LEGAL, PINNED)
AT_MOST, EXACTLY = "at_most", "exactly"


@dataclass(frozen=True, slots=True)
class Level:
    """One way to fund a project: satang in the year and the three later ones, and what it is worth.

    ``points`` are millionths of a point for this level, ``people`` whom its promises reach.
    ``parts`` tell its money of the year by code where that is known to the satang, of some of the
    kinds types, sources and districts; else it is split by the candidate's weights.
    """

    code: str
    amounts: tuple[int, int, int, int]
    points: int
    people: Decimal = Decimal(0)
    name_th: str = ""
    name_en: str = ""
    parts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that asks for money, with its levels and what shares its money.

    ``types``, ``sources`` and ``districts`` are (code, weight): the money of any level is split by
    these weights, the remainder by largest fraction, then by code. ``elements`` are (framework,
    element): the primary element in each framework, and those above it.
    """

    code: str
    agency: str
    levels: tuple[Level, ...]
    name_th: str = ""
    name_en: str = ""
    types: tuple[tuple[str, int], ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    districts: tuple[tuple[str, int], ...] = ()
    elements: tuple[tuple[str, str], ...] = ()

    def shares(self, kind: str, level: Level) -> dict[str, int]:
        """The year's satang of a level by the codes of one kind: types, sources or districts."""
        for known, parts in level.parts:
            if known == kind:
                return dict(parts)
        weights: Mapping[str, int] = dict(getattr(self, kind))
        amount = level.amounts[0]
        return split(amount, weights) if amount and weights else dict.fromkeys(weights, 0)


@dataclass(frozen=True, slots=True)
class ElementShare:
    """Least and most share of the money granted to projects, in hundredths of a percent."""

    framework: str
    element: str
    least: int = 0
    most: int = WHOLE


@dataclass(frozen=True, slots=True)
class InvestmentShare:
    """The least share of the money granted that is of these types (งบลงทุน)."""

    types: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Group:
    """Of these projects at most, or exactly, ``number`` are funded."""

    code: str
    members: tuple[str, ...]
    number: int = 1
    sense: str = AT_MOST


@dataclass(frozen=True, slots=True)
class Stay:
    """Not to stray: at most ``most_changes`` projects differ in or out from the reference plan."""

    reference: frozenset[str]
    most_changes: int


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that is asked. ``None`` or an absent code sets no limit.

    ``total`` is what is left for projects after routine work and the central fund; ``later`` what is
    left of the next three years after past commitments. All in satang.
    """

    fiscal_year_be: int
    candidates: tuple[Candidate, ...]
    total: int | None = None
    later: tuple[int | None, int | None, int | None] = (None, None, None)
    agencies: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    elements: tuple[ElementShare, ...] = ()
    district_floors: Mapping[str, int] = field(default_factory=dict)
    investment: InvestmentShare | None = None
    required: Mapping[str, str] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    groups: tuple[Group, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    stay: Stay | None = None
    has_scores: bool = True  # without them a million baht granted counts one point


@dataclass(frozen=True, slots=True)
class Option:
    """A level of a candidate, as one decision of the model."""

    project: int
    candidate: Candidate
    level: Level


def options_of(question: Question) -> list[Option]:
    """All decisions, candidates in the order of the question and levels in theirs."""
    return [
        Option(number, candidate, level)
        for number, candidate in enumerate(question.candidates)
        for level in candidate.levels
    ]


Plan = Mapping[str, str]  # project code → level code, of what is funded


def points_of(question: Question, plan: Plan) -> int:
    """What a plan is worth, in millionths of a point."""
    return sum(level.points for _, level in funded(question, plan))


def cost_of(question: Question, plan: Plan, year: int = 0) -> int:
    return sum(level.amounts[year] for _, level in funded(question, plan))


def fair_floors(fair: int, weights: Mapping[str, int], asked: Mapping[str, int]) -> dict[str, int]:
    """Satang by district: ``fair`` millionths of a satang for each unit of weight (residents × need).

    Never more than the district's projects ask for, so that what they cannot use is not demanded.
    """
    return {
        code: min(fair * weight // 10**6, asked.get(code, 0)) for code, weight in weights.items()
    }


def funded(question: Question, plan: Plan) -> list[tuple[Candidate, Level]]:
    """Candidates of a plan with the level they get, in the order of the question."""
    return [
        (candidate, level)
        for candidate in question.candidates
        for level in candidate.levels
        if plan.get(candidate.code) == level.code
    ]

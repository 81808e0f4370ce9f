"""An answer as pages show it: who gets what, why not, and money by every side it is looked at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from nayu.agencies.models import Agency, District
from nayu.allocation.domain.problem import POINT, Candidate, Level, Plan, Question
from nayu.allocation.models import Run, Scenario
from nayu.budget.models import ExpenditureType, FundingSource
from nayu.core.money import baht_of
from nayu.strategy.models import Element, Framework
from nayu.strategy.queries import leading_framework

FULL, RESIZED, OUT = "full", "resized", "out"
MILLION_SATANG = 100_000_000


@dataclass(frozen=True, slots=True)
class Got:
    """One project of a result: baht asked for and given, and what keeps it from more (an estimate)."""

    code: str
    name_th: str
    name_en: str
    agency: str
    position: int
    outcome: str
    level: str
    asked_baht: Decimal
    given_baht: Decimal
    points: Decimal
    people: int
    row: str = ""
    short: Decimal | None = None
    is_by_hand: bool = False
    robust: int | None = None  # percent of the weightings under which it is in


@dataclass(frozen=True, slots=True)
class Part:
    """Money of one agency, element, type or district in a result."""

    code: str
    name_th: str
    name_en: str
    asked_baht: Decimal
    given_baht: Decimal
    projects: int = 0
    people: int = 0
    population: int = 0

    @property
    def per_resident_baht(self) -> Decimal | None:
        if not self.population:
            return None
        return (self.given_baht / self.population).quantize(Decimal(1))


@dataclass(frozen=True, slots=True)
class Tight:
    """A limit that costs points: what a million baht more would bring, by the LP (an estimate)."""

    name: str
    points_per_million: Decimal
    limit_baht: Decimal | None


@dataclass
class Result:
    """Everything that the page of a result and its comparison show."""

    got: list[Got]
    names: "Names"
    agencies: list[Part] = field(default_factory=list)
    elements: list[Part] = field(default_factory=list)
    types: list[Part] = field(default_factory=list)
    districts: list[Part] = field(default_factory=list)
    matrix: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def of(self, outcome: str) -> list[Got]:
        return [one for one in self.got if one.outcome == outcome]

    def asked_baht(self, outcome: str = "") -> Decimal:
        return sum((g.asked_baht for g in self.got if outcome in ("", g.outcome)), Decimal("0.00"))

    def given_baht(self, outcome: str = "") -> Decimal:
        return sum((g.given_baht for g in self.got if outcome in ("", g.outcome)), Decimal("0.00"))

    @property
    def people(self) -> int:
        return sum(g.people for g in self.got)

    @property
    def points(self) -> Decimal:
        return sum((g.points for g in self.got), Decimal(0))


class Names:
    """Names of codes in both languages; a fixed number of queries."""

    def __init__(self, fiscal_year_be: int) -> None:
        self.agencies = {a.code: a for a in Agency.objects.all()}
        self.types = {t.code: t for t in ExpenditureType.objects.all()}
        self.sources = {s.code: s for s in FundingSource.objects.all()}
        self.districts = {d.plan_code: d for d in District.objects.order_by("plan_code")}
        leading = leading_framework(fiscal_year_be)
        self.framework = leading.code if leading else ""
        self.elements = {
            (e.framework.code, e.number): e
            for e in Element.objects.filter(
                framework__in=Framework.objects.in_force(fiscal_year_be)
            ).select_related("framework")
        }
        self.tops = [
            e for (code, _n), e in self.elements.items()
            if code == self.framework and e.parent_id is None
        ]  # fmt: skip
        self.tops.sort(key=lambda e: e.sort_key)

    def of_row(self, name: str, projects: Mapping[str, Any]) -> tuple[str, Any]:
        """The beginning of a row's name, and the thing it is of (or its code)."""
        kind, _bracket, code = name.removesuffix("]").partition("[")
        if kind.startswith("YEAR+"):
            return "YEAR", kind.removeprefix("YEAR+")
        if kind == "NEEDS":
            code = code.partition(">")[0]
        framework, _slash, number = code.partition("/")
        known: dict[str, Mapping[str, Any]] = {
            "AGENCY": self.agencies, "TYPE": self.types, "SOURCE": self.sources,
            "DISTRICT": self.districts, "COMMITTED": projects, "LEGAL": projects,
            "PINNED": projects, "FORBIDDEN": projects, "NEEDS": projects,
        }  # fmt: skip
        found: Any = known.get(kind, {}).get(code)
        if kind.startswith("ELEMENT"):
            found = self.elements.get((framework, number))
        return kind, found or code


def result_of(
    question: Question,
    plan: Plan,
    answer: Mapping[str, Any],
    *,
    by_hand: Mapping[str, str] | None = None,
    robust: Mapping[str, Any] | None = None,
) -> Result:
    """The result of a plan, hand changes included."""
    names = Names(question.fiscal_year_be)
    positions = {number.number: n for n, number in enumerate(names.tops, start=1)}
    near = answer.get("near", {})
    changed = by_hand or {}
    result = Result([], names)
    sums = _Sums()
    for candidate in question.candidates:
        level = next((v for v in candidate.levels if v.code == plan.get(candidate.code)), None)
        top = _top(candidate, names.framework, positions)
        sums.add(candidate, level, top)
        first = candidate.levels[0]
        outcome = OUT if level is None else FULL if level is first else RESIZED
        told = near.get(candidate.code, {}) if outcome != FULL else {}
        share = None
        if robust and robust.get("valid"):
            share = robust["inside"].get(candidate.code, 0) * 100 // robust["valid"]
        result.got.append(
            Got(
                candidate.code, candidate.name_th, candidate.name_en, candidate.agency,
                positions.get(top, 0), outcome, level.code if level else "",
                baht_of(first.amounts[0]), baht_of(level.amounts[0] if level else 0),
                points_of_level(level), int(level.people) if level else 0,
                told.get("row", ""),
                None if "short" not in told else Decimal(told["short"]) / POINT,
                candidate.code in changed, share,
            )
        )  # fmt: skip
    result.agencies = sums.parts("agency", names.agencies)
    result.types = sums.parts("type", names.types)
    result.elements = sums.parts("element", {e.number: e for e in names.tops})
    result.districts = sums.parts("district", names.districts)
    result.matrix = {key: baht_of(amount) for key, amount in sums.matrix.items()}
    return result


def points_of_level(level: Level | None) -> Decimal:
    return Decimal(level.points if level else 0) / POINT


def _top(candidate: Candidate, framework: str, positions: Mapping[str, int]) -> str:
    own = [number for code, number in candidate.elements if code == framework]
    return next((number for number in own if number in positions), "")


class _Sums:
    """Satang asked for and given, people and projects, by every side."""

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str], int] = defaultdict(int)
        self.given: dict[tuple[str, str], int] = defaultdict(int)
        self.people: dict[tuple[str, str], int] = defaultdict(int)
        self.projects: dict[tuple[str, str], int] = defaultdict(int)
        self.matrix: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, candidate: Candidate, level: Level | None, top: str) -> None:
        first = candidate.levels[0]
        whole = {"agency": candidate.agency, "element": top}
        for side, code in whole.items():
            self.asked[side, code] += first.amounts[0]
            if level is not None:
                self.given[side, code] += level.amounts[0]
                self.people[side, code] += int(level.people)
                self.projects[side, code] += 1
        if level is not None:
            self.matrix[candidate.agency, top] += level.amounts[0]
        for side, kind in (("type", "types"), ("district", "districts")):
            for code, part in candidate.shares(kind, first).items():
                self.asked[side, code] += part
            if level is not None:
                for code, part in candidate.shares(kind, level).items():
                    self.given[side, code] += part
                    self.projects[side, code] += 1

    def parts(self, side: str, names: Mapping[str, Any]) -> list[Part]:
        codes = [code for kind, code in self.asked if kind == side]
        order = {code: n for n, code in enumerate(names)}
        codes.sort(key=lambda code: (order.get(code, len(order)), code))
        return [
            Part(
                code,
                names[code].name_th if code in names else "",
                names[code].name_en if code in names else "",
                baht_of(self.asked[side, code]), baht_of(self.given[side, code]),
                self.projects[side, code], self.people[side, code],
                getattr(names.get(code), "population", 0),
            )
            for code in codes
        ]  # fmt: skip


def tightest(run: Run, question: Question, most: int = 8) -> list[Tight]:
    """Limits of money with a price, dearest first; shares and floors count by their own money."""
    limits = {"TOTAL": question.total}
    limits |= {f"AGENCY[{code}]": limit for code, limit in question.agencies.items()}
    limits |= {f"TYPE[{code}]": limit for code, limit in question.types.items()}
    limits |= {f"SOURCE[{code}]": limit for code, limit in question.sources.items()}
    limits |= {f"DISTRICT[{code}]": limit for code, limit in question.district_floors.items()}
    limits |= {f"YEAR+{n}": limit for n, limit in enumerate(question.later, start=1)}
    found = []
    for name, price in run.answer.get("multipliers", {}).items():
        if name not in limits:
            continue
        points = Fraction(price) * MILLION_SATANG / POINT
        limit = limits[name]
        found.append(
            Tight(
                name, Decimal(points.numerator) / points.denominator,
                None if limit is None else baht_of(limit),
            )
        )  # fmt: skip
    found.sort(key=lambda one: -abs(one.points_per_million))
    return [one for one in found if abs(one.points_per_million) >= Decimal("0.0001")][:most]


def newest_answers(scenarios: Sequence[Scenario]) -> dict[int, Run]:
    """The newest answered run of each scenario."""
    runs = Run.objects.filter(scenario__in=scenarios).exclude(answered_at=None)
    return {run.scenario_id: run for run in runs.defer("question").order_by("pk")}

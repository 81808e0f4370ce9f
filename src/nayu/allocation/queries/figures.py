"""The figures of scores, read from entries: every part opens down to what it came from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from nayu.agencies.models import District
from nayu.allocation.domain.scenario import NEED
from nayu.allocation.models import RubricScore, Rule
from nayu.projects.models import (
    Activity,
    DistrictShare,
    EntryIndicator,
    EntryLink,
    Promise,
    Risk,
)
from nayu.strategy.models import Element

PERSON = (
    "คน"  # promises of other units (households, shops, people a day) are not added up as people
)
LEAST_NEED, MOST_NEED = Fraction(1, 2), Fraction(2)
READY = ("activities", "risks", "indicator", "districts", "prices")


@dataclass
class Read:
    """What the database holds of the entries of a question, by entry id."""

    people: dict[int, Fraction] = field(default_factory=dict)
    promises: dict[int, list[tuple[Decimal, str, dict[int, Decimal]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    districts: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    elements: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    risk: dict[int, int] = field(default_factory=dict)
    ready: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    rubric: dict[int, Fraction] = field(default_factory=dict)
    sides: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def common_levels(self) -> dict[int, list[int]]:
        """Percents of the money for which every promise of an entry says what it then comes to."""
        return {
            entry: sorted(set.intersection(*(set(levels) for _n, _u, levels in rows)), reverse=True)
            for entry, rows in self.promises.items()
        }


def read(codes: Mapping[int, str], sides: Mapping[str, tuple[int, int]]) -> Read:
    """Eight queries, whatever the number of entries.

    ``codes`` are the entries' project codes; ``sides`` opinions (for, that took a side) by code.
    """
    entries = list(codes)
    found = Read(sides={pk: sides[code] for pk, code in codes.items() if code in sides})
    of = {"entry_id__in": entries}
    for entry, number, unit, levels in Promise.objects.filter(**of).values_list(
        "entry_id", "number", "unit_th", "levels"
    ):
        stated = {int(percent): Decimal(how_many) for percent, how_many in levels or []}
        found.promises[entry].append((number, unit, stated))
        if unit == PERSON:
            found.people[entry] = found.people.get(entry, Fraction(0)) + Fraction(number)
    for entry, code, weight in DistrictShare.objects.filter(**of).values_list(
        "entry_id", "district__plan_code", "weight"
    ):
        found.districts[entry][code] = weight
        found.ready[entry].add("districts")
    above = _above()
    for entry, framework, element in EntryLink.objects.filter(**of, is_primary=True).values_list(
        "entry_id", "framework__code", "element_id"
    ):
        found.elements[entry] += [(framework, number) for number in above[element]]
    for entry, likelihood, impact in Risk.objects.filter(**of).values_list(
        "entry_id", "likelihood", "impact"
    ):
        found.risk[entry] = max(found.risk.get(entry, 0), likelihood * impact)
        found.ready[entry].add("risks")
    for entry in Activity.objects.filter(**of).values_list("entry_id", flat=True).distinct():
        found.ready[entry].add("activities")
    for entry in EntryIndicator.objects.filter(**of).values_list("entry_id", flat=True).distinct():
        found.ready[entry].add("indicator")
    marks: dict[int, list[int]] = defaultdict(list)
    for entry, mark in RubricScore.objects.filter(**of, is_done=True).values_list(
        "entry_id", "mark"
    ):
        marks[entry].append(mark or 0)
    found.rubric = {entry: Fraction(sum(given), len(given)) for entry, given in marks.items()}
    return found


def _above() -> dict[int, list[str]]:
    """An element's own number and those of the elements above it."""
    rows = {
        pk: (number, parent)
        for pk, number, parent in Element.objects.values_list("pk", "number", "parent_id")
    }
    found: dict[int, list[str]] = {}
    for pk in rows:
        numbers, at = [], pk
        while at is not None:
            number, at = rows[at]
            numbers.append(number)
        found[pk] = numbers
    return found


@dataclass(frozen=True, slots=True)
class Need:
    """A district's need: communities for each resident against the whole city's, within ½ and 2."""

    code: str
    name_th: str
    name_en: str
    population: int
    communities: int
    index: Fraction
    is_stated: bool = False


def needs(stated: Mapping[str, int]) -> dict[str, Need]:
    """Need by district; `stated` are hundredths of a percent that a scenario says instead."""
    rows = list(District.objects.order_by("plan_code"))
    people = sum(d.population for d in rows)
    communities = sum(d.communities for d in rows)
    found = {}
    for d in rows:
        index = Fraction(1)
        if communities and d.population:
            index = Fraction(d.communities * people, d.population * communities)
        index = min(max(index, LEAST_NEED), MOST_NEED)
        if d.plan_code in stated:
            index = Fraction(stated[d.plan_code], 10_000)
        found[d.plan_code] = Need(
            d.plan_code, d.name_th, d.name_en, d.population, d.communities, index,
            d.plan_code in stated,
        )  # fmt: skip
    return found


def needs_of(rules: Iterable[Rule]) -> dict[str, Need]:
    """Need by district as a scenario's rules state it, or as counted."""
    return needs({r.subject: r.least or 0 for r in rules if r.kind == NEED})


def need_of(districts: Mapping[str, int], known: Mapping[str, Need]) -> Fraction | None:
    """The mean need of an entry's districts by their shares, scaled to 0…1 by the most a need can be."""
    whole = sum(districts.values())
    if not whole:
        return None
    mean = sum((known[code].index * weight for code, weight in districts.items()), Fraction(0))
    return min(mean / whole / MOST_NEED, Fraction(1))

"""The plan of a year as one reader may see it: books, projects, people, elements, districts.

A stranger reads the published version; whoever may see the working books can ask for those.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from threading import Lock, RLock
from time import monotonic
from typing import Any

from django.db.models import QuerySet

from nayu.agencies.domain import Person
from nayu.agencies.models import District
from nayu.budget.domain import NO_ELEMENT, WHOLE_CITY
from nayu.budget.models import FunctionNode
from nayu.budget.queries import Books, Totals, breakdown
from nayu.core.money import baht_of, satang_of, split
from nayu.core.money import total as add_up
from nayu.db.fields import sum_satang
from nayu.portal.queries.promised import Promised, PromiseShown, promised_of
from nayu.projects.models import ProjectEntry
from nayu.publication.models import FrozenEntry, FrozenLine, PlanVersion
from nayu.publication.queries import current_version, published_books, version_at
from nayu.strategy.models import Element, Framework
from nayu.strategy.queries import elements_of, leading_framework


@dataclass
class ElementNode:
    """An element with what its projects add up to, its own and its children's."""

    element: Element
    amount: Decimal = Decimal(0)
    projects: int = 0
    people: Decimal = Decimal(0)
    indicators: int = 0
    children: list["ElementNode"] = field(default_factory=list)

    @property
    def is_gap(self) -> bool:
        return self.element.level.is_linkable and self.projects == 0


@dataclass
class Plan:
    """The published plan of a year; `None` stands where nothing is published."""

    fiscal_year_be: int
    version: PlanVersion
    framework: Framework | None
    # Readers who come at once wait for the first one's answer instead of working it out again each.
    finding: RLock = field(default_factory=RLock, repr=False, compare=False)

    @cached_property
    def books(self) -> Books:
        return published_books(self.version)

    @cached_property
    def total_baht(self) -> Decimal:
        return self.books.total_baht()

    def totals(self, by: str, framework_code: str = "") -> Totals:
        code = framework_code or self.framework_code
        with self.finding:
            if (by, code) not in self._totals:
                self._totals[by, code] = breakdown(self.books, by, code)
        return self._totals[by, code]

    @cached_property
    def _totals(self) -> dict[tuple[str, str], Totals]:
        return {}

    @cached_property
    def _trees(self) -> dict[str, list[ElementNode]]:
        return {}

    @cached_property
    def lines_by_type(self) -> dict[str, set[int]]:
        """Entries with at least one line of each expenditure type."""
        found: dict[str, set[int]] = defaultdict(set)
        for type_code, entry_id in (
            FrozenLine.objects.filter(version=self.version, kind="project")
            .values_list("category__type_id", "entry_id")
            .distinct()
        ):
            found[type_code].add(entry_id or 0)
        return dict(found)

    @cached_property
    def origins(self) -> dict[int, str]:
        """Where each entry comes from, by entry."""
        return dict(self.version.entries.values_list("entry_id", "sheet__origin"))

    @property
    def framework_code(self) -> str:
        return self.framework.code if self.framework else ""

    @cached_property
    def entries(self) -> dict[int, FrozenEntry]:
        """Published entries without their sheets, by entry id."""
        return {
            frozen.entry_id: frozen
            for frozen in self.version.entries.defer("sheet")
            .select_related("agency")
            .order_by("project_code")
        }

    @cached_property
    def project_total_baht(self) -> Decimal:
        return add_up(frozen.amount for frozen in self.entries.values())

    def promised(self, stage: str = "") -> Promised:
        """Promises with their money and numbers at a stage; the version's own if none is named."""
        stage = stage or self.version.stage_id
        with self.finding:
            if stage not in self._promised:
                self._promised[stage] = promised_of(self.version, stage)
        return self._promised[stage]

    def find_again(self, earlier: "Plan") -> None:
        """Work out what was found of the earlier reading of the same version."""
        for by, code in list(earlier._totals):
            self.totals(by, code)
        for stage in list(earlier._promised):
            self.promised(stage)

    @cached_property
    def kept_answers(self) -> dict[tuple[str, ...], Any]:
        """What other questions found out of this version, kept as long as the plan is."""
        return {}

    @cached_property
    def _promised(self) -> dict[str, Promised]:
        return {}

    @property
    def promises(self) -> Mapping[int, list[PromiseShown]]:
        """Promises by entry, as they stand at the version's stage."""
        return self.promised().promises

    def people_of(self, entry_ids: Iterable[int]) -> Decimal:
        """People promised something, at most: a sum over promises, right if nobody is in two.

        A promise whose author has not said what the version's money still gives counts nobody.
        """
        return sum(self._people(entry_ids), Decimal(0))

    def largest_of(self, entry_ids: Iterable[int]) -> Decimal:
        """People promised something, at least: the largest promise, which may hold all others."""
        return max(self._people(entry_ids), default=Decimal(0))

    def _people(self, entry_ids: Iterable[int]) -> Iterator[Decimal]:
        for entry_id in entry_ids:
            for promise in self.promises.get(entry_id, ()):
                if promise.counts_people and promise.how_many is not None:
                    yield promise.how_many

    @cached_property
    def element_of(self) -> dict[int, int]:
        return self.books.element_of(self.framework_code)

    def in_framework(self, framework: Framework) -> "Plan":
        """The same plan read by another framework; this one, which others share, stays as it is."""
        if framework.code == self.framework_code:
            return self
        other = copy(self)
        other.framework = framework
        vars(other).pop("element_of", None)
        return other

    def tree(self, framework: Framework) -> list[ElementNode]:
        """The framework's elements from the top down, with money, projects, people and gaps."""
        if framework.code not in self._trees:
            self._trees[framework.code] = self._grown(framework)
        return self._trees[framework.code]

    def _grown(self, framework: Framework) -> list[ElementNode]:
        elements = elements_of(framework)
        nodes = {element.pk: ElementNode(element) for element in elements}
        linked = self.books.element_of(framework.code)
        for entry_id, element_id in linked.items():
            frozen = self.entries.get(entry_id)
            node = nodes.get(element_id)
            people = self.people_of([entry_id])
            while node is not None and frozen is not None:
                node.amount += frozen.amount
                node.projects += 1
                node.people += people
                node = nodes.get(node.element.parent_id or 0)
        top = []
        for element in elements:
            if element.parent_id:
                nodes[element.parent_id].children.append(nodes[element.pk])
            else:
                top.append(nodes[element.pk])
        return top

    # --- Parts of the money -------------------------------------------------------------------

    def lines_of(self, by: str, code: str) -> QuerySet[FrozenLine]:
        """Lines of one bucket of a breakdown; a district's are those of its projects."""
        lines = FrozenLine.objects.filter(version=self.version)
        if code == "routine":
            return lines.filter(kind="routine")
        if code == "central-fund":
            return lines.filter(kind="central")
        if code == "projects":
            return lines.filter(kind="project")
        if by == "agency":
            return lines.filter(agency_id=code)
        if by == "expenditure":
            return lines.filter(category__type_id=code)
        if by == "source":
            return lines.filter(source_id=code)
        if by == "function":
            return lines.filter(work_id__in=_below(code))
        if by == "element":
            return lines.filter(kind="project", entry_id__in=self.entries_of_element(code))
        if by == "district":
            return lines.filter(kind="project", entry_id__in=self.entries_of_district(code))
        return lines

    def entries_of_element(self, code: str) -> list[int]:
        numbers = {
            e.pk: e.number for e in Element.objects.filter(framework__code=self.framework_code)
        }
        if code == NO_ELEMENT:
            return [pk for pk in self.entries if pk not in self.element_of]
        return [
            pk
            for pk, element_id in self.element_of.items()
            if numbers[element_id] == code or numbers[element_id].startswith(f"{code}.")
        ]

    def entries_of_district(self, code: str) -> list[int]:
        weights = self.books.district_weights()
        if code == WHOLE_CITY:
            return [pk for pk in self.entries if pk not in weights]
        return [pk for pk, own in weights.items() if code in own]

    def amounts_of(self, by: str, code: str, *, agency: str = "") -> dict[int, Decimal]:
        """Amount of each project in a bucket, by entry; a district gets its share in satang."""
        rows = (
            narrowed(self.lines_of(by, code), agency=agency)
            .filter(kind="project")
            .values("entry_id")
            .annotate(sum_baht=sum_satang("amount"))
        )
        amounts = {row["entry_id"]: row["sum_baht"] for row in rows}
        if by != "district" or code == WHOLE_CITY:
            return amounts
        weights = self.books.district_weights()
        return {
            pk: baht_of(split(satang_of(amount), weights[pk])[code])
            for pk, amount in amounts.items()
        }


def _below(code: str) -> list[str]:
    """The node and everything below it."""
    parents = dict(FunctionNode.objects.values_list("code", "parent_id"))
    found = []
    for node in parents:
        step: str | None = node
        while step and step != code:
            step = parents.get(step)
        if step == code:
            found.append(node)
    return found


# A published version never changes, so what is read from it is kept by the process that serves.
# Names around it (an agency's, an element's) may change: they are read again
# after a minute.
KEPT_SECONDS = 60
KEPT_PLANS = 6
_kept: OrderedDict[tuple[int, str], tuple[float, Plan]] = OrderedDict()
_beginning, _renewing = Lock(), Lock()


def plan_of(fiscal_year_be: int, day: date | None = None) -> Plan | None:
    """The published plan of a year, or None; with a day, what stood published at its end."""
    version = version_at(fiscal_year_be, day) if day else current_version(fiscal_year_be)
    if version is None:
        return None
    key = (version.pk, version.content_hash)
    began, plan = _kept.get(key, (0.0, None))
    if plan is None:
        with _beginning:
            began, plan = _kept.get(key, (0.0, None))
            if plan is None:
                plan = _keep(key, Plan(fiscal_year_be, version, leading_framework(fiscal_year_be)))
    elif monotonic() - began > KEPT_SECONDS and _renewing.acquire(blocking=False):
        # One reader reads it afresh; the others go on with what is a minute old.
        try:
            fresh = Plan(fiscal_year_be, version, leading_framework(fiscal_year_be))
            fresh.find_again(plan)
            plan = _keep(key, fresh)
        finally:
            _renewing.release()
    return plan


def _keep(key: tuple[int, str], plan: Plan) -> Plan:
    _kept[key] = (monotonic(), plan)
    while len(_kept) > KEPT_PLANS:
        _kept.popitem(last=False)
    return plan


def forget() -> None:
    """Read all afresh, as tests must whose databases come and go."""
    _kept.clear()


def residents() -> dict[str, District]:
    return {district.plan_code: district for district in District.objects.order_by("plan_code")}


def filtered_entries(
    plan: Plan, *, words: str, strategy: str, agency: str, district: str, order: str
) -> list[FrozenEntry]:
    """Published projects of a list, filtered and sorted."""
    found = list(plan.entries.values())
    for word in words.casefold().split():
        found = [frozen for frozen in found if word in _named_by(frozen)]
    if agency:
        found = [frozen for frozen in found if frozen.agency_id == agency]
    if strategy:
        of_element = set(plan.entries_of_element(strategy))
        found = [frozen for frozen in found if frozen.entry_id in of_element]
    if district:
        of_district = set(plan.entries_of_district(district))
        found = [frozen for frozen in found if frozen.entry_id in of_district]
    if order == "money":
        found.sort(key=lambda frozen: (-frozen.amount, frozen.project_code))
    elif order == "name":
        found.sort(key=lambda frozen: (frozen.name_th, frozen.project_code))
    return found


def _named_by(frozen: FrozenEntry) -> str:
    return f"{frozen.name_th}\n{frozen.name_en}\n{frozen.project_code}".casefold()


def narrowed(
    lines: QuerySet[FrozenLine], *, agency: str = "", project: str = ""
) -> QuerySet[FrozenLine]:
    """Lines of a bucket that are of one agency, or of one project."""
    if agency:
        lines = lines.filter(agency_id=agency)
    if project:
        lines = lines.filter(frozen__project_code=project)
    return lines


def agency_counts(plan: Plan) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for frozen in plan.entries.values():
        counts[frozen.agency_id] += 1
    return dict(counts)


def working_entry(person: Person, fiscal_year_be: int, code: str) -> ProjectEntry | None:
    """The working entry this person may see, or None."""
    return (
        ProjectEntry.objects.visible_to(person)
        .filter(fiscal_year_be=fiscal_year_be, project__code=code)
        .select_related("project", "agency", "template")
        .first()
    )

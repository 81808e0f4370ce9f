"""What waits for a person, what came back, what waits on others; constant query counts."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language

from nayu.agencies.domain import AGENCY_ROLES, PLANNER, Person
from nayu.approvals.domain import PROCEDURES, PROJECT, REQUEST, may
from nayu.approvals.models import Decision
from nayu.approvals.queries import latest_decisions
from nayu.budget.domain import Use
from nayu.budget.models import ExpenditureType, Request
from nayu.budget.queries import uses
from nayu.core.fiscal_year import FiscalYear
from nayu.projects.models import ProjectEntry

MOST = 60


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a desk."""

    kind: str
    year: int
    code: str
    name_th: str
    name_en: str
    agency_th: str
    agency_en: str
    agency_code: str
    state: str
    days: int
    waits_for: str
    decision: Decision | None = None


@dataclass
class Work:
    """A person's day."""

    to_fix: list[Item] = field(default_factory=list)
    waiting_for_me: list[Item] = field(default_factory=list)
    drafts: list[Item] = field(default_factory=list)
    on_others: list[Item] = field(default_factory=list)
    ceilings: list[tuple[int, list[tuple[str, Use]]]] = field(default_factory=list)
    for_me_count: int = 0
    others_count: int = 0


def _entry_item(entry: ProjectEntry, day: date, decision: Decision | None) -> Item:
    since = entry.state_since.date() if entry.state_since else day
    return Item(
        PROJECT,
        entry.fiscal_year_be,
        entry.project.code,
        entry.name_th,
        entry.name_en,
        entry.agency.name_th,
        entry.agency.name_en,
        entry.agency_id,
        entry.state,
        max((day - since).days, 0),
        PROCEDURES[PROJECT].waits_for.get(entry.state, ""),
        decision,
    )


def _request_item(request: Request, day: date) -> Item:
    since = request.state_since.date() if request.state_since else day
    return Item(
        REQUEST,
        request.fiscal_year_be,
        request.agency_id,
        request.agency.name_th,
        request.agency.name_en,
        request.agency.name_th,
        request.agency.name_en,
        request.agency_id,
        request.state,
        max((day - since).days, 0),
        PROCEDURES[REQUEST].waits_for.get(request.state, ""),
    )


def _may_act(person: Person, procedure: str, state: str, agency: str) -> bool:
    return any(
        step.from_state == state
        and step.code != "return"
        and may(person, f"{procedure}.{step.code}", state=state, agency_code=agency)
        for step in PROCEDURES[procedure].steps
    )


def work_of(person: Person, day: date) -> Work:
    """Everything on one person's desk in the years that are not yet being spent."""
    spending = FiscalYear.containing(day).year_be
    work = Work()
    entries = list(
        ProjectEntry.objects.visible_to(person)
        .filter(fiscal_year_be__gt=spending)
        .exclude(state="in_plan")
        .select_related("project", "agency")
        .defer("rationale", "objectives", "method", "place_text")
        .order_by("state_since", "pk")
    )
    returned = latest_decisions(PROJECT, [e.pk for e in entries if e.state == "returned"])
    for entry in entries:
        item = _entry_item(entry, day, returned.get(entry.pk))
        _place(work, item, person, PROJECT)
    for request in (
        Request.objects.visible_to(person)
        .filter(fiscal_year_be__gt=spending)
        .exclude(state="ordinance")
        .select_related("agency")
        .order_by("state_since", "pk")
    ):
        _place(work, _request_item(request, day), person, REQUEST)
    work.for_me_count, work.others_count = len(work.waiting_for_me), len(work.on_others)
    work.waiting_for_me, work.on_others = work.waiting_for_me[:MOST], work.on_others[:MOST]
    work.ceilings = _ceilings(person, spending)
    return work


def _place(work: Work, item: Item, person: Person, procedure: str) -> None:
    writes = person.holding_for(PLANNER, item.agency_code) is not None
    if item.state == "returned" and writes:
        work.to_fix.append(item)
    elif item.state == "draft":
        if writes:
            work.drafts.append(item)
    elif _may_act(person, procedure, item.state, item.agency_code):
        work.waiting_for_me.append(item)
    elif item.state == "open" and writes:
        work.drafts.append(item)
    elif item.agency_code in person.agency_codes:
        work.on_others.append(item)


def _ceilings(person: Person, spending: int) -> list[tuple[int, list[tuple[str, Use]]]]:
    agency = next(
        (h.agency_code for h in person.holdings if h.role in AGENCY_ROLES and h.agency_code), None
    )
    if agency is None:
        return []
    english = get_language() == "en"
    names = {t.code: t.name_en if english else t.name_th for t in ExpenditureType.objects.all()}
    found = []
    for year in (spending + 1, spending + 2):
        year_uses = uses(agency, year, with_drafts=True)
        if year_uses:
            found.append((year, [(names[use.type_code], use) for use in year_uses]))
    return found

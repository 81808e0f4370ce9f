"""What waits for a person, what came back, what waits on others; constant query counts."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import get_language

from nayu.agencies.domain import AGENCY_ROLES, PLANNER, Person
from nayu.approvals.domain import PROCEDURES, PROJECT, REJECTED, REQUEST, may
from nayu.approvals.models import Decision
from nayu.approvals.queries import late_subjects, latest_decisions, newest_changes, steps_below
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
    subject_id: int = 0
    mark: int = 0
    is_late: bool = False


@dataclass
class Work:
    """A person's day."""

    to_fix: list[Item] = field(default_factory=list)
    waiting_for_me: list[Item] = field(default_factory=list)
    drafts: list[Item] = field(default_factory=list)
    not_approved: list[Item] = field(default_factory=list)
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
        entry.pk,
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
        subject_id=request.pk,
    )


def _may_act(person: Person, item: Item, *, took_below: bool) -> bool:
    """Whether some step forward is this person's, who may not approve what they passed below."""
    procedure, state, agency = item.kind, item.state, item.agency_code
    return any(
        step.from_state == state
        and step.code not in ("return", "reject")
        and not (step.not_by_earlier and took_below)
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
    returned = latest_decisions(
        PROJECT, [e.pk for e in entries if e.state in ("returned", REJECTED)]
    )
    below = steps_below(PROJECT, person.user_id, [e.pk for e in entries])
    for entry in entries:
        item = _entry_item(entry, day, returned.get(entry.pk))
        _place(work, item, person, took_below=entry.pk in below)
    requests = list(
        Request.objects.visible_to(person)
        .filter(fiscal_year_be__gt=spending)
        .exclude(state="ordinance")
        .select_related("agency")
        .order_by("state_since", "pk")
    )
    below = steps_below(REQUEST, person.user_id, [r.pk for r in requests])
    for request in requests:
        _place(work, _request_item(request, day), person, took_below=request.pk in below)
    work.for_me_count, work.others_count = len(work.waiting_for_me), len(work.on_others)
    work.waiting_for_me, work.on_others = work.waiting_for_me[:MOST], work.on_others[:MOST]
    work.waiting_for_me = _marked(work.waiting_for_me)
    work.ceilings = _ceilings(person, spending)
    return work


def _marked(items: list[Item]) -> list[Item]:
    """Projects with the mark of what is seen, so that they can be ticked, and what came in late."""
    marks = newest_changes(PROJECT, [i.subject_id for i in items if i.kind == PROJECT])
    late = {
        (kind, year): late_subjects(
            kind, year,
            {i.subject_id: i.agency_code for i in items if (i.kind, i.year) == (kind, year)},
        )
        for kind, year in {(item.kind, item.year) for item in items}
    }  # fmt: skip
    return [
        replace(
            item,
            mark=marks.get(item.subject_id, 0) if item.kind == PROJECT else 0,
            is_late=item.subject_id in late[item.kind, item.year],
        )
        for item in items
    ]


def _place(work: Work, item: Item, person: Person, *, took_below: bool) -> None:
    writes = person.holding_for(PLANNER, item.agency_code) is not None
    if item.state == REJECTED:
        if item.agency_code in person.agency_codes:
            work.not_approved.append(item)
    elif item.state == "returned" and writes:
        work.to_fix.append(item)
    elif item.state == "draft":
        if writes:
            work.drafts.append(item)
    elif _may_act(person, item, took_below=took_below):
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

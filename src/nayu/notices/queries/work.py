"""What waits for a person, what came back, what waits on others; constant query counts.

My work shows it, and the daily mail tells it: both count the same.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils import timezone

from nayu.agencies.domain import ADMIN, AGENCY_ROLES, PLANNER, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import CHANGE, PROCEDURES, PROJECT, REJECTED, REQUEST, WINDOW_STEPS, may
from nayu.approvals.models import Decision
from nayu.approvals.queries import late_subjects, latest_decisions, newest_changes, steps_below
from nayu.budget.models import Request
from nayu.consultation.queries import held_at_desk, may_use_desk, unanswered_at_desk
from nayu.core.fiscal_year import FiscalYear
from nayu.notices.domain import FOR_THE_ADMINISTRATOR, SOON
from nayu.notices.queries.closing import Closing, closing_soon
from nayu.notices.queries.mails import counts_by_state
from nayu.projects.models import ProjectEntry
from nayu.publication.models import ChangeRequest
from nayu.publication.queries import visible_changes

MOST = 60
RETURN = "return"
BACKWARD = (RETURN, "reject", "refuse")  # what can be done with work, but is not what it waits for


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a desk; `days` is how long it has been in its state.

    `mark` is the newest change that the list shows, for a step on several at once.
    """

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

    @property
    def waits_at_agency(self) -> bool:
        """Whether a post of the agency has it, rather than one of the city."""
        return self.waits_for in AGENCY_ROLES


@dataclass
class Work:
    """A person's day. Lists are cut to MOST, counts are not; the longest wait stands first."""

    to_fix: list[Item] = field(default_factory=list)
    waiting_for_me: list[Item] = field(default_factory=list)
    drafts: list[Item] = field(default_factory=list)
    not_approved: list[Item] = field(default_factory=list)
    on_others: list[Item] = field(default_factory=list)
    closing: list[Closing] = field(default_factory=list)
    for_me_count: int = 0
    drafts_count: int = 0
    others_count: int = 0
    opinions_held: int = 0
    opinions_unanswered: int = 0
    mails_to_decide: int = 0

    @property
    def longest_days(self) -> int:
        """How long the oldest of what waits on others has waited."""
        return max((item.days for item in self.on_others), default=0)


def _days(since: datetime | None, day: date) -> int:
    """Whole days by the city's calendar."""
    return max((day - timezone.localdate(since)).days, 0) if since else 0


Thing = ProjectEntry | Request | ChangeRequest


def _item(kind: str, thing: Thing, day: date, decision: Decision | None = None) -> Item:
    """A thing on a desk under its own code, and the name that readers know it by."""
    named: ProjectEntry | Agency
    if isinstance(thing, Request):
        code, named = thing.agency_id, thing.agency
    elif isinstance(thing, ChangeRequest):
        code, named = str(thing.number), thing.entry
    else:
        code, named = thing.project.code, thing
    return Item(
        kind,
        thing.fiscal_year_be,
        code,
        named.name_th,
        named.name_en,
        thing.agency.name_th,
        thing.agency.name_en,
        thing.agency_id,
        thing.state,
        _days(thing.state_since, day),
        PROCEDURES[kind].waits_for.get(thing.state, ""),
        decision,
        thing.pk,
    )


def may_act(
    person: Person, procedure: str, state: str, agency_code: str, *, took_below: bool = False
) -> bool:
    """Whether some step forward is this person's, who may not approve what they passed below."""
    return any(
        step.from_state == state
        and step.code not in BACKWARD
        and not (step.not_by_earlier and took_below)
        and may(person, f"{procedure}.{step.code}", state=state, agency_code=agency_code)
        for step in PROCEDURES[procedure].steps
    )


def work_of(person: Person, day: date) -> Work:
    """Everything on one person's desk in the years that are not yet being spent, and changes of any."""
    work = Work()
    _place_entries(work, person, day)
    _place_requests(work, person, day)
    _place_changes(work, person, day)
    work.for_me_count, work.others_count = len(work.waiting_for_me), len(work.on_others)
    work.drafts_count = len(work.drafts)
    for name in ("waiting_for_me", "on_others", "drafts"):
        listed = sorted(getattr(work, name), key=lambda item: -item.days)
        setattr(work, name, listed[:MOST])
    work.waiting_for_me = _marked(work.waiting_for_me)
    work.closing = closing_soon(person, day, SOON)
    if may_use_desk(person):
        work.opinions_held = held_at_desk(person).count()
        work.opinions_unanswered = unanswered_at_desk(person).count()
    if ADMIN in person.roles:
        counts = counts_by_state()
        work.mails_to_decide = sum(counts.get(state, 0) for state in FOR_THE_ADMINISTRATOR)
    return work


def _place_entries(work: Work, person: Person, day: date) -> None:
    entries = list(
        ProjectEntry.objects.visible_to(person)
        .filter(fiscal_year_be__gt=FiscalYear.containing(day).year_be)
        .exclude(state="in_plan")
        .select_related("project", "agency")
        .defer("rationale", "objectives", "method", "place_text")
        .order_by("state_since", "pk")
    )
    sent_back = [e.pk for e in entries if e.state in ("returned", REJECTED)]
    decisions = latest_decisions(PROJECT, sent_back)
    below = steps_below(PROJECT, person.user_id, [e.pk for e in entries])
    for entry in entries:
        item = _item(PROJECT, entry, day, decisions.get(entry.pk))
        _place(work, item, person, took_below=entry.pk in below)


def _place_requests(work: Work, person: Person, day: date) -> None:
    requests = list(
        Request.objects.visible_to(person)
        .filter(fiscal_year_be__gt=FiscalYear.containing(day).year_be)
        .exclude(state="ordinance")
        .select_related("agency")
        .order_by("state_since", "pk")
    )
    below = steps_below(REQUEST, person.user_id, [r.pk for r in requests])
    for request in requests:
        _place(work, _item(REQUEST, request, day), person, took_below=request.pk in below)


def _place_changes(work: Work, person: Person, day: date) -> None:
    """Change requests; a draft with something proposed and a reason lies with the agency's head."""
    changes = list(
        visible_changes(person)
        .filter(state__in=PROCEDURES[CHANGE].waits_for)
        .defer("base", "entry__rationale", "entry__objectives", "entry__method")
    )
    decisions = latest_decisions(CHANGE, [change.pk for change in changes])
    for change in changes:
        item = _item(CHANGE, change, day, decisions.get(change.pk))
        if change.state != "draft":
            _place(work, item, person, took_below=False)
        elif person.holding_for(PLANNER, change.agency_id) is not None:
            returned = item.decision is not None and item.decision.step == RETURN
            (work.to_fix if returned else work.drafts).append(item)
        elif not (change.proposed and change.why.strip()):
            work.on_others.append(replace(item, waits_for=PLANNER))
        elif change.author_id != person.user_id:
            _place_ready(work, item, person)


def _place_ready(work: Work, item: Item, person: Person) -> None:
    mine = may_act(person, CHANGE, item.state, item.agency_code)
    (work.waiting_for_me if mine else work.on_others).append(item)


def _marked(items: list[Item]) -> list[Item]:
    """Projects with the mark of what is seen, so that they can be ticked, and what came in late."""
    marks = newest_changes(PROJECT, [i.subject_id for i in items if i.kind == PROJECT])
    late = late_work(items)
    return [
        replace(
            item,
            mark=marks.get(item.subject_id, 0) if item.kind == PROJECT else 0,
            is_late=(item.kind, item.subject_id) in late,
        )
        for item in items
    ]


def late_work(items: list[Item]) -> set[tuple[str, int]]:
    """(kind, id) of what was submitted after its window had closed."""
    by_year: dict[tuple[str, int], dict[int, str]] = {}
    for item in items:
        if item.kind not in WINDOW_STEPS:
            continue
        by_year.setdefault((item.kind, item.year), {})[item.subject_id] = item.agency_code
    return {
        (kind, pk)
        for (kind, year), agencies in by_year.items()
        for pk in late_subjects(kind, year, agencies)
    }


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
    elif may_act(person, item.kind, item.state, item.agency_code, took_below=took_below):
        work.waiting_for_me.append(item)
    elif item.state == "open" and writes:
        work.drafts.append(item)
    else:
        work.on_others.append(item)

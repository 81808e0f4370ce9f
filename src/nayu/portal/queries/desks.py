"""What my work shows beside the work itself: ceilings, decisions just taken, empty posts, jobs."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from nayu.agencies.domain import (
    ADMIN,
    AGENCY_ROLES,
    AUDITOR,
    EXECUTIVE,
    PARTNER,
    Person,
)
from nayu.agencies.models import Appointment, Post
from nayu.approvals.domain import PROJECT, REQUEST
from nayu.approvals.models import Decision
from nayu.budget.domain import Use
from nayu.budget.models import ExpenditureType, Request
from nayu.budget.queries import uses
from nayu.consultation.domain import PARTNER_BODY, PUBLISHED
from nayu.consultation.models import Opinion
from nayu.consultation.queries import Round, rounds, with_parts
from nayu.core.fiscal_year import FiscalYear
from nayu.jobs.domain import FAILED
from nayu.jobs.models import Job
from nayu.notices.queries.telling import unread_count
from nayu.notices.queries.work import Work, work_of
from nayu.projects.models import ProjectEntry

OVERSEERS = frozenset({AUDITOR, EXECUTIVE})
LATEST = 12
RECENT = timedelta(days=30)
ENDS_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision just taken, with the thing it was about; posts only."""

    decision: Decision
    kind: str
    year: int
    code: str
    name_th: str
    name_en: str


@dataclass
class Desk:
    """Everything of one person's page of work."""

    work: Work
    unread: int = 0
    ceilings: list[tuple[int, list[tuple[str, Use]]]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    answered: list[Opinion] = field(default_factory=list)
    empty_posts: list[Post] = field(default_factory=list)
    empty_posts_count: int = 0
    ending_soon: list[Appointment] = field(default_factory=list)
    failed_jobs: list[Job] = field(default_factory=list)


def desk_of(person: Person, day: date) -> Desk:
    """What is due, waits and happened, by the posts held; the number of queries is constant."""
    desk = Desk(work_of(person, day), unread_count(person))
    desk.ceilings = _ceilings(person, FiscalYear.containing(day).year_be)
    if OVERSEERS & person.roles:
        desk.taken = latest_taken(person, day)
    if PARTNER in person.roles:
        desk.rounds = rounds(day)
        desk.answered = _answered_to_partners()
    if ADMIN in person.roles:
        _for_the_administrator(desk, day)
    return desk


def latest_taken(person: Person, day: date) -> list[Taken]:
    """The newest decisions of the last month on things this person may see, newest first."""
    seen = {
        PROJECT: ProjectEntry.objects.visible_to(person).filter(pk=OuterRef("subject_id")),
        REQUEST: Request.objects.visible_to(person).filter(pk=OuterRef("subject_id")),
    }
    found: list[Decision] = []
    for procedure, things in seen.items():
        newest = Decision.objects.filter(
            Exists(things), procedure=procedure, at__date__gte=day - RECENT
        )
        found += newest.order_by("-pk")[:LATEST]
    found.sort(key=lambda decision: (decision.at, decision.pk), reverse=True)
    return _with_things(found[:LATEST])


def _with_things(decisions: list[Decision]) -> list[Taken]:
    entries = ProjectEntry.objects.select_related("project").in_bulk(
        [d.subject_id for d in decisions if d.procedure == PROJECT]
    )
    requests = Request.objects.select_related("agency").in_bulk(
        [d.subject_id for d in decisions if d.procedure == REQUEST]
    )
    found = []
    for decision in decisions:
        if decision.procedure == PROJECT:
            entry = entries[decision.subject_id]
            code, year = entry.project.code, entry.fiscal_year_be
            names = (entry.name_th, entry.name_en)
        else:
            request = requests[decision.subject_id]
            code, year = request.agency_id, request.fiscal_year_be
            names = (request.agency.name_th, request.agency.name_en)
        found.append(Taken(decision, decision.procedure, year, code, *names))
    return found


def _answered_to_partners() -> list[Opinion]:
    """Opinions of partner bodies that the city answered, the newest answer first."""
    found = Opinion.objects.filter(author_kind=PARTNER_BODY, state=PUBLISHED, answer__isnull=False)
    return list(with_parts(found).order_by("-answer__at")[:LATEST])


def _for_the_administrator(desk: Desk, day: date) -> None:
    """Where work would wait for nobody, and what the machine could not do."""
    empty = Post.objects.filter(
        ~Exists(Appointment.in_force(day).filter(post=OuterRef("pk")))
    ).select_related("agency")
    desk.empty_posts_count = empty.count()
    desk.empty_posts = list(empty.order_by("code")[:LATEST])
    desk.ending_soon = list(
        Appointment.in_force(day)
        .filter(last_day__lte=day + ENDS_WITHIN)
        .order_by("last_day", "post__code")[:LATEST]
    )
    desk.failed_jobs = list(Job.objects.filter(state=FAILED).order_by("-finished_at")[:LATEST])


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

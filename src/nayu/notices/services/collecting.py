"""Taking note of changes of state: each once, with the notices of all who are told, or not at all.

A change is looked for among the rows that deeds leave behind and that have no `Change` yet. There
is no cursor by id: on PostgreSQL a row with a smaller id may be committed later.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from nayu.agencies.domain import HEAD, PLANNER, STRATEGIST
from nayu.approvals.domain import CHANGE, PROJECT, REQUEST
from nayu.approvals.models import Decision
from nayu.budget.models import Request
from nayu.consultation import domain as opinions
from nayu.consultation.models import Answer, Opinion
from nayu.consultation.queries import agency_code_of
from nayu.notices.domain import (
    ANSWERED,
    CLOSING,
    CONSULTATION_ENDS,
    DECISION,
    HELD,
    OPENED,
    OPINIONS,
    PUBLISHED,
    RECENT,
    VERY_SOON,
    WAITING,
)
from nayu.notices.models import Change, Notice
from nayu.notices.queries.closing import closings
from nayu.notices.queries.recipients import (
    Kinds,
    holders,
    told_of_closing,
    told_of_decision,
    told_of_opinion,
)
from nayu.projects.models import ProjectEntry
from nayu.publication.models import ChangeRequest

MOST_AT_ONCE = 500  # the rest follows at the next turn
# No deed stays open while so many others are decided: older rows need not be looked at again.
LATE_COMMITS = 10_000


# What steps are taken on, by procedure; each has a state, an agency, and may have an author.
THINGS: Mapping[str, type[ProjectEntry | Request | ChangeRequest]] = {
    PROJECT: ProjectEntry, REQUEST: Request, CHANGE: ChangeRequest,
}  # fmt: skip


def collect(*, at: datetime) -> int:
    """Take note of what changed lately; answers how many changes. `at` is the city's moment.

    Doing it again, or in several workers at once, adds nothing: a change has one row.
    """
    return _decisions(at) + _opened_requests(at) + _opinions(at) + _answers(at) + _closings(at)


def note(change: Change, told: Mapping[int, str]) -> bool:
    """Write a change with its notices, unless it is written; `told` gives kinds by user id."""
    created_at = timezone.now()
    try:
        with transaction.atomic():
            change.save(force_insert=True)
            Notice.objects.bulk_create(
                Notice(change=change, recipient_id=pk, kind=kind, created_at=created_at)
                for pk, kind in sorted(told.items())
            )
    except IntegrityError:
        if _is_noted(change):  # another worker was faster
            return False
        raise
    return True


def _is_noted(change: Change) -> bool:
    return Change.objects.filter(
        source=change.source, source_id=change.source_id, fiscal_year_be=change.fiscal_year_be
    ).exists()


def _without_change(rows: QuerySet, source: str, *, floor: bool = False) -> QuerySet:
    """Rows that no change was noted of, oldest first."""
    noted = Change.objects.filter(source=source)
    if floor:
        newest = noted.aggregate(newest=Max("source_id"))["newest"] or 0
        rows = rows.filter(pk__gt=newest - LATE_COMMITS)
    found = rows.filter(~Exists(noted.filter(source_id=OuterRef("pk")))).order_by("pk")
    return found[:MOST_AT_ONCE]


def _decisions(at: datetime) -> int:
    recent = Decision.objects.filter(at__gte=at - RECENT, procedure__in=tuple(THINGS))
    new = list(_without_change(recent, DECISION, floor=True))
    things = {
        procedure: model._default_manager.in_bulk(
            [d.subject_id for d in new if d.procedure == procedure]
        )
        for procedure, model in THINGS.items()
    }
    noted = 0
    for decision in new:
        thing = things[decision.procedure].get(decision.subject_id)
        told: Kinds = {}
        if thing is not None:
            told = told_of_decision(
                decision,
                state=thing.state,
                agency_code=thing.agency_id,
                author_id=getattr(thing, "author_id", None),
                day=at.date(),
            )
        change = Change(
            source=DECISION, source_id=decision.pk, about=decision.procedure,
            about_id=decision.subject_id, state=decision.to_state, at=decision.at,
        )  # fmt: skip
        noted += note(change, told)
    return noted


def _opened_requests(at: datetime) -> int:
    """A request begins without a decision: its own row says since when."""
    recent = Request.objects.filter(state="open", state_since__gte=at - RECENT)
    returned = Decision.objects.filter(procedure=REQUEST, subject_id=OuterRef("pk"))
    noted = 0
    for request in _without_change(recent.filter(~Exists(returned)), OPENED):
        people = holders(at.date(), roles=[HEAD], agency_code=request.agency_id)
        change = Change(
            source=OPENED, source_id=request.pk, about=REQUEST, about_id=request.pk,
            state=request.state, at=request.state_since,
        )  # fmt: skip
        noted += note(change, dict.fromkeys(people, WAITING))
    return noted


def _opinions(at: datetime) -> int:
    """New opinions wait to be answered, or to be looked at; each state is told once."""
    noted = 0
    for source, state in ((HELD, opinions.HELD), (PUBLISHED, opinions.PUBLISHED)):
        recent = Opinion.objects.filter(state=state, created_at__gte=at - RECENT).select_related(
            "frozen"
        )
        if source == PUBLISHED:
            recent = recent.filter(answer=None)
        for opinion in _without_change(recent.defer("frozen__sheet"), source):
            agency = agency_code_of(opinion)
            told = told_of_opinion(
                "opinion.moderate" if source == HELD else "opinion.answer",
                agency_code=agency,
                actor_id=None,
                roles=[PLANNER] if source == PUBLISHED and agency else [STRATEGIST],
                day=at.date(),
            )
            change = Change(
                source=source, source_id=opinion.pk, about="opinion", about_id=opinion.pk,
                state=state, at=opinion.created_at,
            )  # fmt: skip
            noted += note(change, dict.fromkeys(told, OPINIONS))
    return noted


def _answers(at: datetime) -> int:
    """The city's answer is told to the planners on whose project the opinion was."""
    recent = Answer.objects.filter(at__gte=at - RECENT).select_related("opinion__frozen")
    noted = 0
    for answer in _without_change(recent.defer("opinion__frozen__sheet"), ANSWERED):
        agency = agency_code_of(answer.opinion)
        told: set[int] = set()
        if agency:
            told = told_of_opinion(
                "opinion.answer", agency_code=agency, actor_id=answer.answered_by_id,
                roles=[PLANNER], day=at.date(),
            )  # fmt: skip
        change = Change(
            source=ANSWERED, source_id=answer.pk, about="opinion", about_id=answer.opinion_id,
            state=answer.outcome, at=answer.at,
        )  # fmt: skip
        noted += note(change, dict.fromkeys(told, OPINIONS))
    return noted


def _closings(at: datetime) -> int:
    """What ends within a week is told once, to everybody whom it concerns."""
    noted = 0
    for closing in closings(at.date(), VERY_SOON):
        about = "consultation" if closing.source == CONSULTATION_ENDS else "plan"
        change = Change(
            source=closing.source, source_id=closing.source_id,
            fiscal_year_be=closing.fiscal_year_be, about=about, about_id=closing.source_id, at=at,
        )  # fmt: skip
        if not _is_noted(change):
            noted += note(change, dict.fromkeys(told_of_closing(closing, at.date()), CLOSING))
    return noted

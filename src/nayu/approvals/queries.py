"""Reading decisions."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from nayu.agencies.domain import Person
from nayu.approvals.domain import WINDOW_STEPS
from nayu.approvals.models import Comment, Decision, Reviewer, Window, WindowException
from nayu.audit.models import Event
from nayu.audit.queries import events_of

# Deeds that change what is decided on; steps, comments and reviewers leave it as it is.
CONTENT_VERBS = ("project.edit", "line.add", "line.change", "line.remove")


def decisions_of(procedure: str, subject_id: int) -> QuerySet[Decision]:
    """Steps taken on one thing, oldest first."""
    return Decision.objects.filter(procedure=procedure, subject_id=subject_id).order_by("id")


def latest_decisions(procedure: str, subject_ids: list[int]) -> dict[int, Decision]:
    """The newest step of each thing, in one query."""
    newest: dict[int, Decision] = {}
    for decision in Decision.objects.filter(
        procedure=procedure, subject_id__in=subject_ids
    ).order_by("id"):
        newest[decision.subject_id] = decision
    return newest


def steps_below(
    procedure: str, user_id: int | None, subject_ids: Iterable[int]
) -> dict[int, Decision]:
    """Of things in one procedure, those in whose present round this person took a step, with it.

    A round begins with a submission; a return is no approval. One query for any number of things.
    """
    submitted_later = Decision.objects.filter(
        procedure=procedure,
        subject_id=OuterRef("subject_id"),
        step="submit",
        id__gt=OuterRef("id"),
    )
    found = Decision.objects.filter(
        ~Exists(submitted_later),
        procedure=procedure,
        actor_id=user_id,
        subject_id__in=list(subject_ids),
    ).exclude(step="return")
    return {decision.subject_id: decision for decision in found.order_by("id")}


def took_below(procedure: str, subject_id: int) -> frozenset[int]:
    """Who took a step on the thing since it was last submitted, the submission included."""
    steps = decisions_of(procedure, subject_id)
    begun = steps.filter(step="submit").aggregate(newest=Max("id"))["newest"] or 0
    taken = steps.filter(id__gte=begun).exclude(step="return")
    return frozenset(taken.values_list("actor_id", flat=True))


def content_changes(kind: str, subject_id: int | str) -> QuerySet[Event]:
    """Deeds that changed what a thing says or costs, oldest first."""
    return events_of(kind, subject_id).filter(verb__in=CONTENT_VERBS).order_by("id")


def newest_change(changes: QuerySet[Event]) -> int:
    """The mark of what a reader saw: the id of the newest change, 0 before the first.

    Changes of one thing are written under its lock, so a larger id is a later change.
    """
    return changes.aggregate(newest=Max("id"))["newest"] or 0


def threads_of(procedure: str, subject_id: int) -> list[Comment]:
    """Threads on one thing, open ones first, then by time; answers come with them."""
    found = (
        Comment.objects.filter(procedure=procedure, subject_id=subject_id, thread=None)
        .select_related("decision")
        .prefetch_related(Prefetch("answers", Comment.objects.order_by("id")))
        .order_by("id")
    )
    return sorted(found, key=lambda thread: thread.is_resolved)


def open_comment_counts(procedure: str, subject_ids: Iterable[int]) -> dict[int, int]:
    """How many threads on each thing are not resolved."""
    rows = (
        Comment.objects.filter(
            procedure=procedure, subject_id__in=list(subject_ids), thread=None, resolved_at=None
        )
        .values_list("subject_id")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def newest_changes(kind: str, subject_ids: Iterable[int]) -> dict[int, int]:
    """The mark of each thing in one query; see `newest_change`."""
    rows = (
        Event.objects.filter(
            subject_kind=kind,
            subject_id__in=[str(pk) for pk in subject_ids],
            verb__in=CONTENT_VERBS,
        )
        .values_list("subject_id")
        .annotate(newest=Max("id"))
    )
    return {int(pk): newest for pk, newest in rows}


# --- Reviewers ----------------------------------------------------------------------------------


def reviewers_of(
    procedure: str, subject_id: int, person: Person, roles: set[str]
) -> list[Reviewer]:
    """Reviewers of the desks that this person sits at or was asked by; others stay unknown.

    `roles` are the desks whose own the person is here. Notes are never for anybody else.
    """
    found = list(
        Reviewer.objects.filter(procedure=procedure, subject_id=subject_id, delegated_to=None)
        .select_related("user")
        .order_by("id")
    )
    asked_by = {one.desk for one in found if one.user_id == person.user_id}
    return [one for one in found if one.desk in roles | asked_by]


# --- Windows ------------------------------------------------------------------------------------


def window_of(procedure: str, step: str, fiscal_year_be: int, agency_code: str) -> Window | None:
    """The agency's own window, else the city's, else None: then the step is open."""
    return (
        Window.objects.filter(
            procedure=procedure, step=step, fiscal_year_be=fiscal_year_be,
            agency_code__in=["", agency_code],
        )
        .order_by("-agency_code")
        .first()
    )  # fmt: skip


def exception_until(
    procedure: str, step: str, fiscal_year_be: int, agency_code: str
) -> date | None:
    """The last day of the agency's longest exception."""
    found = WindowException.objects.filter(
        procedure=procedure, step=step, fiscal_year_be=fiscal_year_be, agency_code=agency_code
    )
    return found.order_by("-until").values_list("until", flat=True).first()


def late_subjects(
    procedure: str, fiscal_year_be: int, agencies: Mapping[int, str]
) -> frozenset[int]:
    """Of things (id → agency code), those last submitted after their window closed."""
    step = WINDOW_STEPS[procedure]
    closing = dict(
        Window.objects.filter(
            procedure=procedure, step=step, fiscal_year_be=fiscal_year_be
        ).values_list("agency_code", "closes_on")
    )
    if not closing:
        return frozenset()
    rows = (
        Decision.objects.filter(procedure=procedure, step=step, subject_id__in=list(agencies))
        .order_by("id")
        .values_list("subject_id", "at")
    )
    sent = {pk: timezone.localtime(at).date() for pk, at in rows}
    late = set()
    for pk, day in sent.items():
        closes = closing.get(agencies[pk]) or closing.get("")
        if closes and day > closes:
            late.add(pk)
    return frozenset(late)

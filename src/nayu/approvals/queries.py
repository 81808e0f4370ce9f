"""Reading decisions."""

from django.db.models import Max, QuerySet

from nayu.approvals.models import Decision
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


def content_changes(kind: str, subject_id: int | str) -> QuerySet[Event]:
    """Deeds that changed what a thing says or costs, oldest first."""
    return events_of(kind, subject_id).filter(verb__in=CONTENT_VERBS).order_by("id")


def newest_change(changes: QuerySet[Event]) -> int:
    """The mark of what a reader saw: the id of the newest change, 0 before the first.

    Changes of one thing are written under its lock, so a larger id is a later change.
    """
    return changes.aggregate(newest=Max("id"))["newest"] or 0

"""Reading decisions."""

from django.db.models import QuerySet

from nayu.approvals.models import Decision


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

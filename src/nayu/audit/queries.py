"""Reading the record."""

from django.db.models import QuerySet

from nayu.audit.models import Event


def events_of(kind: str, subject_id: str | int) -> QuerySet[Event]:
    """Events of one thing, newest first."""
    return Event.objects.filter(subject_kind=kind, subject_id=str(subject_id)).order_by("-id")

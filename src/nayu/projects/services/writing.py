"""Saving while somebody types: merged with what others saved, nothing overwritten unseen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from nayu.agencies.domain import Person
from nayu.projects.models import ProjectEntry, Unfinished
from nayu.projects.services.entries import EntryInput, ensure_editable, locked, write_into

MOST_UNFINISHED = 400  # more fields than a form has


@dataclass(frozen=True, slots=True)
class Writing:
    """What a save comes to: `given` goes into the entry, `unfinished` is kept for the writer alone.

    `unfinished` is (base, text) by field; `settled` are fields whose unfinished text is done with.
    """

    given: EntryInput | None = None
    unfinished: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()


@transaction.atomic
def write(
    entry_id: int, decide: Callable[[ProjectEntry], Writing], *, actor: Person, at: datetime
) -> ProjectEntry:
    """Lock the entry, let `decide` see it as it stands now, and write what that comes to.

    Raises NotVisible, NotPermitted, and what writing an entry raises; then nothing is written.
    """
    entry = locked(entry_id)
    ensure_editable(entry, actor)
    writing = decide(entry)
    if writing.given is not None:
        write_into(entry, writing.given, actor=actor, at=at)
    writer = actor.user_id
    assert writer is not None  # somebody who may edit is somebody
    if writing.settled:
        unfinished_of(entry.pk, actor).filter(name__in=writing.settled).delete()
    if writing.unfinished:
        Unfinished.objects.bulk_create(
            [
                Unfinished(entry=entry, user_id=writer, name=name, base=base, text=text, at=at)
                for name, (base, text) in list(writing.unfinished.items())[:MOST_UNFINISHED]
            ],
            update_conflicts=True,
            unique_fields=["entry", "user", "name"],
            update_fields=["base", "text", "at"],
        )
    return entry


def unfinished_of(entry_id: int, actor: Person) -> QuerySet[Unfinished]:
    """The fields that this person typed and that cannot stand in the entry yet."""
    return Unfinished.objects.filter(entry_id=entry_id, user_id=actor.user_id or 0)

"""Reading the record: of one thing, of all, and as lines that anybody can check."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet

from nayu.audit.domain import (
    ALARM_AFTER,
    BEGINNING,
    FORMAT,
    TEXTS,
    digest_of,
    moment,
    person_hash,
)
from nayu.audit.models import Event, PersonSalt, Seal, SealedEvent

PLAIN = (
    "post_code", "post_title_th", "post_title_en", "verb", "subject_kind", "subject_id",
    "agency_code", "fiscal_year_be",
)  # fmt: skip
SALT_LENGTH = 32
CHUNK = 2000
CITY = ZoneInfo("Asia/Bangkok")


def events_of(kind: str, subject_id: str | int) -> QuerySet[Event]:
    """Events of one thing, newest first."""
    return Event.objects.filter(subject_kind=kind, subject_id=str(subject_id)).order_by("-id")


def newest_of(kind: str, subject_ids: Iterable[str]) -> dict[str, int]:
    """The newest event's id of each of these things that has any."""
    rows = Event.objects.filter(subject_kind=kind, subject_id__in=list(subject_ids)).order_by()
    return dict(rows.values_list("subject_id").annotate(newest=Max("id")))


def events_found(
    *, agency_code: str = "", verb: str = "", day: date | None = None
) -> QuerySet[Event]:
    """Events, newest first. `day` is a day of the city."""
    found = Event.objects.select_related("seal").order_by("-id")
    if agency_code:
        found = found.filter(agency_code=agency_code)
    if verb:
        found = found.filter(verb=verb)
    if day:
        start = datetime.combine(day, time(), CITY)
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return found


def verbs() -> list[str]:
    return list(Event.objects.order_by("verb").values_list("verb", flat=True).distinct())


# --- The chain ----------------------------------------------------------------------------------


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def current_head() -> tuple[int, str]:
    """(number of sealed events, the hash of the last)."""
    seal = last_seal()
    return (seal.last_sequence, seal.head) if seal else (0, BEGINNING)


def seals() -> QuerySet[Seal]:
    """Batches, newest first."""
    return Seal.objects.order_by("-number")


def daily_heads(day: date) -> list[tuple[date, Seal]]:
    """The last seal of each completed day before `day`, oldest first."""
    found = [
        (seal.last_of_day, seal)
        for seal in Seal.objects.filter(last_of_day__lt=day).order_by("number")
        if seal.last_of_day
    ]
    last = last_seal()
    if last and last.last_of_day is None and day_of(last.sealed_at) < day:
        found.append((day_of(last.sealed_at), last))
    return found


def seals_with(heads: list[str]) -> dict[str, Seal]:
    return {seal.head: seal for seal in Seal.objects.filter(head__in=heads)}


def day_of(at: datetime) -> date:
    """The city's day of a moment."""
    return at.astimezone(CITY).date()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Events that no seal holds yet; `since` is when the database wrote the oldest."""

    count: int
    since: datetime | None
    late: int
    is_alarm: bool


def unsealed_since(at: datetime) -> Waiting:
    """What waits for the sealer at a moment of the machine's clock, and whether it is too long."""
    limit = at - ALARM_AFTER
    found = Event.objects.filter(sealed=False).aggregate(
        count=Count("pk"), since=Min("written_at"), late=Count("pk", filter=Q(written_at__lt=limit))
    )
    return Waiting(found["count"], found["since"], found["late"], found["late"] > 0)


def strays() -> int:
    """Events that call themselves sealed and stand in no seal: somebody slipped them in."""
    return Event.objects.filter(sealed=True, seal=None).count()


# --- As lines -----------------------------------------------------------------------------------


def columns_of(event: Event, sequence: int, person: str, texts: dict[str, Any]) -> dict[str, Any]:
    """An event as it is digested and exported; `person` is a salted hash or empty."""
    return {
        "sequence": sequence,
        "event": event.pk,
        "at": moment(event.at),
        "written_at": moment(event.written_at),
        "person": person or None,
        **{name: getattr(event, name) for name in PLAIN},
        **texts,
    }


def texts_of(
    event: Event, salts: str, withheld: dict[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """Free texts with their salts; what was withheld by its commitment only."""
    return {
        name: {"withheld": withheld[name]}
        if withheld and name in withheld
        else {
            "salt": salts[place * SALT_LENGTH : (place + 1) * SALT_LENGTH],
            "value": getattr(event, name),
        }
        for place, name in enumerate(TEXTS)
    }


def exported(fiscal_year_be: int | None = None) -> Iterator[dict[str, Any]]:
    """The sealed record as JSON values: a header, then every event in order.

    With a fiscal year, events of others are (sequence, digest) only: enough to check the chain.
    The values are read from the events as they are now; nothing is copied from when they were
    sealed but the hashes, so that whatever was changed since shows.
    """
    count, head = current_head()
    yield {"record": FORMAT, "events": count, "head": head, "fiscal_year_be": fiscal_year_be}
    previous = BEGINNING
    for first in range(1, count + 1, CHUNK):
        events = list(
            Event.objects.filter(
                seal__sequence__gte=first, seal__sequence__lt=min(first + CHUNK, count + 1)
            )
            .select_related("seal")
            .order_by("seal__sequence")
        )
        # After the events: a salt that is gone by now was erased with the actor's name.
        salts = salts_of({event.actor_id for event in events if event.actor_id})
        known = _people_known(events)
        for event in events:
            yield _line(event, event.seal, previous, salts, known, fiscal_year_be)
            previous = event.seal.hash


def _line(
    event: Event, seal: SealedEvent, previous: str, salts: dict[int, bytes], known: set[str],
    fiscal_year_be: int | None,
) -> dict[str, Any]:  # fmt: skip
    person = seal.person
    if event.actor_id in salts:
        assert event.actor_id is not None
        person = person_hash(salts[event.actor_id], event.actor_id)
    elif event.actor_id is None and person in known:
        person = ""  # somebody took the name out without forgetting the person
    columns = columns_of(
        event, seal.sequence, person, texts_of(event, seal.text_salts, seal.withheld)
    )
    links = {"previous": previous, "hash": seal.hash}
    if fiscal_year_be is not None and event.fiscal_year_be != fiscal_year_be:
        return {"sequence": seal.sequence, "digest": digest_of(columns), **links}
    return {**columns, **links}


def salts_of(user_ids: set[int]) -> dict[int, bytes]:
    found = PersonSalt.objects.filter(pk__in=user_ids).values_list("pk", "salt")
    return {pk: bytes.fromhex(salt) for pk, salt in found}


def _people_known(events: list[Event]) -> set[str]:
    """Hashes that a salt still answers for; asked only where an actor is missing."""
    if not any(event.actor_id is None and event.seal.person for event in events):
        return set()
    rows = PersonSalt.objects.values_list("pk", "salt")
    return {person_hash(bytes.fromhex(salt), pk) for pk, salt in rows}

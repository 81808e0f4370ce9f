"""Writing the record, closing it into the chain, and taking a person out of it."""

import json
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from nayu.accounts.models import User
from nayu.agencies.domain import Holding, Person
from nayu.audit.domain import (
    BEGINNING,
    TEXTS,
    NoSuchPerson,
    commitment,
    digest_of,
    link,
    person_hash,
)
from nayu.audit.models import Event, PersonSalt, Seal, SealedEvent, SealingLock
from nayu.audit.queries import (
    SALT_LENGTH,
    columns_of,
    current_head,
    day_of,
    last_seal,
    salts_of,
    texts_of,
)

# As many as SQLite, where all writers wait for one another, writes in well under 0.2 seconds.
BATCH = 500


def record(
    verb: str,
    *,
    subject: tuple[str, str, str],
    actor: Person,
    at: datetime,
    holding: Holding | None = None,
    agency_code: str = "",
    fiscal_year_be: int | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> Event:
    """One event, inside the caller's transaction. `subject` is (kind, id, label)."""
    kind, subject_id, label = subject
    return Event.objects.create(
        at=at,
        actor_id=actor.user_id,
        post_code=holding.post_code if holding else "",
        post_title_th=holding.title_th if holding else "",
        post_title_en=holding.title_en if holding else "",
        verb=verb,
        subject_kind=kind,
        subject_id=str(subject_id),
        subject_label=label[:400],
        agency_code=agency_code,
        fiscal_year_be=fiscal_year_be,
        reason=reason,
        facts=facts or {},
    )


# --- Sealing ------------------------------------------------------------------------------------


def seal_all(*, at: datetime) -> tuple[int, str]:
    """Seal whatever is committed, batch by batch; answers (events sealed now, head).

    Safe to call from anywhere and at once: sealers wait for each other, writers for none of them
    (on SQLite for one short batch).
    """
    done = 0
    while Event.objects.filter(sealed=False, seal=None).exists():
        made = seal(at=at)
        if made is None:
            break
        done += made.last_sequence - made.first_sequence + 1
    return done, current_head()[1]


@transaction.atomic
def seal(*, at: datetime, limit: int = BATCH) -> Seal | None:
    """Close one batch of committed events; None if there is none.

    The order is the one in which a sealer sees events committed: within a batch by key, batches
    one after another. An event whose transaction ends later has a later place, whatever its key.
    """
    SealingLock.objects.select_for_update().get_or_create(pk=1)
    events = list(Event.objects.filter(sealed=False, seal=None).order_by("pk")[:limit])
    if not events:
        return None
    last = last_seal()
    sequence, head = (last.last_sequence, last.head) if last else (0, BEGINNING)
    sealed = _chained(events, sequence, head)
    SealedEvent.objects.bulk_create(sealed, batch_size=1000)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(sealed=True)
    if last and last.last_of_day is None and day_of(last.sealed_at) < day_of(at):
        Seal.objects.filter(pk=last.pk).update(last_of_day=day_of(last.sealed_at))
    return Seal.objects.create(
        number=last.number + 1 if last else 1,
        first_sequence=sequence + 1,
        last_sequence=sequence + len(sealed),
        sealed_at=at,
        previous_head=head,
        head=sealed[-1].hash,
    )


def _chained(events: list[Event], sequence: int, head: str) -> list[SealedEvent]:
    salts = _salts_for({event.actor_id for event in events if event.actor_id})
    people = {user_id: person_hash(salt, user_id) for user_id, salt in salts.items()}
    random = secrets.token_hex(len(TEXTS) * SALT_LENGTH // 2 * len(events))
    made = []
    for place, event in enumerate(events):
        width = len(TEXTS) * SALT_LENGTH
        text_salts = random[place * width : (place + 1) * width]
        person = people[event.actor_id] if event.actor_id else ""
        sequence += 1
        columns = columns_of(event, sequence, person, texts_of(event, text_salts))
        head = link(head, digest_of(columns))
        made.append(
            SealedEvent(
                sequence=sequence,
                event_id=event.pk,
                person=person,
                text_salts=text_salts,
                hash=head,
            )
        )
    return made


def _salts_for(user_ids: set[int]) -> dict[int, bytes]:
    """Salts of people, made where somebody has none yet; the caller holds the sealers' lock."""
    found = salts_of(user_ids)
    new = {user_id: secrets.token_bytes(32) for user_id in sorted(user_ids - found.keys())}
    PersonSalt.objects.bulk_create(
        PersonSalt(user_id=user_id, salt=salt.hex()) for user_id, salt in new.items()
    )
    return found | new


# --- Forgetting ---------------------------------------------------------------------------------


@transaction.atomic
def erase_person(user_id: int, *, also: Iterable[str] = (), at: datetime) -> tuple[str, int]:
    """Take a person out of the record: salt, link, name, and texts that hold the name.

    `also` are further words to look for in texts (a nickname, an earlier name). Answers the hash
    that stays and how many events have texts withheld. The caller asks the right and records the
    deed (approvals). The user's row stays without anything that tells who it was.
    Raises NoSuchPerson.
    """
    SealingLock.objects.select_for_update().get_or_create(pk=1)
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NoSuchPerson
    seal_all(at=at)
    salt = PersonSalt.objects.filter(pk=user_id).first()
    stays = person_hash(bytes.fromhex(salt.salt), user_id) if salt else ""
    words = {user.display_name, user.get_full_name(), user.username, user.email, *also}
    withheld = _withhold({word.strip() for word in words if len(word.strip()) > 1})
    Event.objects.filter(actor_id=user_id).update(actor=None)
    if salt:
        salt.delete()
    user.username = f"forgotten-{secrets.token_hex(8)}"
    user.display_name = user.first_name = user.last_name = user.email = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user_id=user_id).delete()
    return stays, withheld


def _withhold(words: set[str]) -> int:
    """Empty the texts that hold a word; their commitments go on standing for them."""
    if not words:
        return 0
    likely = Q()
    for word in words:
        likely |= Q(subject_label__icontains=word) | Q(reason__icontains=word)
        # SQLite keeps JSON with Thai letters escaped.
        for written in {word, json.dumps(word)[1:-1]}:
            likely |= Q(facts_text__icontains=written)
    events = Event.objects.annotate(facts_text=Cast("facts", TextField())).filter(likely)
    held = re.compile("|".join(_pattern(word) for word in sorted(words)), re.IGNORECASE)
    count = 0
    for event in events.select_related("seal").order_by("pk").iterator(chunk_size=1000):
        found = [name for name in TEXTS if _holds(getattr(event, name), held)]
        if found:
            _withhold_texts(event, found)
            count += 1
    return count


def _pattern(word: str) -> str:
    """Thai writes no blanks between words; a Latin word must stand alone."""
    text = re.escape(word)
    return rf"(?<![a-z0-9]){text}(?![a-z0-9])" if word.isascii() else text


def _holds(value: Any, held: re.Pattern[str]) -> bool:
    if isinstance(value, str):
        return held.search(value) is not None
    if isinstance(value, dict):
        return any(_holds(part, held) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_holds(part, held) for part in value)


def _withhold_texts(event: Event, names: list[str]) -> None:
    """With the salt, or the emptied text could be guessed and tried."""
    sealed: SealedEvent = event.seal
    for name in names:
        place = TEXTS.index(name) * SALT_LENGTH
        salt = sealed.text_salts[place : place + SALT_LENGTH]
        sealed.withheld[name] = commitment(salt, getattr(event, name))
        sealed.text_salts = (
            sealed.text_salts[:place] + "0" * SALT_LENGTH + sealed.text_salts[place + SALT_LENGTH :]
        )
        setattr(event, name, {} if name == "facts" else "")
    sealed.save(update_fields=["withheld", "text_salts"])
    event.save(update_fields=names)

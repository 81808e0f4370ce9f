"""Reviewers of a thing: asked by a desk, their notes for that desk alone, done, handed on."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from nayu.agencies.domain import HEAD, Person
from nayu.agencies.models import Appointment
from nayu.agencies.queries import holders, holding_of
from nayu.approvals.domain import NotAReviewer
from nayu.approvals.models import Reviewer
from nayu.approvals.services.subjects import Subject, holding_to
from nayu.audit.services import record
from nayu.core.thai import normalise


def candidates(subject: Subject, desk: str, at: datetime) -> list[Appointment]:
    """Who may review for a desk: posts of its role; for an agency's head, posts of the agency.

    The author never reviews their own.
    """
    day = timezone.localtime(at).date()
    of_agency = desk == HEAD
    found = holders(day, role=desk, agency_code=subject.agency_code if of_agency else None)
    return [one for one in found if one.user_id not in subject.author_ids]


@transaction.atomic
def assign_reviewer(subject: Subject, user_id: int, *, actor: Person, at: datetime) -> Reviewer:
    """The actor's desk asks somebody; asked already, that is the answer.

    Raises NotVisible, NotPermitted, NotAReviewer.
    """
    holding = holding_to("assign", subject, actor)
    asked = _asked(subject, holding.role, user_id, actor, at)
    _tell("reviewer.assign", subject, asked, actor, at)
    return asked


@transaction.atomic
def write_note(
    subject: Subject, note: str, *, is_done: bool, actor: Person, at: datetime
) -> Reviewer:
    """Keep the reviewer's own note, and whether they are done. The record never holds the note.

    Raises NotVisible, NotPermitted, NotAReviewer (not asked, or handed on).
    """
    holding_to("note", subject, actor)
    own = _own(subject, actor)
    own.note = normalise(note, keep_lines=True)
    own.done_at = (own.done_at or at) if is_done else None
    own.save(update_fields=["note", "done_at"])
    _tell("reviewer.done" if is_done else "reviewer.note", subject, own, actor, at)
    return own


@transaction.atomic
def delegate_review(subject: Subject, user_id: int, *, actor: Person, at: datetime) -> Reviewer:
    """Hand one's review to somebody who may review for the same desk; one's note stays one's own."""
    holding_to("note", subject, actor)
    own = _own(subject, actor)
    if user_id == actor.user_id:
        raise NotAReviewer
    other = _asked(subject, own.desk, user_id, actor, at)
    own.delegated_to = other
    own.save(update_fields=["delegated_to"])
    _tell("reviewer.delegate", subject, other, actor, at)
    return other


def _own(subject: Subject, actor: Person) -> Reviewer:
    assert actor.user_id is not None  # a right is held by somebody signed in
    own = (
        Reviewer.objects.select_for_update(of=("self",))
        .filter(
            procedure=subject.procedure, subject_id=subject.pk, user_id=actor.user_id,
            delegated_to=None,
        )
        .order_by("id")
        .last()
    )  # fmt: skip
    if own is None:
        raise NotAReviewer
    return own


def _asked(subject: Subject, desk: str, user_id: int, actor: Person, at: datetime) -> Reviewer:
    found = next((one for one in candidates(subject, desk, at) if one.user_id == user_id), None)
    if found is None:
        raise NotAReviewer
    assert actor.user_id is not None
    held = holding_of(found)
    asked, _new = Reviewer.objects.get_or_create(
        procedure=subject.procedure,
        subject_id=subject.pk,
        desk=desk,
        user_id=user_id,
        delegated_to=None,
        defaults={
            "post_title_th": held.title_th,
            "post_title_en": held.title_en,
            "asked_by_id": actor.user_id,
            "asked_at": at,
        },
    )
    return asked


def _tell(verb: str, subject: Subject, reviewer: Reviewer, actor: Person, at: datetime) -> None:
    held = next((h for h in actor.holdings if h.role == reviewer.desk), None)
    record(
        verb,
        subject=(subject.procedure, str(subject.pk), subject.label),
        actor=actor,
        at=at,
        holding=held or (actor.holdings[0] if actor.holdings else None),
        agency_code=subject.agency_code,
        fiscal_year_be=subject.fiscal_year_be,
        facts={"reviewer": reviewer.user_id, "desk": reviewer.desk},
    )

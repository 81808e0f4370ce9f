"""Answering a remark: the author's reason, kept with the entry and recorded."""

from datetime import datetime

from django.db import transaction

from nayu.agencies.domain import PLANNER, Person
from nayu.approvals.domain import PROJECT
from nayu.audit.services import record
from nayu.coach.models import Answer
from nayu.coach.queries import entry_remarks
from nayu.core.errors import RuleBroken
from nayu.core.thai import normalise
from nayu.projects.services import ensure_editable
from nayu.projects.services.entries import locked

MOST_LETTERS = 2000


class AnswerMissing(RuleBroken):
    """An answer without a reason tells reviewers nothing."""

    code = "remark_answer_missing"


class AnswerTooLong(RuleBroken):
    code = "remark_answer_too_long"


class RemarkGone(RuleBroken):
    """The text changed since; the remark does not stand any more."""

    code = "remark_gone"


@transaction.atomic
def answer(
    entry_id: int, *, rule: str, field: str, digest: str, reason: str, actor: Person, at: datetime
) -> Answer:
    """Keep the author's reason against a remark that stands now; an earlier one is replaced.

    Raises NotVisible, NotPermitted, AnswerMissing, AnswerTooLong, RemarkGone; then nothing is
    written. The entry itself stays as it is: the coach blocks nothing and writes nothing.
    """
    entry = locked(entry_id)
    ensure_editable(entry, actor)
    said = normalise(reason, keep_lines=True)
    if not said:
        raise AnswerMissing
    if len(said) > MOST_LETTERS:
        raise AnswerTooLong(length=len(said), limit=MOST_LETTERS)
    told = next(
        (
            one
            for one in entry_remarks(entry, actor)
            if (one.remark.code, one.remark.field, one.digest) == (rule, field, digest)
        ),
        None,
    )
    if told is None:
        raise RemarkGone
    writer = actor.user_id
    assert writer is not None  # somebody who may edit is somebody
    holding = actor.holding_for(PLANNER, entry.agency_id)
    kept, _made = Answer.objects.update_or_create(
        entry=entry, rule=rule, field=field, digest=digest,
        defaults={
            "about": told.remark.text, "reason": said, "author_id": writer, "at": at,
            "post_title_th": holding.title_th if holding else "",
            "post_title_en": holding.title_en if holding else "",
        },
    )  # fmt: skip
    record(
        "project.coach_answer",
        subject=(PROJECT, str(entry.pk), f"{entry.project.code} {entry.name_th}"),
        actor=actor, at=at, holding=holding, agency_code=entry.agency_id,
        fiscal_year_be=entry.fiscal_year_be, reason=said, facts={"rule": rule, "field": field},
    )  # fmt: skip
    return kept

"""Comments on a heading or a line: written, answered, resolved or opened again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nayu.agencies.domain import Holding, Person
from nayu.approvals.domain import CommentMissing
from nayu.approvals.models import Comment, Decision
from nayu.approvals.services.subjects import Subject, holding_to
from nayu.audit.services import record
from nayu.core.errors import NotVisible
from nayu.core.thai import normalise

MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Remark:
    """A text on one place: a heading's code, or a line by its id and item; neither is the whole."""

    text: str
    field: str = ""
    line_id: int | None = None
    line_item: str = ""


@transaction.atomic
def write_comment(subject: Subject, remark: Remark, *, actor: Person, at: datetime) -> Comment:
    """A new comment, open. Raises NotVisible, NotPermitted, CommentMissing."""
    holding = holding_to("comment", subject, actor)
    comment = _write(subject, remark, holding, actor, at)
    _tell("comment.write", subject, comment, holding, actor, at)
    return comment


def write_remarks(
    subject: Subject,
    remarks: Iterable[Remark],
    decision: Decision,
    *,
    holding: Holding,
    actor: Person,
    at: datetime,
) -> list[Comment]:
    """The reasons of a return or a rejection, each where it belongs, in the decision's own deed."""
    return [_write(subject, one, holding, actor, at, decision=decision) for one in remarks]


@transaction.atomic
def answer_comment(
    subject: Subject, comment_id: int, text: str, *, actor: Person, at: datetime
) -> Comment:
    """A reply; a reply to a reply joins the same thread. Raises as `write_comment`."""
    holding = holding_to("comment", subject, actor)
    thread = _thread(subject, comment_id)
    place = Remark(text, thread.field, thread.line_id, thread.line_item)
    reply = _write(subject, place, holding, actor, at, thread=thread)
    _tell("comment.reply", subject, reply, holding, actor, at)
    return reply


@transaction.atomic
def settle_comment(
    subject: Subject, comment_id: int, *, is_resolved: bool, actor: Person, at: datetime
) -> Comment:
    """Resolve a thread or open it again; what is so already stays, and nothing is written."""
    holding = holding_to("comment", subject, actor)
    thread = _thread(subject, comment_id)
    if thread.is_resolved == is_resolved:
        return thread
    thread.resolved_at = at if is_resolved else None
    thread.resolved_by_id = actor.user_id if is_resolved else None
    thread.resolved_post_th = holding.title_th if is_resolved else ""
    thread.resolved_post_en = holding.title_en if is_resolved else ""
    thread.save(
        update_fields=["resolved_at", "resolved_by", "resolved_post_th", "resolved_post_en"]
    )
    verb = "comment.resolve" if is_resolved else "comment.reopen"
    _tell(verb, subject, thread, holding, actor, at)
    return thread


def _thread(subject: Subject, comment_id: int) -> Comment:
    """The first comment of the thread, locked; only of this subject."""
    found = Comment.objects.filter(procedure=subject.procedure, subject_id=subject.pk)
    comment = found.select_for_update(of=("self",)).filter(pk=comment_id).first()
    if comment is None:
        raise NotVisible
    if comment.thread_id is None:
        return comment
    return found.select_for_update(of=("self",)).get(pk=comment.thread_id)


def _write(
    subject: Subject,
    remark: Remark,
    holding: Holding,
    actor: Person,
    at: datetime,
    **more: Any,
) -> Comment:
    text = normalise(remark.text, keep_lines=True)[:MOST_CHARACTERS]
    if not text:
        raise CommentMissing
    assert actor.user_id is not None
    place = {"field": remark.field, "line_id": remark.line_id, "thread": more.get("thread")}
    twin = Comment.objects.filter(
        procedure=subject.procedure, subject_id=subject.pk, author_id=actor.user_id, text=text,
        resolved_at=None, **place,
    ).first()  # fmt: skip
    if twin is not None and "decision" not in more:
        return twin  # the same form sent twice
    return Comment.objects.create(
        procedure=subject.procedure,
        subject_id=subject.pk,
        field=remark.field,
        line_id=remark.line_id,
        line_item=remark.line_item[:300],
        text=text,
        author_id=actor.user_id,
        post_code=holding.post_code,
        post_title_th=holding.title_th,
        post_title_en=holding.title_en,
        at=at,
        **more,
    )


def _tell(
    verb: str, subject: Subject, comment: Comment, holding: Holding, actor: Person, at: datetime
) -> None:
    record(
        verb,
        subject=(subject.procedure, str(subject.pk), subject.label),
        actor=actor,
        at=at,
        holding=holding,
        agency_code=subject.agency_code,
        fiscal_year_be=subject.fiscal_year_be,
        facts={"comment": comment.pk, "field": comment.field, "line": comment.line_id},
    )

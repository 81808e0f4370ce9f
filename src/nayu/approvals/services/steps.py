"""Taking a step: the rule is asked, the decision and the event are written together."""

from dataclasses import dataclass
from datetime import date, datetime

from nayu.agencies.domain import Person
from nayu.approvals.domain import (
    PROCEDURES,
    ChangedSince,
    EndorsedBelow,
    MeetingMissing,
    OwnWork,
    ReasonMissing,
    right_of,
)
from nayu.approvals.models import Decision
from nayu.approvals.queries import decisions_of, steps_below
from nayu.approvals.services.comments import Remark, write_remarks
from nayu.approvals.services.subjects import Subject
from nayu.approvals.services.windows import ensure_window_open
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible
from nayu.core.thai import normalise


@dataclass(frozen=True, slots=True)
class Meeting:
    """A committee's meeting: number as written ("2/2568") and its date."""

    number: str = ""
    day: date | None = None

    @property
    def is_complete(self) -> bool:
        return bool(self.number.strip()) and self.day is not None


def decide(
    subject: Subject,
    step_code: str,
    *,
    actor: Person,
    at: datetime,
    reason: str = "",
    meeting: Meeting = Meeting(),
    seen: int | None = None,
    remarks: tuple[Remark, ...] = (),
) -> Decision:
    """Write one decision and its event, in the caller's transaction; answer has the new state.

    `seen` is the mark of the newest change that the actor was shown (None: not asked, as in
    commands). `remarks` are the reasons of a step that needs one, each on its heading or line;
    they stay as open comments. Raises NotVisible, NotPermitted, StepNotAllowed, ChangedSince,
    ReasonMissing, MeetingMissing, WindowClosed, OwnWork, EndorsedBelow; then nothing is written.
    The caller holds the row's lock and saves the new state. A clock set back never puts a step
    before the one it follows: the decision then carries that one's time, and the event tells the
    clock's.
    """
    act = f"{subject.procedure}.{step_code}"
    view = right_of(
        actor, f"{subject.procedure}.view", state=subject.state, agency_code=subject.agency_code
    )
    if view is None:
        raise NotVisible
    step = PROCEDURES[subject.procedure].step(step_code, subject.state)
    right = right_of(actor, act, state=subject.state, agency_code=subject.agency_code)
    if right is None:
        raise NotPermitted(act=act, state=subject.state)
    if seen is not None and seen != subject.newest_change:
        raise ChangedSince(seen=seen)
    reason = normalise(reason, keep_lines=True) or _reason_of(remarks)
    if step.needs_reason and not reason:
        raise ReasonMissing(step=step_code)
    if step.needs_meeting and not meeting.is_complete:
        raise MeetingMissing(step=step_code)
    clock, at = at, max(at, _previous_time(subject, at))
    ensure_window_open(subject, step_code, at)
    if step.not_by_author and actor.user_id in subject.author_ids:
        raise OwnWork(step=step_code)
    if step.not_by_earlier:
        below = steps_below(subject.procedure, actor.user_id, [subject.pk]).get(subject.pk)
        if below is not None:
            raise EndorsedBelow(step=step_code, earlier=below.step)
    holding = actor.holding_for(right.role, subject.agency_code)
    assert holding is not None
    assert actor.user_id is not None
    decision = Decision.objects.create(
        procedure=subject.procedure,
        subject_id=subject.pk,
        step=step_code,
        from_state=step.from_state,
        to_state=step.to_state,
        actor_id=actor.user_id,
        post_code=holding.post_code,
        post_title_th=holding.title_th,
        post_title_en=holding.title_en,
        at=at,
        reason=reason,
        meeting_number=meeting.number.strip(),
        meeting_date=meeting.day,
    )
    if step.needs_reason:
        write_remarks(subject, remarks, decision, holding=holding, actor=actor, at=at)
    record(
        act,
        subject=(subject.procedure, str(subject.pk), subject.label),
        actor=actor,
        at=at,
        holding=holding,
        agency_code=subject.agency_code,
        fiscal_year_be=subject.fiscal_year_be,
        reason=reason,
        facts={
            "from": step.from_state,
            "to": step.to_state,
            "meeting": meeting.number,
            **({"clock": clock.isoformat()} if clock != at else {}),
        },
    )
    return decision


def _reason_of(remarks: tuple[Remark, ...]) -> str:
    """Without a reason for the whole, the reasons on its parts are the reason."""
    return normalise("\n".join(remark.text for remark in remarks), keep_lines=True)


def _previous_time(subject: Subject, at: datetime) -> datetime:
    newest = decisions_of(subject.procedure, subject.pk).last()
    return newest.at if newest else at

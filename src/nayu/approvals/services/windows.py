"""Windows of steps and their exceptions: set, recorded, and asked before a step."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from nayu.agencies.domain import Person
from nayu.approvals.domain import (
    WINDOW_ROLES,
    WINDOW_STEPS,
    WindowClosed,
    WindowWrong,
    may,
)
from nayu.approvals.models import Window, WindowException
from nayu.approvals.queries import exception_until, window_of
from nayu.approvals.services.subjects import Subject
from nayu.audit.services import record
from nayu.core.errors import NotPermitted
from nayu.core.thai import normalise


def ensure_window_open(subject: Subject, step: str, at: datetime) -> None:
    """Raises WindowClosed, with the days and whom to ask; without a window a step is open."""
    if WINDOW_STEPS.get(subject.procedure) != step:
        return
    window = window_of(subject.procedure, step, subject.fiscal_year_be, subject.agency_code)
    if window is None:
        return
    day = timezone.localtime(at).date()
    until = exception_until(subject.procedure, step, subject.fiscal_year_be, subject.agency_code)
    last = max(window.closes_on, until) if until else window.closes_on
    if not window.opens_on <= day <= last:
        raise WindowClosed(
            opens=window.opens_on, closes=last, day=day, ask=WINDOW_ROLES[subject.procedure]
        )


@transaction.atomic
def set_window(
    procedure: str,
    fiscal_year_be: int,
    *,
    opens_on: date | None,
    closes_on: date | None,
    agency_code: str = "",
    actor: Person,
    at: datetime,
) -> Window:
    """Set when submissions of a year are open, for the city or one agency.

    Raises NotPermitted, WindowWrong.
    """
    _ensure_may(procedure, actor)
    if opens_on is None or closes_on is None or opens_on > closes_on:
        raise WindowWrong
    key: dict[str, Any] = {
        "procedure": procedure, "step": WINDOW_STEPS[procedure],
        "fiscal_year_be": fiscal_year_be, "agency_code": agency_code,
    }  # fmt: skip
    before = Window.objects.filter(**key).first()
    window, _new = Window.objects.update_or_create(
        **key, defaults={"opens_on": opens_on, "closes_on": closes_on}
    )
    facts: dict[str, object] = {
        "opens": opens_on.isoformat(), "closes": closes_on.isoformat(),
        "before": [before.opens_on.isoformat(), before.closes_on.isoformat()] if before else None,
    }  # fmt: skip
    _tell("window.set", procedure, fiscal_year_be, agency_code, actor, at, facts=facts)
    return window


@transaction.atomic
def allow_late(
    procedure: str,
    fiscal_year_be: int,
    agency_code: str,
    *,
    until: date | None,
    reason: str,
    allowed_by: str,
    order_number: str = "",
    actor: Person,
    at: datetime,
) -> WindowException:
    """Record that one agency may submit until a day. Raises NotPermitted, WindowWrong."""
    _ensure_may(procedure, actor)
    reason, allowed_by = normalise(reason, keep_lines=True), normalise(allowed_by)[:200]
    if until is None or not agency_code or not reason or not allowed_by:
        raise WindowWrong
    saved = WindowException.objects.create(
        procedure=procedure,
        step=WINDOW_STEPS[procedure],
        fiscal_year_be=fiscal_year_be,
        agency_code=agency_code,
        until=until,
        reason=reason,
        allowed_by=allowed_by,
        order_number=normalise(order_number)[:60],
        at=at,
    )
    facts: dict[str, object] = {
        "until": until.isoformat(), "allowed_by": allowed_by, "order": saved.order_number,
    }  # fmt: skip
    _tell("window.exception", procedure, fiscal_year_be, agency_code, actor, at, reason, facts)
    return saved


def _ensure_may(procedure: str, actor: Person) -> None:
    if not may(actor, f"{procedure}_window.set"):
        raise NotPermitted(act=f"{procedure}_window.set", state="-")


def _tell(
    verb: str,
    procedure: str,
    fiscal_year_be: int,
    agency_code: str,
    actor: Person,
    at: datetime,
    reason: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    record(
        verb,
        subject=("window", f"{procedure}/{fiscal_year_be}/{agency_code}", procedure),
        actor=actor,
        at=at,
        holding=actor.holding_for(WINDOW_ROLES[procedure], None),
        agency_code=agency_code,
        fiscal_year_be=fiscal_year_be,
        reason=reason,
        facts=facts,
    )

"""Writing the record."""

from datetime import datetime
from typing import Any

from nayu.agencies.domain import Holding, Person
from nayu.audit.models import Event


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

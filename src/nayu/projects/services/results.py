"""What came of a promise, as its agency says it, with the evidence and the day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from nayu.agencies.domain import PLANNER, Person
from nayu.approvals.domain import PROJECT, may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken
from nayu.core.thai import normalise
from nayu.projects.models import ProjectEntry, Result
from nayu.projects.services.entries import label_of, locked


class ResultWithoutEvidence(RuleBroken):
    code = "result_without_evidence"


class ResultFromTheFuture(RuleBroken):
    """A result is counted on a day that has come, not before the fiscal year began."""

    code = "result_from_the_future"


@dataclass(frozen=True, slots=True)
class ResultInput:
    """How many were reached, counted up to a day, and where that can be checked."""

    number: Decimal
    as_of: date
    evidence_th: str


@transaction.atomic
def report_result(
    entry_id: int, order: int, given: ResultInput, *, actor: Person, at: datetime
) -> Result:
    """The result of the promise of this number. Told again, it takes the place of the earlier one,
    which stays in the record. Raises NotVisible, NotPermitted, ResultWithoutEvidence,
    ResultFromTheFuture."""
    entry = locked(entry_id)
    scope = {"state": entry.state, "agency_code": entry.agency_id}
    if not may(actor, "project.view", **scope):
        raise NotVisible
    if not may(actor, "project.report", **scope):
        raise NotPermitted(act="project.report", state=entry.state)
    promise = entry.promises.filter(order=order).first()
    if promise is None:
        raise NotVisible
    assert actor.user_id is not None  # somebody who may report is somebody
    evidence = normalise(given.evidence_th, keep_lines=True)
    if not evidence:
        raise ResultWithoutEvidence
    first_day = date(entry.fiscal_year_be - 544, 10, 1)
    if not first_day <= given.as_of <= at.date():
        raise ResultFromTheFuture(day=given.as_of, first=first_day, today=at.date())
    before = Result.objects.filter(entry=entry, order=order).first()
    told_before = _told(before)
    holding = actor.holding_for(PLANNER, entry.agency_id)
    result, _made = Result.objects.update_or_create(
        entry=entry,
        order=order,
        defaults={
            "number": given.number,
            "as_of": given.as_of,
            "evidence_th": evidence,
            "by_id": actor.user_id,
            "post_title_th": holding.title_th if holding else "",
            "post_title_en": holding.title_en if holding else "",
            "at": at,
        },
    )
    if (told := _told(result)) != told_before:
        _record(entry, order, told_before, told, actor=actor, at=at)
    return result


def _told(result: Result | None) -> list[str]:
    if result is None:
        return []
    return [f"{result.number.normalize():f}", result.as_of.isoformat(), result.evidence_th]


def _record(
    entry: ProjectEntry, order: int, before: list[str], after: list[str], *, actor: Person,
    at: datetime,
) -> None:  # fmt: skip
    record(
        "project.report",
        subject=(PROJECT, str(entry.pk), label_of(entry)),
        actor=actor,
        at=at,
        holding=actor.holding_for(PLANNER, entry.agency_id),
        agency_code=entry.agency_id,
        fiscal_year_be=entry.fiscal_year_be,
        facts={"result": [order, before, after]},
    )

"""Proposing, sending back, adopting and undoing: decisions of the scenario's procedure."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from nayu.agencies.domain import Person
from nayu.allocation.domain.answer import PROVED, STOPPED, hash_of
from nayu.allocation.domain.scenario import (
    REQUEST_STATES,
    AmountsMoved,
    PlanBreaksRules,
    ScenarioNotSolved,
)
from nayu.allocation.models import Adoption, Run, Scenario
from nayu.allocation.queries.question import gather
from nayu.allocation.services.runs import broken_by, plan_with_changes
from nayu.allocation.services.scenarios import locked, subject_of
from nayu.approvals.services import Meeting, decide
from nayu.budget.services import write_amounts
from nayu.core.money import baht_of, text_of


def newest_run(scenario: Scenario) -> Run | None:
    """The newest answer to the scenario as it stands that has a plan."""
    return (
        scenario.runs.filter(revision=scenario.revision, status__in=[PROVED, STOPPED])
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def propose(scenario_id: int, *, actor: Person, at: datetime, reason: str = "") -> Scenario:
    """Lay a solved scenario before the executive. Raises ScenarioNotSolved, PlanBreaksRules."""
    scenario = locked(scenario_id, "propose", actor)
    _valid_run(scenario)
    return _step(scenario, "propose", actor, at, reason)


@transaction.atomic
def send_back(scenario_id: int, *, actor: Person, at: datetime, reason: str) -> Scenario:
    """Back to its makers with a reason. Raises ReasonMissing."""
    return _step(locked(scenario_id, "return", actor), "return", actor, at, reason)


@transaction.atomic
def adopt(
    scenario_id: int,
    *,
    actor: Person,
    at: datetime,
    reason: str,
    meeting: Meeting = Meeting(),
) -> Adoption:
    """Write the plan's amounts to the lines of the stage, all of them or none.

    The question is gathered again: where the books moved since the answer, nothing is adopted.
    Raises NotVisible, NotPermitted, ReasonMissing, ScenarioNotSolved, PlanBreaksRules, AmountsMoved.
    """
    scenario = locked(scenario_id, "adopt", actor)
    run = _valid_run(scenario)
    asked = gather(scenario)
    if hash_of(asked.question) != run.answer["question_hash"]:
        raise AmountsMoved
    _step(scenario, "adopt", actor, at, reason, meeting)
    plan = plan_with_changes(run)
    amounts = {
        pk: baht_of(satang)
        for code in asked.entries
        for pk, satang in asked.line_amounts(code, plan.get(code, "")).items()
    }
    earlier = Adoption.objects.filter(
        fiscal_year_be=scenario.fiscal_year_be, stage=scenario.stage, undone_at=None
    ).first()
    if earlier is not None:
        raise AmountsMoved  # its undoing would write over this one
    before = write_amounts(
        scenario.stage, amounts, states=REQUEST_STATES[scenario.stage], reason=str(scenario),
        actor=actor, at=at,
    )  # fmt: skip
    if before is None:
        raise AmountsMoved
    return Adoption.objects.create(
        scenario=scenario, run=run, fiscal_year_be=scenario.fiscal_year_be, stage=scenario.stage,
        agencies=sorted({c.agency for c in asked.question.candidates}),
        plan=plan, before={str(pk): _text(amount) for pk, amount in before.items()},
        written={str(pk): _text(amount) for pk, amount in amounts.items()}, at=at,
    )  # fmt: skip


@transaction.atomic
def undo(scenario_id: int, *, actor: Person, at: datetime, reason: str) -> Scenario:
    """A new decision: what stood before the adoption stands again. Raises AmountsMoved."""
    scenario = locked(scenario_id, "undo", actor)
    adoption = scenario.adoptions.filter(undone_at=None).first()
    assert adoption is not None  # an adopted scenario has one
    _step(scenario, "undo", actor, at, reason)
    before = write_amounts(
        adoption.stage, {int(pk): _baht(text) for pk, text in adoption.before.items()},
        states=REQUEST_STATES[adoption.stage], reason=reason, actor=actor, at=at,
    )  # fmt: skip
    if before is None:
        raise AmountsMoved
    if {str(pk): _text(amount) for pk, amount in before.items()} != adoption.written:
        raise AmountsMoved  # somebody set amounts since: they are not written over unseen
    adoption.undone_at = at
    adoption.save(update_fields=["undone_at"])
    return scenario


def _valid_run(scenario: Scenario) -> Run:
    run = newest_run(scenario)
    if run is None:
        raise ScenarioNotSolved
    broken = broken_by(run, plan_with_changes(run))
    if broken:
        raise PlanBreaksRules(rules=", ".join(one.name for one in broken[:5]), count=len(broken))
    return run


def _step(
    scenario: Scenario,
    step: str,
    actor: Person,
    at: datetime,
    reason: str,
    meeting: Meeting = Meeting(),
) -> Scenario:
    decision = decide(
        subject_of(scenario), step, actor=actor, at=at, reason=reason, meeting=meeting
    )
    scenario.state, scenario.state_since = decision.to_state, decision.at
    scenario.save(update_fields=["state", "state_since"])
    return scenario


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else text_of(amount)


def _baht(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

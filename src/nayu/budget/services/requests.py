"""Deeds on an agency's request: its ceilings, its steps, and the amounts of each stage."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from nayu.agencies.domain import BUDGETER, EXECUTIVE, PLANNER, Person
from nayu.approvals.domain import REQUEST, may
from nayu.approvals.queries import newest_change
from nayu.approvals.services import Meeting, Subject, decide
from nayu.audit.services import record
from nayu.budget.domain import (
    DECIDED,
    ORDINANCE,
    PROJECT,
    PROPOSED,
    REQUESTED,
    OverCeiling,
    RequestEmpty,
)
from nayu.budget.domain.prices import PriceReasonMissing, is_reason
from nayu.budget.models import Ceiling, Line, Request, StageAmount
from nayu.budget.queries import changes_of_request, line_counts, request_lines, uses
from nayu.budget.queries.prices import outside
from nayu.core.errors import NotPermitted, NotVisible
from nayu.core.money import LARGEST_BAHT, MoneyNegative, MoneyNotWholeBaht, MoneyTooLarge, text_of
from nayu.core.thai import normalise
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry

STAGE_OF_STEP = {"propose": PROPOSED, "decide": DECIDED, "enact": ORDINANCE}
STAGE_BEFORE = {PROPOSED: REQUESTED, DECIDED: PROPOSED, ORDINANCE: DECIDED}


@transaction.atomic
def open_request(agency_code: str, fiscal_year_be: int, *, actor: Person, at: datetime) -> Request:
    """The agency's request of the year, made open if there is none. Raises NotPermitted."""
    if not may(actor, "request.edit", state="open", agency_code=agency_code):
        raise NotPermitted(act="request.edit", state="-")
    request, is_new = Request.objects.get_or_create(
        agency_id=agency_code, fiscal_year_be=fiscal_year_be, defaults={"state_since": at}
    )
    if is_new:
        record(
            "request.open",
            subject=(REQUEST, str(request.pk), f"{agency_code} {fiscal_year_be}"),
            actor=actor,
            at=at,
            holding=actor.holding_for(PLANNER, agency_code),
            agency_code=agency_code,
            fiscal_year_be=fiscal_year_be,
        )
    return request


@transaction.atomic
def set_ceiling(
    agency_code: str,
    fiscal_year_be: int,
    type_code: str,
    amount: Decimal,
    *,
    actor: Person,
    at: datetime,
) -> Ceiling:
    """Set a ceiling, whole baht. Raises NotPermitted, MoneyNegative, MoneyNotWholeBaht, MoneyTooLarge."""
    if not may(actor, "ceiling.set", agency_code=agency_code):
        raise NotPermitted(act="ceiling.set", state="-")
    if amount < 0:
        raise MoneyNegative(value=amount)
    if amount > LARGEST_BAHT:
        raise MoneyTooLarge(value=amount)
    if amount != amount.to_integral_value():
        raise MoneyNotWholeBaht(value=amount)
    before = Ceiling.objects.filter(
        agency_id=agency_code, fiscal_year_be=fiscal_year_be, type_id=type_code
    ).first()
    ceiling, _ = Ceiling.objects.update_or_create(
        agency_id=agency_code,
        fiscal_year_be=fiscal_year_be,
        type_id=type_code,
        defaults={"amount": amount},
    )
    record(
        "ceiling.set",
        subject=("ceiling", f"{agency_code}/{fiscal_year_be}/{type_code}", type_code),
        actor=actor,
        at=at,
        holding=actor.holding_for(BUDGETER, None),
        agency_code=agency_code,
        fiscal_year_be=fiscal_year_be,
        facts={
            "before": text_of(before.amount) if before else None,
            "after": text_of(amount),
        },
    )
    return ceiling


def submit_entry(
    entry_id: int, *, actor: Person, at: datetime, seen: int | None = None
) -> ProjectEntry:
    """Submit a project's entry, with the count of its lines."""
    with transaction.atomic():
        lines = line_counts([entry_id]).get(entry_id, 0)
        lines_of = Line.objects.filter(entry=entry_id)
        year = ProjectEntry.objects.values_list("fiscal_year_be", flat=True).get(pk=entry_id)
        ensure_prices_are_reasoned(lines_of, year)
        return projects.take_step(entry_id, "submit", actor=actor, at=at, lines=lines, seen=seen)


def ensure_prices_are_reasoned(lines: QuerySet[Line], fiscal_year_be: int) -> None:
    """Every price outside the band of what the city paid before says why. Raises PriceReasonMissing."""
    asked = outside(lines.order_by("order", "pk"), fiscal_year_be)
    missing = [one for one in asked if not is_reason(one.reason)]
    if missing:
        raise PriceReasonMissing(
            prices=tuple((one.item, one.unit_price, one.side, one.band) for one in missing)
        )


@transaction.atomic
def set_stage_amount(
    line_id: int, amount: Decimal, *, reason: str, actor: Person, at: datetime
) -> StageAmount:
    """What สงม. proposes or the executive decides for one line, before the step is taken.

    The stage follows from the request's state: submitted → proposed, proposed → decided.
    """
    line = Line.objects.select_related("agency").get(pk=line_id)
    request = Request.objects.select_for_update().get(
        agency_id=line.agency_id, fiscal_year_be=line.fiscal_year_be
    )
    step = {"submitted": "propose", "proposed": "decide"}.get(request.state)
    if not may(actor, "request.view", state=request.state, agency_code=line.agency_id):
        raise NotVisible
    if step is None or not may(
        actor, f"request.{step}", state=request.state, agency_code=line.agency_id
    ):
        raise NotPermitted(act="request.propose", state=request.state)
    if amount < 0:
        raise MoneyNegative(value=amount)
    if amount > LARGEST_BAHT:
        raise MoneyTooLarge(value=amount)
    if amount != amount.to_integral_value():
        raise MoneyNotWholeBaht(value=amount)
    stage = STAGE_OF_STEP[step]
    before = StageAmount.objects.filter(line=line, stage_id=stage).first()
    saved, _ = StageAmount.objects.update_or_create(
        line=line,
        stage_id=stage,
        defaults={"amount": amount, "reason": normalise(reason, keep_lines=True)},
    )
    record(
        f"amount.{stage}",
        subject=(REQUEST, str(request.pk), line.item),
        actor=actor,
        at=at,
        holding=actor.holding_for(BUDGETER if step == "propose" else EXECUTIVE, None),
        agency_code=line.agency_id,
        fiscal_year_be=line.fiscal_year_be,
        reason=saved.reason,
        facts={
            "line": line.pk,
            "item": line.item,
            "before": text_of(before.amount) if before else None,
            "amount": text_of(amount),
        },
    )
    return saved


@transaction.atomic
def take_request_step(
    request_id: int,
    step: str,
    *,
    actor: Person,
    at: datetime,
    reason: str = "",
    meeting: Meeting = Meeting(),
    seen: int | None = None,
) -> Request:
    """Move an agency's request one step; the step's stage is written for every line of it.

    Submission is refused over a ceiling (OverCeiling, with figures) and without lines.
    """
    request = (
        Request.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise NotVisible
    decision = decide(
        Subject(
            REQUEST,
            request.pk,
            f"{request.agency.name_th} {request.fiscal_year_be}",
            request.state,
            request.agency_id,
            request.fiscal_year_be,
            newest_change=newest_change(changes_of_request(request)),
        ),
        step,
        actor=actor,
        at=at,
        reason=reason,
        meeting=meeting,
        seen=seen,
    )
    if step == "submit":
        ensure_within_ceilings(request.agency_id, request.fiscal_year_be)
        asked = request_lines(request.agency_id, request.fiscal_year_be).filter(kind=PROJECT)
        ensure_prices_are_reasoned(asked, request.fiscal_year_be)
    if step in STAGE_OF_STEP:
        _write_stage(request, STAGE_OF_STEP[step])
    request.state = decision.to_state
    request.state_since = decision.at
    request.revision += 1
    request.save(update_fields=["state", "state_since", "revision"])
    return request


def ensure_within_ceilings(agency_code: str, fiscal_year_be: int) -> None:
    """Raises RequestEmpty or OverCeiling; nothing else."""
    if not request_lines(agency_code, fiscal_year_be).exists():
        raise RequestEmpty(agency=agency_code)
    over = [use for use in uses(agency_code, fiscal_year_be) if use.is_over]
    if over:
        raise OverCeiling(overruns=tuple(over))


def _write_stage(request: Request, stage: str) -> None:
    """Every line of the request gets the stage's amount; unless set, what the stage before gave."""
    before = STAGE_BEFORE[stage]
    lines = request_lines(request.agency_id, request.fiscal_year_be)
    earlier = dict(
        StageAmount.objects.filter(line__in=lines, stage_id=before)
        .order_by("line_id")
        .values_list("line_id", "amount")
    )
    present = set(
        StageAmount.objects.filter(line__in=lines, stage_id=stage).values_list("line_id", flat=True)
    )
    StageAmount.objects.bulk_create(
        StageAmount(line_id=line_id, stage_id=stage, amount=amount)
        for line_id, amount in earlier.items()
        if line_id not in present
    )

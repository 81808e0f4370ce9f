"""Deeds on lines, ceilings and requests: one transaction, one audit event each."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import BUDGETER, EXECUTIVE, PLANNER, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import REQUEST, may
from nayu.approvals.services import Meeting, Subject, decide
from nayu.audit.services import record
from nayu.budget.domain import (
    DECIDED,
    ORDINANCE,
    PROJECT,
    PROPOSED,
    REQUESTED,
    UNSPECIFIED_TYPE,
    LineNotExact,
    OverCeiling,
    RequestClosed,
    RequestEmpty,
)
from nayu.budget.models import (
    Ceiling,
    Commitment,
    CommitmentYear,
    ExpenditureCategory,
    ExpenditureType,
    FunctionNode,
    FundingSource,
    Line,
    Request,
    Stage,
    StageAmount,
)
from nayu.budget.queries import line_counts, request_lines, uses
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken, Stale
from nayu.core.money import LARGEST_BAHT, MoneyNegative, MoneyNotWholeBaht, MoneyTooLarge, text_of
from nayu.core.thai import normalise
from nayu.db.pack import rows
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry

STAGE_OF_STEP = {"propose": PROPOSED, "decide": DECIDED, "enact": ORDINANCE}
STAGE_BEFORE = {PROPOSED: REQUESTED, DECIDED: PROPOSED, ORDINANCE: DECIDED}


class ItemMissing(RuleBroken):
    code = "item_missing"


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as typed: whole-baht price, quantity with at most three decimals."""

    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    category_code: str
    work_code: str | None
    source_code: str = "bma"
    price_reference: str = ""
    price_evidence: str = ""
    first_month: int = 1
    last_month: int = 12
    novelty: str = "new"
    priority: int | None = None
    if_not_funded: str = ""


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """quantity × unit price, exact. Raises MoneyNegative, MoneyTooLarge, MoneyNotWholeBaht, LineNotExact."""
    if quantity < 0 or unit_price < 0:
        raise MoneyNegative(value=min(quantity, unit_price))
    if quantity.scaleb(3) != quantity.scaleb(3).to_integral_value():
        raise LineNotExact(quantity=quantity, unit_price=unit_price)
    if unit_price != unit_price.to_integral_value():
        raise MoneyNotWholeBaht(value=unit_price)
    amount = quantity * unit_price
    if max(amount, unit_price, quantity) > LARGEST_BAHT:
        raise MoneyTooLarge(value=amount)
    if amount * 100 != (amount * 100).to_integral_value():
        raise LineNotExact(quantity=quantity, unit_price=unit_price)
    return amount.quantize(Decimal("0.01"))


def _columns(given: LineInput) -> dict[str, Any]:
    item = normalise(given.item)
    if not item:
        raise ItemMissing
    line_amount(given.quantity, given.unit_price)
    return {
        "item": item[:1000],
        "quantity": given.quantity,
        "unit": normalise(given.unit)[:100],
        "unit_price": given.unit_price,
        "category_id": given.category_code,
        "work_id": given.work_code or None,
        "source_id": given.source_code,
        "price_reference": given.price_reference,
        "price_evidence": normalise(given.price_evidence, keep_lines=True),
        "first_month": given.first_month,
        "last_month": given.last_month,
        "novelty": given.novelty,
        "priority": given.priority,
        "if_not_funded": normalise(given.if_not_funded, keep_lines=True),
    }


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


def _ensure_line_may_change(
    entry: ProjectEntry | None, agency_code: str, fiscal_year_be: int, actor: Person
) -> None:
    """A project's lines follow its entry; once in the plan, and for routine work, the request."""
    if entry is not None and entry.state != "in_plan":
        projects.ensure_editable(entry, actor)
        return
    request = (
        Request.objects.select_for_update()
        .filter(agency_id=agency_code, fiscal_year_be=fiscal_year_be)
        .first()
    )
    state = request.state if request else "open"
    if not may(actor, "request.view", state=state, agency_code=agency_code):
        raise NotVisible
    if state != "open":
        raise RequestClosed(state=state)
    if not may(actor, "request.edit", state=state, agency_code=agency_code):
        raise NotPermitted(act="request.edit", state=state)


@transaction.atomic
def add_line(
    given: LineInput,
    *,
    kind: str,
    agency_code: str,
    fiscal_year_be: int,
    entry_id: int | None = None,
    commitment_id: int | None = None,
    after: int | None = None,
    actor: Person,
    at: datetime,
) -> Line:
    """A new line, with its amount at stage `requested`. Errors as of `line_amount`, and rights.

    `after` is the newest line of the agency and year that the form knew: an equal line that came
    since is the same form sent twice, and is returned instead of being added again.
    """
    entry = _entry(entry_id)
    Agency.objects.select_for_update().get(pk=agency_code)
    _ensure_line_may_change(entry, agency_code, fiscal_year_be, actor)
    siblings = Line.objects.filter(
        agency_id=agency_code, fiscal_year_be=fiscal_year_be, entry=entry, kind=kind
    )
    columns = _columns(given)
    if after is not None:
        twin = siblings.filter(pk__gt=after, **columns).first()
        if twin:
            return twin
    line = Line.objects.create(
        kind=kind,
        agency_id=agency_code,
        fiscal_year_be=fiscal_year_be,
        entry=entry,
        commitment_id=commitment_id,
        order=(siblings.aggregate(last=Max("order"))["last"] or 0) + 1,
        **columns,
    )
    _write_requested(line)
    _record_line("line.add", line, actor=actor, at=at)
    return line


def _entry(entry_id: int | None) -> ProjectEntry | None:
    if entry_id is None:
        return None
    return (
        ProjectEntry.objects.select_for_update(of=("self",))
        .select_related("project")
        .get(pk=entry_id)
    )


def _write_requested(line: Line) -> None:
    StageAmount.objects.update_or_create(
        line=line,
        stage_id=REQUESTED,
        defaults={"amount": line_amount(line.quantity, line.unit_price)},
    )


def _record_line(
    verb: str, line: Line, *, actor: Person, at: datetime, facts: dict[str, Any] | None = None
) -> None:
    subject = (
        (PROJECT, str(line.entry_id), f"{line.entry.project.code} {line.entry.name_th}")
        if line.entry
        else (REQUEST, f"{line.agency_id}/{line.fiscal_year_be}", line.item)
    )
    record(
        verb,
        subject=subject,
        actor=actor,
        at=at,
        holding=actor.holding_for(PLANNER, line.agency_id),
        agency_code=line.agency_id,
        fiscal_year_be=line.fiscal_year_be,
        facts={
            "line": line.pk,
            "item": line.item,
            "amount": text_of(line_amount(line.quantity, line.unit_price)),
            **(facts or {}),
        },
    )


@transaction.atomic
def change_line(
    line_id: int, given: LineInput, *, revision: int, actor: Person, at: datetime
) -> Line:
    """Change a line. Raises Stale if somebody saved it since `revision`."""
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotVisible
    _ensure_line_may_change(_entry(line.entry_id), line.agency_id, line.fiscal_year_be, actor)
    if line.revision != revision:
        raise Stale(revision=line.revision, line_id=line.pk)
    before = line_amount(line.quantity, line.unit_price)
    for name, value in _columns(given).items():
        setattr(line, name, value)
    line.revision += 1
    line.save()
    line.refresh_from_db()
    _write_requested(line)
    _record_line("line.change", line, actor=actor, at=at, facts={"before": text_of(before)})
    return line


@transaction.atomic
def remove_line(line_id: int, *, actor: Person, at: datetime) -> None:
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotVisible
    _ensure_line_may_change(_entry(line.entry_id), line.agency_id, line.fiscal_year_be, actor)
    _record_line("line.remove", line, actor=actor, at=at)
    line.delete()


@transaction.atomic
def commit(
    project_id: int,
    *,
    item: str,
    category_code: str,
    years: dict[int, Decimal],
) -> Commitment:
    """A commitment over several fiscal years; each year's amount eats that year's ceiling."""
    commitment = Commitment.objects.create(
        project_id=project_id, category_id=category_code, item=normalise(item)[:500]
    )
    CommitmentYear.objects.bulk_create(
        CommitmentYear(commitment=commitment, fiscal_year_be=year, amount=amount)
        for year, amount in sorted(years.items())
    )
    return commitment


@transaction.atomic
def continue_with_commitments(
    project_id: int, fiscal_year_be: int, *, actor: Person, at: datetime
) -> ProjectEntry:
    """A continuing project's entry in a later year, pre-filled with that year's commitments."""
    entry = projects.continue_project(project_id, fiscal_year_be, actor=actor, at=at)
    for year in CommitmentYear.objects.filter(
        commitment__project_id=project_id, fiscal_year_be=fiscal_year_be
    ).select_related("commitment"):
        earlier = year.commitment.lines.order_by("-fiscal_year_be").first()
        add_line(
            LineInput(
                item=year.commitment.item,
                quantity=Decimal(1),
                unit="งาน",
                unit_price=year.amount,
                category_code=year.commitment.category_id,
                work_code=earlier.work_id if earlier else None,
                source_code=earlier.source_id if earlier else "bma",
                novelty="continuing",
                price_reference="past_purchase",
                price_evidence="สัญญาผูกพันจากปีก่อน",
                if_not_funded="ผิดสัญญาผูกพันที่ลงนามแล้ว",
            ),
            kind=PROJECT,
            agency_code=entry.agency_id,
            fiscal_year_be=fiscal_year_be,
            entry_id=entry.pk,
            commitment_id=year.commitment_id,
            actor=actor,
            at=at,
        )
    return entry


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


def submit_entry(entry_id: int, *, actor: Person, at: datetime) -> ProjectEntry:
    """Submit a project's entry, with the count of its lines."""
    with transaction.atomic():
        lines = line_counts([entry_id]).get(entry_id, 0)
        return projects.take_step(entry_id, "submit", actor=actor, at=at, lines=lines)


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
        facts={"line": line.pk, "amount": text_of(amount)},
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
        ),
        step,
        actor=actor,
        at=at,
        reason=reason,
        meeting=meeting,
    )
    if step == "submit":
        ensure_within_ceilings(request.agency_id, request.fiscal_year_be)
    if step in STAGE_OF_STEP:
        _write_stage(request, STAGE_OF_STEP[step])
    request.state = decision.to_state
    request.state_since = at
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
        StageAmount.objects.filter(line__in=lines, stage_id=before).values_list("line_id", "amount")
    )
    present = set(
        StageAmount.objects.filter(line__in=lines, stage_id=stage).values_list("line_id", flat=True)
    )
    StageAmount.objects.bulk_create(
        StageAmount(line_id=line_id, stage_id=stage, amount=amount)
        for line_id, amount in earlier.items()
        if line_id not in present
    )


PACKAGE = "nayu.budget"


@transaction.atomic
def load_pack() -> None:
    """Expenditure types, functional classes, funding sources and stages, from the data pack."""
    for row in rows(PACKAGE, "expenditure_categories"):
        ExpenditureType.objects.get_or_create(
            code=row["type_code"],
            defaults={
                "name_th": row["type_th"],
                "name_en": row["type_en"],
                "order": int(row["type_code"]),
                "source": row["source"],
                "mark": row["mark"],
            },
        )
        ExpenditureCategory.objects.get_or_create(
            code=row["category_code"],
            defaults={
                "type_id": row["type_code"],
                "name_th": row["category_th"],
                "name_en": row["category_en"],
                "is_capital": row["is_capital"] == "1",
                "source": row["source"],
                "mark": row["mark"],
            },
        )
    ExpenditureType.objects.get_or_create(
        code=UNSPECIFIED_TYPE,
        defaults={
            "name_th": "ไม่ระบุงบรายจ่าย",
            "name_en": "No expenditure type given",
            "order": 99,
            "mark": "ours",
        },
    )
    for row in rows(PACKAGE, "functions"):
        FunctionNode.objects.get_or_create(
            code=row["code"],
            defaults={
                "parent_id": row["parent_code"] or None,
                "depth": int(row["depth"]),
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "source": row["source"],
                "mark": row["mark"],
            },
        )
    for order, row in enumerate(rows(PACKAGE, "funding_sources"), start=1):
        FundingSource.objects.get_or_create(
            code=row["code"],
            defaults={
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "in_ordinance": row["counts_in_ordinance"] == "1",
                "order": order,
                "source": row["source"],
                "mark": row["mark"],
            },
        )
    for row in rows(PACKAGE, "stages"):
        Stage.objects.get_or_create(
            code=row["code"],
            defaults={
                "order": int(row["order"]),
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "is_signed": row["signed"] == "1",
                "source": row["source"],
                "mark": row["mark"],
            },
        )

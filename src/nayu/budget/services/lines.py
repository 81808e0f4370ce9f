"""Deeds on budget lines: one transaction, one audit event each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import PLANNER, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import REQUEST, may
from nayu.attachments import services as attachments
from nayu.attachments.domain import LINE
from nayu.audit.services import record
from nayu.budget.domain import PROJECT, REQUESTED, LineNotExact, RequestClosed
from nayu.budget.models import Line, Request, StageAmount
from nayu.budget.queries.told import columns_told, differing, line_told
from nayu.budget.services.commitments import release, write_running, write_years
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken, Stale
from nayu.core.money import LARGEST_BAHT, MoneyNegative, MoneyNotWholeBaht, MoneyTooLarge, text_of
from nayu.core.thai import normalise
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry


class ItemMissing(RuleBroken):
    code = "item_missing"


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as typed: whole-baht price, quantity with at most three decimals.

    `later_years` are baht by fiscal year, of a contract over several, `running_costs` those of what is
    bought; None leaves them unchanged.
    """

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
    later_years: Mapping[int, Decimal] | None = None
    promise_number: int | None = None
    price_reason: str = ""
    running_costs: Mapping[int, Decimal] | None = None


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


def columns_of(given: LineInput) -> dict[str, Any]:
    """What a line of this input holds, by column; errors are those of `line_amount`, and ItemMissing."""
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
        "price_reason": normalise(given.price_reason, keep_lines=True),
        "first_month": given.first_month,
        "last_month": given.last_month,
        "novelty": given.novelty,
        "priority": given.priority,
        "if_not_funded": normalise(given.if_not_funded, keep_lines=True),
        "promise_number": given.promise_number,
    }


def ensure_line_may_change(
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
    ensure_line_may_change(entry, agency_code, fiscal_year_be, actor)
    siblings = Line.objects.filter(
        agency_id=agency_code, fiscal_year_be=fiscal_year_be, entry=entry, kind=kind
    )
    columns = columns_of(given)
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
    line.refresh_from_db()
    write_years(line, given.later_years)
    write_running(line, given.running_costs)
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
            "years": _years_told(line),
            "running": {
                str(one.fiscal_year_be): text_of(one.amount)
                for one in line.running_costs.order_by("fiscal_year_be")
            },
            **(facts or {}),
        },
    )


def _years_told(line: Line) -> dict[str, str]:
    """The rows of the line's commitment, for the record; empty when it has none."""
    years = line.commitment.years.order_by("fiscal_year_be") if line.commitment else []
    return {str(year.fiscal_year_be): text_of(year.amount) for year in years}


@transaction.atomic
def change_line(
    line_id: int, given: LineInput, *, revision: int, actor: Person, at: datetime
) -> Line:
    """Change a line. Raises Stale if somebody saved it since `revision`."""
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotVisible
    ensure_line_may_change(_entry(line.entry_id), line.agency_id, line.fiscal_year_be, actor)
    if line.revision != revision:
        raise Stale(revision=line.revision, line_id=line.pk)
    before, told = line_amount(line.quantity, line.unit_price), columns_told(line)
    for name, value in columns_of(given).items():
        setattr(line, name, value)
    line.revision += 1
    line.save()
    line.refresh_from_db()
    write_years(line, given.later_years)
    write_running(line, given.running_costs)
    _write_requested(line)
    changed = differing(told, columns_told(line))
    facts = {"before": text_of(before), "changed": changed}
    _record_line("line.change", line, actor=actor, at=at, facts=facts)
    return line


@transaction.atomic
def remove_line(line_id: int, *, actor: Person, at: datetime) -> None:
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotVisible
    ensure_line_may_change(_entry(line.entry_id), line.agency_id, line.fiscal_year_be, actor)
    files = attachments.remove_all_of(LINE, line.pk)
    facts: dict[str, Any] = {"was": line_told(line)}
    _record_line(
        "line.remove", line, actor=actor, at=at, facts=facts | ({"files": files} if files else {})
    )
    release(line)
    line.delete()

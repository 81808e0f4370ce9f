"""Budget lines as they stood at the end of a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from nayu.approvals.domain import PROJECT as PROJECT_SUBJECT
from nayu.audit.models import Event
from nayu.audit.queries import events_of
from nayu.budget.domain import PROJECT as OF_PROJECT
from nayu.budget.domain import REQUESTED, ROUTINE, LineSheet
from nayu.budget.models import ExpenditureCategory, FunctionNode, FundingSource, Line
from nayu.budget.queries.lines import line_sheets
from nayu.budget.queries.past.entries import end_of, later_deeds
from nayu.budget.queries.told import line_told
from nayu.core.money import baht_of, satang_of
from nayu.projects.models import ProjectEntry

LINE_DEEDS = ("line.add", "line.change", "line.remove")
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class LineThen:
    """A line that somebody touched since, as it was. Amounts are baht."""

    line_id: int
    agency_code: str
    entry_id: int | None
    kind: str
    told: dict[str, Any]
    amount: Decimal
    stages: dict[str, Decimal]


@dataclass
class LinesThen:
    """Lines touched since the day; None was not there yet. All others stand as they stood."""

    touched: dict[int, LineThen | None] = field(default_factory=dict)

    @property
    def present(self) -> list[LineThen]:
        return [line for line in self.touched.values() if line is not None]


def lines_then(fiscal_year_be: int, day: date) -> LinesThen:
    """Of a whole year."""
    deeds = later_deeds(fiscal_year_be, day).filter(verb__in=LINE_DEEDS)
    return undone(list(deeds.order_by("-pk")))


def undone(events: Iterable[Event]) -> LinesThen:
    """Lines without these deeds; `events` are newest first."""
    # An event whose texts were withheld, for a person who is forgotten, tells nothing any more.
    events = [event for event in events if "line" in event.facts]
    now = Line.objects.prefetch_related("stage_amounts").in_bulk(
        {event.facts["line"] for event in events if event.verb == "line.change"}
    )
    told: dict[int, dict[str, Any] | None] = {}
    where: dict[int, Event] = {}
    for event in events:
        pk = event.facts["line"]
        where[pk] = event
        if event.verb == "line.add":
            told[pk] = None
            continue
        if event.verb == "line.remove":
            told[pk] = _removed(event)
            continue
        known = told[pk] if pk in told else _as_now(now.get(pk))
        if known is not None:
            told[pk] = _before_change(known, event)
    return LinesThen(
        {pk: _line(pk, one, where[pk]) if one is not None else None for pk, one in told.items()}
    )


def _as_now(line: Line | None) -> dict[str, Any] | None:
    return line_told(line) if line else None


def _removed(event: Event) -> dict[str, Any]:
    """Events written before the record kept whole lines tell of a removed one its amount only."""
    facts = event.facts
    return dict(facts.get("was") or {"item": facts["item"], "amount": facts["amount"]})


def _before_change(told: dict[str, Any], event: Event) -> dict[str, Any]:
    facts = event.facts
    if "changed" in facts:
        before = {name: pair[0] for name, pair in facts["changed"].items()}
        return {**{k: v for k, v in told.items() if k != "amount"}, **before}
    return {**told, "amount": facts["before"]}


def _line(pk: int, told: dict[str, Any], event: Event) -> LineThen:
    of_entry = event.subject_kind == PROJECT_SUBJECT
    amount = _amount(told)
    stages = {code: Decimal(text) for code, text in told.get("stages", {}).items()}
    if REQUESTED in stages or "stages" not in told:
        stages[REQUESTED] = amount
    return LineThen(
        pk,
        event.agency_code,
        int(event.subject_id) if of_entry else None,
        OF_PROJECT if of_entry else told.get("kind", ROUTINE),
        told,
        amount,
        stages,
    )


def _amount(told: dict[str, Any]) -> Decimal:
    if "amount" in told:
        return Decimal(told["amount"])
    exact = Decimal(told["quantity"]) * Decimal(told["unit_price"])
    return baht_of(satang_of(exact))


# --- Lines of one entry, as pages draw them ------------------------------------------------------


def entry_lines_then(entry: ProjectEntry, day: date) -> list[LineSheet]:
    """The entry's lines at the end of a day. Amounts of stages after `requested` are left out."""
    later = events_of(PROJECT_SUBJECT, entry.pk).filter(at__gte=end_of(day), verb__in=LINE_DEEDS)
    return lines_without(entry.pk, list(later.order_by("-pk")))


def lines_without(entry_id: int, events: Iterable[Event]) -> list[LineSheet]:
    """The entry's lines with these deeds undone (newest first), in their order."""
    then = undone(events)
    now = {sheet.line_id: sheet for sheet in line_sheets(Line.objects.filter(entry=entry_id))}
    kept = [_requested_only(sheet) for pk, sheet in now.items() if pk not in then.touched]
    names = _Names(then.present)
    kept += [names.sheet(line, now.get(line.line_id)) for line in then.present]
    return sorted(kept, key=lambda sheet: (sheet.order, sheet.line_id))


def _requested_only(sheet: LineSheet) -> LineSheet:
    return replace(sheet, stages=tuple(pair for pair in sheet.stages if pair[0] == REQUESTED))


class _Names:
    """Names of classes that the lines name by code, in three queries."""

    def __init__(self, lines: Iterable[LineThen]) -> None:
        told = [line.told for line in lines]
        self._categories = ExpenditureCategory.objects.select_related("type").in_bulk(
            [one["category_id"] for one in told if one.get("category_id")]
        )
        self._works = FunctionNode.objects.in_bulk(
            [one["work_id"] for one in told if one.get("work_id")]
        )
        self._sources = FundingSource.objects.in_bulk(
            [one["source_id"] for one in told if one.get("source_id")]
        )

    def sheet(self, line: LineThen, now: LineSheet | None) -> LineSheet:
        told = line.told
        category = self._categories.get(told.get("category_id", ""))
        work = self._works.get(told.get("work_id") or "")
        source = self._sources.get(told.get("source_id", ""))
        return LineSheet(
            line_id=line.line_id,
            kind=line.kind,
            entry_id=line.entry_id,
            order=told.get("order", now.order if now else 0),
            item=told["item"],
            quantity=Decimal(told.get("quantity", 1)),
            unit=told.get("unit", ""),
            unit_price=Decimal(told.get("unit_price", line.amount)),
            amount=line.amount,
            category_code=category.code if category else UNKNOWN,
            category_th=category.name_th if category else UNKNOWN,
            category_en=category.name_en if category else UNKNOWN,
            type_code=category.type.code if category else UNKNOWN,
            type_th=category.type.name_th if category else UNKNOWN,
            type_en=category.type.name_en if category else UNKNOWN,
            work_code=work.code if work else UNKNOWN,
            work_th=work.name_th if work else UNKNOWN,
            work_en=work.name_en if work else UNKNOWN,
            source_code=source.code if source else UNKNOWN,
            source_th=source.name_th if source else UNKNOWN,
            source_en=source.name_en if source else UNKNOWN,
            price_reference=told.get("price_reference", ""),
            price_evidence=told.get("price_evidence", ""),
            first_month=told.get("first_month", 1),
            last_month=told.get("last_month", 12),
            novelty=told.get("novelty", "new"),
            priority=told.get("priority"),
            if_not_funded=told.get("if_not_funded", ""),
            promise_number=told.get("promise_number"),
            price_reason=told.get("price_reason", ""),
            commitment_years=(),
            stages=((REQUESTED, line.amount),),
        )

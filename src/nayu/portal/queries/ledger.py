"""The benefit ledger of an entry as pages show it: promises down, stages of the money across."""

from dataclasses import dataclass
from decimal import Decimal

from nayu.budget.domain.ledger import Entry, Kept, Ledger, Stated, kept, ledger
from nayu.budget.models import Stage
from nayu.budget.queries import LineSheet
from nayu.projects.domain import EntrySheet, PromiseValues


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One promise: its money at each stage, and how many the stage shown still gives."""

    promise: PromiseValues
    cells: list[tuple[Stage, Decimal]]
    shown: Entry
    kept: Kept
    per_one_baht: Decimal | None


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """Rows add up to `totals`, which are the sums of the entry's lines at the same stages."""

    rows: list[LedgerRow]
    totals: list[tuple[Stage, Decimal]]
    shown: Ledger


def stated(promise: PromiseValues) -> Stated:
    return Stated(promise.order, promise.share_percent or 0, promise.number, promise.levels)


def ledger_at(sheet: EntrySheet, lines: list[LineSheet], stage: str) -> Ledger:
    """The ledger of one stage; a line without an amount there has none."""
    given = [(line.promise_number, line.at(stage) or Decimal(0)) for line in lines]
    return ledger([stated(promise) for promise in sheet.promises], given)


def ledger_table(sheet: EntrySheet, lines: list[LineSheet], stage: str) -> LedgerTable:
    """The whole ledger of an entry; `stage` is the one that the page shows."""
    reached = {code for line in lines for code, _amount in line.stages}
    stages = [one for one in Stage.objects.order_by("order") if one.code in reached]
    ledgers = [(one, ledger_at(sheet, lines, one.code)) for one in stages]
    shown = ledger_at(sheet, lines, stage)
    asked = sum((line.amount for line in lines), Decimal(0))
    rows = []
    for promise in sheet.promises:
        own = shown.of(promise.order)
        left = kept(stated(promise), asked, shown.total_baht)
        per_one = (
            (own.total_baht / left.how_many).quantize(Decimal("0.01")) if left.how_many else None
        )
        cells = [(one, found.of(promise.order).total_baht) for one, found in ledgers]
        rows.append(LedgerRow(promise, cells, own, left, per_one))
    return LedgerTable(rows, [(one, found.total_baht) for one, found in ledgers], shown)

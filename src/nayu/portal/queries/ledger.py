"""The benefit ledger of an entry as pages show it: promises down, stages of the money across."""

from dataclasses import dataclass
from decimal import Decimal

from nayu.budget.domain.benefits import Benefits, benefits_at
from nayu.budget.domain.ledger import Entry, Kept, Ledger
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

    def of(self, number: int) -> LedgerRow:
        return next(row for row in self.rows if row.promise.order == number)


def ledger_table(sheet: EntrySheet, lines: list[LineSheet], stage: str) -> LedgerTable:
    """The whole ledger of an entry; `stage` is the one that the page shows."""
    reached = {code for line in lines for code, _amount in line.stages}
    stages = [one for one in Stage.objects.order_by("order") if one.code in reached]
    found: list[tuple[Stage, Benefits]] = [
        (one, benefits_at(sheet.promises, lines, one.code)) for one in stages
    ]
    shown = benefits_at(sheet.promises, lines, stage)
    rows = [
        LedgerRow(
            row.promise,
            [(one, at.ledger.of(row.promise.order).total_baht) for one, at in found],
            row.money,
            row.kept,
            row.per_one_baht,
        )
        for row in shown.rows
    ]
    return LedgerTable(rows, [(one, at.ledger.total_baht) for one, at in found], shown.ledger)

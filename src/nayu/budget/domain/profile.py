"""The years of a project in money: what this year asks for, and what it binds later years to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from nayu.budget.domain import LineSheet
from nayu.core.money import total

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class YearOfMoney:
    """Baht of one fiscal year: lines asked for now, contracts over years, running what was bought."""

    fiscal_year_be: int
    lines: Decimal
    contracts: Decimal
    running: Decimal

    @property
    def amount(self) -> Decimal:
        return self.lines + self.contracts + self.running


def profile_of(sheets: Iterable[LineSheet], fiscal_year_be: int) -> list[YearOfMoney]:
    """The years from this one on; only this year where nothing later is bound or needed."""
    some = list(sheets)
    contracts: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    running: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for sheet in some:
        for year, amount in sheet.commitment_years:
            if year > fiscal_year_be:
                contracts[year] += amount
        for year, amount in sheet.running_years:
            running[year] += amount
    later = sorted(contracts.keys() | running.keys())
    own = YearOfMoney(fiscal_year_be, total(one.amount for one in some), NOTHING, NOTHING)
    return [own, *(YearOfMoney(year, NOTHING, contracts[year], running[year]) for year in later)]

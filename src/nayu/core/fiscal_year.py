"""The Thai fiscal year, named by the Buddhist Era year it ends in.

Source: the Thai budget procedures law (วิธีการงบประมาณ): 1 October to 30 September.
"""

from dataclasses import dataclass
from datetime import date

BUDDHIST_ERA_OFFSET = 543  # B.E. 2570 = C.E. 2027
FIRST_BE, LAST_BE = 2500, 2700
MONTHS = range(1, 13)  # 1 = October … 12 = September


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """2570 = 1 Oct 2026 – 30 Sep 2027."""

    year_be: int

    @classmethod
    def containing(cls, day: date) -> "FiscalYear":
        ends_in = day.year + 1 if day.month >= 10 else day.year
        return cls(ends_in + BUDDHIST_ERA_OFFSET)

    @property
    def first_day(self) -> date:
        return date(self.year_be - BUDDHIST_ERA_OFFSET - 1, 10, 1)

    @property
    def last_day(self) -> date:
        return date(self.year_be - BUDDHIST_ERA_OFFSET, 9, 30)

    def month(self, position: int) -> date:
        """First day of the month at `position` (1 = October … 12 = September)."""
        calendar_month = (position + 8) % 12 + 1
        year = self.first_day.year + (1 if position > 3 else 0)
        return date(year, calendar_month, 1)

    def position_of(self, day: date) -> int:
        """Month position of a day inside the year, 1–12; outside it, below 1 or above 12."""
        first = self.first_day
        return (day.year - first.year) * 12 + day.month - first.month + 1

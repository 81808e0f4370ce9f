"""The three lanes of the year: which steps of each fiscal year fall where, at their true dates."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nayu.core.fiscal_year import FiscalYear
from nayu.strategy.models import CalendarStep
from nayu.ui.components import Calendar, Lane, LanePart

LANE_OF_TURN = ("spend", "budget", "plan")  # what the year, the next and the one after are doing
State = Literal["done", "now", "next", ""]


def doing(year: int, spending: int) -> str:
    """What a fiscal year is doing, seen from the one being spent."""
    if year < spending:
        return _("closed")
    return {0: _("being spent"), 1: _("being budgeted"), 2: _("being planned")}.get(
        year - spending, _("to come")
    )


def calendar_of(spending: int, day: date) -> Calendar:
    """Twenty-four months from the beginning of the year being spent, each step in its lane."""
    first_day, last_day = FiscalYear(spending).first_day, FiscalYear(spending + 1).last_day
    steps = list(CalendarStep.objects.order_by("first_offset", "last_offset", "pk"))
    lanes = []
    for turn, kind in enumerate(LANE_OF_TURN):
        year = spending + turn
        parts = [_part(step, year, day) for step in steps if step.lane == kind]
        shown = [
            part for part in parts if part.first_day <= last_day and part.last_day >= first_day
        ]
        lanes.append(Lane(year, doing(year, spending), tuple(_with_next(shown))))
    return Calendar(first_day, last_day, day, tuple(lanes))


def _part(step: CalendarStep, year: int, day: date) -> LanePart:
    begins, ends = step.days_in(year)
    state: State = "done" if ends < day else "now" if begins <= day else ""
    name = step.name_en if get_language() == "en" and step.name_en else step.name_th
    return LanePart(name, begins, ends, state)


def _with_next(parts: list[LanePart]) -> list[LanePart]:
    """The first step still to come is marked, for narrow screens that show only now and next."""
    coming = next((part for part in parts if not part.state), None)
    return [replace(part, state="next") if part is coming else part for part in parts]


@dataclass(frozen=True, slots=True)
class Bar:
    """A step as drawn: its bar, and the side on which its words have room."""

    part: LanePart
    left: str
    width: str
    side: Literal["inside", "before", "after"]


def bars_of(calendar: Calendar) -> list[tuple[Lane, list[Bar]]]:
    """One row for each step, so that steps at the same time never hide each other."""
    days = (calendar.last_day - calendar.first_day).days + 1
    return [
        (lane, [_bar(calendar, part, drawn, days) for part, drawn in zip(lane.parts, row.parts, strict=True)])
        for lane, row in zip(calendar.lanes, calendar.drawn(), strict=True)
    ]  # fmt: skip


def _bar(calendar: Calendar, part: LanePart, drawn: LanePart, days: int) -> Bar:
    ends = (min(part.last_day, calendar.last_day) - calendar.first_day).days
    begins = (max(part.first_day, calendar.first_day) - calendar.first_day).days
    if ends - begins > days * 2 // 5:
        return Bar(part, drawn.left, drawn.width, "inside")
    return Bar(part, drawn.left, drawn.width, "before" if ends > days * 3 // 5 else "after")

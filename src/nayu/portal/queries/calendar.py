"""The three lanes of the year: which steps of each fiscal year fall where."""

from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nayu.core.fiscal_year import FiscalYear
from nayu.strategy.models import CalendarStep
from nayu.ui.components import Calendar, Lane, LanePart


def doing(year: int, spending: int) -> str:
    """What a fiscal year is doing, seen from the one being spent."""
    if year < spending:
        return _("closed")
    return {0: _("being spent"), 1: _("being budgeted"), 2: _("being planned")}.get(
        year - spending, _("to come")
    )


def _month(first: date, offset: int) -> date:
    months = first.year * 12 + first.month - 1 + offset
    return date(months // 12, months % 12 + 1, 1)


def calendar_of(spending: int, day: date) -> Calendar:
    """Twenty-four months from the beginning of the year being spent."""
    english = get_language() == "en"
    steps = list(CalendarStep.objects.order_by("first_offset"))
    lanes = []
    for turn, lane in enumerate(("spend", "budget", "plan")):
        year = spending + turn
        first = FiscalYear(year).first_day
        parts = []
        for step in steps:
            begins, ends = _month(first, step.first_offset), _month(first, step.last_offset)
            ends -= timedelta(days=1)
            if step.lane != lane or ends < begins:
                continue
            state = "done" if ends < day else "now" if begins <= day else ""
            name = step.name_en if english and step.name_en else step.name_th
            parts.append(LanePart(name, begins, ends, state))  # type: ignore[arg-type]
        lanes.append(Lane(year, doing(year, spending), tuple(_apart(parts))))
    first_day = FiscalYear(spending).first_day
    return Calendar(first_day, FiscalYear(spending + 1).last_day, day, tuple(lanes))


def _apart(parts: list[LanePart]) -> list[LanePart]:
    """Parts of one lane never lie over each other: a later one waits for the end of the former."""
    shown: list[LanePart] = []
    for part in sorted(parts, key=lambda p: (p.first_day, p.last_day)):
        begins = part.first_day
        if shown and begins <= shown[-1].last_day:
            begins = shown[-1].last_day + timedelta(days=1)
        if begins <= part.last_day:
            shown.append(LanePart(part.text, begins, part.last_day, part.state))
    return shown

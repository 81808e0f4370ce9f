"""What closes soon: steps of the yearly calendar, and consultations. Last days are included."""

from dataclasses import dataclass
from datetime import date, timedelta

from nayu.agencies.domain import Person
from nayu.consultation.models import Consultation
from nayu.core.fiscal_year import FiscalYear
from nayu.notices.domain import (
    CONSULTATION_ENDS,
    LANES_OF_ROLE,
    ROLES_OF_CONSULTATION,
    STEP_ENDS,
    closes_within,
)
from nayu.strategy.models import CalendarStep


@dataclass(frozen=True, slots=True)
class Closing:
    """Something that can be done until `last_day`; `roles` are those it concerns."""

    source: str
    source_id: int
    fiscal_year_be: int
    name_th: str
    name_en: str
    last_day: date
    days_left: int
    roles: frozenset[str]


def closing_soon(person: Person, day: date, span: timedelta) -> list[Closing]:
    """What concerns this person and ends within the span, the nearest first."""
    return [found for found in closings(day, span) if found.roles & person.roles]


def closings(day: date, span: timedelta) -> list[Closing]:
    """All that is open today and ends within the span, in two queries."""
    found = [*_steps(day, span), *_consultations(day, span)]
    return sorted(found, key=lambda c: (c.last_day, c.fiscal_year_be, c.source_id))


def _steps(day: date, span: timedelta) -> list[Closing]:
    spending = FiscalYear.containing(day).year_be
    found = []
    for step in CalendarStep.objects.order_by("pk"):
        roles = frozenset(role for role, lanes in LANES_OF_ROLE.items() if step.lane in lanes)
        for year in range(spending, spending + 3):
            first, last = step.days_in(year)
            if first <= day and closes_within(day, last, span):
                found.append(
                    Closing(
                        STEP_ENDS, step.pk, year, step.name_th, step.name_en or step.name_th,
                        last, (last - day).days, roles,
                    )
                )  # fmt: skip
    return found


def _consultations(day: date, span: timedelta) -> list[Closing]:
    open_now = Consultation.objects.filter(
        first_day__lte=day, last_day__gte=day, last_day__lte=day + span
    ).select_related("version")
    return [
        Closing(
            CONSULTATION_ENDS,
            round_.pk,
            round_.version.fiscal_year_be,
            round_.title_th,
            round_.title_en or round_.title_th,
            round_.last_day,
            (round_.last_day - day).days,
            ROLES_OF_CONSULTATION,
        )
        for round_ in open_now.order_by("pk")
    ]

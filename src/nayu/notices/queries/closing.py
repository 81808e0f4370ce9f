"""What closes soon: steps of the yearly calendar, consultations, and windows of submission.

Last days are included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROJECT, REQUEST, WINDOW_STEPS
from nayu.approvals.models import Window, WindowException
from nayu.budget.models import Request
from nayu.consultation.models import Consultation
from nayu.core.fiscal_year import FiscalYear
from nayu.notices.domain import (
    CONSULTATION_ENDS,
    EXCEPTION_ENDS,
    LANES_OF_ROLE,
    ROLES_OF_CONSULTATION,
    ROLES_OF_WINDOW,
    STEP_ENDS,
    WINDOW_ENDS,
    WINDOW_NAMES,
    closes_within,
)
from nayu.projects.models import ProjectEntry
from nayu.strategy.models import CalendarStep


@dataclass(frozen=True, slots=True)
class Closing:
    """Something that can be done until `last_day`; `roles` are those it concerns.

    `agency_codes` narrows it to posts of these agencies; None: of any.
    """

    source: str
    source_id: int
    fiscal_year_be: int
    name_th: str
    name_en: str
    last_day: date
    days_left: int
    roles: frozenset[str]
    agency_codes: frozenset[str] | None = None

    def concerns(self, person: Person) -> bool:
        """Whether the person holds a post that this is for."""
        return any(
            holding.role in self.roles
            and (self.agency_codes is None or holding.agency_code in self.agency_codes)
            for holding in person.holdings
        )


def closing_soon(person: Person, day: date, span: timedelta) -> list[Closing]:
    """What concerns this person and ends within the span, the nearest first."""
    return [found for found in closings(day, span) if found.concerns(person)]


def closings(day: date, span: timedelta) -> list[Closing]:
    """All that is open today and ends within the span, in six queries."""
    found = [*_steps(day, span), *_consultations(day, span), *_windows(day, span)]
    return sorted(found, key=lambda c: (c.last_day, c.fiscal_year_be, c.source, c.source_id))


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


# --- Windows ------------------------------------------------------------------------------------

Place = tuple[str, int, str]  # procedure, fiscal year, agency


def _windows(day: date, span: timedelta) -> list[Closing]:
    """Windows that end for agencies with something still to submit; an exception moves the end."""
    windows: dict[Place, Window] = {}
    for window in Window.objects.filter(fiscal_year_be__gte=FiscalYear.containing(day).year_be):
        if window.step == WINDOW_STEPS[window.procedure]:
            windows[window.procedure, window.fiscal_year_be, window.agency_code] = window
    longest: dict[Place, WindowException] = {}
    for one in WindowException.objects.filter(until__gte=day).order_by("until", "pk"):
        longest[one.procedure, one.fiscal_year_be, one.agency_code] = one
    ends: dict[tuple[str, int], tuple[Window, date]] = {}
    agencies: dict[tuple[str, int], set[str]] = {}
    for place in _unsubmitted(year for _procedure, year, _agency in windows):
        procedure, year, agency = place
        own = windows.get(place) or windows.get((procedure, year, ""))
        if own is None or own.opens_on > day:
            continue
        key, last = (WINDOW_ENDS, own.pk), own.closes_on
        late = longest.get(place)
        if late is not None and late.until > last:
            key, last = (EXCEPTION_ENDS, late.pk), late.until
        if closes_within(day, last, span):
            ends[key] = own, last
            agencies.setdefault(key, set()).add(agency)
    return [
        Closing(
            source, pk, window.fiscal_year_be, *WINDOW_NAMES[window.procedure], last,
            (last - day).days, ROLES_OF_WINDOW[window.procedure],
            frozenset(agencies[source, pk]),
        )
        for (source, pk), (window, last) in ends.items()
    ]  # fmt: skip


def _unsubmitted(years: Iterable[int]) -> set[Place]:
    """Where drafts, returned projects or open requests of these years lie."""
    wanted = set(years)
    entries = ProjectEntry.objects.filter(
        fiscal_year_be__in=wanted, state__in=("draft", "returned")
    ).values_list("fiscal_year_be", "agency_id")
    requests = Request.objects.filter(fiscal_year_be__in=wanted, state="open").values_list(
        "fiscal_year_be", "agency_id"
    )
    return {(PROJECT, *row) for row in entries.distinct()} | {
        (REQUEST, *row) for row in requests.distinct()
    }

"""Pages as at a past day: the day asked for, what stood that day, and the banner that says so.

A page that can be shown as at a day asks `day_asked` (or `plan_asked`); base.html tells of a page
that was asked for a day and never did.
"""

from datetime import date

from django.http import HttpRequest

from nayu.core.dates import parse_date
from nayu.db.clock import today
from nayu.portal.queries.plans import Plan, plan_of
from nayu.publication.domain import DayNotPassed


def day_asked(request: HttpRequest) -> date | None:
    """The day of `?as_at=`, in either era, or None for now. Today is now.

    Raises DateNotUnderstood, DateOfWrongEra, DayNotPassed.
    """
    text = request.GET.get("as_at", "").strip()
    if not text:
        return None
    day = parse_date(text)
    if day > today():
        raise DayNotPassed(day=text)
    past = day if day < today() else None
    request.as_at = past  # type: ignore[attr-defined]
    request.as_at_query = f"?as_at={past}" if past else ""  # type: ignore[attr-defined]
    request.as_at_answered = True  # type: ignore[attr-defined]
    return past


def plan_asked(request: HttpRequest, fiscal_year_be: int) -> Plan | None:
    """The published plan of a year, now or at the end of the day asked for."""
    return plan_of(fiscal_year_be, day_asked(request))

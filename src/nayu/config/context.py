"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nayu.agencies.domain import STRANGER_PERSON
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import today


def frame(request: HttpRequest) -> dict[str, Any]:
    """Sample-city strip, the city's day, and who reads."""
    return {
        "sample_city": settings.SAMPLE_CITY,
        "clock_date": today(),
        "nav_year": FiscalYear.containing(today()).year_be,
        "person": getattr(request, "person", STRANGER_PERSON),
    }

"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from nayu.agencies.domain import STRANGER_PERSON
from nayu.agencies.models import Post
from nayu.approvals.domain import may
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import today
from nayu.practice.services import PEOPLE


def frame(request: HttpRequest) -> dict[str, Any]:
    """Sample-city strip, the city's day, and who reads."""
    person = getattr(request, "person", STRANGER_PERSON)
    shown: dict[str, Any] = {
        "sample_city": settings.SAMPLE_CITY,
        "clock_date": today(),
        "nav_year": FiscalYear.containing(today()).year_be,
        "person": person,
        "sees_scenarios": may(person, "scenario.view", state="adopted"),
    }
    if settings.SAMPLE_CITY and request.path.startswith("/accounts/"):
        shown["sample_people"] = sample_people()
    return shown


def sample_people() -> list[tuple[str, str]]:
    """The sample sign-ins with their posts, in the reader's language."""
    english = get_language() == "en"
    posts = {p.code: p for p in Post.objects.filter(code__in=[code for _u, _n, code in PEOPLE])}
    return [
        (username, posts[code].title_en if english else posts[code].title_th)
        for username, _name, code in PEOPLE
        if code in posts
    ]

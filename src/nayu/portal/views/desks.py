"""My work: what is due, what came back and why, what waits on others."""

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nayu.agencies.domain import ADMIN, AUDITOR, PARTNER, PLANNER, ROLES
from nayu.approvals.domain import may
from nayu.consultation.queries import may_use_desk
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import today
from nayu.jobs.messages import MESSAGES
from nayu.jobs.models import Job
from nayu.notices.messages import ROLE_NAMES
from nayu.notices.queries.work import Item
from nayu.portal.queries.desks import OVERSEERS, desk_of
from nayu.portal.views.bulk import bulk_choices
from nayu.ui.components import Meter

# Whoever takes steps of a procedure; auditors, partners and administrators take none.
OWN_WORK = frozenset(ROLES) - {ADMIN, AUDITOR, PARTNER}


def waits_for_words(item: Item) -> str:
    """The post at whose desk a thing lies, in the reader's language."""
    return str(ROLE_NAMES.get(item.waits_for, ""))


def job_sentence(job: Job) -> str:
    """Why background work stopped, as whoever ordered it reads it."""
    if job.sentence not in MESSAGES:
        return ""
    return str(MESSAGES[job.sentence]) % defaultdict(str, job.facts)


@require_GET
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    desk = desk_of(person, today())
    work = desk.work
    spending = FiscalYear.containing(today()).year_be
    page: dict[str, Any] = {
        "nav": "my_work",
        "desk_years": [spending + 1, spending + 2],
        "opinion_desk": may_use_desk(person),
        "bulk_choices": bulk_choices(person),
        "window_kinds": [
            kind for kind in ("project", "request") if may(person, f"{kind}_window.set")
        ],
        "may_appoint": may(person, "appointment.set"),
        "may_publish": may(person, "plan.publish"),
        "may_keep_templates": may(person, "template.keep"),
        "may_import": may(person, "lines.import")
        or any(may(person, "lines.import", agency_code=code) for code in person.agency_codes),
        "new_year": spending + 2,
        "may_create": any(holding.role == PLANNER for holding in person.holdings),
        "desk": desk,
        "work": work,
        "on_others": [(item, waits_for_words(item)) for item in work.on_others],
        "oversees": bool(OVERSEERS & person.roles),
        "is_partner": PARTNER in person.roles,
        "is_admin": ADMIN in person.roles,
        "has_own_work": bool(OWN_WORK & person.roles),
        "open_rounds": [one for one in desk.rounds if one.is_open],
        "failed_jobs": [(job, job_sentence(job)) for job in desk.failed_jobs],
        "meters": [
            (
                year,
                [
                    Meter(name, use.asked_baht, use.asked_baht - use.asked_baht, use.ceiling_baht)
                    for name, use in found
                ],
            )
            for year, found in desk.ceilings
        ],
    }
    return render(request, "portal/my_work.html", page)

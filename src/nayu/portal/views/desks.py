"""My work: what is due, what came back and why, what waits on others."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nayu.agencies.domain import PLANNER
from nayu.approvals.domain import may
from nayu.consultation.queries import may_use_desk
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import today
from nayu.portal.queries.desks import work_of
from nayu.portal.views.bulk import bulk_choices
from nayu.ui.components import Meter


@require_GET
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    work = work_of(person, today())
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
        "may_import": may(person, "lines.import")
        or any(may(person, "lines.import", agency_code=code) for code in person.agency_codes),
        "new_year": spending + 2,
        "may_create": any(holding.role == PLANNER for holding in person.holdings),
        "work": work,
        "meters": [
            (
                year,
                [
                    Meter(name, use.asked_baht, use.asked_baht - use.asked_baht, use.ceiling_baht)
                    for name, use in found
                ],
            )
            for year, found in work.ceilings
        ],
    }
    return render(request, "portal/my_work.html", page)

"""Agencies and districts: their plans, requests against ceilings, money and people."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.agencies.models import Agency, District
from nayu.agencies.queries import budget_holders
from nayu.approvals.domain import may
from nayu.budget.domain import Use
from nayu.budget.models import ExpenditureType
from nayu.budget.queries import breakdown, uses
from nayu.budget.queries.past import uses_then
from nayu.portal.queries.plans import (
    agency_counts,
)
from nayu.portal.views.as_at import day_asked, plan_asked
from nayu.portal.views.frame import named_here, page_frame
from nayu.ui.components import Crumb


@require_GET
def agencies(request: HttpRequest, year: int) -> HttpResponse:
    plan = plan_asked(request, year)
    holders = list(budget_holders(year).select_related("district"))
    amounts = {row.code: row.amount_baht for row in plan.totals("agency").rows} if plan else {}
    counts = agency_counts(plan) if plan else {}
    rows = [(agency, counts.get(agency.code, 0), amounts.get(agency.code)) for agency in holders]
    page = page_frame(year, "portal:agencies", "budget", plan) | {
        "rows": rows,
        "central": amounts.get("00000000"),
        "others": [
            row
            for row in (plan.totals("agency").rows if plan else ())
            if row.code not in {a.code for a in holders} and row.code != "00000000"
        ],
        "total": plan.total_baht if plan else None,
    }
    return render(request, "portal/agencies.html", page)


@require_GET
def agency(request: HttpRequest, year: int, code: str) -> HttpResponse:
    shown = get_object_or_404(Agency.objects.select_related("district"), code=code)
    plan = plan_asked(request, year)
    person = request.person  # type: ignore[attr-defined]
    own = [frozen for frozen in plan.entries.values() if frozen.agency_id == code] if plan else []
    books = plan.books.only(agency_id=code) if plan else None
    page = page_frame(year, "portal:agency", "budget", plan, code) | {
        "agency": shown,
        "projects": sorted(own, key=lambda frozen: (-frozen.amount, frozen.project_code)),
        "projects_total": sum((frozen.amount for frozen in own), Decimal(0)),
        "by_type": breakdown(books, "expenditure") if books else None,
        "people": int(plan.people_of(frozen.entry_id for frozen in own)) if plan else 0,
        "uses": _named_uses(code, year, day_asked(request))
        if may(person, "ceiling.view", agency_code=code)
        else None,
        "crumbs": [
            Crumb(_("Agencies"), reverse("portal:agencies", args=[year])),
            Crumb(named_here(shown)),
        ],
    }
    return render(request, "portal/agency.html", page)


def _named_uses(code: str, year: int, day: date | None) -> list[tuple[str, Use]]:
    found = uses_then(year, day).get(code, []) if day else uses(code, year)
    types = ExpenditureType.objects.in_bulk([use.type_code for use in found])
    return [(named_here(types[use.type_code]), use) for use in found]


@require_GET
def district(request: HttpRequest, year: int, plan_code: str) -> HttpResponse:
    shown = get_object_or_404(District.objects.select_related("group"), plan_code=plan_code)
    plan = plan_asked(request, year)
    amounts = plan.amounts_of("district", plan_code) if plan else {}
    listed = [(plan.entries[pk], amount) for pk, amount in amounts.items()] if plan else []
    total = sum(amounts.values(), Decimal(0))
    page = page_frame(year, "portal:district", "plan", plan, plan_code) | {
        "district": shown,
        "projects": sorted(listed, key=lambda item: (-item[1], item[0].project_code)),
        "part_total": total,
        "per_resident": (total / shown.population).quantize(Decimal("0.01")),
        "people": int(plan.people_of(amounts)) if plan else 0,
        "crumbs": [
            Crumb(_("Plan"), reverse("portal:home_year", args=[year])),
            Crumb(named_here(shown)),
        ],
    }
    return render(request, "portal/district.html", page)

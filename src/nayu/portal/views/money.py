"""The whole budget, from its total down to a line; the same total at each level."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from nayu.agencies.models import Agency
from nayu.budget.domain import BY
from nayu.budget.models import RevenueEstimate, Stage
from nayu.budget.queries import Balance, LineSheet, Row
from nayu.core.errors import NotVisible
from nayu.core.values import from_json
from nayu.db.fields import sum_satang
from nayu.portal.queries.plans import (
    Plan,
    narrowed,
)
from nayu.portal.views.as_at import day_asked, plan_asked
from nayu.portal.views.frame import is_english, named_here, page_frame, years
from nayu.publication.models import FrozenLine
from nayu.strategy.models import Element
from nayu.ui.components import Crumb

MOST_LINES = 80


BY_NAMES = ("expenditure", "function", "agency", "source", "element", "district")


@require_GET
def money(request: HttpRequest, year: int) -> HttpResponse:
    plan = plan_asked(request, year)
    page = page_frame(year, "portal:money", "budget", plan)
    if plan:
        page |= {
            "tables": [(by, plan.totals(by)) for by in BY_NAMES],
            "by_names": _by_names(),
            # The record does not keep revenue estimates by day.
            "balance": None if day_asked(request) else _published_balance(plan),
        }
    return render(request, "portal/money.html", page)


def _published_balance(plan: Plan) -> Balance | None:
    """Revenue estimate against the version's own total, so that no draft moves the page."""
    revenue = RevenueEstimate.objects.filter(fiscal_year_be=plan.fiscal_year_be).aggregate(
        sum_baht=sum_satang("amount")
    )["sum_baht"]
    if revenue is None:
        return None
    return Balance(plan.fiscal_year_be, plan.version.stage_id, revenue, plan.total_baht)


def _by_names() -> dict[str, str]:
    return {
        "expenditure": _("Expenditure type"),
        "function": pgettext("budget class", "Function"),
        "agency": _("Agency"),
        "source": _("Source of funds"),
        "element": _("Element of the framework"),
        "district": _("District"),
    }


@require_GET
def money_part(request: HttpRequest, year: int, by: str, code: str) -> HttpResponse:
    """One bucket of a breakdown: its projects and standing lines, with the same total."""
    plan = plan_asked(request, year)
    if plan is None or by not in BY:
        raise NotVisible
    row = _bucket(plan, by, code)
    agency_code, project_code = request.GET.get("agency", ""), request.GET.get("project", "")
    lines = narrowed(plan.lines_of(by, code), agency=agency_code, project=project_code)
    amounts = {} if project_code else plan.amounts_of(by, code, agency=agency_code)
    listed = [(plan.entries[pk], amount) for pk, amount in amounts.items() if pk in plan.entries]
    standing = lines if project_code else lines.exclude(kind="project")
    standing_rows, by_agency = _standing(
        standing.select_related("agency", "category"),
        one_by_one=bool(agency_code or project_code or by == "agency"),
    )
    if (agency_code or project_code) and not (listed or standing_rows):
        raise NotVisible
    total = (
        sum((a for _f, a in listed), Decimal(0))
        + sum((a for *_x, a in standing_rows), Decimal(0))
        + sum((a for *_x, a in by_agency), Decimal(0))
    )
    page = page_frame(year, "portal:money", "budget", plan) | {
        "by": by,
        "by_name": _by_names().get(by, ""),
        "row": row,
        "row_code": code,
        "splits_projects": by in ("expenditure", "function", "source"),
        "narrowed_to": _narrowed_to(plan, agency_code, project_code),
        "project_code": project_code,
        "projects": sorted(listed, key=lambda item: (-item[1], item[0].project_code)),
        "standing": standing_rows,
        "standing_by_agency": by_agency,
        "part_total": total,
        "crumbs": [
            Crumb(_("Budget"), reverse("portal:money", args=[year])),
            Crumb(_by_names().get(by, ""), f"{reverse('portal:money', args=[year])}#{by}"),
            Crumb(named_here(row), reverse("portal:money_part", args=[year, by, code])),
        ],
    }
    page["years"] = years(year, "portal:money")
    return render(request, "portal/money_part.html", page)


def _narrowed_to(plan: Plan, agency_code: str, project_code: str) -> str:
    """The name of the agency or the project that a part is narrowed to."""
    if project_code:
        frozen = next((f for f in plan.entries.values() if f.project_code == project_code), None)
        return named_here(frozen) if frozen else ""
    if agency_code:
        return named_here(get_object_or_404(Agency, code=agency_code))
    return ""


def _bucket(plan: Plan, by: str, code: str) -> Row:
    rows = plan.totals(by).rows
    if code == "projects":
        return Row(code, "โครงการทั้งหมดในแผน", "All projects of the plan", plan.project_total_baht)
    found = next((row for row in rows if row.code == code), None)
    if found:
        return found
    parts = [row for row in rows if row.code.startswith(f"{code}.")]
    shown = Element.objects.filter(framework__code=plan.framework_code, number=code).first()
    if not parts or shown is None:
        raise NotVisible
    return Row(code, shown.name_th, shown.name_en, sum((r.amount_baht for r in parts), Decimal(0)))


def _standing(lines: Any, *, one_by_one: bool) -> tuple[list[Any], list[Any]]:
    """Lines one by one while they are few, else added up by agency."""
    if one_by_one or lines.count() <= MOST_LINES:
        return [(line, line.amount) for line in lines.order_by("-amount", "pk")], []
    sums = (
        lines.values("agency_id", "agency__name_th", "agency__name_en")
        .annotate(sum_baht=sum_satang("amount"))
        .order_by("agency_id")
    )
    return [], [
        (
            row["agency_id"],
            row["agency__name_en"] if is_english() else row["agency__name_th"],
            row["sum_baht"],
        )
        for row in sums
    ]


@require_GET
def line(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One published line, the last step of the drill."""
    plan = plan_asked(request, year)
    frozen = (
        FrozenLine.objects.filter(pk=pk, version__fiscal_year_be=year)
        .select_related("agency", "frozen", "version")
        .first()
    )
    if plan is None or frozen is None or frozen.version_id != plan.version.pk:
        raise NotVisible
    sheet = from_json(LineSheet, frozen.sheet)
    crumbs = [
        Crumb(_("Budget"), reverse("portal:money", args=[year])),
        Crumb(named_here(frozen.agency), reverse("portal:agency", args=[year, frozen.agency_id])),
    ]
    if frozen.frozen:
        crumbs.append(
            Crumb(
                frozen.frozen.project_code,
                reverse("portal:project", args=[year, frozen.frozen.project_code]),
            )
        )
    names = Stage.objects.in_bulk([code for code, _amount in sheet.stages])
    page = page_frame(year, "portal:money", "budget", plan) | {
        "line": sheet,
        "frozen": frozen,
        "stages": [(named_here(names[code]), amount) for code, amount in sheet.stages],
        "crumbs": [*crumbs, Crumb(_("Line"))],
    }
    return render(request, "portal/line.html", page)

"""What the city paid before: the cost catalogue, and the prices beside one line."""

from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.budget.queries.prices import catalogue
from nayu.core.money import MoneyNotUnderstood, parse_number
from nayu.core.thai import normalise
from nayu.portal.forms import whole_or_zero
from nayu.portal.queries.prices import prices_beside
from nayu.portal.views.lines import line_lists
from nayu.ui.components import Crumb, Paging

ROWS = 25


@require_GET
def prices(request: HttpRequest, year: int) -> HttpResponse:
    """The catalogue for a fiscal year: what was decided in the years before it, item by item."""
    asked = {
        "q": normalise(request.GET.get("q", ""))[:200],
        "category": request.GET.get("category", ""),
    }
    first = whole_or_zero(request.GET.get("from"))
    rows, total = catalogue(
        year, words=asked["q"], category=asked["category"], first=first, most=ROWS
    )
    page = {
        "year": year,
        "nav": "budget",
        "asked": asked,
        "rows": rows,
        "total": total,
        "categories": line_lists()["category"],
        "paging": _paging(asked, first, len(rows), total),
        "crumbs": [Crumb(_("What the city paid before"))],
    }
    return render(request, "portal/prices.html", page)


def _paging(asked: dict[str, str], first: int, shown: int, total: int) -> Paging:
    def at(start: int) -> str:
        return "?" + urlencode({**{k: v for k, v in asked.items() if v}, "from": start})

    before = at(max(first - ROWS, 0)) if first else ""
    after = at(first + ROWS) if first + shown < total else ""
    return Paging(before, after, shown, total)


@require_GET
def beside(request: HttpRequest, year: int) -> HttpResponse:
    """The part of a page that stands beside a line: its band and the nearest past prices."""
    typed = {name: request.GET.get(name, "") for name in ("item", "unit", "category")}
    page = prices_beside(
        year, typed["item"], typed["unit"], typed["category"], _price(request.GET.get("unit_price"))
    )
    return render(request, "portal/_prices_beside.html", page)


def _price(text: str | None) -> Decimal | None:
    try:
        return parse_number(text or "") if normalise(text or "") else None
    except MoneyNotUnderstood:
        return None

"""A new project: a name is enough to begin."""

from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nayu.agencies.domain import PLANNER
from nayu.agencies.models import Agency
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import now, today
from nayu.portal.forms import Choice, Drawing, Typed, whole_or_zero
from nayu.portal.views.parts import projects_crumb
from nayu.portal.views.sentences import sentences_of
from nayu.projects import services
from nayu.projects.models import ProjectEntry
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import named

LAST_NEW_YEAR = 5  # how many years ahead of the one being spent a project may begin


@login_required
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest, year: int) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    own = [h.agency_code for h in person.holdings if h.role == PLANNER and h.agency_code]
    spending = FiscalYear.containing(today()).year_be
    if not own or not spending < year <= spending + LAST_NEW_YEAR:
        raise NotVisible
    sentences: list[str] = []
    typed = Typed()
    if request.method == "POST":
        last = typed.whole(request.POST, "last_fy", year, year + 10, label=_("Last fiscal year"))
        if not typed.problems:
            try:
                entry = services.open_project(
                    agency_code=request.POST.get("agency", ""),
                    fiscal_year_be=year,
                    last_fy=last,
                    name_th=request.POST.get("name_th", ""),
                    name_en=request.POST.get("name_en", ""),
                    after=whole_or_zero(request.POST["newest"])
                    if request.POST.get("newest")
                    else None,
                    actor=person,
                    at=now(),
                )
            except RuleBroken as broken:
                sentences = sentences_of(broken)
            else:
                return redirect("portal:edit_section", year, entry.project.code, "basics")
    draw = Drawing(
        request.POST.dict() if request.POST else {"last_fy": str(year)},  # type: ignore[dict-item]
        {},
        typed.problems,
    )
    agencies = [Choice(a.code, named(a)) for a in Agency.objects.filter(code__in=own)]
    page = {
        "year": year,
        "nav": "projects",
        "sentences": sentences,
        "newest": ProjectEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0,
        "fields": [
            draw.text("name_th", _("Name"), most=500),
            draw.text("name_en", _("English name"), most=500, optional=True),
            draw.choice("agency", _("Agency"), agencies),
            draw.figure(
                "last_fy", _("Last fiscal year"),
                hint=_("The same year, unless the project goes on over several years."),
            ),
        ],
        "crumbs": [projects_crumb(year), Crumb(_("New project"))],
    }  # fmt: skip
    failed = sentences or typed.problems
    return render(request, "portal/new_project.html", page, status=422 if failed else 200)

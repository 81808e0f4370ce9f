"""A published version, how figures are counted, privacy, health."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.core.errors import NotVisible
from nayu.portal.queries.plans import (
    Plan,
)
from nayu.portal.queries.versions import since_before
from nayu.portal.views.differing import changes_told
from nayu.portal.views.frame import page_frame
from nayu.publication.queries import published_changes, versions_of
from nayu.ui.components import Crumb


@require_GET
def version(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A published version: what it is, its hash, its totals."""
    found = versions_of(year).filter(number=number).first()
    if found is None:
        raise NotVisible
    plan = Plan(year, found, None)
    page = page_frame(year, "portal:home_year", "documents", plan) | {
        "version": found,
        "total": plan.total_baht,
        "projects": found.entries.count(),
        "project_total": plan.project_total_baht,
        "changes_made": changes_told(published_changes(year, version=found)),
        "since": since_before(found),
        "crumbs": [
            Crumb(_("Plan"), reverse("portal:home_year", args=[year])),
            Crumb(_("Version %(number)s") % {"number": number}),
        ],
    }
    return render(request, "portal/version.html", page)


@require_GET
def how_we_count(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/how_we_count.html", {"nav": "", "sample": settings.SAMPLE_CITY})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"nav": ""})


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")

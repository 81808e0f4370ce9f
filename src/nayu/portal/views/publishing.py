"""The publish desk: what a version would hold, the deed of publishing, and what stands already."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nayu.approvals.domain import may
from nayu.budget.models import Stage
from nayu.budget.queries import reached_stage
from nayu.core.errors import NotVisible, RuleBroken
from nayu.db.clock import now
from nayu.portal.forms import Drawing, whole_or_zero
from nayu.portal.queries.requests import publishable
from nayu.portal.services import index_published
from nayu.portal.views.sentences import sentences_of
from nayu.publication.models import DRAFT, OFFICIAL
from nayu.publication.queries import versions_of
from nayu.publication.services import publish
from nayu.ui.components import Crumb


@login_required
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, year: int) -> HttpResponse:
    """Publishing twice by pressing twice is refused: the form knows the newest version it saw."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "plan.publish"):
        raise NotVisible
    versions = list(versions_of(year))
    newest = versions[0].number if versions else 0
    sentences: list[str] = []
    if request.method == "POST":
        if whole_or_zero(request.POST.get("newest")) != newest:
            sentences = [
                _(
                    "Version %(number)s was published in the meantime."
                    " Look at it before publishing another."
                )
                % {"number": newest}
            ]
        else:
            try:
                version = publish(
                    year,
                    kind=OFFICIAL if request.POST.get("kind") == OFFICIAL else DRAFT,
                    note=request.POST.get("note", ""),
                    actor=person,
                    at=now(),
                )
            except RuleBroken as broken:
                sentences = sentences_of(broken)
            else:
                index_published(version)
                messages.success(request, _("Published as version %(n)s.") % {"n": version.number})
                return redirect("portal:version", year, version.number)
    stage = reached_stage(year)
    draw = Drawing({"note": request.POST.get("note", "")}, {}, {})
    page = {
        "year": year,
        "nav": "plan",
        "stage": Stage.objects.get(pk=stage),
        "kinds": publishable(year, stage),
        "chosen": request.POST.get("kind", DRAFT),
        "newest": newest,
        "versions": versions,
        "sentences": sentences,
        "fields": [
            draw.text(
                "note", _("Note"), most=500, optional=True,
                hint=_("Readers see it beside the version, for example why it follows the last one."),
            )
        ],
        "crumbs": [
            Crumb(_("Plan of %(year)s") % {"year": year}, reverse("portal:home_year", args=[year])),
            Crumb(_("Publish the plan")),
        ],
    }  # fmt: skip
    return render(request, "portal/publication.html", page, status=409 if sentences else 200)

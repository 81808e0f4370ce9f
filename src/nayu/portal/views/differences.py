"""The plan as published against what stands now: what differs, project by project."""

from collections import Counter
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.core.errors import NotVisible
from nayu.portal.queries.differing import CHANGED, GONE, NEW, differing
from nayu.portal.views.differing import field_names
from nayu.publication.queries import current_version
from nayu.ui.components import Crumb


@login_required
@require_GET
def differences(request: HttpRequest, year: int) -> HttpResponse:
    """Of the projects one may see: those that changed, came or went since they were published."""
    person = request.person  # type: ignore[attr-defined]
    version = current_version(year)
    if not person.holdings or version is None:
        raise NotVisible
    names = field_names()
    found = differing(version, person)
    rows = []
    for one in found:
        difference = one.difference
        parts = [names.get(name, name) for name in difference.fields] if difference else []
        if difference and difference.lines:
            parts.append(names["lines"])
        rows.append((one, parts, (one.working or Decimal(0)) - (one.published or Decimal(0))))
    counts = Counter(one.kind for one in found)
    page = {
        "year": year,
        "nav": "plan",
        "version": version,
        "rows": rows,
        "changed": counts[CHANGED],
        "new": counts[NEW],
        "gone": counts[GONE],
        "published_total": sum((one.published or Decimal(0) for one in found), Decimal(0)),
        "working_total": sum((one.working or Decimal(0) for one in found), Decimal(0)),
        "crumbs": [
            Crumb(_("Plan of %(year)s") % {"year": year}, reverse("portal:home_year", args=[year])),
            Crumb(_("Published against working")),
        ],
    }
    return render(request, "portal/differences.html", page)

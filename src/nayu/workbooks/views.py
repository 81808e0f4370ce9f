"""Files in: a dry run first, then the same file for good; the agency's workbook out."""

import re
import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.budget.models import Stage
from nayu.core.errors import NotVisible
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import now, today
from nayu.workbooks.domain import LARGEST_FILE_BYTES
from nayu.workbooks.messages import place, sentence
from nayu.workbooks.profile import (
    Profile,
    ProfileUnknown,
    load_profile,
    profile_names,
    shipped_profiles,
)
from nayu.workbooks.services import Outcome, agency_template, take_in
from nayu.workbooks.services.merging import FILE, HELD

MOST_FINDINGS = 300
CELL = re.compile(r"cell-(\d{1,18})-([a-z_]+(?:\.[a-z_0-9.]+)?)")


def _may_import(request: HttpRequest) -> bool:
    person = request.person  # type: ignore[attr-defined]
    return may(person, "lines.import") or any(
        may(person, "lines.import", agency_code=code) for code in person.agency_codes
    )


@login_required
@require_http_methods(["GET", "POST"])
def files_in(request: HttpRequest) -> HttpResponse:
    """The form, and the outcome of a dry run or of the import itself."""
    if not _may_import(request):
        raise NotVisible
    person = request.person  # type: ignore[attr-defined]
    spending = FiscalYear.containing(today()).year_be
    page: dict[str, Any] = {
        "nav": "budget",
        "profiles": shipped_profiles(),
        "workbooks": [
            (agency, spending + 1, spending + 2)
            for agency in Agency.objects.filter(code__in=person.agency_codes).order_by("code")
        ],
        "usual_year": spending + 1,
        "stages": Stage.objects.filter(is_signed=False).order_by("order"),
        "typed": request.POST,
        "megabytes": LARGEST_FILE_BYTES // 1024 // 1024,
    }
    if request.method == "POST":
        page |= _outcome(request)
        return render(request, "workbooks/files_in.html", page, status=page.pop("status"))
    return render(request, "workbooks/files_in.html", page)


def _outcome(request: HttpRequest) -> dict[str, Any]:
    given = request.FILES.get("file")
    year = request.POST.get("fiscal_year", "")
    if given is None or not year.isdecimal() or not 2500 <= int(year) <= 2700:
        return {
            "problem": _("Choose a file and write the fiscal year, such as 2569."),
            "status": 422,
        }
    size = given.size or 0
    if size > LARGEST_FILE_BYTES:
        return {
            "problem": _("The file has %(mb)s MB; at most %(most)s MB are read.")
            % {"mb": size // 1024 // 1024, "most": LARGEST_FILE_BYTES // 1024 // 1024},
            "status": 422,
        }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{Path(given.name or '').suffix.lower()[:8]}"
        with path.open("wb") as stream:
            for chunk in given.chunks():
                stream.write(chunk)
        outcome: Outcome = take_in(
            path,
            _chosen_profile(request.POST.get("profile", "nayu")),
            fiscal_year_be=int(year),
            stage=request.POST.get("stage", ""),
            dry_run="for_good" not in request.POST,
            actor=request.person,  # type: ignore[attr-defined]
            at=now(),
            name=given.name or "",
            choices=_choices(request),
        )
    return {
        "outcome": outcome,
        "sums": outcome.reconciliation,
        "findings": [(f, sentence(f)) for f in outcome.findings[:MOST_FINDINGS]],
        "in_doubt": [(f, place(f)) for f in outcome.findings if f.code == "cell_in_doubt"],
        "gone": [(f, place(f)) for f in outcome.findings if f.code in ("line_gone", "row_gone")],
        "for_good": "for_good" in request.POST,
        "status": 422 if outcome.is_refused else 200,
    }


def _choices(request: HttpRequest) -> dict[tuple[int, str], str]:
    """What was chosen for each cell in doubt: `cell-12-quantity` is file or held."""
    found = {}
    for field, chosen in request.POST.items():
        parts = CELL.fullmatch(field)
        if parts and chosen in (FILE, HELD):
            found[int(parts[1]), parts[2]] = str(chosen)
    return found


def _chosen_profile(name: str) -> Profile:
    """One of those offered; the command line alone may read a profile from a file."""
    if name not in profile_names():
        raise ProfileUnknown(name=name, known=", ".join(profile_names()))
    return load_profile(name)


@login_required
@require_GET
def template(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The agency's workbook, for those who may see its request."""
    person = request.person  # type: ignore[attr-defined]
    if code not in person.agency_codes:
        raise NotVisible
    response = HttpResponse(
        agency_template(code, year),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="nayu-{code}-{year}.xlsx"'
    return response

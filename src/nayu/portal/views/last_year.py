"""What the year before wrote, promised and reached, beside what is written afresh."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.core.dates import parse_date
from nayu.core.errors import NotVisible, RuleBroken
from nayu.db.clock import now, today
from nayu.portal.forms import Drawing, Shown, Typed, plain, whole_or_zero
from nayu.portal.views.parts import entry_or_404
from nayu.portal.views.sentences import sentences_of
from nayu.projects import services
from nayu.projects.domain import PromiseValues
from nayu.projects.models import ProjectEntry, Result
from nayu.projects.queries import results_of, sheet_of
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import short_date


@dataclass(frozen=True)
class Promised:
    """A promise of the year before and what came of it, if its agency has said."""

    promise: PromiseValues
    result: Result | None

    @property
    def percent(self) -> int | None:
        """Whole percent of the promised number, rounded down; None while nothing is known."""
        if self.result is None:
            return None
        return int(self.result.number * 100 / self.promise.number)


@dataclass(frozen=True)
class LastYear:
    """The entry that a continuing one goes on from."""

    entry: ProjectEntry
    texts: tuple[tuple[str, str], ...]
    promises: tuple[Promised, ...]
    may_report: bool


TEXTS_OF = {
    "rationale": ("rationale",),
    "objectives": ("objectives",),
    "targets": ("target_quantity", "target_quality"),
}


def last_year_of(entry: ProjectEntry, person: Person, section: str = "") -> LastYear | None:
    """What this part (or, without one, its promises) held in the year it goes on from.

    None if the entry goes on from nothing, if this part is carried over as a fact, or if the
    reader may not see that year's entry.
    """
    if entry.continues_id is None or section not in ("", "promises", *TEXTS_OF):
        return None
    before = (
        ProjectEntry.objects.visible_to(person)
        .filter(pk=entry.continues_id)
        .select_related("project")
        .first()
    )
    if before is None:
        return None
    texts = tuple((_names()[name], getattr(before, name)) for name in TEXTS_OF.get(section, ()))
    return LastYear(
        before,
        tuple((name, text) for name, text in texts if text),
        promised_of(before) if section in ("", "promises") else (),
        may(person, "project.report", state=before.state, agency_code=before.agency_id),
    )


def _names() -> dict[str, str]:
    return {
        "rationale": _("Principles and rationale"),
        "objectives": _("Objectives"),
        "target_quantity": _("Quantity"),
        "target_quality": _("Quality"),
    }


def promised_of(entry: ProjectEntry) -> tuple[Promised, ...]:
    results = results_of(entry.pk)
    return tuple(Promised(p, results.get(p.order)) for p in sheet_of(entry).promises)


# --- What came of it -----------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Each promise with what it has reached; the agency's planner says it, with the evidence."""
    entry = entry_or_404(request, year, code)
    typed, sentences = Typed(), []
    order = whole_or_zero(request.POST.get("order"))
    if request.method == "POST":
        promise = next((p for p in sheet_of(entry).promises if p.order == order), None)
        if promise is None:
            raise NotVisible
        given = _given(request, typed)
        if given is not None:
            try:
                services.report_result(
                    entry.pk, order, given,
                    actor=request.person, at=now(),  # type: ignore[attr-defined]
                )  # fmt: skip
            except NotVisible:
                raise
            except RuleBroken as broken:
                sentences = sentences_of(broken)
            else:
                messages.success(request, _("The result is kept."))
                return redirect(request.path)
    return _results(request, entry, order, typed, sentences)


def _given(request: HttpRequest, typed: Typed) -> services.ResultInput | None:
    data: dict[str, str] = request.POST.dict()  # type: ignore[assignment]
    number = typed.number(data, "number", label=_("How many were reached"))
    evidence = typed.text(data, "evidence_th", label=_("Where this can be checked"), limit=2_000)
    try:
        as_of = parse_date(data.get("as_of", ""))
    except RuleBroken as broken:
        typed.problems["as_of"] = " ".join(sentences_of(broken))
        return None
    return None if typed.problems else services.ResultInput(number, as_of, evidence)


def _results(
    request: HttpRequest, entry: ProjectEntry, order: int, typed: Typed, sentences: list[str]
) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    year, code = entry.fiscal_year_be, entry.project.code
    may_report = may(person, "project.report", state=entry.state, agency_code=entry.agency_id)
    rows = [
        (row, _fields(request, row, typed if row.promise.order == order else None))
        for row in promised_of(entry)
    ]
    page = {
        "year": year,
        "nav": "projects",
        "entry": entry,
        "rows": rows,
        "refused": order if sentences or typed.problems else 0,
        "may_report": may_report,
        "sentences": sentences,
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code]) + "?view=working"),
            Crumb(_("What came of the promises")),
        ],
    }
    failed = sentences or typed.problems
    return render(request, "portal/results.html", page, status=422 if failed else 200)


def _fields(request: HttpRequest, row: Promised, typed: Typed | None) -> list[Shown]:
    """The form of one promise: as typed, else as it stands."""
    result = row.result
    data = {
        "number": plain(result.number) if result else "",
        "as_of": str(short_date(result.as_of if result else today())),
        "evidence_th": result.evidence_th if result else "",
    }
    if typed is not None:
        data = {name: request.POST.get(name, "") for name in data}
    draw = Drawing(data, {}, typed.problems if typed else {}, prefix=str(row.promise.order))
    return [
        draw.figure("number", _("How many were reached")),
        draw.text("as_of", _("Counted up to"), most=40),
        draw.area("evidence_th", _("Where this can be checked"), size=2),
    ]

"""What allocation's pages share: the scenario asked for, words of rules, names in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from nayu.agencies.domain import Person
from nayu.allocation.messages import MESSAGES, ROWS, reason_of
from nayu.allocation.models import Run, Scenario
from nayu.allocation.queries.results import FULL, Names, Result
from nayu.approvals.domain import may
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import today
from nayu.jobs.messages import MESSAGES as JOBS
from nayu.jobs.models import Job
from nayu.ui.components import Crumb, YearChoice

STATE_WORDS = {"draft": "being made", "proposed": "proposed", "adopted": "adopted"}


def person_of(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined,no-any-return]


def ensure_inside(request: HttpRequest) -> Person:
    """Scenarios are inside work: whoever may see none of them finds nothing here."""
    person = person_of(request)
    if not may(person, "scenario.view", state="adopted"):
        raise NotVisible
    return person


def found_scenario(request: HttpRequest, year: int, number: int) -> Scenario:
    scenario = (
        Scenario.objects.visible_to(person_of(request))
        .select_related("owner", "made_from")
        .filter(fiscal_year_be=year, number=number)
        .first()
    )
    if scenario is None:
        raise NotVisible
    return scenario


def found_run(request: HttpRequest, year: int, number: int, run: int) -> Run:
    scenario = found_scenario(request, year, number)
    found = scenario.runs.select_related("job").filter(pk=run).first()
    if found is None:
        raise NotVisible
    found.scenario = scenario
    return found


def answered_run(request: HttpRequest, year: int, number: int, run: int) -> Run:
    found = found_run(request, year, number, run)
    if not found.answer.get("plan"):
        raise NotVisible
    return found


def is_english() -> bool:
    return get_language() == "en"


def named(thing: Any) -> str:
    """A thing's name in the reader's language; a code is its own."""
    if isinstance(thing, str):
        return thing
    english = str(getattr(thing, "name_en", "") or "")
    return english if english and is_english() else str(thing.name_th)


def row_words(names: Names, name: str, projects: Mapping[str, Any]) -> str:
    """What a row limits, such as “the ceiling of the Drainage Department”."""
    kind, thing = names.of_row(name, projects)
    return str(ROWS[kind]) % {"name": named(thing)} if kind in ROWS else name


def amount_words(unit: str, figure: int | None) -> str:
    """Whole units of a row as people read them."""
    if figure is None:
        return ""
    if unit == "projects":
        return ngettext("%(n)s project", "%(n)s projects", figure) % {"n": f"{figure:,}"}
    satang = Decimal(figure) if unit == "satang" else Decimal(figure) / 10_000
    return _("%(n)s million baht") % {"n": f"{satang / 100_000_000:,.2f}"}


def sentence_of(broken: RuleBroken) -> str:
    facts = dict(broken.facts)
    if broken.code == "scenario_wrong":
        facts["words"] = reason_of(broken)
    return str(MESSAGES[broken.code]) % facts if broken.code in MESSAGES else ""


def years(current: int) -> list[YearChoice]:
    base = FiscalYear.containing(today()).year_be
    return [
        YearChoice(year, "", reverse("allocation:scenarios", args=[year]), year == current)
        for year in sorted({base, base + 1, base + 2, current})
    ]


def page(
    request: HttpRequest, name: str, year: int, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    person = person_of(request)
    frame = {
        "nav": "allocation",
        "year": year,
        "may_make": may(person, "scenario.make"),
        **context,
    }
    return render(request, f"allocation/{name}.html", frame, status=status)


def crumbs(year: int, *more: Crumb) -> list[Crumb]:
    first = _("Allocation of %(year)s") % {"year": year}
    return [
        Crumb(first, reverse("allocation:scenarios", args=[year])) if more else Crumb(first),
        *more,
    ]


def of_scenario(scenario: Scenario) -> Crumb:
    return Crumb(
        f"{scenario.number}. {named(scenario)}",
        reverse("allocation:scenario", args=[scenario.fiscal_year_be, scenario.number]),
    )


def near_words(got: Result, one: Any, projects: dict[str, Any]) -> str:
    if one.outcome == FULL or one.short is None:
        return ""
    if one.short <= 0:
        return _("Only whole projects and the gap keep it out; ask for the exact answer")
    row = row_words(got.names, one.row, projects) if one.row else _("other projects")
    return _("Held by %(row)s. About %(n)s points short (estimate)") % {
        "row": row, "n": f"{one.short:,.2f}",
    }  # fmt: skip


def job_shown(job: Job | None, name: str) -> dict[str, Any] | None:
    if job is None:
        return None
    return {
        "name": name, "done": job.done, "total": job.total, "percent": job.percent,
        "state": "waiting" if job.state == "queued" else job.state,
        "sentence": str(JOBS[job.sentence]) % job.facts if job.sentence else "",
        "is_finished": job.is_finished,
    }  # fmt: skip

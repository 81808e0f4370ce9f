"""Scenarios side by side, and what an adopted plan means for one agency."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.agencies.models import Agency
from nayu.allocation.domain.problem import POINT
from nayu.allocation.models import Adoption, Run, Scenario
from nayu.allocation.queries.figures import needs_of
from nayu.allocation.queries.results import OUT, Result, newest_answers, result_of
from nayu.allocation.services import runs
from nayu.allocation.views.common import (
    crumbs,
    ensure_inside,
    is_english,
    named,
    near_words,
    page,
    person_of,
    years,
)
from nayu.allocation.views.results import percent_of
from nayu.approvals.domain import SCENARIO, may
from nayu.approvals.queries import decisions_of
from nayu.core.errors import NotVisible
from nayu.ui.components import Crumb

MOST = 3


@require_GET
def compare(request: HttpRequest, year: int) -> HttpResponse:
    """Two or three scenarios, by their newest answers."""
    person = ensure_inside(request)
    numbers = [int(n) for n in request.GET.getlist("of") if n.isdecimal() and len(n) < 5][:MOST]
    rows = list(Scenario.objects.visible_to(person).filter(fiscal_year_be=year).order_by("number"))
    answers = newest_answers(rows)
    solved = [one for one in rows if one.pk in answers and answers[one.pk].answer.get("plan")]
    chosen = [one for one in solved if one.number in numbers]
    context: dict[str, Any] = {
        "solved": solved, "numbers": numbers, "years": years(year),
        "crumbs": crumbs(year, Crumb(_("Side by side"))),
    }  # fmt: skip
    if len(chosen) >= 2:
        context |= _compared(chosen, answers)
    return page(request, "compare", year, context)


def _compared(chosen: list[Scenario], answers: dict[int, Run]) -> dict[str, Any]:
    results: list[Result] = []
    columns = []
    for one in chosen:
        run = answers[one.pk]
        plan = runs.plan_with_changes(run)
        got = result_of(runs.question_asked(run), plan, run.answer, by_hand={})
        results.append(got)
        columns.append(
            {
                "scenario": one, "run": run, "given": got.given_baht(), "people": got.people,
                "funded": len(plan), "points": got.points,
                "gap": percent_of(runs.answer_of(run).gap), "hand": run.adjustments.count(),
            }
        )  # fmt: skip
    differing = []
    codes = sorted({g.code for got in results for g in got.got})
    by_code = [{g.code: g for g in got.got} for got in results]
    for code in codes:
        ones = [known.get(code) for known in by_code]
        if len({(o.outcome, o.level) if o else None for o in ones}) > 1:
            told = next(o for o in ones if o)
            differing.append((told, ones))
    needs = _needs(chosen)
    differing.sort(key=lambda row: (-row[0].asked_baht, row[0].code))
    return {
        "columns": columns, "differing": differing[:200], "differing_count": len(differing),
        "sides": [
            (side, words, _side(results, side, needs if side == "districts" else {}))
            for side, words in _sides()
        ],
    }  # fmt: skip


def _needs(chosen: list[Scenario]) -> dict[str, str]:
    """Need by district (the city's is 100); where scenarios state it differently, each in turn."""
    told: dict[str, list[str]] = {}
    for one in chosen:
        for code, need in needs_of(one.rules.all()).items():
            words = f"{float(need.index * 100):,.0f}"
            if words not in told.setdefault(code, []):
                told[code].append(words)
    return {code: " / ".join(words) for code, words in told.items()}


def _sides() -> list[tuple[str, str]]:
    return [
        ("elements", _("Strategy")), ("types", _("Expenditure type")), ("agencies", _("Agency")),
        ("districts", _("District")),
    ]  # fmt: skip


def _side(
    results: list[Result], side: str, needs: dict[str, str]
) -> list[tuple[Any, list[Any], str]]:
    """Rows of one side: what it is, its part in each result, and its need (districts only)."""
    known = [{part.code: part for part in getattr(got, side)} for got in results]
    codes = list(dict.fromkeys(code for one in known for code in one))
    return [
        (
            next(one[code] for one in known if code in one),
            [one.get(code) for one in known],
            needs.get(code, ""),
        )
        for code in codes
    ]


@require_GET
def outcome(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """For an agency: which of its projects the adopted plan gives less, and why."""
    person = person_of(request)
    agency = Agency.objects.filter(code=code).first()
    inside = may(person, "scenario.view", state="adopted")
    if agency is None or not (inside or may(person, "scenario.outcome", agency_code=code)):
        raise NotVisible
    adoption = (
        Adoption.objects.filter(fiscal_year_be=year, undone_at=None)
        .select_related("scenario", "run")
        .order_by("-pk")
        .first()
    )
    if adoption is None:
        raise NotVisible
    run = adoption.run
    question = runs.question_asked(run)
    hands = {a.project_code: a for a in run.adjustments.all()}
    got = result_of(
        question, adoption.plan, run.answer, by_hand={c: a.level for c, a in hands.items()}
    )
    projects = {c.code: c for c in question.candidates}
    own = [g for g in got.got if g.agency == code]
    less = [
        (g, hands[g.code].reason if g.code in hands else near_words(got, g, projects))
        for g in own
        if g.given_baht != g.asked_baht
    ]
    return page(
        request, "outcome", year,
        {
            "agency": agency, "adoption": adoption, "less": less, "own": own,
            "asked": sum((g.asked_baht for g in own), Decimal("0.00")),
            "given": sum((g.given_baht for g in own), Decimal("0.00")),
            "out": sum(g.outcome == OUT for g in own), "inside": inside,
            "decision": decisions_of(SCENARIO, adoption.scenario_id).last(),
            "points_of": POINT, "english": is_english(), "name": named(agency),
            "crumbs": [Crumb(_("What the adopted plan gives"))],
        },
    )  # fmt: skip

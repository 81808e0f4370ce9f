"""The answer: who gets what and why, what a rule costs, and what else could be."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.allocation import services
from nayu.allocation.domain import scenario as s
from nayu.allocation.domain.problem import POINT, Question
from nayu.allocation.models import Run, Study
from nayu.allocation.queries.results import FULL, OUT, RESIZED, Result, result_of, tightest
from nayu.allocation.services import runs
from nayu.allocation.views.common import (
    amount_words,
    answered_run,
    crumbs,
    found_run,
    is_english,
    job_shown,
    named,
    near_words,
    of_scenario,
    page,
    person_of,
    row_words,
    sentence_of,
)
from nayu.allocation.views.frontier import frontier_context
from nayu.allocation.views.impossible import clash_context
from nayu.approvals.domain import may
from nayu.core.errors import NotVisible
from nayu.core.money import baht_of
from nayu.db.clock import now
from nayu.jobs.models import Job
from nayu.jobs.services import cancel
from nayu.ui.components import Crumb, Tile

SHOWN = {"changed": (RESIZED, OUT), "out": (OUT,), "resized": (RESIZED,), "in": (FULL,)}
PER_PAGE = 100


@require_GET
def result(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """How far an answer is; when it is there, the answer."""
    found = found_run(request, year, number, run)
    shown = request.GET.get("show", "changed")
    context = _result_context(request, found, shown if shown in SHOWN else "changed")
    if found.answered_at is None:
        context["job"] = job_shown(found.job, _("Finding the best plan"))
        if request.headers.get("HX-Request"):
            if found.job is None or found.job.is_finished:
                return _asked_again(found)
            return render(request, "allocation/_waiting.html", context)
        return page(request, "waiting", year, context)
    if request.headers.get("HX-Request"):
        return _asked_again(found)
    if found.answer.get("plan") is None or found.status == "impossible":
        return page(request, "impossible", year, context)
    return page(request, "result", year, context)


def _asked_again(found: Run) -> HttpResponse:
    """To a page that asks by itself: nothing while something is computed, then to load anew."""
    busy = found.studies.filter(found__isnull=True, job__in=Job.objects.unfinished()).exists()
    response = HttpResponse(status=204 if busy else 200)
    if not busy:
        response.headers["HX-Refresh"] = "true"
    return response


def _result_context(request: HttpRequest, found: Run, shown: str) -> dict[str, Any]:
    year = found.scenario.fiscal_year_be
    person = person_of(request)
    state = found.scenario.state
    context: dict[str, Any] = {
        "run": found, "scenario": found.scenario,
        "may": {act: may(person, f"scenario.{act}", state=state) for act in ("run", "adjust", "propose", "adopt", "return")},  # noqa: E501
        "is_newest": found.revision == found.scenario.revision,
        "crumbs": crumbs(year, of_scenario(found.scenario), Crumb(_("Answer %(n)s") % {"n": found.pk})),
    }  # fmt: skip
    if found.answered_at is None:
        return context
    question = runs.question_asked(found)
    if found.status == "impossible":
        return context | clash_context(found, question)
    studies = {(one.kind, one.subject): one for one in found.studies.select_related("job")}
    robust = studies.get((runs.ROBUST, ""))
    plan = runs.plan_with_changes(found)
    by_hand = {a.project_code: a for a in found.adjustments.all()}
    got = result_of(
        question, plan, found.answer, by_hand={code: a.level for code, a in by_hand.items()},
        robust=robust.found if robust else None,
    )  # fmt: skip
    answer = runs.answer_of(found)
    projects = {c.code: c for c in question.candidates}
    listed = [
        one
        for one in got.got
        if one.outcome in SHOWN[shown] or (shown == "changed" and one.is_by_hand)
    ]
    listed.sort(key=lambda one: (-one.asked_baht, one.code))
    at = request.GET.get("page", "1")
    first = (max(int(at), 1) - 1) * PER_PAGE if at.isdecimal() else 0
    broken = runs.broken_by(found, plan) if by_hand else []
    own_points = Decimal(found.points) / POINT
    names = got.names
    return context | {
        "result": got, "shown": shown, "listed": _rows(got, listed[first : first + PER_PAGE], projects),
        "more_page": first // PER_PAGE + 2 if len(listed) > first + PER_PAGE else None,
        "counts": {kind: len(got.of(kind)) for kind in (FULL, RESIZED, OUT)},
        "sums": {
            "full": got.given_baht(FULL), "resized": got.given_baht(RESIZED),
            "resized_asked": got.asked_baht(RESIZED), "out": got.asked_baht(OUT),
        },
        "tabs": _tabs(got),
        "funded_now": len(got.of(FULL)) + len(got.of(RESIZED)),
        "left_baht": _left(question, got), "total_baht": baht_of(question.total or 0),
        "gap_percent": percent_of(answer.gap), "bound_points": Decimal(int(answer.bound)) / POINT,
        "points": got.points, "own_points": own_points, "lost_points": own_points - got.points,
        "by_hand": [(a, projects.get(code)) for code, a in by_hand.items()],
        "broken": [_broken(got, one, projects) for one in broken],
        "tight": [(row_words(names, one.name, projects), one) for one in tightest(found, question)],
        "ranked": _ranked(found), "studies": _studies(found, studies, question, got),
        "matrix": _matrix(got), "tiles": _tiles(got),
        "required": len(question.required), "rules_checked": _rules(question),
        "facts": {k: baht_of(v) for k, v in found.facts.items() if isinstance(v, int)},
    }  # fmt: skip


def percent_of(gap: Fraction) -> str:
    """At most four decimals, rounded up: a proof never says less than it knows."""
    return f"{Decimal(-(-gap.numerator * 1_000_000 // gap.denominator)) / 10_000:f}" if gap else "0"


def _left(question: Question, got: Result) -> Decimal | None:
    return None if question.total is None else baht_of(question.total) - got.given_baht()


def _rules(question: Question) -> int:
    """How many limits the checker counts."""
    return sum(
        len(part)
        for part in (
            question.agencies, question.types, question.sources, question.elements,
            question.district_floors, question.required, question.forbidden, question.groups,
            question.needs, [1] * sum(x is not None for x in (question.total, *question.later)),
        )
    ) + sum(x is not None for x in (question.investment, question.stay))  # fmt: skip


def _tabs(got: Result) -> list[tuple[str, str, int]]:
    full, resized, out = (len(got.of(kind)) for kind in (FULL, RESIZED, OUT))
    return [
        ("changed", _("Differs from what was asked"), resized + out), ("out", _("Not funded"), out),
        ("resized", _("Resized"), resized), ("in", _("Funded in full"), full),
    ]  # fmt: skip


def _rows(got: Result, listed: list[Any], projects: dict[str, Any]) -> list[tuple[Any, str, str]]:
    """Each project with its agency's name and, at once, what keeps it from more (an estimate)."""
    return [
        (one, named(got.names.agencies[one.agency]) if one.agency in got.names.agencies else "",
         near_words(got, one, projects))
        for one in listed
    ]  # fmt: skip


def _broken(got: Result, one: Any, projects: dict[str, Any]) -> str:
    """How far a rule is missed; shares count in satang × 10,000, money in satang, the rest in projects."""
    kind = one.name.partition("[")[0].partition("+")[0]
    unit = {
        **dict.fromkeys(("TOTAL", "YEAR", "AGENCY", "TYPE", "SOURCE", "DISTRICT"), "satang"),
        **dict.fromkeys(("ELEMENT_MIN", "ELEMENT_MAX", "INVESTMENT"), "scaled"),
    }.get(kind, "projects")
    return _("%(rule)s is missed by %(n)s") % {
        "rule": row_words(got.names, one.name, projects), "n": amount_words(unit, one.short),
    }  # fmt: skip


def _ranked(found: Run) -> dict[str, Any]:
    ranked = found.answer["ranked"]
    points = Decimal(ranked["points"]) / POINT
    more = Decimal(found.points) / POINT - points
    return {
        "points": points, "amount": baht_of(ranked["amount"]), "funded": len(ranked["plan"]),
        "cut": ranked["cut"], "broken": len(ranked["broken"]), "more": more,
        "percent": more * 100 / points if points else None,
    }  # fmt: skip


def _studies(
    found: Run, known: dict[tuple[str, str], Study], question: Question, got: Result
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for kind in (runs.STEPS, runs.FRONTIER, runs.ROBUST):
        one = known.get((kind, ""))
        shown[kind] = {
            "found": one.found if one else None,
            "job": job_shown(one.job, _("Computing")) if one and one.found is None else None,
        }
    if steps := shown[runs.STEPS]["found"]:
        shown[runs.STEPS]["rows"] = _step_rows(steps["steps"], found, question)
    if frontier := shown[runs.FRONTIER]["found"]:
        shown[runs.FRONTIER] |= frontier_context(frontier, got)
    return shown


def _step_rows(steps: list[dict[str, Any]], found: Run, question: Question) -> list[dict[str, Any]]:
    own = set(found.answer["plan"])
    worth = {c.code: c for c in question.candidates}
    rows = []
    for step in steps:
        row: dict[str, Any] = {"percent": step["percent"], "total": baht_of(step["total"])}
        if "plan" in step:
            plan = set(step["plan"])
            first = sorted(own - plan, key=lambda code: -worth[code].levels[0].points)
            row |= {
                "funded": len(plan), "people": step["people"], "given": baht_of(step["amount"]),
                "points": Decimal(step["points"]) / POINT, "goes": len(own - plan),
                "comes": len(plan - own), "first": [(code, worth[code]) for code in first[:3]],
            }  # fmt: skip
        rows.append(row)
    return rows


def _matrix(got: Result) -> dict[str, Any]:
    tops = [part for part in got.elements if part.given_baht or part.asked_baht]
    return {
        "tops": tops,
        "rows": [
            (part, [got.matrix.get((part.code, top.code), Decimal("0.00")) for top in tops])
            for part in got.agencies
        ],
    }  # fmt: skip


STEPS_PER_RESIDENT = (50, 150, 300, 600)


def _tiles(got: Result) -> list[Tile]:
    given = {part.code: part for part in got.districts}
    tiles = []
    for code, d in got.names.districts.items():
        amount = given[code].given_baht if code in given else Decimal(0)
        rate = amount / d.population if d.population else Decimal(0)
        tiles.append(
            Tile(
                code, d.tile_column, d.tile_row, named(d),
                d.short_label_en if is_english() else d.short_label_th, f"{rate:,.0f}",
                1 + sum(1 for limit in STEPS_PER_RESIDENT if rate >= limit),
                note=f"{amount / 1_000_000:,.2f} {_('million baht')}",
            )
        )  # fmt: skip
    return tiles


@require_POST
def stop(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """Stop looking: the best plan found so far is kept and says that it was stopped."""
    found = found_run(request, year, number, run)
    if found.job is not None and may(
        person_of(request), "scenario.run", state=found.scenario.state
    ):
        cancel(found.job.pk, at=now())
    return redirect("allocation:result", year, number, run)


@require_GET
def one_page(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """What an executive reads in a minute, and prints."""
    found = answered_run(request, year, number, run)
    return page(request, "one_page", year, _result_context(request, found, "changed"))


@require_GET
def files(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """LP, MPS, certificate and the program that checks it."""
    found = answered_run(request, year, number, run)
    response = HttpResponse(services.package(found), content_type="application/zip")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="allocation-{year}-{number}-{run}.zip"'
    )
    return response


@require_POST
def study(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """Have something computed beside the answer."""
    found = found_run(request, year, number, run)
    kind, subject = request.POST.get("kind", ""), request.POST.get("subject", "")
    try:
        services.study(found.pk, kind, subject, actor=person_of(request), at=now())
    except s.ScenarioWrong as broken:
        messages.error(request, sentence_of(broken))
    if subject:
        return redirect("allocation:project", year, number, run, subject)
    return redirect(f"{reverse('allocation:result', args=[year, number, run])}#{kind}")


@require_POST
def point(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """A point of the frontier becomes a scenario of its own."""
    found = found_run(request, year, number, run)
    one = found.studies.filter(kind=runs.FRONTIER, subject="").first()
    at = request.POST.get("at", "")
    if (
        one is None
        or one.found is None
        or not at.isdecimal()
        or int(at) >= len(one.found["points"])
    ):
        raise NotVisible
    picked = one.found["points"][int(at)]
    made = services.make_from_point(
        found, picked, one.found["reference"], actor=person_of(request), at=now()
    )
    messages.success(request, _("The point is a scenario now. Have it answered"))
    return redirect("allocation:scenario", year, made.number)

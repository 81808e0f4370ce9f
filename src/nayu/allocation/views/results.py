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
from nayu.allocation.domain.scores import MILLION_SATANG
from nayu.allocation.forms import AdjustForm, MarkForm
from nayu.allocation.messages import PART_SOURCES, PARTS, level_words
from nayu.allocation.models import RubricScore, Run, Study
from nayu.allocation.queries.question import gather
from nayu.allocation.queries.results import FULL, OUT, RESIZED, Names, Result, result_of, tightest
from nayu.allocation.services import runs
from nayu.allocation.views.common import (
    amount_words,
    crumbs,
    found_run,
    is_english,
    named,
    of_scenario,
    page,
    person_of,
    row_words,
    sentence_of,
)
from nayu.approvals.domain import may
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.money import baht_of
from nayu.db.clock import now
from nayu.jobs.messages import MESSAGES as JOBS
from nayu.jobs.models import Job
from nayu.jobs.services import cancel
from nayu.ui.components import Crumb, Tile

SHOWN = {"changed": (RESIZED, OUT), "out": (OUT,), "resized": (RESIZED,), "in": (FULL,)}
PER_PAGE = 100


def job_shown(job: Job | None, name: str) -> dict[str, Any] | None:
    if job is None:
        return None
    return {
        "name": name, "done": job.done, "total": job.total, "percent": job.percent,
        "state": "waiting" if job.state == "queued" else job.state,
        "sentence": str(JOBS[job.sentence]) % job.facts if job.sentence else "",
        "is_finished": job.is_finished,
    }  # fmt: skip


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
        return context | _clash(found, question)
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


def near_words(got: Result, one: Any, projects: dict[str, Any]) -> str:
    if one.outcome == FULL or one.short is None:
        return ""
    if one.short <= 0:
        return _("Only whole projects and the gap keep it out; ask for the exact answer")
    row = row_words(got.names, one.row, projects) if one.row else _("other projects")
    return _("Held by %(row)s. About %(n)s points short (estimate)") % {
        "row": row, "n": f"{one.short:,.2f}",
    }  # fmt: skip


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
        shown[runs.FRONTIER] |= _frontier(frontier, got, found)
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


def _frontier(frontier: dict[str, Any], got: Result, found: Run) -> dict[str, Any]:
    """The points that no other beats on all three sides, as a picture with its table."""
    points = [dict(one, at=n) for n, one in enumerate(frontier["points"]) if one.get("plan")]
    kept = [
        one for one in points
        if not any(_beats(other, one) for other in points if other is not one)
    ]  # fmt: skip
    rows, series = [], []
    for n, one in enumerate(kept, start=1):
        one["n"] = n
        one["score"] = Decimal(one["points"]) / POINT
        # Millionths of a satang for a thousandth of a resident, to baht for a resident.
        one["per_resident"] = Decimal(one["least"]) * 1000 / 10**8
        one["place"] = named(got.names.districts[one["district"]]) if one["district"] else "–"
        one["given"] = baht_of(one["amount"])
        rows.append([n, f"{one['score']:,.2f}", f"{one['per_resident']:,.2f}", one["place"],
                     one["moved"], len(one["plan"])])  # fmt: skip
        series.append([float(one["score"]), float(one["per_resident"]), n])
    return {
        "kept": kept, "table": rows,
        "headers": [_("Point"), _("Points"), _("Baht a resident, worst-off district"), _("District"),
                    _("Differs from the reference"), _("Projects")],
        "option": {
            "grid": {"left": 56, "right": 24, "top": 32, "bottom": 48},
            "xAxis": {"type": "value", "scale": True, "name": str(_("Points")),
                      "nameLocation": "middle", "nameGap": 30},
            "yAxis": {"type": "value", "scale": True, "name": str(_("Baht a resident, worst-off district"))},
            "series": [{"type": "scatter", "symbolSize": 16, "data": series,
                        "itemStyle": {"color": "var(--brand)"},
                        "label": {"show": True, "position": "top", "formatter": "{@[2]}"}}],
        },
        "unreached": [named(got.names.districts[code]) for code in frontier["unreached"]],
    }  # fmt: skip


def _beats(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """At least as good on all three sides, and better on one (or the same and earlier)."""
    mine = (one["points"], one["least"], -one["moved"])
    theirs = (other["points"], other["least"], -other["moved"])
    if mine == theirs:
        return bool(one["at"] < other["at"])
    return all(a >= b for a, b in zip(mine, theirs, strict=True))


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


def _clash(found: Run, question: Question) -> dict[str, Any]:
    """The rules that clash, grouped, with their figures, and what would do."""
    names = Names(question.fiscal_year_be)
    projects = {c.code: c for c in question.candidates}
    clash = found.answer.get("clash") or {"rows": [], "relaxations": []}
    return {
        "clash": [
            (row_words(names, name, projects),
             amount_words(unit, low if low is not None and (high is None or low > 0) else high),
             "least" if low is not None and (high is None or low > 0) else "most")
            for name, unit, low, high in clash["rows"]
        ],
        "relaxations": [
            (row_words(names, name, projects), amount_words(unit, by))
            for name, unit, by in clash["relaxations"]
        ],
        "together": clash.get("together", False),
    }  # fmt: skip


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
    found = _answered(request, year, number, run)
    return page(request, "one_page", year, _result_context(request, found, "changed"))


@require_GET
def files(request: HttpRequest, year: int, number: int, run: int) -> HttpResponse:
    """LP, MPS, certificate and the program that checks it."""
    found = _answered(request, year, number, run)
    response = HttpResponse(services.package(found), content_type="application/zip")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="allocation-{year}-{number}-{run}.zip"'
    )
    return response


def _answered(request: HttpRequest, year: int, number: int, run: int) -> Run:
    found = found_run(request, year, number, run)
    if not found.answer.get("plan"):
        raise NotVisible
    return found


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


# --- One project of an answer ---------------------------------------------------------------------


@require_GET
def project(request: HttpRequest, year: int, number: int, run: int, code: str) -> HttpResponse:
    """Every point opened down to its figure; why it is in or out; change by hand; a reviewer's mark."""
    found = _answered(request, year, number, run)
    return _project_page(request, found, code)


def _project_page(
    request: HttpRequest,
    found: Run,
    code: str,
    form: AdjustForm | None = None,
    mark_form: MarkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    year, number = found.scenario.fiscal_year_be, found.scenario.number
    question = runs.question_asked(found)
    projects = {c.code: c for c in question.candidates}
    if code not in projects:
        raise NotVisible
    candidate = projects[code]
    plan = runs.plan_with_changes(found)
    got = result_of(question, plan, found.answer, by_hand={})
    one = next(g for g in got.got if g.code == code)
    asked = gather(found.scenario)
    score, figures = asked.scores.get(code), asked.figures.get(code)
    why = found.studies.select_related("job").filter(kind=runs.WHY, subject=code).first()
    entry = asked.entries.get(code)
    person = person_of(request)
    marks = (
        list(RubricScore.objects.filter(entry=entry).select_related("reviewer").order_by("at"))
        if entry else []
    )  # fmt: skip
    mine = next((m for m in marks if m.reviewer_id == person.user_id), None)
    done = [m.mark for m in marks if m.is_done and m.mark is not None]
    robust = found.studies.filter(kind=runs.ROBUST).first()
    return page(
        request, "project", year,
        {
            "run": found, "scenario": found.scenario, "candidate": candidate, "one": one,
            "agency": got.names.agencies.get(candidate.agency),
            "near": near_words(got, one, projects),
            "parts": _parts(score), "score": score, "figures": figures, "cap": asked.cap,
            "asked_millions": Decimal(figures.amount) / MILLION_SATANG if figures else None,
            "levels": [(v, baht_of(v.amounts[0]), Decimal(v.points) / POINT) for v in candidate.levels],
            "why": why, "why_words": _why_words(why, projects, got) if why and why.found else None,
            "why_job": job_shown(why.job, _("Asking again")) if why and why.found is None else None,
            "may": {act: may(person, f"scenario.{act}", state=found.scenario.state) for act in ("run", "adjust")},
            "may_mark": may(person, "rubric.give") and entry is not None,
            "form": form or AdjustForm(levels=_levels(candidate), initial={"level": plan.get(code, "")}),
            "mark_form": mark_form or MarkForm(
                initial={"mark": mine.mark, "note": mine.note, "done": mine.is_done} if mine else None
            ),
            "marks": marks, "spread": (min(done), max(done)) if done else None,
            "adjustment": found.adjustments.filter(project_code=code).first(),
            "robust": robust.found["inside"].get(code, 0) * 100 // max(robust.found["valid"], 1)
            if robust and robust.found else None,
            "crumbs": crumbs(
                year, of_scenario(found.scenario),
                Crumb(_("Answer %(n)s") % {"n": found.pk}, reverse("allocation:result", args=[year, number, found.pk])),
                Crumb(code),
            ),
        },
        status,
    )  # fmt: skip


def _levels(candidate: Any) -> list[tuple[str, Any]]:
    return [("", level_words("")), *((v.code, level_words(v.code)) for v in candidate.levels)]


def _parts(score: Any) -> list[dict[str, Any]]:
    if score is None:
        return []
    return [
        {
            "name": PARTS[part.code], "source": PART_SOURCES[part.code], "weight": part.weight,
            "figure": None if part.figure is None
            else f"{Decimal(part.figure.numerator) / part.figure.denominator:,.4f}".rstrip("0").rstrip("."),
            "scaled": f"{float(part.scaled):.3f}", "points": Decimal(part.points) / POINT,
        }
        for part in score.parts
    ]  # fmt: skip


def _why_words(why: Study, projects: dict[str, Any], got: Result) -> dict[str, Any]:
    """What was found by asking again, with the names of those that come and go."""
    found = dict(why.found or {})
    forced = found.get("forced")
    told: dict[str, Any] = {"in": found.get("in"), "forced": None, "ways": []}
    if forced:
        told["forced"] = {
            "lost": Decimal(forced["lost"]) / POINT,
            **{
                kind: [(code, projects[code]) for code in forced[kind] if code != why.subject]
                for kind in ("comes", "goes", "resized")
            },
        }
    for way in found.get("ways", []):
        words = {
            "cost": _("It would come in if it cost %(n)s %% less") % {"n": way["by"]},
            "score": _("It would come in with %(n)s points more")
            % {"n": f"{Decimal(way['by']) / POINT:,.4f}"},
            "rule": _("It would come in with %(n)s million baht more in %(row)s")
            % {
                "n": f"{Decimal(way['by']) / 100_000_000:,.2f}",
                "row": row_words(got.names, way["row"], projects),
            },
        }[way["kind"]]
        told["ways"].append((words, [(code, projects[code]) for code in way["goes"]]))
    return told


@require_POST
def hand(request: HttpRequest, year: int, number: int, run: int, code: str) -> HttpResponse:
    """Change a project's level by hand, or take the change back."""
    found = _answered(request, year, number, run)
    if "back" in request.POST:
        services.take_adjustment_back(found.pk, code, actor=person_of(request), at=now())
        messages.success(request, _("The answer’s own level stands again"))
        return redirect("allocation:project", year, number, run, code)
    candidate = next((c for c in runs.question_asked(found).candidates if c.code == code), None)
    if candidate is None:
        raise NotVisible
    form = AdjustForm(request.POST, levels=_levels(candidate))
    if form.is_valid():
        try:
            services.adjust(
                found.pk, code, form.cleaned_data["level"], form.cleaned_data["hand_reason"],
                actor=person_of(request), at=now(),
            )  # fmt: skip
        except s.ScenarioWrong as broken:
            form.add_error(None, sentence_of(broken))
        else:
            messages.success(request, _("Changed by hand, and checked again"))
            return redirect("allocation:result", year, number, run)
    return _project_page(request, found, code, form=form, status=422)


@require_POST
def mark(request: HttpRequest, year: int, number: int, run: int, code: str) -> HttpResponse:
    """One's own mark for a project; it counts in scores from the next answer on."""
    found = _answered(request, year, number, run)
    entry = gather(found.scenario).entries.get(code)
    if entry is None:
        raise NotVisible
    form = MarkForm(request.POST)
    if form.is_valid():
        try:
            services.give_mark(
                entry, form.cleaned_data["mark"], form.cleaned_data["note"],
                done=form.cleaned_data["done"], actor=person_of(request), at=now(),
            )  # fmt: skip
        except RuleBroken as broken:
            if not sentence_of(broken):
                raise
            form.add_error("mark", sentence_of(broken))
        else:
            messages.success(request, _("Your mark is kept. It counts from the next answer on"))
            return redirect("allocation:project", year, number, run, code)
    return _project_page(request, found, code, mark_form=form, status=422)

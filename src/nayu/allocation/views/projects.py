"""One project of an answer: its points down to their figures, why it is in or out, changes by hand, marks."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.allocation import services
from nayu.allocation.domain import scenario as s
from nayu.allocation.domain.problem import POINT
from nayu.allocation.domain.scores import MILLION_SATANG
from nayu.allocation.forms import AdjustForm, MarkForm
from nayu.allocation.messages import PART_SOURCES, PARTS, level_words
from nayu.allocation.models import RubricScore, Run, Study
from nayu.allocation.queries.question import gather
from nayu.allocation.queries.results import Result, result_of
from nayu.allocation.services import runs
from nayu.allocation.views.common import (
    answered_run,
    crumbs,
    job_shown,
    near_words,
    of_scenario,
    page,
    person_of,
    row_words,
    sentence_of,
)
from nayu.allocation.views.opened import opened
from nayu.approvals.domain import may
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.money import baht_of
from nayu.db.clock import now
from nayu.ui.components import Crumb


@require_GET
def project(request: HttpRequest, year: int, number: int, run: int, code: str) -> HttpResponse:
    """Every point opened down to its figure; why it is in or out; change by hand; a reviewer's mark."""
    found = answered_run(request, year, number, run)
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
            "parts": _parts(score, opened(asked, entry, marks) if entry else {}),
            "score": score, "figures": figures, "cap": asked.cap,
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


def _parts(score: Any, down_to: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    if score is None:
        return []
    return [
        {
            "name": PARTS[part.code], "source": PART_SOURCES[part.code], "weight": part.weight,
            "figure": None if part.figure is None
            else f"{Decimal(part.figure.numerator) / part.figure.denominator:,.4f}".rstrip("0").rstrip("."),
            "scaled": f"{float(part.scaled):.3f}", "points": Decimal(part.points) / POINT,
            "down_to": down_to.get(part.code, []),
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
    found = answered_run(request, year, number, run)
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
    found = answered_run(request, year, number, run)
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

"""Carrying out what is computed beside an answer: reasons, steps of the total, frontier, robustness."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from nayu.allocation import sweeps, why
from nayu.allocation.domain.keeping import question_json
from nayu.allocation.domain.scenario import LAST_YEAR, STAY, WEIGHT
from nayu.allocation.milp import Limits
from nayu.allocation.models import Run, Study
from nayu.allocation.queries.figures import needs_of
from nayu.allocation.queries.question import gather, reference_of, weights_of
from nayu.allocation.services.runs import (
    FRONTIER,
    ROBUST,
    STEPS,
    WHY,
    answer_of,
    question_asked,
)
from nayu.allocation.spreading import spread

Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]


def carry_out(study_id: int, progress: Progress, is_stopped: Stopped) -> Study:
    """Compute a study and keep it; one that was stopped keeps nothing, and may be asked again."""
    study = Study.objects.select_related("run__scenario").get(pk=study_id)
    if study.found is not None:
        return study
    deed = {WHY: _why, STEPS: _steps, FRONTIER: _frontier, ROBUST: _robust}[study.kind]
    found = deed(study, progress, is_stopped)
    if not is_stopped():
        study.found = found
        study.save(update_fields=["found"])
    return study


def _why(study: Study, progress: Progress, is_stopped: Stopped) -> dict[str, Any]:
    """Exact answers to questions asked again: forced in or out, and the smallest single changes."""
    run, code = study.run, study.subject
    question, answer = question_asked(run), answer_of(run)
    limits = Limits(gap=Fraction(run.gap, 10_000), is_stopped=is_stopped)
    progress(0, 4)
    if code in answer.plan:
        forced = why.forced_out(question, answer, code, limits)
        return {"in": True, "forced": _forced(forced)}
    forced = why.forced_in(question, answer, code, limits)
    found: dict[str, Any] = {"in": False, "forced": _forced(forced), "ways": []}
    if code in question.forbidden:
        return found
    for number, way in enumerate((why.by_cost, why.by_score, why.by_rule), start=1):
        progress(number, 4)
        made = way(question, answer, code, limits)
        if made is not None:
            found["ways"].append(
                {"kind": made.kind, "by": made.by, "row": made.row,
                 "goes": list(why.difference(answer, made.answer).goes)}
            )  # fmt: skip
    return found


def _forced(forced: why.Forced) -> dict[str, Any] | None:
    if forced.answer is None:
        return None
    change = forced.change
    return {
        "lost": forced.lost, "comes": list(change.comes), "goes": list(change.goes),
        "resized": list(change.resized),
    }  # fmt: skip


def _steps(study: Study, progress: Progress, is_stopped: Stopped) -> dict[str, Any]:
    question = question_asked(study.run)
    if question.total is None:
        return {"steps": []}
    data = question_json(question)
    pieces = [
        {"question": data, "percent": percent, "gap": study.run.gap}
        for percent in sweeps.STEP_PERCENTS
    ]
    return {"steps": spread(sweeps.step_of_total, pieces, progress, is_stopped)}


def district_weights(run: Run) -> dict[str, int]:
    """Residents × need, in thousandths, by district: what floors and fairness are counted by."""
    return weights_of(needs_of(run.scenario.rules.all()))


def _frontier(study: Study, progress: Progress, is_stopped: Stopped) -> dict[str, Any]:
    """Benefit against the worst-off district, at three distances from the reference plan."""
    run = study.run
    question = question_asked(run)
    weights = district_weights(run)
    stay = run.scenario.rules.filter(kind=STAY).first()
    reference = reference_of(run.scenario, stay.subject if stay else LAST_YEAR)
    known = {c.code for c in question.candidates}
    told = stay.subject if stay else LAST_YEAR
    if not reference & known:  # nothing goes on from there: this answer is the reference
        reference, told = set(run.answer["plan"]), str(run.scenario.number)
    reference &= known
    progress(0, 1)
    most = sweeps.fairest(question, weights)
    data = question_json(question)
    steps = sweeps.FAIR_STEPS
    pieces = [
        {
            "question": data, "weights": weights, "fair": most * step // (steps - 1),
            "changes": None if share is None else len(known) * share // 100,
            "reference": sorted(reference),
        }
        for share in sweeps.STABLE_SHARES
        for step in range(steps)
    ]  # fmt: skip
    found = spread(sweeps.point_of_frontier, pieces, progress, is_stopped)
    return {
        "points": found, "most": most, "reference": told,
        "unreached": sorted(set(weights) - set(sweeps.reachable(question, weights))),
    }  # fmt: skip


def _robust(study: Study, progress: Progress, is_stopped: Stopped) -> dict[str, Any]:
    """In how many of a thousand reasonable weightings each project is in."""
    run = study.run
    question = question_asked(run)
    asked = gather(run.scenario)
    weights: Mapping[str, int] = {
        r.subject: r.least or 0 for r in run.scenario.rules.filter(kind=WEIGHT) if r.least
    }
    codes = sorted(weights)
    parts: dict[str, list[float] | None] = {}
    for code, score in asked.scores.items():
        scaled = {part.code: float(part.scaled) for part in score.parts}
        parts[code] = None if score.override is not None else [scaled.get(c, 0.0) for c in codes]
    data = question_json(question)
    pieces = [
        {"question": data, "weights": dict(weights), "parts": parts,
         "draws": list(range(first, first + sweeps.CHUNK))}
        for first in range(0, sweeps.DRAWS, sweeps.CHUNK)
    ]  # fmt: skip
    found = spread(sweeps.chunk_of_draws, pieces, progress, is_stopped)
    inside: dict[str, int] = {}
    for one in found:
        for code, number in one["inside"].items():
            inside[code] = inside.get(code, 0) + number
    return {
        "valid": sum(one["valid"] for one in found), "draws": sweeps.DRAWS, "seed": sweeps.SEED,
        "inside": inside,
    }  # fmt: skip

"""Asking and answering: a run keeps the question it was asked and the answer it got, for ever."""

import io
import json
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from nayu.agencies.domain import BUDGETER, EXECUTIVE, Person
from nayu.allocation.checker import Broken, check
from nayu.allocation.domain import verifying
from nayu.allocation.domain.answer import IMPOSSIBLE, Answer, Work
from nayu.allocation.domain.certificate import certificate_of
from nayu.allocation.domain.keeping import question_json, question_of
from nayu.allocation.domain.near import near_misses
from nayu.allocation.domain.problem import POINT, Question, cost_of, funded, options_of, points_of
from nayu.allocation.domain.ranked import ranked_list
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES
from nayu.allocation.domain.scenario import ScenarioWrong
from nayu.allocation.milp import Limits, Sweep, clash_of, solve, written
from nayu.allocation.models import Adjustment, Run, Scenario, Study
from nayu.allocation.queries.question import Asked, gather
from nayu.allocation.services.scenarios import ScenarioInput, as_stated, locked
from nayu.approvals.domain import SCENARIO, may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible
from nayu.core.money import baht_of
from nayu.core.thai import normalise
from nayu.db.clock import now
from nayu.jobs.models import Job
from nayu.jobs.services import enqueue

SOLVE, STUDY = "allocation.solve", "allocation.study"
USUAL_GAP, MOST_GAP = 10, 1_000  # hundredths of a percent
MOST_SECONDS = 3_600
WHY, STEPS, FRONTIER, ROBUST = "why", "steps", "frontier", "robust"
STUDIES = (WHY, STEPS, FRONTIER, ROBUST)


@transaction.atomic
def ask(
    scenario_id: int, *, gap: int = USUAL_GAP, seconds: int = 0, actor: Person, at: datetime
) -> Run:
    """Have a scenario answered in the background. One that is under way for it is given back."""
    scenario = locked(scenario_id, "run", actor)
    if not 0 <= gap <= MOST_GAP or not 0 <= seconds <= MOST_SECONDS:
        raise ScenarioWrong(reason="percent_outside", value=gap)
    under_way = scenario.runs.filter(
        answered_at=None, revision=scenario.revision, gap=gap,
        job__in=Job.objects.unfinished(),
    ).first()  # fmt: skip
    if under_way is not None:
        return under_way
    assert actor.user_id is not None
    run = Run.objects.create(
        scenario=scenario, revision=scenario.revision, gap=gap, seconds=seconds,
        by_id=actor.user_id, at=at,
    )  # fmt: skip
    run.job = enqueue(SOLVE, {"run": run.pk}, requested_by=actor.user_id, at=at)
    run.save(update_fields=["job"])
    _tell("scenario.run", scenario, actor, at, run=run.pk)
    return run


def answer(run_id: int, is_stopped: Callable[[], bool] | None = None) -> Run:
    """Gather the question as it stands, solve it, and keep both. What a stop leaves is kept too."""
    run = Run.objects.select_related("scenario").get(pk=run_id)
    if run.answered_at is not None:
        return run  # another worker did it
    run.revision = run.scenario.revision
    asked = gather(run.scenario)
    return keep(run, asked, solve(asked.question, _limits(run, is_stopped)))


def _limits(run: Run, is_stopped: Callable[[], bool] | None) -> Limits:
    until = time.monotonic() + run.seconds if run.seconds else None

    def over() -> bool:
        late = until is not None and time.monotonic() > until
        return late or (is_stopped is not None and is_stopped())

    stop = over if until is not None or is_stopped is not None else None
    return Limits(gap=Fraction(run.gap, 10_000), is_stopped=stop)


def keep(run: Run, asked: Asked, found: Answer) -> Run:
    """Write the answer into its run, with what pages tell of it."""
    question = asked.question
    run.question = zlib.compress(json.dumps(question_json(question), ensure_ascii=False).encode())
    run.facts = {
        "total": asked.money.total, "routine": asked.money.routine, "central": asked.money.central,
        "others": asked.money.others, "cap": str(asked.cap),
    }  # fmt: skip
    run.answer = answer_json(found) | {
        "ranked": _ranked(question),
        "near": near_misses(question, found),
    }
    if found.status == IMPOSSIBLE:
        run.answer["clash"] = _clash(question)
    run.status = found.status
    run.candidates = len(question.candidates)
    run.funded = len(found.plan)
    run.amount = baht_of(cost_of(question, found.plan))
    run.points = found.points
    run.people = int(sum(level.people for _c, level in funded(question, found.plan)))
    run.answered_at = now()
    run.save()
    return run


def answer_json(found: Answer) -> dict[str, Any]:
    return {
        "status": found.status, "plan": dict(found.plan), "points": found.points,
        "bound": str(found.bound), "lp_bound": str(found.lp_bound),
        "multipliers": {name: str(price) for name, price in found.multipliers.items()},
        "method": found.method, "solver": found.solver, "settled": found.settled,
        "work": [found.work.simplex_iterations, found.work.nodes, found.work.solves],
        "tightened": dict(found.tightened), "question_hash": found.question_hash,
        "answer_hash": found.answer_hash, "by_time": found.by_time,
    }  # fmt: skip


def answer_of(run: Run) -> Answer:
    """The answer again, as the solver gave it."""
    kept = run.answer
    return Answer(
        kept["status"], kept["plan"], kept["points"], Fraction(kept["bound"]),
        Fraction(kept["lp_bound"]),
        {name: Fraction(price) for name, price in kept["multipliers"].items()},
        kept["method"], Work(*kept["work"]), kept["solver"], kept["tightened"], kept["settled"],
        kept["question_hash"], kept["by_time"],
    )  # fmt: skip


def question_asked(run: Run) -> Question:
    return question_of(json.loads(zlib.decompress(bytes(run.question))))


def _ranked(question: Question) -> dict[str, Any]:
    ranked = ranked_list(question)
    return {
        "order": list(ranked.order), "plan": ranked.plan, "cut": ranked.cut,
        "points": points_of(question, ranked.plan),
        "amount": cost_of(question, ranked.plan),
        "broken": [one.name for one in check(question, ranked.plan)],
    }  # fmt: skip


def _clash(question: Question) -> dict[str, Any]:
    """The rules that clash, with the figures of each and what would do alone."""
    clash = clash_of(question)
    if clash is None:
        return {"rows": [], "relaxations": [], "together": False}
    return {
        "rows": [[row.name, row.unit, row.low, row.high] for row in clash.rows],
        "relaxations": [[one.name, one.unit, one.by] for one in clash.relaxations],
        "together": clash.together,
    }


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a change would give, at once: a valid plan, and how far from the best it may be (percent)."""

    funded: int
    candidates: int
    amount_baht: Decimal
    points: Decimal
    people: int
    gap_percent: Decimal


def estimate(
    scenario: Scenario, given: ScenarioInput, *, actor: Person, at: datetime
) -> Estimate | None:
    """A valid plan of the rules as a form states them, quickly and roughly; None: there is none.

    Nothing is saved. Raises NotVisible, ScenarioWrong.
    """
    if not may(actor, "scenario.view", state=scenario.state):
        raise NotVisible
    question = gather(scenario, as_stated(scenario, given)).question
    if not question.candidates:
        return None
    found = Sweep(question).answer(question)
    if found is None:
        return None
    return Estimate(
        len(found.plan), len(question.candidates), baht_of(cost_of(question, found.plan)),
        Decimal(found.points) / POINT,
        int(sum(level.people for _c, level in funded(question, found.plan))),
        Decimal(f"{found.gap * 100:.2f}"),
    )  # fmt: skip


# --- Hand changes -------------------------------------------------------------------------------


def plan_with_changes(run: Run) -> dict[str, str]:
    """The answer's plan with the hand adjustments on top."""
    plan = dict(run.answer.get("plan", {}))
    for code, level in run.adjustments.values_list("project_code", "level"):
        if level:
            plan[code] = level
        else:
            plan.pop(code, None)
    return plan


def broken_by(run: Run, plan: Mapping[str, str]) -> list[Broken]:
    return check(question_asked(run), plan)


@transaction.atomic
def adjust(
    run_id: int, project_code: str, level: str, reason: str, *, actor: Person, at: datetime
) -> Adjustment:
    """Set one project's level by hand, or take it out with an empty level; a reason is asked.

    Raises NotVisible, NotPermitted, ScenarioWrong. Rules that it breaks are told, and adoption asks.
    """
    run = _open_run(run_id, "adjust", actor)
    levels = {
        c.code: {v.code for v in c.levels} for c in question_asked(run).candidates
    }.get(project_code)  # fmt: skip
    if levels is None or (level and level not in levels):
        raise ScenarioWrong(reason="level_unknown", value=f"{project_code} {level}".strip())
    words = normalise(reason, keep_lines=True)
    if not words:
        raise ScenarioWrong(reason="rule_reason_missing", value="")
    holding = actor.holding_for(BUDGETER, None) or actor.holding_for(EXECUTIVE, None)
    assert holding is not None
    assert actor.user_id is not None
    made, _ = Adjustment.objects.update_or_create(
        run=run, project_code=project_code,
        defaults={
            "level": level, "reason": words, "by_id": actor.user_id, "at": at,
            "post_title_th": holding.title_th, "post_title_en": holding.title_en,
        },
    )  # fmt: skip
    _tell("scenario.adjust", run.scenario, actor, at, project=project_code, level=level)
    return made


@transaction.atomic
def take_adjustment_back(run_id: int, project_code: str, *, actor: Person, at: datetime) -> None:
    """The answer's own level again; one that is gone already stays gone."""
    run = _open_run(run_id, "adjust", actor)
    if run.adjustments.filter(project_code=project_code).delete()[0]:
        _tell("scenario.unadjust", run.scenario, actor, at, project=project_code)


def _open_run(run_id: int, act: str, actor: Person) -> Run:
    """An answered run of a scenario that the person may do this on."""
    run = Run.objects.select_related("scenario").filter(pk=run_id).first()
    if run is None:
        raise NotVisible
    run.scenario = locked(run.scenario_id, act, actor)
    if not run.answer.get("plan"):
        raise ScenarioWrong(reason="not_answered", value="")
    return run


# --- What is computed beside an answer ------------------------------------------------------------


@transaction.atomic
def study(run_id: int, kind: str, subject: str = "", *, actor: Person, at: datetime) -> Study:
    """Have something computed beside an answer; what was found once is given back."""
    run = Run.objects.select_related("scenario").filter(pk=run_id).first()
    if run is None or not may(actor, "scenario.view", state=run.scenario.state):
        raise NotVisible
    if not may(actor, "scenario.run", state=run.scenario.state):
        raise NotPermitted(act="scenario.run", state=run.scenario.state)
    if kind not in STUDIES or not run.answer.get("plan"):
        raise ScenarioWrong(reason="not_answered", value="")
    if kind == WHY and subject not in {c.code for c in question_asked(run).candidates}:
        raise NotVisible
    made, _ = Study.objects.get_or_create(run=run, kind=kind, subject=subject, defaults={"at": at})
    if made.found is None and (made.job is None or made.job.is_finished):
        made.job = enqueue(STUDY, {"study": made.pk}, requested_by=actor.user_id, at=at)
        made.save(update_fields=["job"])
    return made


# --- For outsiders ----------------------------------------------------------------------------------


def package(run: Run) -> bytes:
    """LP, MPS, certificate and the program that checks it, as one ZIP file."""
    question, found = question_asked(run), answer_of(run)
    options = options_of(question)
    certificate = certificate_of(question, options, rows_of(question, options, RULES), found)
    program = Path(verifying.__file__).read_text(encoding="utf-8")
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        TemporaryDirectory() as folder,
    ):
        for path in written(question, Path(folder)):
            archive.write(path, path.name)
        archive.writestr("certificate.json", json.dumps(certificate, ensure_ascii=False, indent=1))
        archive.writestr("verify_allocation.py", program)
    return stream.getvalue()


def _tell(verb: str, scenario: Scenario, actor: Person, at: datetime, **facts: Any) -> None:
    holding = actor.holdings[0] if actor.holdings else None
    record(
        verb, subject=(SCENARIO, str(scenario.pk), str(scenario)), actor=actor, at=at,
        holding=holding, fiscal_year_be=scenario.fiscal_year_be, facts=facts,
    )  # fmt: skip

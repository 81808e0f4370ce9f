"""Answers kept with their questions, hand changes, adoption in one transaction, undoing."""

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal as D

import pytest

from conftest import DRAINAGE, HEALTH, NOON
from nayu.allocation import services, sweeps
from nayu.allocation.checker import check
from nayu.allocation.domain import scenario as s
from nayu.allocation.domain.answer import hash_of
from nayu.allocation.domain.keeping import question_json, question_of
from nayu.allocation.domain.verifying import verify
from nayu.allocation.models import Adoption, Run
from nayu.allocation.queries.desk import desk_of_allocation
from nayu.allocation.queries.results import result_of
from nayu.allocation.services import RuleInput, runs
from nayu.allocation.services.studies import carry_out
from nayu.allocation.tests.problems import random_question
from nayu.approvals.domain import ReasonMissing
from nayu.audit.models import Event
from nayu.budget.models import Line, Request, StageAmount
from nayu.core.errors import NotPermitted, NotVisible
from nayu.jobs.models import Job


def decided() -> dict[int, D]:
    return dict(StageAmount.objects.filter(stage_id="decided").values_list("line_id", "amount"))


@pytest.mark.parametrize("seed", range(60))
def test_a_kept_question_is_the_one_that_was_asked(seed):
    question = random_question(seed)
    again = question_of(json.loads(json.dumps(question_json(question))))
    assert again == question
    assert hash_of(again) == hash_of(question)


def test_an_answer_keeps_its_question_and_every_side_adds_up(small):
    run = small.answered(small.scenario(RuleInput(s.LEVELS)))
    question = runs.question_asked(run)

    assert run.status == "proved"
    assert check(question, run.answer["plan"]) == []
    assert hash_of(question) == run.answer["question_hash"]
    assert run.answer["settled"]
    got = result_of(question, run.answer["plan"], run.answer)
    assert got.given_baht() == run.amount
    for side in ("agencies", "elements", "types"):
        assert sum(part.given_baht for part in getattr(got, side)) == run.amount
        assert sum(part.asked_baht for part in getattr(got, side)) == got.asked_baht()
    assert sum(got.matrix.values()) == run.amount
    assert got.asked_baht() == D("15000001.00")
    assert run.amount <= D(9_000_000)


def test_a_second_asking_while_one_is_under_way_is_the_same_run(small):
    scenario = small.scenario()
    first = services.ask(scenario.pk, actor=small.cast.ganda, at=NOON)
    assert services.ask(scenario.pk, actor=small.cast.ganda, at=NOON).pk == first.pk
    assert Job.objects.filter(kind=runs.SOLVE).count() == 1


def test_a_stop_keeps_what_there_is_and_says_so(small):
    run = services.ask(small.scenario().pk, gap=0, actor=small.cast.ganda, at=NOON)
    run = runs.answer(run.pk, lambda: True)
    assert run.answer["by_time"] or run.status == "proved"
    assert check(runs.question_asked(run), run.answer["plan"]) == []


def test_an_impossible_scenario_names_the_rules_that_clash(small):
    scenario = small.scenario(RuleInput(s.TOTAL, amount=D(4_000_000)))
    for name in ("canal", "pump"):
        services.set_rule(
            scenario.pk, RuleInput(s.PINNED, small.code(name), reason="ต้องทำ"),
            actor=small.cast.ganda, at=NOON,
        )  # fmt: skip
    run = small.answered(scenario)

    assert run.status == "impossible"
    assert {row[0].partition("[")[0] for row in run.answer["clash"]["rows"]} == {"TOTAL", "PINNED"}
    assert ["TOTAL", "satang", 300_000_000] in run.answer["clash"]["relaxations"]
    with pytest.raises(s.ScenarioNotSolved):
        services.propose(scenario.pk, actor=small.cast.ganda, at=NOON)


def proposed(small, *rules: RuleInput) -> Run:
    scenario = small.scenario(*rules)
    run = small.answered(scenario)
    services.propose(scenario.pk, actor=small.cast.ganda, at=NOON)
    return run


def test_adoption_writes_every_line_and_undoing_brings_back_what_stood(small):
    first = Line.objects.get(entry=small.entries["canal"])
    StageAmount.objects.create(line=first, stage_id="decided", amount=D(3_500_000), reason="เดิม")
    before = decided()
    run = proposed(small)
    services.adopt(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")

    written = decided()
    assert sum(written.values()) == run.amount
    assert set(written) == set(Line.objects.filter(kind="project").values_list("pk", flat=True))
    for name, entry in small.entries.items():
        asked = Line.objects.get(entry=entry)
        inside = small.code(name) in run.answer["plan"]
        assert written[asked.pk] == (asked.amount if inside else 0)
    told = Event.objects.filter(verb="amount.decided")
    assert {e.agency_code for e in told} == {DRAINAGE, HEALTH}

    services.undo(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="ทบทวน")
    assert decided() == before
    assert Adoption.objects.get().undone_at is not None


def test_only_the_executive_adopts_and_with_a_reason(small):
    run = proposed(small)
    with pytest.raises(ReasonMissing):
        services.adopt(run.scenario_id, actor=small.cast.hathai, at=NOON, reason=" ")
    for who in ("ganda", "fah", "itsara"):
        with pytest.raises(NotPermitted):
            services.adopt(run.scenario_id, actor=getattr(small.cast, who), at=NOON, reason="x")
    for who in ("anong", "boonmee", "jira", "kwan", "stranger"):
        with pytest.raises(NotVisible):
            services.adopt(run.scenario_id, actor=getattr(small.cast, who), at=NOON, reason="x")
    assert decided() == {}


def test_nothing_is_adopted_when_the_books_moved(small):
    run = proposed(small)
    Request.objects.filter(agency_id=HEALTH).update(state="submitted")
    with pytest.raises(s.AmountsMoved):
        services.adopt(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")
    assert decided() == {}
    run.scenario.refresh_from_db()
    assert run.scenario.state == "proposed"


def test_one_adopted_plan_of_a_stage_at_a_time(small):
    first, second = proposed(small), proposed(small)
    services.adopt(first.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")
    with pytest.raises(s.AmountsMoved):
        services.adopt(second.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")


def test_amounts_set_after_adoption_are_not_written_over_unseen(small):
    run = proposed(small)
    services.adopt(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")
    StageAmount.objects.filter(stage_id="decided").update(amount=D(7))
    after = decided()
    with pytest.raises(s.AmountsMoved):
        services.undo(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="ทบทวน")
    assert decided() == after


def test_a_hand_change_is_checked_at_once_and_its_cost_is_told(small):
    run = small.answered(small.scenario())
    out = next(n for n in small.entries if small.code(n) not in run.answer["plan"])
    change = services.adjust(
        run.pk, small.code(out), "full", "นายกสั่ง", actor=small.cast.ganda, at=NOON
    )
    plan = services.plan_with_changes(run)

    assert plan[small.code(out)] == "full"
    assert [b.name for b in runs.broken_by(run, plan)] == ["TOTAL"]
    with pytest.raises(s.PlanBreaksRules):
        services.propose(run.scenario_id, actor=small.cast.ganda, at=NOON)
    services.take_adjustment_back(run.pk, change.project_code, actor=small.cast.ganda, at=NOON)
    assert services.plan_with_changes(run) == run.answer["plan"]
    inside = sorted(run.answer["plan"])[0]
    services.adjust(run.pk, inside, "", "ถอนตัว", actor=small.cast.ganda, at=NOON)
    services.propose(run.scenario_id, actor=small.cast.ganda, at=NOON)
    adoption = services.adopt(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")
    assert inside not in adoption.plan


@pytest.mark.parametrize(("level", "reason"), [("full", " "), ("33", "เหตุผล")])
def test_a_hand_change_needs_a_reason_and_a_level_that_there_is(small, level, reason):
    run = small.answered(small.scenario())
    with pytest.raises(s.ScenarioWrong):
        services.adjust(run.pk, small.code("wall"), level, reason, actor=small.cast.ganda, at=NOON)
    assert not run.adjustments.exists()


def test_an_agency_finds_what_became_of_its_projects_on_its_desk(small):
    run = proposed(small)
    assert [one.pk for one in desk_of_allocation(small.cast.hathai).waiting] == [run.scenario_id]
    services.adopt(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")
    for who, agency in (("anong", DRAINAGE), ("chai", HEALTH)):
        outcomes = desk_of_allocation(getattr(small.cast, who)).outcomes
        assert [(one.scenario_id, a.code) for one, a in outcomes] == [(run.scenario_id, agency)]
    services.undo(run.scenario_id, actor=small.cast.hathai, at=NOON, reason="ทบทวน")
    assert desk_of_allocation(small.cast.anong).outcomes == []
    assert [one.pk for one, _d in desk_of_allocation(small.cast.ganda).returned] == [
        run.scenario_id
    ]


def test_the_files_for_outsiders_hold_an_answer_that_checks(small):
    run = small.answered(small.scenario(RuleInput(s.LEVELS)))
    with zipfile.ZipFile(io.BytesIO(services.package(run))) as archive:
        assert set(archive.namelist()) == {
            "question.lp", "question.mps", "certificate.json", "verify_allocation.py",
        }  # fmt: skip
        found = verify(json.loads(archive.read("certificate.json")))
    assert found
    assert all(one.holds for one in found)


def test_studies_are_kept_and_every_plan_of_theirs_is_valid(small, monkeypatch):
    monkeypatch.setattr(sweeps, "DRAWS", 100)
    run = small.answered(small.scenario(RuleInput(s.LEVELS)))
    question = runs.question_asked(run)
    told: list[tuple[int, int]] = []
    for kind in (runs.STEPS, runs.FRONTIER, runs.ROBUST):
        asked = services.study(run.pk, kind, actor=small.cast.ganda, at=NOON)
        done = carry_out(asked.pk, lambda d, n: told.append((d, n)), lambda: False)
        assert services.study(run.pk, kind, actor=small.cast.ganda, at=NOON).pk == done.pk
        for one in done.found.get("steps", done.found.get("points", [])):
            if "plan" in one:
                total = one.get("total", question.total)
                assert check(replace(question, total=total), one["plan"]) == []
        if kind == runs.ROBUST:
            assert done.found["valid"] == 100
            assert done.found["inside"][small.code("canal")] == 100
    assert told
    for name in small.entries:
        asked = services.study(run.pk, runs.WHY, small.code(name), actor=small.cast.ganda, at=NOON)
        found = carry_out(asked.pk, lambda d, n: None, lambda: False).found
        assert found["in"] == (small.code(name) in run.answer["plan"])
        assert found["forced"] is not None


def test_a_study_that_was_stopped_keeps_nothing_and_may_be_asked_again(small):
    run = small.answered(small.scenario())
    asked = services.study(run.pk, runs.STEPS, actor=small.cast.ganda, at=NOON)
    assert carry_out(asked.pk, lambda d, n: None, lambda: True).found is None
    Job.objects.update(state="failed")
    again = services.study(run.pk, runs.STEPS, actor=small.cast.ganda, at=NOON)
    assert again.pk == asked.pk
    assert again.job_id != asked.job_id

"""Scenarios: rules as data with reasons, the question they make of the books, who may."""

from decimal import Decimal as D

import pytest

from conftest import DRAINAGE, HEALTH, NOON
from nayu.allocation import services
from nayu.allocation.domain import scenario as s
from nayu.allocation.domain.problem import COMMITTED, cost_of
from nayu.allocation.messages import MESSAGES, RULE_KINDS, SCENARIO_REASONS, reason_of
from nayu.allocation.models import RubricScore, Scenario
from nayu.allocation.queries.question import gather
from nayu.allocation.services import RuleInput, ScenarioInput
from nayu.allocation.tests.conftest import WEIGHTS, YEAR
from nayu.audit.models import Event
from nayu.budget.models import Commitment, CommitmentYear, Line, Request
from nayu.consultation import services as consultation
from nayu.consultation.services import ConsultationInput, OpinionInput
from nayu.core.errors import NotPermitted, NotVisible, Stale
from nayu.publication.services import publish

MILLION = 100_000_000


def test_the_question_is_read_from_the_books(small):
    asked = gather(small.scenario(RuleInput(s.LEVELS)))
    question = asked.question

    assert question.total == 9 * MILLION
    assert [c.code for c in question.candidates] == sorted(small.code(n) for n in small.entries)
    canal = next(c for c in question.candidates if c.code == small.code("canal"))
    assert [(v.code, v.amounts[0], v.people) for v in canal.levels] == [
        ("full", 4 * MILLION, D(9000)), ("75", 3 * MILLION, D(8000)), ("50", 2 * MILLION, D(5000)),
    ]  # fmt: skip
    assert ("nine", "1") in canal.elements
    assert ("nine", "1.4.1") in canal.elements
    full, part, half = (v.points for v in canal.levels)
    assert part == full * 8000 // 9000
    assert half == full * 5000 // 9000


def test_the_money_of_levels_is_whole_baht_and_every_side_adds_up(small):
    Line.objects.filter(entry=small.entries["canal"]).update(unit_price=D("3999999"))
    for candidate in gather(small.scenario(RuleInput(s.LEVELS))).question.candidates:
        for level in candidate.levels:
            assert level.amounts[0] % 100 == 0
            for kind in ("types", "sources"):
                assert sum(candidate.shares(kind, level).values()) == level.amounts[0]


def test_routine_work_and_others_come_off_first(small):
    Request.objects.filter(agency_id=HEALTH).update(state="submitted")
    asked = gather(small.scenario())

    assert {c.agency for c in asked.question.candidates} == {DRAINAGE}
    assert asked.money.others == 300_000_100
    assert asked.question.total == 9 * MILLION - 300_000_100


def test_every_rule_stands_in_the_question(small):
    code = small.code
    scenario = small.scenario(
        RuleInput(s.TOTAL, amount=D(8_000_000)), RuleInput(s.AGENCIES, least=5000),
        RuleInput(s.SOURCES), RuleInput(s.FLOOR, amount=D(1_000_000)),
        RuleInput(s.INVESTMENT, least=2000), RuleInput(s.LATER, subject="1", amount=D(5)),
        RuleInput(s.STAY, subject=s.LAST_YEAR, most=3),
    )  # fmt: skip
    for rule in (
        RuleInput(s.TYPE, "3", amount=D(7_000_000)), RuleInput(s.SOURCE, "bma", amount=D(6_000_000)),
        RuleInput(s.AGENCY, HEALTH, amount=D(2_500_000)),
        RuleInput(s.ELEMENT, "1", "nine", least=100, most=9000), RuleInput(s.LEGAL, code("lab")),
        RuleInput(s.PINNED, code("clinic")), RuleInput(s.FORBIDDEN, code("wall")),
        RuleInput(s.GROUP, "ก", members=(code("canal"), code("pump")), most=1),
        RuleInput(s.NEEDS, code("pump"), members=(code("clinic"),)),
        RuleInput(s.NEED, "50010000", least=15000), RuleInput(s.SCORE, code("wall"), least=1250),
        RuleInput(s.ELEMENT_WEIGHT, "1", least=50), RuleInput(s.FAIR, least=10),
    ):  # fmt: skip
        services.set_rule(
            scenario.pk,
            RuleInput(**{**_fields(rule), "reason": "เพราะจำเป็น"}), actor=small.cast.ganda, at=NOON,
        )  # fmt: skip
    asked = gather(scenario)
    question = asked.question

    assert question.total == 8 * MILLION
    assert question.agencies == {DRAINAGE: 10 * MILLION, HEALTH: 250_000_000}
    assert question.sources == {"bma": 600_000_000}
    assert question.types == {"3": 700_000_000}
    assert sum(question.district_floors.values()) >= MILLION
    assert question.investment is not None
    assert question.investment.least == 2000
    assert question.later == (500, None, None)
    assert question.required == {code("lab"): "legal", code("clinic"): "pinned"}
    assert question.forbidden == {code("wall")}
    assert [(g.members, g.number, g.sense) for g in question.groups] == [
        ((code("canal"), code("pump")), 1, "at_most")
    ]
    assert question.needs == ((code("pump"), code("clinic")),)
    assert question.stay is not None
    assert [(e.framework, e.element, e.least, e.most) for e in question.elements] == [
        ("nine", "1", 100, 9000)
    ]
    assert asked.scores[code("wall")].points == 12_500_000
    assert asked.needs["50010000"].is_stated


def _fields(rule: RuleInput) -> dict:
    return {name: getattr(rule, name) for name in RuleInput.__dataclass_fields__}


def test_a_past_commitment_must_be_in_and_only_in_full(small):
    line = Line.objects.get(entry=small.entries["canal"])
    line.commitment = Commitment.objects.create(
        agency_id=DRAINAGE, project=small.entries["canal"].project, category_id="3.2", item="สัญญา"
    )
    line.save(update_fields=["commitment"])
    for year, amount in ((YEAR - 1, 3), (YEAR, 4), (YEAR + 1, 6), (YEAR + 2, 2)):
        CommitmentYear.objects.create(
            commitment=line.commitment, fiscal_year_be=year, amount=D(amount * 1_000_000)
        )
    rules = (RuleInput(s.LEVELS), RuleInput(s.LATER, subject="1", amount=D(7_000_000)))
    question = gather(small.scenario(*rules)).question
    canal = next(c for c in question.candidates if c.code == small.code("canal"))

    assert question.required == {small.code("canal"): COMMITTED}
    assert [v.amounts for v in canal.levels] == [(4 * MILLION, 6 * MILLION, 2 * MILLION, 0)]
    assert question.later == (7 * MILLION, None, None)


def test_marks_of_reviewers_that_are_done_count(small):
    entry = small.entries["canal"]
    services.give_mark(entry, 5, "ลับ", done=True, actor=small.cast.ganda, at=NOON)
    services.give_mark(entry, 2, "", done=True, actor=small.cast.fah, at=NOON)
    scenario = small.scenario()
    parts = {p.code: p for p in gather(scenario).scores[small.code("canal")].parts}

    assert parts["rubric"].points == 7_000_000  # 3.5 of 5, × 10 points
    services.give_mark(entry, 2, "", done=False, actor=small.cast.fah, at=NOON)
    parts = {p.code: p for p in gather(scenario).scores[small.code("canal")].parts}
    assert parts["rubric"].points == 10_000_000
    assert "ลับ" not in str(list(Event.objects.values_list("facts", "reason")))


def test_opinions_on_the_years_plan_count_as_support(small):
    version = publish(YEAR, kind="draft", actor=small.cast.fah, at=NOON)
    july = ConsultationInput(NOON.date(), NOON.date(), "รับฟังร่างแผน")
    heard = consultation.open_consultation(version.pk, july, actor=small.cast.fah, at=NOON)
    for n, (name, stance) in enumerate(
        (("canal", "for"), ("canal", "for"), ("canal", "against"), ("wall", "against"), ("lab", ""))
    ):
        consultation.leave_opinion(
            heard.pk, OpinionInput("project", f"ความคิดเห็นข้อที่ {n}", small.code(name), stance=stance),
            client_key=f"k{n}", actor=small.cast.stranger, at=NOON,
        )  # fmt: skip
    rules = (
        RuleInput(s.WEIGHT, subject="people", least=40),
        RuleInput(s.WEIGHT, subject="support", least=60),
    )
    given = ScenarioInput("ทดลอง", "ลองดู", rules=rules)
    asked = gather(services.make(YEAR, "decided", given, actor=small.cast.ganda, at=NOON))
    points = {
        name: next(p.points for p in asked.scores[small.code(name)].parts if p.code == "support")
        for name in small.entries
    }

    assert points == {"canal": 40_000_000, "wall": 0, "lab": 0, "pump": 0, "clinic": 0}
    assert asked.figures[small.code("lab")].opinions is None


@pytest.mark.parametrize(
    ("mark", "done", "reason"), [(6, True, "mark_outside"), (None, True, "mark_missing")]
)
def test_a_mark_that_is_none_is_refused(small, mark, done, reason):
    with pytest.raises(s.ScenarioWrong) as told:
        services.give_mark(small.entries["lab"], mark, "", done=done, actor=small.cast.fah, at=NOON)
    assert told.value.facts["reason"] == reason
    assert not RubricScore.objects.exists()


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (RuleInput(s.AGENCY, "nobody", amount=D(1), reason="x"), "code_unknown"),
        (RuleInput(s.AGENCY, DRAINAGE, reason="x"), "amount_missing"),
        (RuleInput(s.TYPE, "3", amount=D(-1), reason="x"), "amount_outside"),
        (RuleInput(s.ELEMENT, "99", "nine", least=1, reason="x"), "code_unknown"),
        (RuleInput(s.ELEMENT, "1", "nine", least=5000, most=100, reason="x"), "least_above_most"),
        (RuleInput(s.ELEMENT, "1", "nine", least=10_001, reason="x"), "percent_outside"),
        (RuleInput(s.PINNED, "nothing", reason="x"), "project_unknown"),
        (RuleInput(s.PINNED, "nothing"), "rule_reason_missing"),
        (RuleInput(s.GROUP, "ก", members=(), most=1, reason="x"), "group_too_small"),
        (RuleInput("magic", reason="x"), "kind_unknown"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_with_its_place(small, rule, reason):
    scenario = small.scenario()
    with pytest.raises(s.ScenarioWrong) as told:
        services.set_rule(scenario.pk, rule, actor=small.cast.ganda, at=NOON)
    assert told.value.facts["reason"] == reason
    assert reason_of(told.value)
    assert scenario.rules.exclude(kind=s.WEIGHT).count() == 0


def test_weights_add_up_to_100_and_a_scenario_says_what_it_is_for(small):
    for given, reason in (
        (ScenarioInput("ก", "ข", rules=WEIGHTS[:2]), "weights_are_not_100"),
        (ScenarioInput("", "ข"), "name_or_reason_missing"),
        (ScenarioInput("ก", "  "), "name_or_reason_missing"),
    ):
        with pytest.raises(s.ScenarioWrong) as told:
            services.make(YEAR, "decided", given, actor=small.cast.ganda, at=NOON)
        assert told.value.facts["reason"] == reason
    assert not Scenario.objects.exists()


def test_two_tabs_do_not_write_over_each_other(small):
    scenario = small.scenario()
    given = ScenarioInput("ใหม่", "เพราะ", rules=(*WEIGHTS, RuleInput(s.TOTAL, amount=D(5))))
    services.settle(scenario.pk, given, seen=1, actor=small.cast.ganda, at=NOON)
    with pytest.raises(Stale):
        services.settle(scenario.pk, given, seen=1, actor=small.cast.ganda, at=NOON)
    scenario.refresh_from_db()
    assert (scenario.name_th, scenario.revision) == ("ใหม่", 2)


def test_a_copy_begins_with_all_rules_and_knows_where_it_is_from(small):
    scenario = small.scenario(RuleInput(s.TOTAL, amount=D(5_000_000)))
    made = services.make_from(
        scenario, "อีกแบบ", "ลองเพิ่มเงิน",
        changes=(RuleInput(s.TOTAL, amount=D(6_000_000)),), actor=small.cast.ganda, at=NOON,
    )  # fmt: skip

    assert (made.number, made.made_from_id) == (2, scenario.pk)
    assert made.rules.get(kind=s.TOTAL).amount == D(6_000_000)
    assert made.rules.count() == scenario.rules.count()


@pytest.mark.parametrize(
    "who", ["stranger", "anong", "boonmee", "fah", "hathai", "itsara", "jira", "kwan"]
)
def test_only_the_budget_desk_makes_and_changes_scenarios(small, who):
    scenario, actor = small.scenario(), getattr(small.cast, who)
    given = ScenarioInput("ก", "ข", rules=WEIGHTS)
    with pytest.raises(NotPermitted):
        services.make(YEAR, "decided", given, actor=actor, at=NOON)
    for deed in (
        lambda: services.settle(scenario.pk, given, seen=None, actor=actor, at=NOON),
        lambda: services.set_rule(
            scenario.pk, RuleInput(s.PINNED, small.code("lab"), reason="x"), actor=actor, at=NOON
        ),
    ):
        with pytest.raises((NotPermitted, NotVisible)):
            deed()


def test_every_kind_and_reason_has_its_words():
    assert set(s.KINDS) <= set(RULE_KINDS)
    assert {"scenario_wrong", "scenario_not_solved", "plan_breaks_rules", "amounts_moved"} <= set(
        MESSAGES
    )
    assert all(SCENARIO_REASONS.values())


def test_a_question_of_the_books_is_written_as_files_and_has_no_scores(small, tmp_path):
    found = services.draft(YEAR, "requested", 60, tmp_path)
    assert found == (5, 2, "9,000,000.00")
    answered = services.answer_file(tmp_path / "scenario.toml")
    assert not answered.question.has_scores
    assert answered.answer.points * 100 == cost_of(answered.question, answered.answer.plan)
    assert answered.as_json()["maximised"] == "money: scores are absent"


def test_a_phased_project_binds_the_later_years_to_the_satang(small):
    Line.objects.filter(entry=small.entries["wall"]).update(unit_price=D("5000001"))
    scenario = small.scenario(RuleInput(s.LATER, subject="1", amount=D(2_000_000)))
    rule = RuleInput(
        s.PHASED, small.code("wall"), least=4000, members=("40", "30", "20", "10"), reason="ทำสี่ปี",
    )  # fmt: skip
    services.set_rule(scenario.pk, rule, actor=small.cast.ganda, at=NOON)
    asked = gather(scenario)
    wall = next(c for c in asked.question.candidates if c.code == small.code("wall"))
    full, phased = wall.levels

    assert phased.code == "phased"
    assert sum(phased.amounts) == full.amounts[0]
    assert phased.amounts[0] == full.amounts[0] * 40 // 10_000 * 100
    assert phased.points == full.points * 40 // 100
    assert sum(asked.line_amounts(wall.code, "phased").values()) == phased.amounts[0]
    run = small.answered(scenario)
    assert run.status == "proved"


@pytest.mark.parametrize(
    "members", [("40", "30", "20"), ("50", "30", "20", "10"), ("100", "0", "0", "0"), ()]
)
def test_phases_that_are_not_100_over_four_years_are_refused(small, members):
    rule = RuleInput(s.PHASED, small.code("wall"), least=4000, members=members, reason="x")
    with pytest.raises(s.ScenarioWrong) as told:
        services.set_rule(small.scenario().pk, rule, actor=small.cast.ganda, at=NOON)
    assert told.value.facts["reason"] == "phases_wrong"

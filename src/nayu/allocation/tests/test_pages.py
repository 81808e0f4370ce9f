"""Every page and deed of allocation, by whom and in which state: generated from the rights."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from conftest import CAST, DRAINAGE, HEALTH, NOON
from nayu.agencies.models import District
from nayu.allocation import services
from nayu.allocation.domain import scenario as s
from nayu.allocation.models import Scenario
from nayu.allocation.queries.figures import needs_of
from nayu.allocation.services import RuleInput, runs
from nayu.allocation.services.studies import carry_out
from nayu.allocation.tests.conftest import YEAR
from nayu.approvals.domain import SCENARIO, may
from nayu.approvals.models import Comment
from nayu.projects.models import DistrictShare

STATES = ("draft", "proposed", "adopted")
# Rights are rules in memory: on PostgreSQL one of each sight, as in the portal's matrix.
EVERYBODY = (
    ("stranger", *CAST)
    if connection.vendor == "sqlite"
    else ("stranger", "anong", "fah", "ganda", "hathai")
)


def client_of(who: str, small) -> Client:
    client = Client()
    if who != "stranger":
        client.force_login(small.users[who])
    return client


@pytest.fixture
def solved(small, users):
    """A scenario in each state, each with its answer."""
    small.users = vars(users)
    found = {}
    for state in STATES:
        scenario = small.scenario(RuleInput(s.LEVELS))
        run = small.answered(scenario)
        if state != "draft":
            services.propose(scenario.pk, actor=small.cast.ganda, at=NOON)
        if state == "adopted":
            services.adopt(scenario.pk, actor=small.cast.hathai, at=NOON, reason="เห็นชอบ")
        found[state] = run
    return small, found


def pages_of(small, run) -> list[str]:
    args = [YEAR, run.scenario.number]
    code = small.code("canal")
    return [
        reverse("allocation:scenario", args=args),
        *(
            reverse(f"allocation:{name}", args=[*args, run.pk])
            for name in ("result", "one_page", "files")
        ),
        reverse("allocation:project", args=[*args, run.pk, code]),
    ]


def test_each_page_opens_for_whom_the_rights_name_and_for_nobody_else(solved):
    small, found = solved
    tried = 0
    for who in EVERYBODY:
        client, person = client_of(who, small), getattr(small.cast, who)
        for state, run in found.items():
            run.scenario.refresh_from_db()
            may_see = may(person, "scenario.view", state=state)
            for page in pages_of(small, run):
                assert client.get(page).status_code == (200 if may_see else 404), (who, state, page)
                tried += 1
        inside = may(person, "scenario.view", state="adopted")
        for name in ("scenarios", "compare"):
            answer = client.get(reverse(f"allocation:{name}", args=[YEAR]))
            assert answer.status_code == (200 if inside else 404), (who, name)
        for agency in (DRAINAGE, HEALTH):
            answer = client.get(reverse("allocation:outcome", args=[YEAR, agency]))
            own = may(person, "scenario.outcome", agency_code=agency)
            assert answer.status_code == (200 if inside or own else 404), (who, agency)
    assert tried == len(EVERYBODY) * len(STATES) * 5


# Each deed with the act that it needs; what it would change is looked at after.
DEEDS = {
    "rule": ("edit", {"kind": "pinned", "subject": "CODE", "rule_reason": "จำเป็น"}),
    "copy": ("make", {}),
    "ask": ("run", {}),
    "comment": ("comment", {"text": "ควรดูเขตตะวันออก"}),
}
STEPS = {"propose": "propose", "return": "return", "adopt": "adopt", "undo": "undo"}


def counted(scenario: Scenario) -> tuple:
    scenario.refresh_from_db()
    return (
        scenario.state, scenario.revision, scenario.rules.count(), scenario.runs.count(),
        Scenario.objects.count(), Comment.objects.filter(procedure=SCENARIO).count(),
        sum(run.adjustments.count() for run in scenario.runs.all()),
        sum(run.studies.count() for run in scenario.runs.all()),
    )  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_deed_is_done_for_whom_the_rights_name_and_changes_nothing_else(solved, who):
    small, found = solved
    client, person = client_of(who, small), getattr(small.cast, who)
    for state, run in found.items():
        scenario, code = run.scenario, small.code("lab")
        args = [YEAR, scenario.number]
        for name, (act, data) in DEEDS.items():
            right = may(person, f"scenario.{act}", state="-" if act == "make" else state)
            _try(client, reverse(f"allocation:{name}", args=args),
                 {k: v.replace("CODE", code) for k, v in data.items()}, scenario,
                 done=right and may(person, "scenario.view", state=state))  # fmt: skip
        run_args = [*args, run.pk]
        study = may(person, "scenario.run", state=state)
        _try(
            client,
            reverse("allocation:study", args=run_args),
            {"kind": "steps"},
            scenario,
            done=study,
        )
        _try(client, reverse("allocation:hand", args=[*run_args, code]),
             {"level": "full", "hand_reason": "นายกสั่ง"}, scenario,
             done=may(person, "scenario.adjust", state=state))  # fmt: skip
    for state, run in found.items():
        for step, act in STEPS.items():
            if may(person, f"scenario.{act}", state=state):
                continue  # what is allowed has tests of its own
            before = counted(run.scenario)
            client.post(reverse("allocation:step", args=[YEAR, run.scenario.number]),
                        {"step": step, "step_reason": "ลอง"})  # fmt: skip
            assert counted(run.scenario) == before, (who, state, step)


def _try(client: Client, address: str, data: dict, scenario: Scenario, *, done: bool) -> None:
    before = counted(scenario)
    answer = client.post(address, data)
    assert answer.status_code < 500
    assert (counted(scenario) != before) == done, (address, answer.status_code)


def test_the_form_states_all_rules_and_bad_input_is_told_with_nothing_lost(solved):
    small, _found = solved
    client = client_of("ganda", small)
    typed = {
        "name_th": "แผนใหม่", "reason": "ทดลอง", "stage": "decided", "total": "๘,๐๐๐,๐๐๐ บาท",
        "has_agencies": "on", "agencies": "80", "floor": "abc", "investment": "120",
        "weight_people": "50", "weight_need": "40",
    }  # fmt: skip
    answer = client.post(reverse("allocation:new", args=[YEAR]), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "แผนใหม่" in text
    assert "1,200,000" in text  # how an amount is written
    assert "90" in text  # what the weights add up to
    typed |= {"floor": "", "investment": "12.5", "weight_need": "50"}
    assert client.post(reverse("allocation:new", args=[YEAR]), typed).status_code == 302
    made = Scenario.objects.order_by("-pk").first()
    assert {(r.kind, r.subject): (r.amount, r.least) for r in made.rules.all()} == {
        ("total", ""): (8_000_000, None), ("agencies", ""): (None, 8000),
        ("investment", ""): (None, 1250), ("weight", "people"): (None, 50),
        ("weight", "need"): (None, 50),
    }  # fmt: skip
    page = client.get(reverse("allocation:scenario", args=[YEAR, made.number])).content.decode()
    for shown in ("8,000,000", 'value="80"', 'value="12.5"'):
        assert shown in page


def test_the_estimate_is_a_valid_plan_and_saves_nothing(solved):
    small, found = solved
    scenario = found["draft"].scenario
    before = counted(scenario)
    address = reverse("allocation:estimate", args=[YEAR, scenario.number])
    typed = {"name_th": "ก", "reason": "ข", "total": "5,000,000", "weight_people": "100"}
    answer = client_of("ganda", small).post(address, typed)
    assert answer.status_code == 200
    assert re.search(r"\d จาก 5", answer.content.decode())
    assert counted(scenario) == before


def test_a_point_of_the_frontier_becomes_a_scenario(solved):
    small, found = solved
    run = found["draft"]
    done = carry_out(
        services.study(run.pk, runs.FRONTIER, actor=small.cast.ganda, at=NOON).pk,
        lambda d, n: None, lambda: False,
    )  # fmt: skip
    at = next(n for n, one in enumerate(done.found["points"]) if one.get("plan"))
    address = reverse("allocation:point", args=[YEAR, run.scenario.number, run.pk])
    assert client_of("ganda", small).post(address, {"at": at}).status_code == 302
    made = Scenario.objects.order_by("-pk").first()
    assert made.made_from_id == run.scenario_id
    assert made.rules.filter(kind=s.FAIR).exists()
    assert small.answered(made).status == "proved"
    page = reverse("allocation:result", args=[YEAR, run.scenario.number, run.pk])
    assert client_of("ganda", small).get(page).status_code == 200


def test_scenarios_side_by_side_tell_what_differs(solved):
    small, found = solved
    scenario = small.scenario(RuleInput(s.TOTAL, amount=4_000_000))
    run = small.answered(scenario)
    numbers = [found["draft"].scenario.number, scenario.number]
    page = client_of("fah", small).get(reverse("allocation:compare", args=[YEAR]), {"of": numbers})
    text = page.content.decode()
    assert set(found["draft"].answer["plan"]) != set(run.answer["plan"])
    for code in set(found["draft"].answer["plan"]) ^ set(run.answer["plan"]):
        name = next(e.name_th for n, e in small.entries.items() if small.code(n) == code)
        assert name in text


def test_a_private_note_is_for_its_writer_alone(solved):
    small, found = solved
    run = found["draft"]
    args = [YEAR, run.scenario.number, run.pk, small.code("canal")]
    client_of("ganda", small).post(
        reverse("allocation:mark", args=args), {"mark": "4", "note": "ลับเฉพาะ", "done": "on"}
    )
    page = reverse("allocation:project", args=args)
    assert "ลับเฉพาะ" in client_of("ganda", small).get(page).content.decode()
    assert "ลับเฉพาะ" not in client_of("fah", small).get(page).content.decode()


def test_a_user_s_stop_leaves_the_best_plan_found(solved):
    small, _found = solved
    run = services.ask(small.scenario().pk, actor=small.cast.ganda, at=NOON)
    client = client_of("ganda", small)
    args = [YEAR, run.scenario.number, run.pk]
    assert client.get(reverse("allocation:result", args=args)).status_code == 200
    client.post(reverse("allocation:stop", args=args))
    run.job.refresh_from_db()
    assert run.job.state == "cancelled"


def test_a_waiting_page_is_loaded_anew_only_when_all_is_computed(solved):
    small, found = solved
    run, client = found["draft"], client_of("ganda", small)
    address = reverse("allocation:result", args=[YEAR, run.scenario.number, run.pk])
    asked = services.study(run.pk, runs.STEPS, actor=small.cast.ganda, at=NOON)
    assert client.get(address, headers={"hx-request": "true"}).status_code == 204
    carry_out(asked.pk, lambda d, n: None, lambda: False)
    answer = client.get(address, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")


def test_a_clash_is_told_in_one_sentence_with_its_figure(solved):
    small, _found = solved
    scenario = small.scenario(RuleInput(s.TOTAL, amount=4_000_000))
    for name in ("canal", "pump"):
        services.set_rule(
            scenario.pk, RuleInput(s.PINNED, small.code(name), reason="ต้องทำ"),
            actor=small.cast.ganda, at=NOON,
        )  # fmt: skip
    run = small.answered(scenario)
    address = reverse("allocation:result", args=[YEAR, scenario.number, run.pk])
    client = client_of("ganda", small)
    agency = small.entries["canal"].agency

    text = client.get(address).content.decode()
    assert f"การตรึง 2 โครงการ ของ{agency.name_th}เกินเงินที่มีสำหรับโครงการอยู่ 3.00 ล้านบาท" in text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = client.get(address).content.decode()
    assert "exceed the money there is for projects by 3.00 million baht" in text


def test_every_part_of_the_points_opens_down_to_what_it_was_counted_from(solved):
    small, found = solved
    run = found["draft"]
    address = reverse(
        "allocation:project", args=[YEAR, run.scenario.number, run.pk, small.code("canal")]
    )
    text = client_of("fah", small).get(address).content.decode()
    promise = small.entries["canal"].promises.get()
    risk = small.entries["canal"].risks.first()
    assert f"9,000 {promise.unit_th} · {promise.who_th}" in text
    assert f"{risk.likelihood} × {risk.impact} = {risk.likelihood * risk.impact}" in text
    assert "มีแล้ว: แผนกิจกรรม" in text


def test_districts_side_by_side_show_money_for_a_resident_against_need(solved):
    small, _found = solved
    code = next(iter(needs_of([])))
    DistrictShare.objects.create(
        entry=small.entries["canal"], district=District.objects.get(plan_code=code), weight=1
    )
    first, other = small.scenario(), small.scenario()
    small.answered(first)
    services.set_rule(
        other.pk,
        RuleInput(s.NEED, code, least=15000, reason="น้ำท่วมซ้ำ"),
        actor=small.cast.ganda,
        at=NOON,
    )
    small.answered(other)
    numbers = [first.number, other.number]
    page = client_of("fah", small).get(reverse("allocation:compare", args=[YEAR]), {"of": numbers})
    sides = {side: rows for side, _words, rows in page.context["sides"]}
    needs = {told.code: need for told, _parts, need in sides["districts"]}
    assert needs == {code: f"{float(needs_of([])[code].index * 100):,.0f} / 150"}
    assert all(need == "" for _told, _parts, need in sides["agencies"])

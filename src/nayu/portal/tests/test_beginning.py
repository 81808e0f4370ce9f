"""Beginning from something: templates, and the next year of a project."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from conftest import CAST, DRAINAGE, NOON
from nayu.agencies.models import Agency
from nayu.approvals.domain import ALL_PROJECT, may
from nayu.audit.models import Event
from nayu.budget.services import submit_entry
from nayu.core.errors import Incomplete, NotPermitted, NotVisible
from nayu.projects import services
from nayu.projects.models import Project, ProjectEntry, Result, Template
from nayu.projects.queries import sheet_of, templates_for
from nayu.projects.services import (
    ResultFromTheFuture,
    ResultInput,
    ResultWithoutEvidence,
    TemplateGone,
    TemplateInput,
    TemplateStale,
    TemplateWithoutKind,
)

pytestmark = pytest.mark.django_db
YEAR = 2569


@pytest.fixture
def before(make):
    """A project in the plan of the year being spent, whole."""
    return make.entry("in_plan", name="ลอกคลองบางซื่อ", year=YEAR - 1)


@pytest.fixture
def on(before, cast):
    entry, is_new = services.continue_project(before.project_id, YEAR, actor=cast.anong, at=NOON)
    assert is_new
    return entry


# --- the next year of a project -------------------------------------------------------------------


def test_facts_come_along_and_the_justification_is_asked_afresh(before, on):
    then, now = sheet_of(before), sheet_of(on)
    for fact in (
        "name_th", "method", "place_text", "first_month", "last_month", "origin", "districts",
        "supporting", "partners", "activities", "risks", "links",
    ):  # fmt: skip
        assert getattr(now, fact) == getattr(then, fact), fact
    assert [one.code for one in now.indicators] == [one.code for one in then.indicators]
    assert then.rationale
    assert then.promises
    assert now.rationale == ""
    assert now.objectives == ()
    assert (now.target_quantity, now.target_quality) == ("", "")
    assert now.promises == ()


def test_it_says_that_it_goes_on_and_from_when(before, on):
    assert on.continues_id == before.pk
    assert on.novelty == "continuing"
    assert sheet_of(on).continues_fy == YEAR - 1
    event = Event.objects.get(verb="project.create", subject_id=str(on.pk))
    assert event.facts["continues"] == YEAR - 1


def test_it_cannot_be_submitted_on_last_years_reasons(on, cast):
    with pytest.raises(Incomplete) as refused:
        submit_entry(on.pk, actor=cast.anong, at=NOON)
    assert {"rationale", "objectives", "promises"} <= {
        problem.field for problem in refused.value.facts["problems"]
    }


def test_asked_twice_there_is_one(before, on, cast):
    again, is_new = services.continue_project(before.project_id, YEAR, actor=cast.anong, at=NOON)
    assert (again.pk, is_new) == (on.pk, False)


def test_last_years_words_stand_beside_the_field_and_not_in_it(before, on, client, cast, users):
    client.force_login(users.anong)
    page = client.get(_desk(on, "rationale"))
    assert before.rationale in page.content.decode()
    assert page.context["last_year"].texts[0][1] == before.rationale
    assert page.context["fields"][0].value == ""


def test_last_years_promise_stands_with_its_result_or_says_that_none_is_known(
    before, on, client, cast, users
):
    client.force_login(users.anong)
    client.cookies["django_language"] = "en"
    assert "no result is known yet" in client.get(_desk(on, "promises")).content.decode()
    promised = before.promises.get().number
    _report(before, cast, number=promised / 2)
    page = client.get(_desk(on, "promises")).content.decode()
    assert "(50%)" in page
    assert "no result is known yet" not in page


def test_whoever_decides_reads_last_years_promise_and_result(before, make, cast, client, users):
    _report(before, cast, number=Decimal(7))
    entry, _new = services.continue_project(before.project_id, YEAR, actor=cast.anong, at=NOON)
    client.force_login(users.anong)
    page = client.get(reverse("portal:decision", args=[YEAR, entry.project.code]))
    assert page.context["last_year"].promises[0].result.number == 7


def test_facts_that_are_carried_over_show_nothing_of_last_year(on, client, cast, users):
    client.force_login(users.anong)
    for section in ("basics", "place", "activities", "risks"):
        assert client.get(_desk(on, section)).context["last_year"] is None


def test_a_new_project_page_offers_what_may_go_on_and_no_more(before, client, cast, users):
    client.force_login(users.anong)
    page = reverse("portal:new_project", args=[YEAR])
    assert [e.pk for e in client.get(page).context["to_continue"]] == [before.pk]
    client.post(reverse("portal:project_continuation", args=[YEAR, before.project.code]))
    assert client.get(page).context["to_continue"] == []
    client.force_login(users.chai)
    assert client.get(page).context["to_continue"] == []


def _desk(entry: ProjectEntry, section: str) -> str:
    return reverse("portal:edit_section", args=[entry.fiscal_year_be, entry.project.code, section])


# --- results ---------------------------------------------------------------------------------------


def _report(entry, cast, *, number=Decimal(10), as_of=None, evidence="ทะเบียนผู้รับบริการ", who="anong"):
    as_of = as_of or NOON.date()
    actor = getattr(cast, who)
    return services.report_result(
        entry.pk, 1, ResultInput(number, as_of, evidence), actor=actor, at=NOON
    )


@pytest.fixture
def running(make):
    """In the plan of the year that is being spent on the day of the tests."""
    return make.entry("in_plan", name="ลอกคลองเปรม", year=_spent())


def _spent() -> int:
    return NOON.year + 543 + (1 if NOON.month >= 10 else 0)


def test_a_result_told_anew_takes_the_place_of_the_first_which_stays_in_the_record(running, cast):
    _report(running, cast, number=Decimal(10))
    _report(running, cast, number=Decimal(12))
    assert Result.objects.get().number == 12
    told = [
        e.facts["result"][1:] for e in Event.objects.filter(verb="project.report").order_by("pk")
    ]
    assert [(b[:1], a[:1]) for b, a in told] == [([], ["10"]), (["10"], ["12"])]


def test_the_same_result_twice_is_one_deed(running, cast):
    _report(running, cast)
    _report(running, cast)
    assert Event.objects.filter(verb="project.report").count() == 1


def test_a_result_needs_evidence_and_a_day_that_has_come(running, cast):
    with pytest.raises(ResultWithoutEvidence):
        _report(running, cast, evidence="  ")
    with pytest.raises(ResultFromTheFuture):
        _report(running, cast, as_of=NOON.date() + timedelta(days=1))
    with pytest.raises(ResultFromTheFuture):
        _report(running, cast, as_of=date(2000, 1, 1))
    assert not Result.objects.exists()


def test_only_the_agencys_planner_says_what_came_of_it(running, cast, make):
    for name in ("boonmee", "chai", "fah", "ganda", "hathai", "itsara", "jira", "kwan"):
        actor = getattr(cast, name)
        allowed = may(actor, "project.report", state="in_plan", agency_code=DRAINAGE)
        assert not allowed
        with pytest.raises((NotPermitted, NotVisible)):
            _report(running, cast, who=name)
    assert not Result.objects.exists()
    draft = make.entry("draft", year=YEAR)
    with pytest.raises(NotPermitted):
        _report(draft, cast)


def test_a_result_is_written_on_its_page_and_a_bad_figure_comes_back_with_a_sentence(
    running, client, cast, users
):
    client.force_login(users.anong)
    page = reverse("portal:results", args=[running.fiscal_year_be, running.project.code])
    bad = client.post(
        page, {"order": "1", "number": "มาก", "as_of": "32/1/2568", "evidence_th": "ก"}
    )
    assert bad.status_code == 422
    assert "มาก" in bad.content.decode()
    good = {
        "order": "1",
        "number": "๑,๒๐๐",
        "as_of": f"1/10/{_spent() - 1}",
        "evidence_th": "ทะเบียน",
    }
    assert client.post(page, good).status_code == 302
    assert Result.objects.get().number == 1200
    assert client.post(page, good | {"order": "9"}).status_code == 404


@pytest.mark.parametrize("state", [s for s in ALL_PROJECT if s != "rejected"])
def test_a_result_is_kept_where_the_table_says_and_nowhere_else(make, cast, users, state):
    entry = make.entry(state, name="ขุดคูน้ำ", year=_spent())
    page = reverse("portal:results", args=[entry.fiscal_year_be, entry.project.code])
    given = {"order": "1", "number": "5", "as_of": "1/7/2568", "evidence_th": "ทะเบียน"}
    scope = {"state": state, "agency_code": DRAINAGE}
    for username in ("stranger", *CAST):
        client, person = Client(), getattr(cast, username)
        if username != "stranger":
            client.force_login(getattr(users, username))
        client.post(page, given)
        assert Result.objects.exists() is may(person, "project.report", **scope), username
        seen = client.get(page).status_code == 200
        assert seen is may(person, "project.view", **scope), username
        Result.objects.all().delete()


# --- templates -------------------------------------------------------------------------------------


def _template(**changes) -> TemplateInput:
    given = {
        "name_th": "ซ่อมสะพาน", "name_en": "Bridges", "kinds": ("department",), "method_th": "จ้างเหมา",
        "prompts": {"rationale": ("ใครเดือดร้อน", "Who suffers?")}, "activities": (), "risks": (),
    }  # fmt: skip
    return TemplateInput(**(given | changes))


def test_the_pack_has_templates_for_districts_and_departments_that_weigh_100():
    for kind in ("district", "department", "office"):
        found = templates_for([kind])
        assert found
        for template in found:
            assert sum(weight for *_rest, weight in template.activities) == 100
            assert all(1 <= first <= last <= 12 for _n, first, last, _w in template.activities)


def test_a_project_begins_with_the_templates_steps_and_risks_and_with_no_reason_or_promise(cast):
    kind = Agency.objects.get(code=DRAINAGE).kind
    template = templates_for([kind])[0]
    entry = _open(cast, template.code)
    sheet = sheet_of(entry)
    assert len(sheet.activities) == len(template.activities)
    assert len(sheet.risks) == len(template.risks)
    assert sheet.method == template.method_th
    assert (sheet.rationale, sheet.objectives, sheet.promises) == ("", (), ())
    assert entry.template_id == template.pk


def _open(cast, code: str) -> ProjectEntry:
    return services.open_project(
        agency_code=DRAINAGE, fiscal_year_be=YEAR, last_fy=YEAR, name_th="เริ่มจากแบบ",
        template_code=code, actor=cast.anong, at=NOON,
    )  # fmt: skip


def test_a_template_of_another_kind_or_retired_is_refused_and_nothing_begins(cast):
    other = services.save_template(
        None, _template(kinds=("university",)), revision=0, actor=cast.fah, at=NOON
    )
    for code in (other.code, "no-such-template"):
        with pytest.raises(TemplateGone):
            _open(cast, code)
    assert not Project.objects.filter(name_th="เริ่มจากแบบ").exists()


def test_the_templates_question_stands_beside_its_field(cast, client, users):
    kind = Agency.objects.get(code=DRAINAGE).kind
    template = services.save_template(
        None, _template(kinds=(kind,)), revision=0, actor=cast.fah, at=NOON
    )
    entry = _open(cast, template.code)
    client.force_login(users.anong)
    assert "ใครเดือดร้อน" in client.get(_desk(entry, "rationale")).content.decode()
    client.cookies["django_language"] = "en"
    assert "Who suffers?" in client.get(_desk(entry, "rationale")).content.decode()
    assert client.get(_desk(entry, "risks")).context["prompt"] == ""


def test_two_people_on_one_template_do_not_overwrite_each_other(cast):
    made = services.save_template(None, _template(), revision=0, actor=cast.fah, at=NOON)
    services.save_template(made.pk, _template(name_th="หนึ่ง"), revision=1, actor=cast.fah, at=NOON)
    with pytest.raises(TemplateStale):
        services.save_template(
            made.pk, _template(name_th="สอง"), revision=1, actor=cast.fah, at=NOON
        )
    assert Template.objects.get(pk=made.pk).name_th == "หนึ่ง"


def test_a_template_needs_a_name_a_kind_and_somebody_who_may_keep_it(cast):
    with pytest.raises(services.NameMissing):
        services.save_template(None, _template(name_th=" "), revision=0, actor=cast.fah, at=NOON)
    with pytest.raises(TemplateWithoutKind):
        services.save_template(None, _template(kinds=()), revision=0, actor=cast.fah, at=NOON)
    for name in ("anong", "boonmee", "ganda", "hathai", "itsara", "jira", "kwan"):
        with pytest.raises(NotPermitted):
            services.save_template(
                None, _template(), revision=0, actor=getattr(cast, name), at=NOON
            )


@pytest.mark.parametrize(
    ("username", "reads", "keeps"),
    [
        ("anong", 200, 404), ("boonmee", 404, 404), ("fah", 200, 200), ("ganda", 404, 404),
        ("hathai", 404, 404), ("itsara", 404, 404), ("jira", 404, 404), ("kwan", 404, 404),
    ],
)  # fmt: skip
def test_planners_read_templates_and_strategists_keep_them(
    client, cast, username, reads, keeps, users
):
    client.force_login(getattr(users, username))
    code = Template.objects.order_by("pk").values_list("code", flat=True)[0]
    assert client.get(reverse("portal:templates")).status_code == reads
    assert client.get(reverse("portal:template_new")).status_code == keeps
    assert client.get(reverse("portal:template", args=[code])).status_code == keeps
    changed = client.post(reverse("portal:template", args=[code]), {"name_th": "ใหม่"})
    assert changed.status_code == (422 if keeps == 200 else 404)


def test_a_template_is_written_and_retired_on_its_page(client, cast, users):
    client.force_login(users.fah)
    sent = {
        "name_th": "ปลูกต้นไม้ริมคลอง", "name_en": "", "kinds": ["district"], "rationale_th": "ร่มเงาวันนี้เท่าใด",
        "activity-0-name_th": "ปลูก", "activity-0-first_month": "1", "activity-0-last_month": "12",
        "activity-0-weight_percent": "๑๐๐", "is_retired": "",
    }  # fmt: skip
    answer = client.post(reverse("portal:template_new"), sent)
    assert answer.status_code == 302
    template = Template.objects.get(name_th="ปลูกต้นไม้ริมคลอง")
    assert template.activities == [["ปลูก", 1, 12, 100]]
    assert template.prompts == {"rationale": ["ร่มเงาวันนี้เท่าใด", ""]}
    sent |= {"revision": "1", "is_retired": "1"}
    client.post(reverse("portal:template", args=[template.code]), sent)
    template.refresh_from_db()
    assert template.is_retired
    assert template not in templates_for(["district"])
    assert Event.objects.filter(verb="template.keep").count() == 2

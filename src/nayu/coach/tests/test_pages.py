"""Remarks on an entry as it stands, answers to them, and who may read and give them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from conftest import NOON, line_input, promise
from nayu.audit.models import Event
from nayu.budget import services as budget
from nayu.coach.domain import RULES
from nayu.coach.models import Answer
from nayu.coach.queries import entry_remarks
from nayu.coach.services import AnswerMissing, AnswerTooLong, RemarkGone, answer
from nayu.core.errors import NotPermitted, NotVisible
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.projects.services import EntryInput

YEAR = 2570
LONG = "ปัญหาน้ำขังเกิดซ้ำทุกปี ชาวบ้านริมคลองเดินออกจากบ้านไม่ได้เมื่อฝนตกหนัก"


@pytest.fixture
def entry(make):
    return make.entry("draft")


def write(entry, actor, **given):
    fresh = ProjectEntry.objects.get(pk=entry.pk)
    projects.save_entry(
        entry.pk, EntryInput(**given), revision=fresh.revision, actor=actor, at=NOON
    )
    return ProjectEntry.objects.get(pk=entry.pk)


def told(entry, person):
    return {(one.remark.code, one.remark.field) for one in entry_remarks(entry, person)}


def one(entry, person, code):
    return next(each for each in entry_remarks(entry, person) if each.remark.code == code)


def given_for(found, reason="สำรวจแล้วอยู่ในเอกสารแนบหน้า 3"):
    return {
        "rule": found.remark.code, "field": found.remark.field, "digest": found.digest,
        "reason": reason,
    }  # fmt: skip


def test_a_remark_names_the_field_of_the_desk_it_belongs_to(entry, cast):
    entry = write(
        entry, cast.anong,
        texts={"rationale": "ตามนโยบายผู้บริหาร"},
        promises=(promise(who_th="ประชาชนทั่วไป"), promise(order=2, change_th="มีการประชุม 3 ครั้ง")),
    )  # fmt: skip

    found = told(entry, cast.anong)

    assert ("beneficiary_is_everyone", "promise-0-who_th") in found
    assert ("change_is_office_work", "promise-1-change_th") in found
    assert any(field == "rationale" for _code, field in found)


def test_the_same_text_in_another_entry_is_told_to_whoever_may_see_that_entry(make, cast):
    hers = make.entry("draft")
    his = make.entry("draft", planner=cast.chai, name="คลินิกริมคลอง")
    write(his, cast.chai, texts={"rationale": LONG})
    hers = write(hers, cast.anong, texts={"rationale": LONG})

    assert ("same_text_elsewhere", "rationale") not in told(hers, cast.anong)

    make.move(his.pk, "submitted")
    assert ("same_text_elsewhere", "rationale") not in told(hers, cast.anong)
    assert ("same_text_elsewhere", "rationale") in told(hers, cast.fah)


def test_a_price_is_judged_by_the_same_item_in_the_same_unit_elsewhere(make, cast):
    first, second, third = (make.entry("draft", name=f"งาน{n}") for n in "กขค")
    for entry, price in ((first, "5000"), (second, "5200"), (third, "54000")):
        budget.add_line(
            line_input(item="รถเข็นผู้ป่วยแบบพับได้", unit="คัน", unit_price=Decimal(price), category_code="3.1"),
            kind="project", agency_code=entry.agency_id, fiscal_year_be=YEAR, entry_id=entry.pk,
            actor=cast.anong, at=NOON,
        )  # fmt: skip

    codes = {code for code, field in told(third, cast.anong) if field.startswith("line-")}

    assert "price_above_like_items" in codes
    assert "price_above_like_items" not in {code for code, _f in told(first, cast.anong)}


def test_the_coach_stops_no_submission(entry, cast):
    assert entry_remarks(entry, cast.anong)

    budget.submit_entry(entry.pk, actor=cast.anong, at=NOON)

    assert ProjectEntry.objects.get(pk=entry.pk).state == "submitted"


def test_an_answer_is_kept_with_the_entry_recorded_and_shown_to_reviewers(entry, cast, make):
    found = one(entry, cast.anong, "rationale_without_figures")
    revision = entry.revision

    answer(entry.pk, **given_for(found), actor=cast.anong, at=NOON)

    event = Event.objects.get(verb="project.coach_answer")
    assert (event.reason, event.facts["rule"]) == (given_for(found)["reason"], found.remark.code)
    assert ProjectEntry.objects.get(pk=entry.pk).revision == revision
    make.move(entry.pk, "submitted")
    shown = one(entry, cast.boonmee, "rationale_without_figures").answer
    assert shown.reason == "สำรวจแล้วอยู่ในเอกสารแนบหน้า 3"
    assert shown.post_title_th


def test_a_second_answer_takes_the_place_of_the_first(entry, cast):
    found = one(entry, cast.anong, "rationale_without_figures")
    for reason in ("หนึ่ง", "สอง"):
        answer(entry.pk, **given_for(found, reason), actor=cast.anong, at=NOON)

    assert [kept.reason for kept in Answer.objects.all()] == ["สอง"]


def test_a_changed_text_is_another_remark_without_an_answer(entry, cast):
    found = one(entry, cast.anong, "rationale_without_figures")
    answer(entry.pk, **given_for(found), actor=cast.anong, at=NOON)
    entry = write(entry, cast.anong, texts={"rationale": "คลองบางเขนแคบลงทุกปีเพราะตลิ่งพัง"})

    assert one(entry, cast.anong, "rationale_without_figures").answer is None
    with pytest.raises(RemarkGone):
        answer(entry.pk, **given_for(found), actor=cast.anong, at=NOON)


@pytest.mark.parametrize(
    ("who", "reason", "refusal"),
    [
        ("anong", " ", AnswerMissing), ("anong", "ก" * 2001, AnswerTooLong),
        ("boonmee", "ดี", NotPermitted), ("chai", "ดี", NotVisible), ("stranger", "ดี", NotVisible),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(entry, cast, who, reason, refusal):
    found = one(entry, cast.anong, "rationale_without_figures")

    with pytest.raises(refusal):
        answer(entry.pk, **given_for(found, reason), actor=getattr(cast, who), at=NOON)

    assert not Answer.objects.exists()
    assert not Event.objects.filter(verb="project.coach_answer").exists()


# --- Pages --------------------------------------------------------------------------------------


def page(client, user, name, *args, **given):
    if user:
        client.force_login(user)
    address = reverse(f"coach:{name}", args=args)
    return client.post(address, given) if given else client.get(address)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["th", "en"])
def test_everybody_may_read_all_rules_with_both_examples(client, language):
    client.cookies["django_language"] = language
    text = page(client, None, "rules").content.decode()

    for rule in RULES:
        assert f'id="{rule.code}"' in text
    assert text.count('class="example good"') == text.count('class="example weak"') == len(RULES)


def test_the_page_of_remarks_answers_and_keeps_what_was_typed(client, users, cast, entry):
    code = entry.project.code
    found = one(entry, cast.anong, "rationale_without_figures")

    refused = page(client, users.anong, "answers", YEAR, code, **given_for(found, "ก" * 2001))
    assert refused.status_code == 422
    assert "ก" * 2001 in refused.content.decode()

    kept = page(client, users.anong, "answers", YEAR, code, **given_for(found))
    assert kept.status_code == 302
    assert (
        "สำรวจแล้วอยู่ในเอกสารแนบหน้า 3"
        in page(client, users.anong, "entry", YEAR, code).content.decode()
    )


def test_a_reviewer_reads_remarks_and_reasons_and_is_offered_no_answer(client, users, cast, make):
    entry = make.entry("draft")
    found = one(entry, cast.anong, "rationale_without_figures")
    answer(entry.pk, **given_for(found), actor=cast.anong, at=NOON)
    make.move(entry.pk, "submitted")
    client.force_login(users.boonmee)
    for address in (
        reverse("coach:entry", args=[YEAR, entry.project.code]),
        reverse("portal:decision", args=[YEAR, entry.project.code]),
    ):
        text = client.get(address).content.decode()
        assert "สำรวจแล้วอยู่ในเอกสารแนบหน้า 3" in text
        assert 'name="reason" id="reason-' not in text


def test_the_desk_shows_the_remarks_of_its_part_only(client, users, entry):
    client.force_login(users.anong)
    at = [YEAR, entry.project.code]

    text = client.get(reverse("portal:edit_section", args=[*at, "rationale"])).content.decode()
    other = client.get(reverse("portal:edit_section", args=[*at, "partners"])).content.decode()
    part = client.get(reverse("coach:part", args=[*at, "rationale"])).content.decode()

    assert 'data-coach-field="rationale"' in text
    assert 'data-coach-field="rationale"' in part
    assert "data-coach-field" not in other


def test_a_part_is_drawn_again_for_its_writer_alone(client, users, entry):
    at = [YEAR, entry.project.code, "rationale"]
    assert page(client, users.anong, "part", *at).status_code == 200
    assert page(client, users.boonmee, "part", *at).status_code == 409
    assert page(client, users.chai, "part", *at).status_code == 404
    client.logout()
    assert page(client, None, "part", *at).status_code == 302


@pytest.mark.parametrize("rows", [1, 4])
def test_remarks_take_as_many_questions_for_any_number_of_rows(
    make, cast, rows, django_assert_num_queries
):
    entry = make.entry("draft")
    write(entry, cast.anong, promises=tuple(promise(order=n + 1) for n in range(rows)))
    for _ in range(rows - 1):
        budget.add_line(
            line_input(), kind="project", agency_code=entry.agency_id, fiscal_year_be=YEAR,
            entry_id=entry.pk, actor=cast.anong, at=NOON,
        )  # fmt: skip
    entry = ProjectEntry.objects.select_related("project").get(pk=entry.pk)

    with django_assert_num_queries(QUESTIONS):
        entry_remarks(entry, cast.anong)


QUESTIONS = 18

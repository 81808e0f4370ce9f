"""Like projects while one writes, relations between projects, one text in many places."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from conftest import CAST, DRAINAGE, HEALTH, NOON
from nayu.approvals.domain import PROCEDURES, may
from nayu.audit.models import Event
from nayu.core.errors import NotPermitted, NotVisible
from nayu.portal.queries import likeness as queries
from nayu.portal.services import freshen, index_published, rebuild_likeness
from nayu.projects import services as projects
from nayu.projects.models import Project, ProjectEntry, Relation
from nayu.projects.services import EntryInput, RelationAnswered, RelationReasonMissing
from nayu.publication.services import publish, relate
from nayu.search.domain.likeness import NAME, RATIONALE, likeness, pieces, plain
from nayu.search.models import LikeDocument, LikeText, NearText

YEAR = 2570
STATES = PROCEDURES["project"].states
PEOPLE = ("stranger", *CAST)
LONG = (
    "คลองสายนี้ตื้นเขินมาตั้งแต่ปี 2560 เพราะไม่มีการขุดลอกต่อเนื่อง เมื่อฝนตกเกิน 60 มิลลิเมตร น้ำระบายไม่ทันและล้นเข้าบ้าน "
    "ผู้อยู่ริมคลอง 1,200 หลังคาเรือนต้องยกของหนีน้ำปีละ 4 ครั้ง หากไม่ลอกในปีนี้ค่าซ่อมแซมเขื่อนจะสูงขึ้นอีกเท่าตัว"
)
SHORT_RUN = "เมื่อฝนตกเกิน 60 มิลลิเมตร น้ำระบายไม่ทันและล้นเข้าบ้าน"

pytestmark = pytest.mark.django_db


# As the pages do: what was written since is kept before anything is asked.
def likes_of(person, *given, **more):
    freshen(person)
    return queries.likes_of(person, *given, **more)


def families_of(person, year):
    freshen(person)
    return queries.families_of(person, year)


def family_of(person, year, code):
    freshen(person)
    return queries.family_of(person, year, code)


@pytest.fixture
def sign_in(client, users):
    def enter(name):
        client.force_login(getattr(users, name))
        return client

    return enter


@pytest.fixture
def write(make, cast):
    """An entry with this name and rationale, in a state, of somebody's agency."""

    def made(state="draft", *, name="ลอกคลองบางเขน", rationale=LONG, planner=None, year=YEAR):
        planner = planner or cast.anong
        entry = make.entry("draft", year=year, planner=planner, name=name)
        projects.save_entry(
            entry.pk, EntryInput(texts={"rationale": rationale}), revision=entry.revision,
            actor=planner, at=NOON,
        )  # fmt: skip
        make.move(entry.pk, state)
        return ProjectEntry.objects.select_related("project").get(pk=entry.pk)

    return made


def published(year, cast):
    index_published(publish(year, kind="official", actor=cast.fah, at=NOON))


def at(name, entry, *more):
    return reverse(f"portal:{name}", args=[entry.fiscal_year_be, entry.project.code, *more])


def look(client, entry, section="basics", *, script=True, **typed):
    headers = {"HX-Request": "true"} if script else {}
    return client.post(at("likeness", entry), {"section": section, **typed}, headers=headers)


def text_of(response):
    return html.unescape(response.content.decode())


# --- likes while writing -------------------------------------------------------------------------


def test_a_like_name_is_shown_with_what_is_alike_marked_in_both(sign_in, write):
    mine, other = write(name="ทางเดินริมน้ำ"), write(name="ลอกคลองบางเขนระยะที่ 2")
    page = text_of(look(sign_in("anong"), mine, name_th="ลอกคลองบางเขนระยะที่ 3"))
    assert other.project.code in page
    assert page.count("<mark>ลอกคลอง") == 2
    assert "<html" not in page


def test_without_a_script_the_button_looks_by_the_saved_name_and_answers_a_page(sign_in, write):
    mine, other = write(name="ลอกคลองบางเขนระยะที่ 3"), write(name="ลอกคลองบางเขนระยะที่ 2")
    page = text_of(look(sign_in("anong"), mine, script=False))
    assert other.project.code in page
    assert "<html" in page


def test_a_rationale_is_found_while_it_is_half_written(sign_in, write):
    mine, other = write(rationale="ยังไม่มี"), write(name="อีกโครงการหนึ่ง")
    page = text_of(look(sign_in("anong"), mine, "rationale", rationale=f"ทุกปี{SHORT_RUN}"))
    assert other.project.code in page
    assert "<mark>เมื่อฝนตกเกิน</mark>" in page


def test_the_text_that_is_typed_stands_in_no_address(sign_in, write):
    assert sign_in("anong").get(at("likeness", write()), {"name_th": "ก"}).status_code == 405


def test_ones_own_project_of_an_earlier_year_is_not_like_itself(write, cast, make):
    mine = write("in_plan", year=2569)
    published(2569, cast)
    later, _made = projects.continue_project(mine.project_id, YEAR, actor=cast.anong, at=NOON)
    assert likes_of(cast.anong, later, NAME, mine.name_th) == []


def test_published_projects_of_earlier_years_and_other_agencies_are_found(write, cast):
    other = write("in_plan", year=2569, planner=cast.chai, name="ลอกคลองเพื่อสุขภาพ")
    published(2569, cast)
    found = likes_of(cast.anong, write(name="ทางเดิน"), NAME, "ลอกคลองเพื่อสุขภาพดี")
    assert [(like.code, like.year, like.is_published) for like in found] == [
        (other.project.code, 2569, True)
    ]


def test_a_later_year_is_not_told_to_an_earlier_one(write, cast):
    later, mine = write(name="ลอกคลองบางเขนสาม"), write(name="ทางเดิน", year=2569)
    assert likes_of(cast.anong, mine, NAME, later.name_th) == []
    assert likes_of(cast.anong, write(name="ทางเดินใหม่"), NAME, later.name_th)


def test_what_is_published_is_compared_as_it_was_published(write, cast, make):
    other = write("in_plan", planner=cast.chai, name="ตรวจสุขภาพผู้สูงอายุถึงบ้าน")
    published(YEAR, cast)
    ProjectEntry.objects.filter(pk=other.pk).update(state="returned")
    entry = ProjectEntry.objects.get(pk=other.pk)
    projects.save_entry(
        entry.pk, EntryInput(texts={"name_th": "ห้องสมุดเคลื่อนที่ริมทาง"}), revision=entry.revision,
        actor=cast.chai, at=NOON,
    )  # fmt: skip
    mine = write(name="ทางเดิน")
    [like] = likes_of(cast.anong, mine, NAME, "ตรวจสุขภาพผู้สูงอายุถึงบ้าน")
    assert (like.name_th, like.percent) == ("ตรวจสุขภาพผู้สูงอายุถึงบ้าน", 100)
    assert likes_of(cast.anong, mine, NAME, "ห้องสมุดเคลื่อนที่ริมทาง") == []


def test_a_working_text_is_told_to_those_who_may_see_it_and_to_nobody_else(write, cast):
    """Names, rationales, the number of copies and families: each state of a draft's life."""
    mine = write(name="ทางเดิน", rationale="", planner=cast.chai)
    entries = {state: write(state, name=f"ลอกคลองลับ{n}") for n, state in enumerate(STATES)}
    for name in PEOPLE:
        person = getattr(cast, name)
        seen = {
            entry.project.code
            for state, entry in entries.items()
            if may(person, "project.view", state=state, agency_code=DRAINAGE)
        }
        by_name = likes_of(person, mine, NAME, "ลอกคลองลับ", most=99)
        by_text = likes_of(person, mine, RATIONALE, LONG, most=99)
        for found in (by_name, by_text):
            assert {like.code for like in found} <= seen, name
            assert bool(found) is bool(seen), name
            assert sum(1 + like.copies for like in found) == len(seen), name
        assert families_of(person, YEAR) == [], name


def test_nobody_looks_for_likes_at_the_desk_of_another_agency(sign_in, write):
    entry = write()
    for name in CAST:
        if name != "anong":
            response = look(sign_in(name), entry, name_th="ลอกคลอง")
            assert response.status_code in (404, 409), name
            assert "ลอกคลองบางเขน" not in text_of(response), name


def test_a_changed_name_is_found_and_the_old_one_no_longer(write, cast):
    mine, other = write(name="ทางเดิน", rationale=""), write(name="ลอกคลองบางเขน", rationale="")
    projects.save_entry(
        other.pk, EntryInput(texts={"name_th": "ห้องสมุดชุมชน"}), revision=other.revision,
        actor=cast.anong, at=NOON,
    )  # fmt: skip
    assert likes_of(cast.anong, mine, NAME, "ลอกคลองบางเขน") == []
    assert len(likes_of(cast.anong, mine, NAME, "ห้องสมุดชุมชน")) == 1
    kept = set(LikeText.objects.values_list("pk", flat=True))
    assert kept == set(LikeDocument.objects.values_list("text_id", flat=True))


def test_looking_costs_the_same_questions_for_any_number_of_likes(
    write, cast, django_assert_max_num_queries
):
    mine = write(name="ทางเดิน")
    for number in range(9):
        write(name=f"ลอกคลองสายย่อย {'กขคงจฉชซฌ'[number]}")
    freshen(cast.anong)
    with django_assert_max_num_queries(10):
        assert len(queries.likes_of(cast.anong, mine, NAME, "ลอกคลองสายย่อย")) == 6


# --- relations -----------------------------------------------------------------------------------


def say(client, entry, other, kind, **more):
    return client.post(
        at("relation", entry), {"section": "basics", "other": other.pk, "kind": kind, **more}
    )


def test_one_click_refers_and_the_reviewer_reads_it_on_the_decision_page(sign_in, write, make):
    mine, other = write(), write("submitted", name="ลอกคลองลาดพร้าว")
    assert say(sign_in("anong"), mine, other, "refers").status_code == 302
    make.move(mine.pk, "submitted")
    page = text_of(sign_in("boonmee").get(at("decision", mine)))
    assert "ลอกคลองลาดพร้าว" in page
    assert Event.objects.filter(verb="project.refers", subject_id=str(mine.pk)).count() == 1


def test_a_difference_needs_its_reason_and_what_was_typed_elsewhere_is_not_lost(sign_in, write):
    mine, other = write(name="ลอกคลองบางเขน 1"), write(name="ลอกคลองบางเขน 2")
    refused = say(sign_in("anong"), mine, other, "differs", reason="  ")
    assert refused.status_code == 422
    assert not Relation.objects.exists()
    say(sign_in("anong"), mine, other, "differs", reason="คนละช่วงคลอง")
    assert Relation.objects.get().reason == "คนละช่วงคลอง"


def test_what_was_said_is_said_once_and_taken_back_while_the_entry_is_written(
    sign_in, write, make, cast
):
    mine, other = write(), write(name="ลอกคลองลาดพร้าว")
    client = sign_in("anong")
    say(client, mine, other, "refers")
    say(client, mine, other, "refers")
    relation = Relation.objects.get()
    assert client.post(at("relation_removal", mine, relation.pk)).status_code == 302
    assert not Relation.objects.exists()
    say(client, mine, other, "refers")
    make.move(mine.pk, "submitted")
    with pytest.raises(NotPermitted):
        projects.remove_relation(Relation.objects.get().pk, actor=cast.anong, at=NOON)


def test_only_the_planner_of_the_entry_says_anything_for_it(write, cast):
    mine, other = write(), write(name="ลอกคลองลาดพร้าว")
    for name in CAST:
        if name != "anong":
            with pytest.raises((NotVisible, NotPermitted)):
                relate(mine.pk, other.pk, "refers", actor=getattr(cast, name), at=NOON)
    assert not Relation.objects.exists()


@pytest.mark.parametrize("state", STATES)
def test_one_cannot_relate_to_what_one_may_not_see(write, cast, state):
    mine, hidden = write(), write(state, planner=cast.chai)
    with pytest.raises(NotVisible):
        relate(mine.pk, hidden.pk, "refers", actor=cast.anong, at=NOON)
    assert not Relation.objects.exists()


def test_a_draft_that_is_referred_to_is_not_told_to_a_reviewer_who_may_not_see_it(
    sign_in, write, make, cast
):
    mine, draft = write(), write(name="ร่างที่ยังไม่ส่ง")
    relate(mine.pk, draft.pk, "refers", actor=cast.anong, at=NOON)
    make.move(mine.pk, "endorsed")
    assert "ร่างที่ยังไม่ส่ง" not in text_of(sign_in("fah").get(at("decision", mine)))
    assert "ร่างที่ยังไม่ส่ง" in text_of(sign_in("anong").get(at("decision", mine)))


@pytest.fixture
def asked(write, cast):
    other = write("in_plan", planner=cast.chai, name="คลินิกริมคลอง")
    published(YEAR, cast)
    mine = write(name="ลอกคลองหน้าคลินิก")
    return relate(mine.pk, other.pk, "joins", reason="ทำพร้อมกันถูกกว่า", actor=cast.anong, at=NOON)


def test_joint_work_waits_for_the_other_planner_who_accepts_or_declines_with_a_reason(
    sign_in, asked, cast
):
    client = sign_in("chai")
    assert "ลอกคลองหน้าคลินิก" in text_of(client.get("/my-work/"))
    page = text_of(client.get("/joint-work/"))
    assert "ทำพร้อมกันถูกกว่า" in page
    answer = reverse("portal:joint_work_answer", args=[asked.pk])
    assert client.post(answer, {"answer": "declined", "reason": ""}).status_code == 422
    assert client.post(answer, {"answer": "declined", "reason": "คนละเวลา"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("declined", "คนละเวลา")
    assert "ลอกคลองหน้าคลินิก" not in text_of(client.get("/my-work/"))
    assert "คนละเวลา" in text_of(sign_in("anong").get(at("decision", asked.entry)))
    with pytest.raises(RelationAnswered):
        projects.answer_join(asked.pk, accepts=True, actor=cast.chai, at=NOON)


def test_whoever_is_asked_reads_name_and_words_and_nothing_else_of_a_draft(sign_in, asked):
    client = sign_in("chai")
    page = text_of(client.get("/joint-work/"))
    assert f"/projects/{asked.entry.project.code}/" not in page
    assert "คลองสายนี้ตื้นเขิน" not in page
    assert client.get(at("project", asked.entry)).status_code == 404


@pytest.mark.parametrize("name", PEOPLE)
def test_only_the_planner_of_the_agency_that_was_asked_answers(asked, cast, name):
    person = getattr(cast, name)
    allowed = may(person, "project.answer", state=asked.other.state, agency_code=HEALTH)
    assert allowed is (name == "chai")
    if allowed:
        answered = projects.answer_join(asked.pk, accepts=True, actor=person, at=NOON)
        assert answered.state == "accepted"
    else:
        with pytest.raises(NotVisible):
            projects.answer_join(asked.pk, accepts=True, actor=person, at=NOON)


def test_declining_needs_its_reason(asked, cast):
    with pytest.raises(RelationReasonMissing):
        projects.answer_join(asked.pk, accepts=False, actor=cast.chai, at=NOON)


# --- families ------------------------------------------------------------------------------------


@pytest.fixture
def family(write, cast):
    """One text in two agencies, with other numbers and names; both sent."""
    return (
        write("endorsed", name="ลอกคลองเขตบางรัก", rationale=LONG),
        write("endorsed", name="ลอกคลองเขตดินแดง", planner=cast.chai,
              rationale=LONG.replace("1,200", "850").replace("คลองสายนี้", "คลองสายหลัก")),
    )  # fmt: skip


def test_one_text_of_several_agencies_is_a_family_to_whoever_sees_both(family, cast):
    [row] = families_of(cast.fah, YEAR)
    assert (row.projects, row.agencies, row.is_shared) == (2, 2, False)
    assert families_of(cast.anong, YEAR) == []
    assert families_of(cast.chai, YEAR) == []
    assert family_of(cast.anong, YEAR, family[0].project.code) is None


def test_the_joint_view_shows_the_text_once_and_adds_up_what_differs(sign_in, family):
    page = text_of(sign_in("fah").get(at_family(family)))
    assert page.count("หากไม่ลอกในปีนี้") == 1
    assert "9,000,000.00" in page
    assert re.search(r"2,400", page)
    assert "ลอกคลองเขตดินแดง" in page


def at_family(family, *more):
    return reverse("portal:family", args=[YEAR, family[0].project.code, *more])


def test_the_strategist_makes_it_a_shared_template_of_all(sign_in, family):
    client = sign_in("fah")
    post = reverse("portal:family_template", args=[YEAR, family[0].project.code])
    assert client.post(post).status_code == 302
    keys = set(Project.objects.filter(entries__in=family).values_list("family", flat=True))
    assert len(keys) == 1
    assert "" not in keys
    event = Event.objects.get(verb="project.family")
    assert set(event.facts["before"]) == {entry.project.code for entry in family}
    client.post(post)
    assert Event.objects.filter(verb="project.family").count() == 1


def test_a_planner_puts_only_the_own_agencys_project_into_the_family(sign_in, write, cast):
    other = write("in_plan", planner=cast.chai, name="ลอกคลองเขตดินแดง")
    published(YEAR, cast)
    mine = write(name="ลอกคลองเขตบางรัก")
    assert families_of(cast.anong, YEAR)[0].projects == 2
    sign_in("anong").post(reverse("portal:family_template", args=[YEAR, mine.project.code]))
    found = {p.code: p.family for p in Project.objects.filter(entries__in=[mine, other])}
    assert found[mine.project.code]
    assert found[other.project.code] == ""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_family_is_made_where_the_table_says(write, cast, name, state):
    person, entry = getattr(cast, name), write(state)
    allowed = may(person, "project.family", state=state, agency_code=DRAINAGE)
    if allowed:
        assert projects.share_template([entry.pk], "x", actor=person, at=NOON)
        return
    with pytest.raises((NotVisible, NotPermitted)):
        projects.share_template([entry.pk], "x", actor=person, at=NOON)
    assert not Event.objects.filter(verb="project.family").exists()


def test_a_text_that_one_may_not_see_joins_no_others(write, cast):
    """A and C are each near B and not near each other: without B they are no family."""
    one = LONG.replace("คลองสายนี้", "ลำรางเล็ก")
    middle, last = LONG, LONG.replace("เท่าตัว", "มากกว่าเดิม")
    parts = [pieces(plain(text).letters) for text in (one, middle, last)]
    assert likeness(parts[0], parts[1]) >= 90
    assert likeness(parts[1], parts[2]) >= 90
    assert likeness(parts[0], parts[2]) < 90
    write("in_plan", name="หนึ่ง", rationale=one)
    write("in_plan", name="สอง", rationale=last, planner=cast.chai)
    published(YEAR, cast)
    write("draft", name="สาม", rationale=middle, planner=cast.chai)
    assert [row.projects for row in families_of(cast.chai, YEAR)] == [3]
    assert families_of(cast.anong, YEAR) == []


def test_a_rebuild_finds_what_was_kept_by_the_way(family, write, cast):
    write(name="ทางเดิน", rationale="สั้น")
    freshen(cast.anong)
    freshen(cast.fah)
    near = set(NearText.objects.values_list("low__digest", "high__digest", "percent"))
    kept = set(LikeDocument.objects.values_list("audience", "field", "subject_id", "text__digest"))
    assert len(near) == 1
    rebuild_likeness()
    found = NearText.objects.values_list("low__digest", "high__digest", "percent")
    assert set(found) == near
    assert kept == set(
        LikeDocument.objects.values_list("audience", "field", "subject_id", "text__digest")
    )
    LikeDocument.objects.all().delete()
    LikeText.objects.all().delete()
    rebuild_likeness()
    assert families_of(cast.fah, YEAR)[0].projects == 2


def test_a_stranger_is_led_to_the_sign_in(client, family):
    for address in (f"/{YEAR}/families/", at_family(family), "/joint-work/"):
        assert client.get(address).headers["Location"].startswith("/accounts/login/")


def test_a_part_asked_for_without_a_session_is_one_sentence_with_the_way_back(client, write):
    entry = write()
    here = f"http://testserver/{YEAR}/projects/{entry.project.code}/edit/rationale/"
    answer = client.post(
        at("likeness", entry), {"name_th": "x"},
        headers={"HX-Request": "true", "HX-Current-URL": here},
    )  # fmt: skip
    strict = Client(enforce_csrf_checks=True)  # and so where the cookie of the token went with it
    without_token = strict.post(
        at("likeness", entry), headers={"HX-Request": "true", "HX-Current-URL": here}
    )
    for told in (answer, without_token):
        page = text_of(told)
        assert told.status_code == 401
        assert "<main" not in page
        assert f"/accounts/login/?next=%2F{YEAR}%2Fprojects%2F" in page

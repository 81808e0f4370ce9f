"""Reviewers, acting for a post, windows, several at once, and the drawn procedures."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conftest import DRAINAGE, HEALTH, MEETING, NOON
from nayu.agencies.models import Appointment, Post
from nayu.agencies.queries import person_of
from nayu.approvals.domain import (
    PROCEDURES,
    AppointmentOverlaps,
    AppointmentWrong,
    EndorsedBelow,
    NotAReviewer,
    OwnWork,
    WindowClosed,
    WindowWrong,
)
from nayu.approvals.models import Decision, Reviewer, Window
from nayu.approvals.queries import late_subjects
from nayu.approvals.services import (
    allow_late,
    appoint_acting,
    assign_reviewer,
    delegate_review,
    set_window,
    write_note,
)
from nayu.audit.models import Event
from nayu.budget.services import submit_entry
from nayu.core.errors import NotPermitted
from nayu.projects.models import ProjectEntry
from nayu.projects.services import subject_of, take_step

YEAR = 2570
SECRET = "ราคาในใบเสนอราคาน่าสงสัย"


@pytest.fixture
def sign_in(client, users):
    def enter(name):
        client.force_login(getattr(users, name))
        return client

    return enter


def at(name, entry, *more):
    return reverse(f"portal:{name}", args=[YEAR, entry.project.code, *more])


def text_of(response):
    return response.content.decode()


def subject(entry):
    return subject_of(ProjectEntry.objects.get(pk=entry.pk))


# --- Reviewers ----------------------------------------------------------------------------------


def test_notes_are_read_by_the_desk_and_never_by_the_authors_agency(make, cast, sign_in):
    entry = make.entry("endorsed")
    assign_reviewer(subject(entry), cast.lamai.user_id, actor=cast.fah, at=NOON)
    client = sign_in("lamai")
    client.post(at("review_note", entry), {"note": SECRET, "done": "1"})

    assert SECRET in text_of(sign_in("fah").get(at("decision", entry)))
    for name in ("anong", "boonmee", "ganda", "itsara"):
        assert SECRET not in text_of(sign_in(name).get(at("decision", entry)))
    kept = str(list(Event.objects.values_list("facts", "reason", "subject_label")))
    assert SECRET not in kept
    assert Reviewer.objects.get().done_at is not None


def test_the_desk_is_warned_and_may_decide_all_the_same(make, cast, sign_in):
    entry = make.entry("endorsed")
    assign_reviewer(subject(entry), cast.lamai.user_id, actor=cast.fah, at=NOON)
    client = sign_in("fah")
    page = client.get(at("decision", entry))
    assert page.context["reviewers_left"] == 1
    sent = {"seen": str(page.context["seen"])}
    assert client.post(at("project_review", entry), sent).status_code == 302


def test_a_head_asks_within_the_agency_and_never_the_author(make, cast):
    entry = make.entry("submitted")
    for who in (cast.anong, cast.chai, cast.fah):
        with pytest.raises(NotAReviewer):
            assign_reviewer(subject(entry), who.user_id, actor=cast.boonmee, at=NOON)
    assert assign_reviewer(subject(entry), cast.boonmee.user_id, actor=cast.boonmee, at=NOON)
    with pytest.raises(NotPermitted):
        assign_reviewer(subject(entry), cast.boonmee.user_id, actor=cast.anong, at=NOON)


def test_a_review_is_handed_on_and_its_first_holder_writes_no_more(make, cast):
    entry = make.entry("endorsed")
    assign_reviewer(subject(entry), cast.fah.user_id, actor=cast.fah, at=NOON)
    delegate_review(subject(entry), cast.lamai.user_id, actor=cast.fah, at=NOON)

    with pytest.raises(NotAReviewer):
        write_note(subject(entry), "x", is_done=True, actor=cast.fah, at=NOON)
    assert write_note(subject(entry), "ดูแล้ว", is_done=True, actor=cast.lamai, at=NOON).done_at
    with pytest.raises(NotAReviewer):
        delegate_review(subject(entry), cast.anong.user_id, actor=cast.lamai, at=NOON)


def test_asked_twice_is_one_reviewer(make, cast, sign_in):
    entry, client = make.entry("endorsed"), sign_in("fah")
    for _time in range(2):
        client.post(at("review_reviewers", entry), {"user": str(cast.lamai.user_id)})
    assert Reviewer.objects.count() == 1


# --- Acting for a post --------------------------------------------------------------------------


def act(cast, **changes):
    given = {
        "post_code": f"head-{DRAINAGE}", "username": "anong", "first_day": date(2025, 7, 10),
        "last_day": date(2025, 7, 20), "order_number": "12/2568",
        "order_date": date(2025, 7, 9), "actor": cast.kwan, "at": NOON,
    }  # fmt: skip
    given |= changes
    return appoint_acting(given.pop("post_code"), given.pop("username"), **given)


def test_a_step_taken_while_acting_carries_the_words_and_the_order(make, cast, users):
    entry = make.entry("submitted", planner=cast.chai)
    act(cast, post_code=f"head-{HEALTH}", username="jira")
    jira = person_of(users.jira, NOON.date())

    take_step(entry.pk, "endorse", actor=jira, at=NOON)

    decision = Decision.objects.get(step="endorse")
    assert decision.post_title_th.startswith("รักษาราชการแทน")
    assert "12/2568" in decision.post_title_th
    assert not person_of(users.jira, date(2025, 7, 21)).holding_for("head", HEALTH)


def test_whoever_acts_for_the_head_does_not_endorse_their_own(make, cast, users):
    entry = make.entry("submitted")
    act(cast)
    with pytest.raises((OwnWork, EndorsedBelow)):
        take_step(entry.pk, "endorse", actor=person_of(users.anong, NOON.date()), at=NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "nobody"}, {"order_number": " "}, {"order_date": None},
        {"last_day": date(2025, 7, 9)}, {"last_day": None}, {"post_code": "none"},
        {"order_date": date(2025, 8, 1)},
    ],
)  # fmt: skip
def test_an_order_that_lacks_something_is_refused(cast, changes):
    with pytest.raises(AppointmentWrong):
        act(cast, **changes)
    assert not Appointment.objects.filter(acting=True).exists()


def test_two_do_not_act_for_one_post_on_the_same_day_nor_its_own_holder(cast):
    act(cast)
    with pytest.raises(AppointmentOverlaps):
        act(cast, username="chai", first_day=date(2025, 7, 20), last_day=date(2025, 7, 25))
    with pytest.raises(AppointmentOverlaps):
        act(cast, username="boonmee", first_day=date(2025, 8, 1), last_day=date(2025, 8, 2))
    assert act(cast, username="chai", first_day=date(2025, 7, 21), last_day=date(2025, 7, 25))


def test_the_database_knows_no_acting_without_an_order(users):
    post = Post.objects.get(code=f"head-{DRAINAGE}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(post=post, user=users.anong, first_day=NOON.date(), acting=True)


def test_the_administrator_records_an_order_in_thai_dates(sign_in):
    sent = {
        "post": f"head-{DRAINAGE}", "username": "chai", "first_day": "๑ ส.ค. ๒๕๖๘",
        "last_day": "15/8/2568", "order_number": "๑๒/๒๕๖๘", "order_date": "30 ก.ค. 2568",
    }  # fmt: skip
    client = sign_in("kwan")
    assert client.post("/appointments/", sent | {"last_day": "เมื่อวาน"}).status_code == 409
    assert client.post("/appointments/", sent).status_code == 302
    assert "รักษา" in text_of(client.get("/appointments/"))
    assert sign_in("fah").get("/appointments/").status_code == 404


# --- Windows ------------------------------------------------------------------------------------


def window(cast, *, agency="", opens=date(2025, 7, 1), closes=date(2025, 7, 10)):
    return set_window(
        "project", YEAR, opens_on=opens, closes_on=closes, agency_code=agency, actor=cast.fah,
        at=NOON,
    )  # fmt: skip


def allow(cast, until=date(2025, 7, 31), agency=DRAINAGE):
    return allow_late(
        "project", YEAR, agency, until=until, reason="น้ำท่วมสำนักงาน", allowed_by="ปลัดกรุงเทพมหานคร",
        order_number="99/2568", actor=cast.fah, at=NOON,
    )  # fmt: skip


def test_without_a_window_a_submission_is_open(make):
    assert make.entry("submitted").state == "submitted"


def test_a_submission_after_the_window_is_refused_with_its_days_and_whom_to_ask(
    make, cast, sign_in
):
    entry = make.entry("draft")
    window(cast)
    client = sign_in("anong")
    sent = {"seen": str(client.get(at("decision", entry)).context["seen"])}
    answer = client.post(at("project_submission", entry), sent)
    assert answer.status_code == 409
    for word in ("1 กรกฎาคม 2568", "10 กรกฎาคม 2568", "15 กรกฎาคม 2568", "สำนักยุทธศาสตร์"):
        assert word in text_of(answer)
    assert ProjectEntry.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("day", "is_open"), [(date(2025, 6, 30), False), (date(2025, 7, 1), True),
                         (date(2025, 7, 10), True), (date(2025, 7, 11), False)],
)  # fmt: skip
def test_both_days_of_a_window_belong_to_it_by_the_citys_clock(make, cast, day, is_open):
    entry = make.entry("draft")
    window(cast)
    # Eleven at night in Bangkok is still the same day, though four in the afternoon in UTC.
    moment = datetime(day.year, day.month, day.day, 23, tzinfo=ZoneInfo("Asia/Bangkok"))
    moment = moment.astimezone(ZoneInfo("UTC"))
    if is_open:
        assert submit_entry(entry.pk, actor=cast.anong, at=moment).state == "submitted"
    else:
        with pytest.raises(WindowClosed):
            submit_entry(entry.pk, actor=cast.anong, at=moment)


def test_an_exception_lets_one_agency_be_late_and_the_lateness_is_seen(make, cast, sign_in):
    mine, other = make.entry("draft"), make.entry("draft", planner=cast.chai)
    window(cast)
    allow(cast)
    submit_entry(mine.pk, actor=cast.anong, at=NOON)
    with pytest.raises(WindowClosed):
        submit_entry(other.pk, actor=cast.chai, at=NOON)

    assert late_subjects("project", YEAR, {mine.pk: DRAINAGE, other.pk: HEALTH}) == {mine.pk}
    client = sign_in("boonmee")
    assert client.get(at("decision", mine)).context["is_late"]
    assert "s-late" in text_of(client.get(f"/{YEAR}/projects/?view=working"))
    assert "s-late" in text_of(client.get("/my-work/"))


def test_an_agencys_own_window_stands_before_the_citys(make, cast):
    entry = make.entry("draft")
    window(cast)
    window(cast, agency=DRAINAGE, closes=date(2025, 8, 1))
    submit_entry(entry.pk, actor=cast.anong, at=NOON)
    assert late_subjects("project", YEAR, {entry.pk: DRAINAGE}) == frozenset()


def test_returned_late_and_sent_again_is_judged_by_the_window_too(make, cast):
    entry = make.entry("returned")
    window(cast)
    with pytest.raises(WindowClosed):
        submit_entry(entry.pk, actor=cast.anong, at=NOON)


def test_a_window_in_disorder_is_refused_by_rule_and_by_the_database(cast):
    with pytest.raises(WindowWrong):
        window(cast, closes=date(2025, 6, 1))
    with pytest.raises(WindowWrong):
        allow(cast, until=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Window.objects.create(
            procedure="project", step="submit", fiscal_year_be=YEAR, opens_on=NOON.date(),
            closes_on=NOON.date() - timedelta(days=1),
        )  # fmt: skip


def test_each_desk_sets_its_own_procedures_windows(sign_in):
    sent = {"agency": "", "opens_on": "1 ก.ค. 2568", "closes_on": "31 ก.ค. 2568"}
    client = sign_in("ganda")
    assert client.post(f"/{YEAR}/windows/request/", sent).status_code == 302
    assert client.post(f"/{YEAR}/windows/project/", sent).status_code == 409
    assert Window.objects.get().procedure == "request"
    assert "31 ก.ค. 2568" in text_of(client.get(f"/{YEAR}/windows/"))
    assert sign_in("anong").get(f"/{YEAR}/windows/").status_code == 404
    assert Event.objects.get(verb="window.set").post_code == "budgeter"


# --- Several at once ----------------------------------------------------------------------------


def picks(client, name="fah"):
    page = text_of(client.get(f"/{YEAR}/projects/?view=working"))
    return re.findall(r'name="pick" value="([^"]+)"', page)


def test_several_are_judged_each_by_itself(make, cast, sign_in):
    good = [make.entry("submitted", name=f"โครงการ {n}") for n in range(2)]
    drafted = make.entry("draft", name="ยังร่างอยู่")
    client = sign_in("boonmee")
    ticked = picks(client)

    answer = client.post("/steps/", {"step": "endorse", "pick": ticked})

    assert answer.status_code == 200
    assert len(answer.context["done"]) == 2
    assert [row["code"] for row in answer.context["refused"]] == [drafted.project.code]
    states = dict(ProjectEntry.objects.values_list("pk", "state"))
    assert states == {good[0].pk: "endorsed", good[1].pk: "endorsed", drafted.pk: "draft"}

    again = client.post("/steps/", {"step": "endorse", "pick": ticked})
    assert (again.status_code, len(again.context["refused"])) == (409, 3)
    assert Decision.objects.filter(step="endorse").count() == 2


def test_a_project_that_changed_since_it_was_ticked_is_refused_by_itself(make, cast, sign_in):
    entry = make.entry("submitted")
    client = sign_in("boonmee")
    answer = client.post("/steps/", {"step": "endorse", "pick": f"{YEAR}:{entry.project.code}:1"})
    assert answer.status_code == 409
    assert ProjectEntry.objects.get().state == "submitted"


def test_a_project_one_may_not_see_is_not_found_among_several(make, sign_in):
    entry = make.entry("draft", name="ร่างลับ")
    answer = sign_in("chai").post(
        "/steps/", {"step": "submit", "pick": f"{YEAR}:{entry.project.code}:9"}
    )
    assert answer.status_code == 409
    assert "ร่างลับ" not in text_of(answer)
    assert not Decision.objects.exists()


def test_several_come_into_the_plan_by_one_meeting(make, sign_in):
    for n in range(2):
        make.entry("reviewed", name=f"โครงการ {n}")
    client = sign_in("lamai")
    ticked = picks(client)
    sent = {"step": "include", "pick": ticked}
    assert client.post("/steps/", sent).status_code == 409
    sent |= {"meeting_number": MEETING.number, "meeting_date": "14 ก.ค. 2568"}
    assert len(client.post("/steps/", sent).context["done"]) == 2


def test_what_waits_for_me_can_be_ticked(make, sign_in):
    make.entry("submitted")
    client = sign_in("boonmee")
    ticked = re.findall(r'name="pick" value="([^"]+)"', text_of(client.get("/my-work/")))
    assert len(client.post("/steps/", {"step": "endorse", "pick": ticked}).context["done"]) == 1


@pytest.mark.parametrize("step", ["", "enact", "reject"])
def test_a_step_that_is_not_for_several_is_not_found(sign_in, step):
    assert sign_in("fah").post("/steps/", {"step": step}).status_code == 404


# --- Drawn procedures ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(PROCEDURES))
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_procedure_is_drawn_and_told_from_its_data(client, frame, code, language):
    client.cookies["django_language"] = language
    page = client.get(f"/procedures/{code}/")
    assert page.status_code == 200
    procedure, picture = PROCEDURES[code], page.context["picture"]
    assert len(picture["nodes"]) == len(procedure.states)
    assert len(picture["arrows"]) == len(page.context["rows"]) == len(procedure.steps)
    assert all(row["who"] for row in page.context["rows"])
    assert bool(re.search("[ก-๙]", str(page.context["title"]))) is (language == "th")


def test_no_box_or_arrow_of_a_drawing_lies_outside_it(client, frame):
    for code in PROCEDURES:
        picture = client.get(f"/procedures/{code}/").context["picture"]
        for arrow in picture["arrows"]:
            numbers = [int(n) for n in re.findall(r"-?\d+", arrow.path)]
            assert min(numbers) >= 0
            assert max(numbers) <= max(picture["width"], picture["height"])
        assert picture["nodes"][-1].y + picture["box_height"] <= picture["height"]


def test_a_procedure_that_is_not_there_is_not_found(client, frame):
    assert client.get("/procedures/secret/").status_code == 404

"""My work: for every role what is due, came back, waits, closes soon; constant query counts."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import CAST, DRAINAGE, HEALTH, NOON
from nayu.agencies.models import Appointment, Post
from nayu.budget import services as budget
from nayu.consultation import services as consultation
from nayu.jobs.models import Job
from nayu.notices.models import Mail
from nayu.notices.queries.telling import letter_of
from nayu.notices.services.collecting import collect
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.publication.services import publish

YEAR = 2570


@pytest.fixture
def sign_in(client, users):
    def enter(name):
        client.force_login(getattr(users, name))
        return client

    return enter


def text_of(response):
    return response.content.decode()


def questions_of_my_work(client):
    client.get("/my-work/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/my-work/").status_code == 200
    return len(asked)


def test_my_work_asks_everybody_the_same_number_of_questions_however_much_there_is(
    users, make, cast
):
    """Not one thing against many: with nothing of a kind, its details need not be asked for."""
    clients = {name: Client() for name in CAST}
    for name, client in clients.items():
        client.force_login(getattr(users, name))
    some_of_everything(make, cast, "หนึ่ง")
    before = {name: questions_of_my_work(client) for name, client in clients.items()}
    for number in range(2):
        some_of_everything(make, cast, f"อีก {number}")

    assert {name: questions_of_my_work(client) for name, client in clients.items()} == before
    assert max(before.values()) <= 32


def some_of_everything(make, cast, name):
    """Projects in every state of two agencies, a request, a job that failed, a mail and a notice."""
    for planner in (cast.anong, cast.chai):
        for state in ("draft", "submitted", "returned", "endorsed", "reviewed", "in_plan"):
            make.entry(state, planner=planner, name=f"{name} {state}")
    for agency, planner in ((DRAINAGE, cast.anong), (HEALTH, cast.chai)):
        budget.open_request(agency, YEAR, actor=planner, at=NOON)
    Job.objects.create(
        kind="document", state="failed", sentence="job_failed", created_at=NOON, finished_at=NOON
    )
    Mail.objects.create(
        key=f"returned:{name}", recipient_id=cast.anong.user_id, kind="returned",
        day=NOON.date(), state="failed", created_at=NOON, next_try_at=NOON,
    )  # fmt: skip
    collect(at=NOON)


@pytest.fixture
def city_day(settings):
    settings.TODAY = NOON.date()


def test_what_waits_on_others_says_on_whom_and_for_how_long(sign_in, make, city_day):
    entry = make.entry("endorsed")
    ProjectEntry.objects.filter(pk=entry.pk).update(state_since=NOON - timedelta(days=9))
    page = text_of(sign_in("anong").get("/my-work/"))

    row = re.search(r"<tr>(?:(?!</tr>).)*ลอกคลองบางเขน.*?</tr>", page, re.DOTALL)[0]
    assert "สำนักยุทธศาสตร์และประเมินผล" in row
    assert "9 วัน" in row


def test_what_has_waited_longest_stands_first(sign_in, make, city_day):
    for days, name in ((2, "สองวัน"), (30, "สามสิบวัน"), (7, "เจ็ดวัน")):
        entry = make.entry("submitted", name=name)
        since = NOON - timedelta(days=days)
        ProjectEntry.objects.filter(pk=entry.pk).update(state_since=since)
    work = sign_in("boonmee").get("/my-work/").context["work"]
    assert [item.days for item in work.waiting_for_me] == [30, 7, 2]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("anong", True), ("boonmee", True), ("ganda", True), ("hathai", True), ("itsara", True),
        ("fah", False), ("jira", False), ("kwan", False),
    ],
)  # fmt: skip
def test_what_closes_soon_is_told_to_whom_it_concerns(sign_in, city_day, name, told):
    page = text_of(sign_in(name).get("/my-work/"))
    assert ("เสนอร่างข้อบัญญัติต่อสภา" in page) is told
    assert not told or "16 วัน" in page


@pytest.mark.parametrize("name", ["itsara", "hathai"])
def test_whoever_oversees_sees_what_is_on_its_way_and_what_was_decided(
    sign_in, make, city_day, name
):
    make.entry("submitted", name="กำลังเดิน")
    make.entry("in_plan", name="ตัดสินไปแล้ว")
    make.entry("draft", name="ยังเป็นร่าง")
    make.entry("returned", name="ส่งกลับไปแล้ว")
    page = text_of(sign_in(name).get("/my-work/"))

    assert "กำลังเดิน" in page
    assert "ตัดสินไปแล้ว" in page
    assert "ยังเป็นร่าง" not in page
    assert "ส่งกลับไปแล้ว" not in page
    assert "Boonmee" not in page


def test_a_partner_sees_open_consultations_and_answers_to_partner_bodies(
    sign_in, make, cast, city_day
):
    entry = make.entry("in_plan")
    version = publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    round_ = consultation.open_consultation(
        version.pk,
        consultation.ConsultationInput(NOON.date(), NOON.date() + timedelta(days=5), "รับฟังร่างแผน"),
        actor=cast.fah, at=NOON,
    )  # fmt: skip
    body = projects.partner("การไฟฟ้านครหลวง")
    opinion = consultation.leave_opinion(
        round_.pk,
        consultation.OpinionInput("plan", "ขอให้ประสานแผนนำสายไฟลงดิน", "", body.pk),
        client_key="k", actor=cast.jira, at=NOON,
    )  # fmt: skip
    consultation.answer_opinion(
        opinion.pk, consultation.AnswerInput("not_adopted", "อยู่ในแผนปีถัดไปแล้ว"),
        actor=cast.fah, at=NOON,
    )  # fmt: skip
    page = text_of(sign_in("jira").get("/my-work/"))

    assert "รับฟังร่างแผน" in page
    assert f"/opinions/{YEAR}/new/" in page
    assert "การไฟฟ้านครหลวง" in page
    assert "อยู่ในแผนปีถัดไปแล้ว" in page
    assert entry.name_th not in page


def test_the_administrator_sees_empty_posts_ending_appointments_jobs_and_mails(
    sign_in, users, cast, city_day
):
    held = Appointment.objects.get(user=users.chai)
    held.last_day = NOON.date() + timedelta(days=10)
    held.save()
    Job.objects.create(
        kind="document", state="failed", sentence="job_gave_up", facts={"attempts": 3},
        created_at=NOON, finished_at=NOON,
    )  # fmt: skip
    response = sign_in("kwan").get("/my-work/")
    page, desk = text_of(response), response.context["desk"]

    assert desk.empty_posts_count == Post.objects.count() - len(CAST)
    assert desk.ending_soon == [held]
    assert held.post.title_th in page
    assert "3 ครั้ง" in page
    assert "/notices/mails/" in page


def test_somebody_without_a_post_is_told_so(client, users, city_day):
    Appointment.objects.filter(user=users.anong).update(last_day=date(2025, 7, 14))
    client.force_login(users.anong)
    assert "ไม่ได้ดำรงตำแหน่ง" in text_of(client.get("/my-work/"))


def test_my_work_and_the_daily_mail_count_the_same(sign_in, make, cast, city_day, users):
    for number in range(3):
        make.entry("submitted", name=f"รอ {number}")
    mail = Mail(recipient=users.boonmee, kind="digest", day=NOON.date())
    mail.created_at = mail.next_try_at = NOON
    mail.save()
    work = sign_in("boonmee").get("/my-work/").context["work"]
    letter = letter_of(mail, cast.boonmee, NOON.date())

    totals = {part.key: part.total for part in letter.parts}
    assert totals["waiting_for_me"] == work.for_me_count == 3
    assert totals["closing"] == len(work.closing)

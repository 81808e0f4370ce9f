"""The page of notices, wishes, the link that stops mail without a sign-in, and the outbox."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from conftest import NOON
from nayu.audit.models import Event
from nayu.notices.domain import KINDS, LinkNotUnderstood, MailSettings
from nayu.notices.models import Mail, Notice, Wishes
from nayu.notices.services.collecting import collect
from nayu.notices.services.wishes import read_token, stop_mail, stop_path
from nayu.projects import services as projects

pytestmark = pytest.mark.django_db
USUAL = {
    "returned": "now", "waiting": "daily", "decided": "now", "closing": "daily",
    "opinions": "never", "digest": "daily", "quiet_first_hour": "19", "quiet_last_hour": "8",
    "quiet_weekends": "on", "language": "th",
}  # fmt: skip


@pytest.fixture(autouse=True)
def city_day(settings):
    settings.TODAY = NOON.date()


@pytest.fixture
def sign_in(client, users):
    def enter(name):
        client.force_login(getattr(users, name))
        return client

    return enter


def text_of(response):
    return response.content.decode()


def test_a_stranger_is_led_to_the_sign_in(client, frame):
    for name in ("notices", "mails"):
        location = client.get(reverse(f"notices:{name}")).headers["Location"]
        assert location.startswith("/accounts/login/")


def test_notices_are_unread_until_they_are_followed(sign_in, make, users):
    entry = make.entry("returned")
    collect(at=NOON)
    client = sign_in("anong")
    page = text_of(client.get("/notices/"))
    assert "แก้จำนวนคน" in page
    assert "ยังไม่ได้อ่าน 1" in page

    response = client.get(f"/notices/{Notice.objects.get(recipient=users.anong).pk}/")
    assert response.headers["Location"] == reverse("portal:edit", args=[2570, entry.project.code])
    assert Notice.objects.get(recipient=users.anong).read_at is not None


def test_all_are_marked_as_read_by_a_button_and_only_ones_own(sign_in, make, users):
    make.entry("returned")
    make.entry("submitted", name="อีก")
    collect(at=NOON)
    sign_in("anong").post("/notices/reading/")
    unread = set(Notice.objects.filter(read_at=None).values_list("recipient__username", flat=True))
    assert "anong" not in unread
    assert "boonmee" in unread


def test_nobody_opens_somebody_elses_notice(sign_in, make):
    make.entry("submitted")
    collect(at=NOON)
    pk = Notice.objects.filter(recipient__username="boonmee").latest("pk").pk
    assert sign_in("chai").get(f"/notices/{pk}/").status_code == 404
    assert sign_in("boonmee").get(f"/notices/{pk}/").status_code == 302


def test_a_notice_that_may_no_longer_be_seen_is_not_there(sign_in, make, cast):
    entry = make.entry("endorsed")
    collect(at=NOON)
    pk = Notice.objects.get(recipient__username="fah", kind="waiting").pk
    assert "ลอกคลองบางเขน" in text_of(sign_in("fah").get("/notices/"))

    projects.take_step(entry.pk, "return", actor=cast.fah, at=NOON, reason="แก้จำนวนคน")
    assert "ลอกคลองบางเขน" not in text_of(sign_in("fah").get("/notices/"))
    assert sign_in("fah").get(f"/notices/{pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_asks_the_same_number_of_questions_however_many_notices(
    sign_in, make, count, django_assert_num_queries
):
    for number in range(count):
        make.entry("returned", name=f"โครงการ {number}")
    collect(at=NOON)
    client = sign_in("anong")
    client.get("/notices/")
    with django_assert_num_queries(8):
        response = client.get("/notices/")
    assert sum(row["told"].about == "project" for row in response.context["rows"]) == count


# --- Wishes -------------------------------------------------------------------------------------


def test_wishes_are_kept_and_shown_again(sign_in, users):
    client = sign_in("anong")
    assert client.post("/notices/wishes/", USUAL).status_code == 302

    kept = Wishes.objects.get(user=users.anong)
    assert (kept.opinions, kept.quiet_first_hour, kept.language) == ("never", 19, "th")
    assert client.get("/notices/").context["form"].initial["opinions"] == "never"
    assert Event.objects.get(verb="wishes.keep").actor_id == users.anong.pk


@pytest.mark.parametrize(
    "changes", [{"opinions": "often"}, {"quiet_last_hour": "25"}, {"digest": "now"}]
)
def test_a_wish_that_does_not_exist_is_told_beside_its_field(sign_in, users, changes):
    response = sign_in("anong").post("/notices/wishes/", USUAL | changes)
    assert response.status_code == 422
    assert not Wishes.objects.exists()


# --- The link in a mail -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "digest"])
def test_a_link_stops_its_kind_without_a_sign_in_and_nothing_else(client, users, kind):
    path = stop_path(users.anong.pk, kind)
    assert "<form" in text_of(client.get(path))
    assert not Wishes.objects.exists()

    assert client.post(path).status_code == 200
    kept = Wishes.objects.get(user=users.anong)
    stopped = [name for name in (*KINDS, "digest") if kept.delivery(name) == "never"]
    assert stopped == [kind]


def test_a_mail_program_stops_it_with_one_click_and_no_cookie(users):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(stop_path(users.anong.pk, "returned"), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert Wishes.objects.get().returned == "never"


def test_stopping_twice_changes_nothing_more(users):
    token = stop_path(users.anong.pk, "returned").split("/")[-2]
    for _ in range(2):
        assert stop_mail(token, at=NOON) == "returned"
    assert Event.objects.filter(verb="wishes.stop").count() == 1


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "a:b:c"])
def test_a_link_that_was_cut_or_made_up_is_refused_in_a_sentence(client, users, change):
    token = change(stop_path(users.anong.pk, "returned").split("/")[-2])
    for response in (client.get(f"/notices/stop/{token}/"), client.post(f"/notices/stop/{token}/")):
        assert response.status_code == 409
        assert re.search("[ก-๙]{6}", text_of(response))
    assert not Wishes.objects.exists()
    with pytest.raises(LinkNotUnderstood):
        read_token(token)


# --- The outbox ---------------------------------------------------------------------------------


@pytest.fixture
def troubled(users):
    return Mail.objects.create(
        key="returned:1", recipient=users.anong, kind="returned", day=NOON.date(), state="failed",
        sentence="mail_refused", reply="550 no such user", created_at=NOON, next_try_at=NOON,
    )  # fmt: skip


def test_the_administrator_sees_mails_in_trouble_by_post_without_names(sign_in, troubled):
    page = text_of(sign_in("kwan").get("/notices/mails/"))
    assert "550 no such user" in page
    assert troubled.recipient.appointments.get().post.title_th in page
    assert "Anong" not in page
    assert "anong@" not in page


@pytest.mark.parametrize("name", ["anong", "boonmee", "fah", "ganda", "hathai", "itsara", "jira"])
def test_nobody_else_sees_the_outbox(sign_in, troubled, name):
    client = sign_in(name)
    assert client.get("/notices/mails/").status_code == 404
    assert client.post(f"/notices/mails/{troubled.pk}/resending/").status_code == 409
    assert Mail.objects.get().state == "failed"


@pytest.mark.parametrize("count", [1, 3])
def test_the_outbox_asks_the_same_number_of_questions_however_many_mails(
    sign_in, users, count, django_assert_num_queries
):
    for number in range(count):
        Mail.objects.create(
            key=f"k:{number}", recipient=users.anong, kind="returned", day=NOON.date(),
            state="failed", sentence="mail_refused", created_at=NOON, next_try_at=NOON,
        )  # fmt: skip
    client = sign_in("kwan")
    client.get("/notices/mails/")
    with django_assert_num_queries(6):
        client.get("/notices/mails/")


def test_sending_again_is_a_button(sign_in, troubled, settings):
    settings.MAIL = MailSettings(backend="console", sender="nayu@city.example")
    assert sign_in("kwan").post(f"/notices/mails/{troubled.pk}/resending/").status_code == 302
    assert Mail.objects.get().state == "queued"


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("name", ["anong", "kwan"])
def test_pages_read_in_both_languages(sign_in, make, name, language):
    make.entry("returned")
    collect(at=NOON)
    client = sign_in(name)
    client.cookies["django_language"] = language
    assert client.get("/notices/").status_code == 200

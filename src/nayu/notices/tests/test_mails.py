"""Mails as they are read at the other end: when they come, what they say, and that each comes once."""

import re
from datetime import date, timedelta

import pytest

from conftest import NOON
from nayu.accounts.models import User
from nayu.agencies.models import Appointment
from nayu.budget import services as budget
from nayu.notices.domain import MailSettings
from nayu.notices.models import Mail, Notice
from nayu.notices.services.collecting import collect
from nayu.notices.services.composing import compose
from nayu.notices.services.posting import post
from nayu.notices.tests.conftest import MORNING, NIGHT
from nayu.notices.tests.reading import EARLY, later, read, states, text_of, wish
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.strategy.models import CalendarStep

pytestmark = pytest.mark.django_db


# --- What a mail is -----------------------------------------------------------------------------


def test_a_return_comes_at_once_in_thai_and_english_with_its_reason_and_links(mail, make, go_round):
    entry = make.entry("returned")
    go_round(EARLY)

    ((who, message),) = read(mail)
    assert who == "anong@city.example"
    assert "ส่งกลับ" in message["Subject"]
    assert "ลอกคลองบางเขน" in message["Subject"]
    assert entry.project.code in message["Subject"]
    plain, page = text_of(message), text_of(message, "html")
    address = f"https://nayu.example/2570/projects/{entry.project.code}/edit/"
    for body in (plain, page):
        assert "แก้จำนวนคน" in body
        assert address in body
        assert "4,500,000.00" in body
        assert "Returned to you" in body
        assert body.index("ส่งกลับ") < body.index("Returned to you")
    assert all(
        link.startswith("https://nayu.example/") for link in re.findall(r'href="([^"]+)"', page)
    )
    assert '<html lang="th">' in page


def test_the_headers_are_what_mail_programs_and_law_expect(mail, make, go_round):
    make.entry("returned")
    go_round(EARLY)

    ((_who, message),) = read(mail)
    assert message["Message-ID"] == f"<nayu-mail-{Mail.objects.get().pk}@nayu.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<https://nayu\.example/notices/stop/[^>/]+/>", message["List-Unsubscribe"]
    )
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"].addresses[0].addr_spec == "nayu@city.example"
    assert message.get_content_type() == "multipart/alternative"
    assert mail.messages[0][1].isascii()


def test_no_mail_names_a_person(mail, make, go_round):
    make.entry("returned")
    make.entry("submitted", name="อีกโครงการ")
    go_round(MORNING)

    assert {who for who, _content in mail.messages} >= {
        "anong@city.example",
        "boonmee@city.example",
    }
    for _who, message in read(mail):
        for name in ("Anong", "Boonmee", "Fah"):
            assert name not in text_of(message) + text_of(message, "html") + message["Subject"]


@pytest.mark.parametrize(
    ("language", "thai", "english"), [("th", True, False), ("en", False, True)]
)
def test_a_reader_of_one_language_gets_one(mail, make, go_round, users, language, thai, english):
    wish(users.anong, language=language)
    make.entry("returned")
    go_round(EARLY)

    ((_who, message),) = read(mail)
    assert ("เหตุผล" in text_of(message)) is thai
    assert ("Reason" in text_of(message)) is english


def test_a_name_with_line_breaks_and_markup_breaks_nothing(mail, make, go_round):
    entry = make.entry("returned")
    ProjectEntry.objects.filter(pk=entry.pk).update(name_th="คลอง\r\nBcc: x@y.example <b>หนา</b>")
    go_round(EARLY)

    ((who, message),) = read(mail)
    assert who == "anong@city.example"
    assert message["Bcc"] is None
    assert "<b>หนา</b>" not in text_of(message, "html")


def test_a_line_that_is_a_dot_arrives_as_a_dot(mail, make, cast, go_round):
    entry = make.entry("submitted")
    projects.take_step(entry.pk, "return", actor=cast.boonmee, at=NOON, reason="แก้\n.\nสอง")
    go_round(EARLY)
    assert "สอง" in text_of(read(mail)[0][1])


# --- When it comes ------------------------------------------------------------------------------


def test_each_change_is_in_one_mail_however_often_the_worker_goes_round(mail, make, go_round):
    make.entry("returned")
    for _ in range(4):
        go_round(EARLY)
    assert len(mail.messages) == 1


def test_several_changes_of_one_kind_since_the_last_round_come_in_one_mail(mail, make, go_round):
    for number in range(3):
        make.entry("returned", name=f"โครงการ {number}")
    go_round(EARLY)

    ((_who, message),) = read(mail)
    assert all(f"โครงการ {number}" in text_of(message) for number in range(3))
    assert "อีก 2" in message["Subject"]


def test_quiet_hours_hold_a_mail_until_morning(mail, make, go_round):
    make.entry("returned")
    go_round(NIGHT)
    assert mail.messages == []

    go_round(NIGHT + timedelta(hours=9, minutes=5))
    assert len(mail.messages) == 1


def test_a_mail_that_was_not_taken_before_the_quiet_hours_waits_as_well(mail, smtp, make, go_round):
    smtp.says["MAIL"] = "451 later"
    make.entry("returned")
    go_round(EARLY)
    smtp.says.clear()
    later(5)
    post(at=NIGHT)
    assert mail.messages == []
    post(at=NOON)
    assert len(mail.messages) == 1


def test_what_moved_on_in_the_quiet_hours_is_not_told_any_more(mail, make, cast, go_round):
    entry = make.entry("returned")
    go_round(NIGHT)
    budget.submit_entry(entry.pk, actor=cast.anong, at=NOON)
    go_round(NIGHT + timedelta(hours=9, minutes=5))

    assert mail.messages == []
    assert states() == ["lapsed"]


def test_the_daily_mail_tells_what_waits_and_what_closes_once_a_day(mail, make, go_round):
    make.entry("submitted")
    CalendarStep.objects.all().delete()
    CalendarStep.objects.create(
        lane="budget", first_offset=-4, last_offset=-2, name_th="เสนอร่างข้อบัญญัติ"
    )
    go_round(EARLY)
    assert mail.messages == []
    for _ in range(3):
        go_round(MORNING)
    heads = [message for who, message in read(mail) if who == "boonmee@city.example"]

    (message,) = heads
    assert "รอคุณ 1 เรื่อง" in message["Subject"]
    assert "เสนอร่างข้อบัญญัติ" in text_of(message)
    go_round(MORNING + timedelta(days=1))
    assert len([who for who, _message in read(mail) if who == "boonmee@city.example"]) == 2


def test_nobody_gets_a_daily_mail_with_nothing_in_it(mail, users, go_round):
    CalendarStep.objects.all().delete()
    go_round(MORNING)
    assert mail.messages == []
    assert set(states()) == {"lapsed"}


def test_there_is_no_daily_mail_on_a_saturday_unless_wished(mail, make, users, go_round):
    make.entry("submitted")
    saturday = MORNING.replace(day=19)
    go_round(saturday)
    assert mail.messages == []

    wish(users.boonmee, quiet_weekends=False)
    go_round(saturday)
    assert [who for who, _message in mail.messages] == ["boonmee@city.example"]


# --- Wishes, rights, addresses ------------------------------------------------------------------


@pytest.mark.parametrize("delivery", ["never", "daily"])
def test_a_kind_is_sent_as_wished(mail, make, users, go_round, delivery):
    wish(users.anong, returned=delivery)
    make.entry("returned")
    go_round(EARLY)
    assert mail.messages == []
    assert Notice.objects.get(recipient=users.anong).is_settled is (delivery == "never")


def test_a_kind_stopped_while_its_mail_waits_is_not_sent(mail, make, users, go_round):
    make.entry("returned")
    collect(at=EARLY)
    compose(at=EARLY)
    wish(users.anong, returned="never")
    post(at=EARLY)
    assert mail.messages == []
    assert states() == ["lapsed"]


def test_somebody_who_loses_the_post_while_a_mail_waits_gets_nothing(mail, make, users):
    make.entry("returned")
    collect(at=EARLY)
    compose(at=EARLY)
    Appointment.objects.filter(user=users.anong).update(last_day=date(2025, 7, 14))
    post(at=EARLY)
    assert mail.messages == []


def test_somebody_whose_sign_in_is_closed_gets_nothing(mail, make, users, go_round):
    make.entry("submitted")
    User.objects.filter(pk=users.boonmee.pk).update(is_active=False)
    go_round(MORNING)
    assert "boonmee@city.example" not in [who for who, _content in mail.messages]


def test_somebody_without_an_address_reads_it_on_the_page_alone(mail, make, users, go_round):
    User.objects.filter(pk=users.anong.pk).update(email="")
    make.entry("returned")
    go_round(MORNING)
    assert mail.messages == []
    assert Notice.objects.get(recipient=users.anong).is_settled


def test_a_city_without_mail_keeps_notices_and_sends_none_of_them_later(
    mail, settings, make, go_round
):
    smtp, settings.MAIL = settings.MAIL, MailSettings()
    make.entry("returned")
    go_round(EARLY)
    settings.MAIL = smtp
    go_round(EARLY)
    assert Notice.objects.filter(kind="returned").count() == 1
    assert mail.messages == []


# --- Console ------------------------------------------------------------------------------------


def test_the_console_shows_a_mail_in_letters_that_can_be_read(
    mail, settings, make, go_round, capsys
):
    settings.MAIL = MailSettings(
        backend="console", url="http://127.0.0.1:8000", sender="nayu@city.example"
    )
    make.entry("returned")
    go_round(EARLY)

    shown = capsys.readouterr().out
    assert "To: anong@city.example" in shown
    assert re.search("Subject: ส่งกลับ.*ลอกคลองบางเขน", shown)
    assert "แก้จำนวนคน" in shown
    assert "http://127.0.0.1:8000/notices/stop/" in shown
    assert states() == ["sent"]

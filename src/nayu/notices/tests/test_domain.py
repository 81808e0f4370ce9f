"""Quiet hours, pauses, and settings that do not go together."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.notices.domain import (
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    MailSettingsWrong,
    Quiet,
    digest_is_due,
    is_quiet,
    mail_settings,
    pause_after,
)

TUESDAY = datetime(2025, 7, 15, tzinfo=ZoneInfo("Asia/Bangkok"))
COMPLETE = {
    "NAYU_MAIL": "smtp", "NAYU_SMTP_HOST": "mail.example", "NAYU_MAIL_FROM": "nayu@city.example",
    "NAYU_URL": "https://nayu.example/",
}  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "quiet"), [(6, True), (7, False), (12, False), (19, False), (20, True), (23, True)]
)
def test_it_is_quiet_from_eight_in_the_evening_until_seven(hour, quiet):
    assert is_quiet(TUESDAY.replace(hour=hour), Quiet()) is quiet


def test_weekends_are_quiet_unless_somebody_wants_mail_then():
    saturday = TUESDAY.replace(day=19, hour=12)
    assert is_quiet(saturday, Quiet())
    assert not is_quiet(saturday, Quiet(weekends=False))


@given(first=st.integers(0, 23), last=st.integers(0, 23))
def test_quiet_hours_are_as_long_as_they_say_and_their_end_is_not_quiet(first, last):
    quiet = Quiet(first, last, weekends=False)
    hours = [hour for hour in range(24) if is_quiet(TUESDAY.replace(hour=hour), quiet)]

    assert len(hours) == (last - first) % 24
    assert last not in hours


@given(hour=st.integers(0, 23), day=st.integers(1, 28))
def test_the_daily_mail_is_never_due_before_eight_nor_in_quiet_hours(hour, day):
    moment = TUESDAY.replace(day=day, hour=hour)
    assert digest_is_due(moment, Quiet()) == (8 <= hour < 20 and moment.weekday() < 5)


def test_pauses_grow_up_to_a_longest_one_and_end():
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]

    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= LONGEST_PAUSE
    assert pause_after(MOST_ATTEMPTS) is None


def settings(sample_city=False, read=lambda path: "secret\n", **changes):
    return mail_settings({**COMPLETE, **changes}, sample_city=sample_city, read=read)


def test_complete_settings_are_taken():
    found = settings(NAYU_SMTP_USER="nayu", NAYU_SMTP_PASSWORD_FILE="/run/secrets/mail")

    assert (found.url, found.port, found.tls) == ("https://nayu.example", 587, "starttls")
    assert found.password == "secret"
    assert "secret" not in repr(found)


def test_a_city_sends_nothing_unless_told_and_the_sample_city_writes_to_the_console():
    assert mail_settings({}, sample_city=False, read=str).backend == "none"
    assert mail_settings({}, sample_city=True, read=str).backend == "console"


def unreadable(path):
    raise FileNotFoundError(path)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"NAYU_SMTP_HOST": ""}, "NAYU_SMTP_HOST"),
        ({"NAYU_MAIL_FROM": ""}, "NAYU_MAIL_FROM"),
        ({"NAYU_URL": ""}, "NAYU_URL"),
        ({"NAYU_URL": "nayu.example"}, "NAYU_URL"),
        ({"NAYU_SMTP_USER": "nayu"}, "NAYU_SMTP_PASSWORD_FILE"),
        ({"NAYU_SMTP_PASSWORD_FILE": "/nowhere"}, "NAYU_SMTP_PASSWORD_FILE"),
        ({"NAYU_SMTP_PORT": "๒๕"}, "NAYU_SMTP_PORT"),
        ({"NAYU_SMTP_PORT": "70000"}, "NAYU_SMTP_PORT"),
        ({"NAYU_SMTP_TLS": "yes"}, "NAYU_SMTP_TLS"),
        ({"NAYU_MAIL": "post"}, "NAYU_MAIL"),
        ({"NAYU_MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}, "NAYU_MAIL_FROM"),
    ],
)
def test_settings_that_do_not_go_together_are_told_in_a_sentence(changes, named):
    with pytest.raises(MailSettingsWrong) as wrong:
        settings(read=unreadable, **changes)
    assert named in str(wrong.value)

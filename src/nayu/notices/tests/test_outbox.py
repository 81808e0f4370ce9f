"""What can go wrong on the way of a mail, what is tried again and what is not, and by whose hand."""

import pytest

from conftest import NOON
from nayu.audit.models import Event
from nayu.core.errors import NotPermitted
from nayu.notices.domain import MailIsOff, MailNotForResending, MailSettings
from nayu.notices.models import Mail
from nayu.notices.services.collecting import collect
from nayu.notices.services.composing import compose
from nayu.notices.services.posting import claim_mail, post, resend
from nayu.notices.tests.reading import EARLY, later, read, states

pytestmark = pytest.mark.django_db


# --- What can go wrong on the way ---------------------------------------------------------------


def test_a_server_that_is_not_there_is_tried_again_and_in_the_end_given_up(
    mail, settings, make, go_round
):
    there, settings.MAIL = settings.MAIL, MailSettings(
        backend="smtp", url=settings.MAIL.url, sender=settings.MAIL.sender, host="127.0.0.1",
        port=1, tls="none",
    )  # fmt: skip
    make.entry("returned")
    for _ in range(9):
        go_round(EARLY)
        assert states() == ["queued"]
        post(at=EARLY)  # too early: nothing is tried
        later(300)
    assert Mail.objects.get().attempt == 9
    go_round(EARLY)

    held = Mail.objects.get()
    assert (held.state, held.sentence, held.attempt) == ("failed", "mail_gave_up", 10)
    settings.MAIL = there
    go_round(EARLY)
    assert mail.messages == []


def test_a_server_that_comes_back_gets_the_mail_once(mail, smtp, make, go_round):
    smtp.says["RCPT"] = "450 try later"
    make.entry("returned")
    go_round(EARLY)
    smtp.says.clear()
    go_round(EARLY)
    assert mail.messages == []
    later(2)
    go_round(EARLY)
    go_round(EARLY)
    assert len(mail.messages) == 1
    assert states() == ["sent"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
def test_a_mail_refused_for_good_is_not_tried_again(mail, smtp, make, go_round, command):
    smtp.says[command] = "550 no such user"
    make.entry("returned")
    go_round(EARLY)

    held = Mail.objects.get()
    assert (held.state, held.sentence, held.reply) == ("failed", "mail_refused", "550 no such user")
    smtp.says.clear()
    later(600)
    go_round(EARLY)
    assert mail.messages == []


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_message_is_tried_again(mail, smtp, make, go_round, command):
    smtp.says[command] = ""
    make.entry("returned")
    go_round(EARLY)
    assert states() == ["queued"]
    smtp.says.clear()
    later(2)
    go_round(EARLY)
    assert len(mail.messages) == 1


def test_a_connection_lost_after_the_message_leaves_it_unknown_and_it_is_not_sent_again(
    mail, smtp, make, go_round
):
    smtp.says["."] = ""
    make.entry("returned")
    go_round(EARLY)
    smtp.says.clear()
    assert states() == ["unknown"]
    later(600)
    go_round(EARLY)
    assert len(mail.messages) == 1


def test_a_mail_whose_worker_died_is_unknown_and_not_sent_again(mail, make):
    make.entry("returned")
    collect(at=EARLY)
    compose(at=EARLY)
    assert claim_mail(Mail.objects.get().pk) is not None
    post(at=EARLY)
    assert states() == ["sending"]
    later(11)
    post(at=EARLY)
    assert states() == ["unknown"]
    assert mail.messages == []


def test_a_mail_is_claimed_once(mail, make):
    make.entry("returned")
    collect(at=EARLY)
    compose(at=EARLY)
    assert claim_mail(Mail.objects.get().pk) is not None
    assert claim_mail(Mail.objects.get().pk) is None


def test_a_mail_that_cannot_be_written_is_told_in_the_log_and_tried_again(
    mail, make, go_round, monkeypatch, caplog
):
    make.entry("returned")
    with monkeypatch.context() as broken:
        broken.setattr("nayu.notices.services.posting.message_of", None)
        go_round(EARLY)
    assert states() == ["queued"]
    assert "could not be written" in caplog.text
    later(2)
    go_round(EARLY)
    assert len(mail.messages) == 1


# --- By hand ------------------------------------------------------------------------------------


@pytest.fixture
def unknown(mail, smtp, make, go_round):
    smtp.says["."] = ""
    make.entry("returned")
    go_round(EARLY)
    smtp.says.clear()
    return Mail.objects.get()


def test_the_administrator_sends_an_unknown_mail_again_under_the_same_number(
    unknown, mail, cast, go_round
):
    resend(unknown.pk, actor=cast.kwan, at=NOON)
    go_round(EARLY)

    first, second = (message for _who, message in read(mail))
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == ["sent"]
    event = Event.objects.get(verb="mail.resend")
    assert (event.actor_id, event.facts) == (cast.kwan.user_id, {"from": "unknown"})


def test_nobody_else_sends_it_again_nor_one_that_went(unknown, cast, settings, go_round):
    for name in ("anong", "fah", "itsara"):
        with pytest.raises(NotPermitted):
            resend(unknown.pk, actor=getattr(cast, name), at=NOON)
    resend(unknown.pk, actor=cast.kwan, at=NOON)
    with pytest.raises(MailNotForResending):
        resend(unknown.pk, actor=cast.kwan, at=NOON)
    settings.MAIL = MailSettings()
    with pytest.raises(MailIsOff):
        resend(unknown.pk, actor=cast.kwan, at=NOON)

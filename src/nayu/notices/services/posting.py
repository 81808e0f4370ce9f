"""Sending the outbox. A claim is committed before a mail is sent, its outcome after.

A worker that dies in between leaves the mail in `sending`: whether it went, nobody knows, so it
becomes `unknown` and waits for the administrator. Only what surely was not taken is tried again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from nayu.agencies.domain import ADMIN, Person
from nayu.approvals.domain import may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible
from nayu.jobs.services import worker_name
from nayu.notices.content import message_of
from nayu.notices.domain import (
    CLAIM_LASTS,
    DIGEST,
    FAILED,
    FOR_THE_ADMINISTRATOR,
    LAPSED,
    NEVER,
    NO_MAIL,
    QUEUED,
    SENDING,
    SENT,
    UNKNOWN,
    MailIsOff,
    MailNotForResending,
    is_quiet,
    pause_after,
)
from nayu.notices.models import Mail
from nayu.notices.queries.telling import letter_of, person_to_tell, wishes_of
from nayu.notices.services.wishes import stop_path
from nayu.notices.writers import ACCEPTED, REFUSED, TRY_AGAIN, Outcome, deliver

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 20  # mails in one turn, so that other work of the worker is not kept waiting


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send a mail: this attempt of this worker."""

    mail_id: int
    worker: str
    attempt: int


def post(*, at: datetime) -> int:
    """Send what is due; answers how many were handed over. `at` is the city's moment.

    Not to be called inside a transaction: the claim must be committed before a mail goes.
    """
    if settings.MAIL.backend == NO_MAIL:
        return 0
    give_up_dead_claims()
    sent = 0
    for mail_id in _due(at):
        claim = claim_mail(mail_id)
        if claim is not None:
            sent += _send(claim, at)
    return sent


def _due(at: datetime) -> list[int]:
    """Queued mails whose time has come and whose readers are not in their quiet hours."""
    due = Mail.objects.filter(state=QUEUED, next_try_at__lte=timezone.now()).order_by("pk")
    rows = list(due.values_list("pk", "recipient_id"))
    wishes = wishes_of({recipient for _pk, recipient in rows})
    found = [pk for pk, recipient in rows if not is_quiet(at, wishes[recipient].quiet)]
    return found[:MOST_AT_ONCE]


def claim_mail(mail_id: int) -> Claim | None:
    """Take a queued mail, or None if somebody else has it: one conditional UPDATE decides."""
    worker = worker_name()
    taken = Mail.objects.filter(pk=mail_id, state=QUEUED).update(
        state=SENDING, attempt=F("attempt") + 1, claimed_by=worker, claimed_at=timezone.now()
    )
    if not taken:
        return None
    return Claim(mail_id, worker, Mail.objects.values_list("attempt", flat=True).get(pk=mail_id))


def give_up_dead_claims() -> int:
    """Mails that a worker has had for longer than sending can take: nobody knows if they went."""
    return Mail.objects.filter(state=SENDING, claimed_at__lt=timezone.now() - CLAIM_LASTS).update(
        state=UNKNOWN, sentence="mail_unknown"
    )


def _send(claim: Claim, at: datetime) -> bool:
    mail = Mail.objects.select_related("recipient").get(pk=claim.mail_id)
    try:
        message = _message(mail, at)
    except Exception as fault:
        # Nothing went out yet: the mail is free again, and the log says what is to be mended.
        logger.exception("mail %s could not be written", mail.pk)
        _keep(claim, mail, Outcome(TRY_AGAIN, f"{type(fault).__name__}"))
        return False
    if message is None:
        _finish(claim, LAPSED)
        return False
    outcome = deliver(settings.MAIL, message)
    _keep(claim, mail, outcome)
    return outcome.kind == ACCEPTED


def _message(mail: Mail, at: datetime) -> EmailMessage | None:
    """The mail as its reader may see it now; None if nothing is left to say, or to nobody."""
    user, wishes = mail.recipient, wishes_of([mail.recipient_id])[mail.recipient_id]
    letter = letter_of(mail, person_to_tell(user, at.date()), at.date())
    if letter.is_empty or not user.email or wishes.delivery(mail.kind) == NEVER:
        return None
    return message_of(
        letter,
        mail_id=mail.pk,
        recipient=user.email,
        sender=settings.MAIL.sender,
        url=settings.MAIL.url,
        language=wishes.language,
        stop_link=lambda kind: stop_path(user.pk, kind),
        at=timezone.localtime(),  # receivers distrust mail from another year than their own
    )


def _keep(claim: Claim, mail: Mail, outcome: Outcome) -> None:
    """Write down what became of a mail."""
    reply, moment = outcome.reply[:300], timezone.now()
    if outcome.kind == ACCEPTED:
        _finish(claim, SENT, sent_at=moment, address=mail.recipient.email, reply=reply, sentence="")
        return
    pause: timedelta | None = pause_after(claim.attempt)
    if outcome.kind == REFUSED:
        _finish(claim, FAILED, sentence="mail_refused", reply=reply)
    elif outcome.kind != TRY_AGAIN:
        _finish(claim, UNKNOWN, sentence="mail_unknown", reply=reply)
    elif pause is None:
        _finish(claim, FAILED, sentence="mail_gave_up", reply=reply)
    else:
        _finish(
            claim, QUEUED, sentence="mail_waits", reply=reply, next_try_at=moment + pause,
            claimed_by="", claimed_at=None,
        )  # fmt: skip


def _finish(claim: Claim, state: str, **values: Any) -> None:
    """End a claim. A mail that was sent is so even if its claim was taken for dead meanwhile."""
    held = (SENDING, UNKNOWN) if state == SENT else (SENDING,)
    Mail.objects.filter(
        pk=claim.mail_id, state__in=held, claimed_by=claim.worker, attempt=claim.attempt
    ).update(state=state, **values)


@transaction.atomic
def resend(mail_id: int, *, actor: Person, at: datetime) -> Mail:
    """Put a failed or unknown mail into the queue once more, by the administrator's hand.

    It keeps its Message-ID, so that a receiver can drop the double. Raises NotPermitted,
    NotVisible, MailNotForResending, MailIsOff.
    """
    if not may(actor, "mail.resend"):
        raise NotPermitted(act="mail.resend", state="-")
    if settings.MAIL.backend == NO_MAIL:
        raise MailIsOff
    mail = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        raise NotVisible
    if mail.state not in FOR_THE_ADMINISTRATOR:
        raise MailNotForResending(state=mail.state)
    before, mail.state = mail.state, QUEUED
    mail.next_try_at, mail.claimed_by, mail.claimed_at = timezone.now(), "", None
    mail.attempt, mail.sentence, mail.reply = 0, "", ""
    mail.save()
    record(
        "mail.resend",
        subject=("mail", str(mail.pk), DIGEST if mail.kind == DIGEST else mail.kind),
        actor=actor,
        at=at,
        holding=actor.holding_for(ADMIN, None),
        facts={"from": before},
    )
    return mail

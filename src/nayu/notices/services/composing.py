"""Putting mails into the outbox: at once or once a day, never in somebody's quiet hours.

A mail's key makes it one of a kind; it is written in the transaction that attaches its notices.
"""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from nayu.accounts.models import User
from nayu.agencies.models import Appointment
from nayu.notices.domain import (
    DAILY,
    DIGEST,
    DIGEST_HOUR,
    KINDS,
    NEVER,
    NO_MAIL,
    NOW,
    RECENT,
    digest_is_due,
    is_quiet,
)
from nayu.notices.models import Mail, Notice
from nayu.notices.queries.telling import wishes_of

MOST_DIGESTS = 100  # made in one turn; the rest follows


def compose(*, at: datetime) -> int:
    """Make the mails that are due at the city's moment `at`; answers how many."""
    if settings.MAIL.backend == NO_MAIL:
        Notice.objects.filter(is_settled=False).update(is_settled=True)
        return 0
    return _mails_at_once(at) + _digests(at)


def _mails_at_once(at: datetime) -> int:
    """One mail for each person and kind, with all that came since the last turn."""
    unsettled = Notice.objects.filter(is_settled=False)
    # Whoever has no address reads them on the page; what nobody could send for so long is old.
    unsettled.filter(Q(recipient__email="") | Q(created_at__lt=timezone.now() - RECENT)).update(
        is_settled=True
    )
    pending: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = unsettled.order_by("pk").values_list("pk", "recipient_id", "kind")
    for pk, recipient, kind in rows:
        pending[recipient, kind].append(pk)
    wishes = wishes_of({recipient for recipient, _kind in pending})
    made = 0
    for (recipient, kind), notices in pending.items():
        wish = wishes[recipient]
        delivery = wish.delivery(kind)
        if delivery == NEVER or (delivery == DAILY and wish.digest == NEVER):
            _settle(notices)
        elif delivery == NOW and not is_quiet(at, wish.quiet):
            made += _make(f"{kind}:{notices[0]}", recipient, kind, notices, at)
    return made


def _settle(notices: list[int]) -> None:
    """These stay on the page and are in no mail."""
    Notice.objects.filter(pk__in=notices, is_settled=False).update(is_settled=True)


def _make(key: str, recipient: int, kind: str, notices: list[int], at: datetime) -> bool:
    """Write one mail with its notices; False if another worker wrote it or took them all."""
    moment = timezone.now()
    try:
        with transaction.atomic():
            mail = Mail.objects.create(
                key=key, recipient_id=recipient, kind=kind, day=at.date(), created_at=moment,
                next_try_at=moment,
            )  # fmt: skip
            taken = Notice.objects.filter(pk__in=notices, is_settled=False).update(
                mail=mail, is_settled=True
            )
            if kind != DIGEST and not taken:
                mail.delete()
                return False
    except IntegrityError:
        if Mail.objects.filter(key=key).exists():
            return False
        raise
    return True


def _digests(at: datetime) -> int:
    """The daily mail of everybody who holds a post and has none of today; empty ones lapse."""
    if at.hour < DIGEST_HOUR:
        return 0
    has_one = Mail.objects.filter(recipient=OuterRef("pk"), kind=DIGEST, day=at.date())
    holds = Appointment.in_force(at.date()).filter(user=OuterRef("pk"))
    users = (
        User.objects.filter(Exists(holds), ~Exists(has_one), is_active=True)
        .exclude(email="")
        .exclude(mail_wishes__digest=NEVER)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    made = 0
    listed = list(users)
    wishes = wishes_of(listed)
    for user in listed:
        if made == MOST_DIGESTS:
            break
        wish = wishes[user]
        if digest_is_due(at, wish.quiet):
            kinds = [kind for kind in KINDS if wish.delivery(kind) == DAILY]
            pending = Notice.objects.filter(recipient=user, kind__in=kinds, is_settled=False)
            notices = list(pending.values_list("pk", flat=True))
            made += _make(f"{DIGEST}:{user}:{at.date()}", user, DIGEST, notices, at)
    return made

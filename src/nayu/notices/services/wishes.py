"""A person's wishes about mail: chosen on a page, or stopped by the link in a mail."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from nayu.accounts.models import User
from nayu.agencies.domain import Person
from nayu.audit.services import record
from nayu.core.errors import NotVisible
from nayu.notices.domain import MAIL_KINDS, NEVER, LinkNotUnderstood
from nayu.notices.models import Notice, Wishes

SALT = "nayu.notices.stop"


@dataclass(frozen=True, slots=True)
class WishesInput:
    """A delivery (now, daily, never) for each kind; hours 0–23; language th, en or both."""

    returned: str
    waiting: str
    decided: str
    closing: str
    opinions: str
    digest: str
    quiet_first_hour: int
    quiet_last_hour: int
    quiet_weekends: bool
    language: str


@transaction.atomic
def keep_wishes(given: WishesInput, *, actor: Person, at: datetime) -> Wishes:
    """Keep the actor's own wishes. Raises NotVisible for a stranger."""
    if actor.user_id is None:
        raise NotVisible
    return _keep(actor.user_id, asdict(given), "wishes.keep", actor, at)


@transaction.atomic
def stop_mail(token: str, *, at: datetime) -> str:
    """No more mail of the kind that a link names; answers the kind. Works without a sign-in.

    Doing it again changes nothing. Raises LinkNotUnderstood.
    """
    user_id, kind = read_token(token)
    if not User.objects.filter(pk=user_id).exists():
        raise LinkNotUnderstood
    _keep(user_id, {kind: NEVER}, "wishes.stop", Person(user_id), at)
    return kind


def _keep(
    user_id: int, values: dict[str, object], verb: str, actor: Person, at: datetime
) -> Wishes:
    Wishes.objects.get_or_create(user_id=user_id)
    wishes = Wishes.objects.select_for_update().get(user_id=user_id)
    changed = {k: [getattr(wishes, k), v] for k, v in values.items() if getattr(wishes, k) != v}
    if not changed:
        return wishes
    for name, value in values.items():
        setattr(wishes, name, value)
    wishes.save()
    record(
        verb,
        subject=("wishes", str(user_id), ""),
        actor=actor,
        at=at,
        holding=actor.holdings[0] if actor.holdings else None,
        facts={"changed": changed},
    )
    return wishes


def stop_path(user_id: int, kind: str) -> str:
    """The path of the page that stops a kind of mail for a person; its token cannot be guessed."""
    token = signing.dumps([user_id, kind], salt=SALT, compress=False)
    return reverse("notices:stop", args=[token])


def read_token(token: str) -> tuple[int, str]:
    """(user id, kind) of a link. Raises LinkNotUnderstood."""
    try:
        user_id, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkNotUnderstood from None
    if kind not in MAIL_KINDS or not isinstance(user_id, int):
        raise LinkNotUnderstood
    return user_id, kind


def mark_read(person: Person, notice_ids: list[int] | None = None) -> int:
    """Mark the person's own notices (all, or these) as read; answers how many were unread."""
    unread = Notice.objects.filter(recipient=person.user_id, read_at=None)
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return unread.update(read_at=timezone.now())

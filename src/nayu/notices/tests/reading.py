"""What tests of mails share: wishes, what arrived, and time that passes."""

import email
from datetime import timedelta
from email.policy import default as reading

from conftest import NOON
from nayu.notices.models import Mail, Wishes

EARLY = NOON.replace(hour=7, minute=30)  # before the daily mail


def wish(user, **values):
    Wishes.objects.update_or_create(user=user, defaults=values)


def read(kept):
    """(recipient, message) of everything that arrived."""
    return [
        (who, email.message_from_bytes(content, policy=reading)) for who, content in kept.messages
    ]


def text_of(message, kind="plain"):
    return message.get_body((kind,)).get_content()


def states():
    return sorted(Mail.objects.values_list("state", flat=True))


def later(minutes):
    """As if so much time had passed since the last attempt."""
    for held in Mail.objects.all():
        held.next_try_at -= timedelta(minutes=minutes)
        held.claimed_at = held.claimed_at and held.claimed_at - timedelta(minutes=minutes)
        held.save()

"""The outbox as its keeper sees it: by post, never by name or address."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from nayu.agencies.models import Appointment, Post
from nayu.notices.domain import FOR_THE_ADMINISTRATOR
from nayu.notices.models import Mail

MOST = 100


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail in trouble."""

    pk: int
    kind: str
    state: str
    sentence: str
    reply: str
    claimed_at: datetime | None
    created_at: datetime
    post_title_th: str
    post_title_en: str


def counts_by_state() -> dict[str, int]:
    rows = Mail.objects.order_by("state").values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def mails_to_decide(day: date) -> list[MailRow]:
    """Mails that failed, or that may have gone; newest first, in two queries."""
    found = list(Mail.objects.filter(state__in=FOR_THE_ADMINISTRATOR).order_by("-pk")[:MOST])
    posts = {
        appointment.user_id: appointment.post
        for appointment in Appointment.in_force(day)
        .filter(user__in={mail.recipient_id for mail in found})
        .order_by("-post__code")
    }
    return [_row(mail, posts.get(mail.recipient_id)) for mail in found]


def _row(mail: Mail, post: Post | None) -> MailRow:
    return MailRow(
        mail.pk,
        mail.kind,
        mail.state,
        mail.sentence,
        mail.reply,
        mail.claimed_at,
        mail.created_at,
        post.title_th if post else "",
        (post.title_en or post.title_th) if post else "",
    )

"""Acting for a post (รักษาราชการแทน): by an order, for days, recorded by the administrator."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from nayu.accounts.models import User
from nayu.agencies.domain import ADMIN, Person
from nayu.agencies.models import Appointment, Post
from nayu.approvals.domain import AppointmentOverlaps, AppointmentWrong, may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted
from nayu.core.thai import normalise


@transaction.atomic
def appoint_acting(
    post_code: str,
    username: str,
    *,
    first_day: date | None,
    last_day: date | None,
    order_number: str,
    order_date: date | None,
    actor: Person,
    at: datetime,
) -> Appointment:
    """Somebody acts for a post from the first to the last day, both included.

    Raises NotPermitted, AppointmentWrong, AppointmentOverlaps; then nothing is written.
    """
    if not may(actor, "appointment.set"):
        raise NotPermitted(act="appointment.set", state="-")
    post = Post.objects.select_for_update(of=("self",)).filter(code=post_code).first()
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    number = normalise(order_number)[:60]
    if post is None or user is None or not number or not first_day or not last_day:
        raise AppointmentWrong
    if order_date is None or first_day > last_day or order_date > last_day:
        raise AppointmentWrong
    clash = (
        Appointment.objects.filter(Q(acting=True) | Q(user=user), post=post)
        .filter(Q(last_day=None) | Q(last_day__gte=first_day), first_day__lte=last_day)
        .order_by("first_day")
        .first()
    )
    if clash is not None:
        raise AppointmentOverlaps(first=clash.first_day, last=clash.last_day or "…")
    made = Appointment.objects.create(
        post=post, user=user, first_day=first_day, last_day=last_day, acting=True,
        order_number=number, order_date=order_date,
    )  # fmt: skip
    record(
        "appointment.set",
        subject=("post", post.code, post.title_th),
        actor=actor,
        at=at,
        holding=actor.holding_for(ADMIN, None),
        agency_code=post.agency_id or "",
        facts={
            "user": user.pk, "first": first_day.isoformat(), "last": last_day.isoformat(),
            "order": number, "order_date": order_date.isoformat(),
        },
    )  # fmt: skip
    return made

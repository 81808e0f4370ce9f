"""Taking a person out of the record: the deeds stay, under a hash that is nobody's any more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from nayu.agencies.domain import ADMIN, Person
from nayu.agencies.models import Appointment
from nayu.approvals.domain import NotOneself, may
from nayu.audit.services import erase_person, record
from nayu.core.errors import NotPermitted


@transaction.atomic
def forget_person(user_id: int, *, also: Iterable[str] = (), actor: Person, at: datetime) -> int:
    """Take a person out of the record for good; answers how many events have texts withheld.

    Their deeds stay, under a hash that is nobody's any more; their posts end today and they can
    no longer sign in. `also` are further words for the person to look for in texts.
    Raises NotPermitted, NotOneself, NoSuchPerson.
    """
    if not may(actor, "person.forget"):
        raise NotPermitted(act="person.forget", state="-")
    if actor.user_id == user_id:
        raise NotOneself
    stays, withheld = erase_person(user_id, also=also, at=at)
    Appointment.objects.filter(
        Q(last_day=None) | Q(last_day__gt=at.date()), user_id=user_id
    ).update(last_day=at.date())
    record(
        "person.forget",
        subject=("person", stays[:16], ""),
        actor=actor,
        at=at,
        holding=actor.holding_for(ADMIN, None),
        facts={"person": stays, "withheld": withheld},
    )
    return withheld

"""Who is told of a change: whoever it waits for, and whose work it is; only those who may see it."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from nayu.accounts.models import User
from nayu.agencies.domain import AGENCY_ROLES, HEAD, Person
from nayu.agencies.models import Appointment
from nayu.agencies.queries import people_of
from nayu.approvals.domain import PROCEDURES, REQUEST, may
from nayu.approvals.models import Decision
from nayu.approvals.queries import took_below
from nayu.notices.domain import DECIDED, RETURNED, WAITING
from nayu.notices.queries.closing import Closing

Kinds = dict[int, str]  # the kind of notice by user id
RETURN_STEP = "return"
# Steps whose outcome the author is told although somebody else has still to act.
TOLD_TO_THE_AUTHOR = frozenset({RETURN_STEP, "decide", "approve"})


def holders(
    day: date, *, roles: Iterable[str] = (), agency_code: str | None = None, user_id: int = 0
) -> dict[int, Person]:
    """People who hold a post of one of these roles today (of an agency, if the role has one).

    `user_id` adds one person, whatever the posts held.
    """
    held = Appointment.in_force(day).filter(post__role__in=list(roles))
    if agency_code is not None:
        held = held.exclude(~Q(post__agency=agency_code), post__role__in=AGENCY_ROLES)
    users = User.objects.filter(Q(pk__in=held.values("user")) | Q(pk=user_id))
    return people_of(list(users), day)


def told_of_decision(
    decision: Decision, *, state: str, agency_code: str, author_id: int | None, day: date
) -> Kinds:
    """Who is told of a step taken, and as what; `state` is the one the thing is in now.

    A step that was overtaken by another waits for nobody. Who took the step knows of it.
    """
    procedure = PROCEDURES[decision.procedure]
    waits_for = procedure.waits_for.get(decision.to_state, "")
    is_return = decision.step == RETURN_STEP
    told: Kinds = {}
    ends_here = decision.step in TOLD_TO_THE_AUTHOR or not waits_for
    if ends_here:
        told |= _authors(decision, agency_code, author_id, state, day)
    if waits_for and (is_return or state == decision.to_state):
        kind = RETURNED if is_return else WAITING
        people = holders(day, roles=[waits_for], agency_code=agency_code)
        barred = _barred(decision)
        told |= {
            pk: kind
            for pk, person in people.items()
            if pk not in barred and _sees(person, decision, state, agency_code)
        }
    told.pop(decision.actor_id, None)
    return told


def _barred(decision: Decision) -> frozenset[int]:
    """Who may not take the next step because they took one in this round."""
    steps = PROCEDURES[decision.procedure].steps
    if not any(s.from_state == decision.to_state and s.not_by_earlier for s in steps):
        return frozenset()
    return took_below(decision.procedure, decision.subject_id)


def _authors(
    decision: Decision, agency_code: str, author_id: int | None, state: str, day: date
) -> Kinds:
    """Whose work it is: the author of a project or a change; for a request, the agency's heads."""
    if decision.procedure != REQUEST:
        people = holders(day, user_id=author_id or 0)
    else:
        people = holders(day, roles=[HEAD], agency_code=agency_code)
    kind = RETURNED if decision.step == RETURN_STEP else DECIDED
    return {
        pk: kind for pk, person in people.items() if _sees(person, decision, state, agency_code)
    }


def _sees(person: Person, decision: Decision, state: str, agency_code: str) -> bool:
    return may(person, f"{decision.procedure}.view", state=state, agency_code=agency_code)


def told_of_opinion(
    act: str, *, agency_code: str | None, actor_id: int | None, roles: Iterable[str], day: date
) -> set[int]:
    """Who may do the act (moderate, answer) on an opinion, in one of these roles."""
    people = holders(day, roles=roles, agency_code=agency_code)
    return {
        pk
        for pk, person in people.items()
        if pk != actor_id and may(person, act, agency_code=agency_code)
    }


def told_of_closing(closing: Closing, day: date) -> set[int]:
    people = holders(day, roles=closing.roles)
    return {pk for pk, person in people.items() if closing.concerns(person)}

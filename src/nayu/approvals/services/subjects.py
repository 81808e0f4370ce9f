"""What a deed of approval is done on, and who may know of it."""

from dataclasses import dataclass

from nayu.agencies.domain import Holding, Person
from nayu.approvals.domain import may, right_of
from nayu.core.errors import NotPermitted, NotVisible


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a deed is done on, as the procedure sees it."""

    procedure: str
    pk: int
    label: str
    state: str
    agency_code: str
    fiscal_year_be: int
    author_ids: frozenset[int] = frozenset()
    newest_change: int = 0


def holding_to(act: str, subject: Subject, actor: Person) -> Holding:
    """The post under which the person may do `act` on the subject; raises NotVisible, NotPermitted."""
    scope = {"state": subject.state, "agency_code": subject.agency_code}
    if not may(actor, f"{subject.procedure}.view", **scope):
        raise NotVisible
    right = right_of(actor, f"{subject.procedure}.{act}", **scope)
    if right is None:
        raise NotPermitted(act=f"{subject.procedure}.{act}", state=subject.state)
    holding = actor.holding_for(right.role, subject.agency_code)
    assert holding is not None  # a right is held through a post
    return holding

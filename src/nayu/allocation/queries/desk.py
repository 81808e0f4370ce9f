"""What of allocation lies on a person's desk: scenarios to decide, and what became of requests."""

from dataclasses import dataclass, field

from nayu.agencies.domain import AGENCY_ROLES, Person
from nayu.agencies.models import Agency
from nayu.allocation.models import Adoption, Scenario
from nayu.approvals.domain import SCENARIO, may
from nayu.approvals.models import Decision
from nayu.approvals.queries import latest_decisions

SHOWN = 5


@dataclass
class Desk:
    """Scenarios that wait for this person, those that came back, and adopted plans by agency."""

    waiting: list[Scenario] = field(default_factory=list)
    returned: list[tuple[Scenario, Decision]] = field(default_factory=list)
    outcomes: list[tuple[Adoption, Agency]] = field(default_factory=list)

    @property
    def has_any(self) -> bool:
        return bool(self.waiting or self.returned or self.outcomes)


def desk_of_allocation(person: Person) -> Desk:
    """Few queries for whoever has nothing to do with allocation; none for a stranger."""
    desk = Desk()
    if may(person, "scenario.adopt", state="proposed"):
        desk.waiting = list(
            Scenario.objects.filter(state="proposed").order_by("state_since", "pk")[:SHOWN]
        )
    if may(person, "scenario.make"):
        drafts = list(Scenario.objects.filter(state="draft", owner_id=person.user_id))
        latest = latest_decisions(SCENARIO, [one.pk for one in drafts])
        desk.returned = [
            (one, latest[one.pk]) for one in drafts
            if one.pk in latest and latest[one.pk].step in ("return", "undo")
        ]  # fmt: skip
    agencies = {
        holding.agency_code for holding in person.holdings
        if holding.role in AGENCY_ROLES and holding.agency_code
    }  # fmt: skip
    if agencies:
        adopted = Adoption.objects.filter(undone_at=None).select_related("scenario")
        known = {a.code: a for a in Agency.objects.filter(code__in=agencies)}
        desk.outcomes = [
            (one, known[code])
            for one in adopted.defer("before", "written").order_by("-fiscal_year_be", "-pk")[:SHOWN]
            for code in sorted(agencies)
            if code in one.agencies
        ]
    return desk

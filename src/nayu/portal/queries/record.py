"""Which heads of the record are published, and which events' subjects a reader may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROJECT, REQUEST, may
from nayu.audit.models import Event
from nayu.audit.queries import daily_heads, seals_with
from nayu.budget.models import Request
from nayu.projects.models import ProjectEntry
from nayu.publication.models import PlanVersion

DAY, PUBLICATION = "day", "publication"
OPEN_KINDS = ("plan", "consultation", "opinion")


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """A head as it stood at the end of a day, or when a version of a plan was published."""

    kind: str
    day: date
    sequence: int
    head: str
    fiscal_year_be: int | None = None
    number: int | None = None

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {
            "kind": self.kind,
            "day": self.day.isoformat(),
            "sequence": self.sequence,
            "head": self.head,
        }
        if self.kind == PUBLICATION:
            told |= {"fiscal_year_be": self.fiscal_year_be, "version": self.number}
        return told


def published_heads(today: date) -> list[PublishedHead]:
    """Of each publication and each day that is over, oldest first: no single deed moves them."""
    found = [
        PublishedHead(DAY, day, seal.last_sequence, seal.head) for day, seal in daily_heads(today)
    ]
    versions = list(PlanVersion.objects.exclude(record_head="").order_by("published_at", "pk"))
    seals = seals_with([version.record_head for version in versions])
    found += [
        PublishedHead(
            PUBLICATION,
            timezone.localtime(version.published_at).date(),
            seals[version.record_head].last_sequence,
            version.record_head,
            version.fiscal_year_be,
            version.number,
        )
        for version in versions
        if version.record_head in seals
    ]
    return sorted(found, key=lambda head: (head.sequence, head.day, head.kind))


def readable(events: Iterable[Event], person: Person) -> set[int]:
    """Keys of the events whose subject the person may know of; of others only the deed is told."""
    listed = list(events)
    projects = [event.subject_id for event in listed if event.subject_kind == PROJECT]
    seen = _seen_projects(projects, person)
    keys, places = _seen_requests(
        [e.subject_id for e in listed if e.subject_kind == REQUEST], person
    )
    ceilings = may(person, "ceiling.view")
    return {
        event.pk
        for event in listed
        if event.subject_kind in OPEN_KINDS
        or (event.subject_kind == PROJECT and event.subject_id in seen)
        or (event.subject_kind == REQUEST and event.subject_id in keys | places)
        or (event.subject_kind == "ceiling" and ceilings)
    }


def _seen_projects(ids: list[str], person: Person) -> set[str]:
    numbers = [int(text) for text in ids if text.isdecimal()]
    found = ProjectEntry.objects.visible_to(person).filter(pk__in=numbers)
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _seen_requests(ids: list[str], person: Person) -> tuple[set[str], set[str]]:
    """A request is named by its key, its routine lines by agency/year."""
    wanted = Q(pk__in=[int(text) for text in ids if text.isdecimal()])
    for text in set(ids):
        code, slash, year = text.partition("/")
        if slash and year.isdecimal():
            wanted |= Q(agency_id=code, fiscal_year_be=int(year))
    rows = (
        Request.objects.visible_to(person)
        .filter(wanted)
        .values_list("pk", "agency_id", "fiscal_year_be")
    )
    found = list(rows)
    return {str(pk) for pk, _code, _year in found}, {f"{code}/{year}" for _pk, code, year in found}

"""Entries as they stood at the end of a day: which there were, their state, what they said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROJECT, states_seen
from nayu.approvals.models import Decision
from nayu.audit.models import Event
from nayu.audit.queries import CITY, events_of
from nayu.core.values import from_json, to_json
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of

EDITS = ("project.edit", "project.change")


def end_of(day: date) -> datetime:
    """The first moment after a day of the city."""
    return datetime.combine(day + timedelta(days=1), time(), CITY)


@dataclass
class EntriesThen:
    """Entries of a year at the end of a day. `undone` are fields that have changed since."""

    fiscal_year_be: int
    day: date
    states: dict[int, str] = field(default_factory=dict)
    agencies: dict[int, str] = field(default_factory=dict)
    undone: dict[int, dict[str, Any]] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()

    def visible_to(self, person: Person | None) -> set[int]:
        """Entries that this person's posts could see that day; None is the operator."""
        if person is None:
            return set(self.states)
        of_any, of_own, own = states_seen(person, "project.view")
        return {
            pk
            for pk, state in self.states.items()
            if state in of_any or (state in of_own and self.agencies[pk] in own)
        }

    def said(self, pk: int, name: str, now: Any) -> Any:
        """A field as it was, or as it is now if nobody changed it since."""
        return self.undone.get(pk, {}).get(name, now)


def later_deeds(fiscal_year_be: int, day: date) -> QuerySet[Event]:
    """Events of a year's things after the day, oldest first."""
    return Event.objects.filter(fiscal_year_be=fiscal_year_be, at__gte=end_of(day)).order_by("pk")


def entries_then(fiscal_year_be: int, day: date) -> EntriesThen:
    """All entries of a year that were there at the end of a day, in a constant number of queries."""
    absent = _begun_later(fiscal_year_be, day)
    found = EntriesThen(fiscal_year_be, day, absent=frozenset(absent))
    for pk, state, agency in ProjectEntry.objects.filter(fiscal_year_be=fiscal_year_be).values_list(
        "pk", "state", "agency_id"
    ):
        if pk not in absent:
            found.states[pk], found.agencies[pk] = state, agency
    for pk, state in _first_steps(
        Decision.objects.filter(
            subject_id__in=ProjectEntry.objects.filter(fiscal_year_be=fiscal_year_be).values("pk")
        ),
        day,
    ).items():
        if pk in found.states:
            found.states[pk] = state
    for subject_id, facts in (
        later_deeds(fiscal_year_be, day)
        .filter(subject_kind=PROJECT, verb__in=EDITS)
        .values_list("subject_id", "facts")
    ):
        _undo(found.undone.setdefault(int(subject_id), {}), facts)
    return found


def _undo(fields: dict[str, Any], facts: dict[str, Any]) -> None:
    """Of later changes, oldest first, the first tells what a field was."""
    for name, (before, _after) in facts.get("changed", {}).items():
        fields.setdefault(name, before)


def _first_steps(decisions: QuerySet[Decision], day: date) -> dict[int, str]:
    """The state that the first later step found, by entry."""
    found: dict[int, str] = {}
    rows = decisions.filter(procedure=PROJECT, at__gte=end_of(day)).order_by("pk")
    for subject_id, state in rows.values_list("subject_id", "from_state"):
        found.setdefault(subject_id, state)
    return found


def _begun_later(fiscal_year_be: int, day: date) -> set[int]:
    begun = {
        int(subject_id)
        for subject_id in later_deeds(fiscal_year_be, day)
        .filter(subject_kind=PROJECT, verb="project.create")
        .values_list("subject_id", flat=True)
    }
    if came_in_later(fiscal_year_be, day):
        begun |= set(
            ProjectEntry.objects.filter(
                fiscal_year_be=fiscal_year_be, project__source__startswith="import"
            ).values_list("pk", flat=True)
        )
    return begun


def came_in_later(fiscal_year_be: int, day: date) -> bool:
    """Whether the first file of a year came in after the day."""
    first = Event.objects.filter(fiscal_year_be=fiscal_year_be, verb="lines.import").aggregate(
        at=Min("at")
    )["at"]
    return first is not None and first >= end_of(day)


# --- One entry -----------------------------------------------------------------------------------


def sheet_before(sheet: EntrySheet, later: Iterable[dict[str, Any]], state: str = "") -> EntrySheet:
    """The sheet without later changes; `later` are facts of events, oldest first."""
    fields: dict[str, Any] = {}
    for facts in later:
        _undo(fields, facts)
    told = to_json(sheet) | fields
    return from_json(EntrySheet, told | ({"state": state} if state else {}))


def sheet_then(entry: ProjectEntry, day: date) -> EntrySheet | None:
    """The entry's sheet at the end of a day, or None if it had not begun."""
    later = events_of(PROJECT, entry.pk).filter(at__gte=end_of(day)).order_by("pk")
    facts = []
    for verb, told in later.filter(verb__in=(*EDITS, "project.create")).values_list(
        "verb", "facts"
    ):
        if verb == "project.create":
            return None
        facts.append(told)
    if entry.project.source.startswith("import") and came_in_later(entry.fiscal_year_be, day):
        return None
    steps = _first_steps(Decision.objects.filter(subject_id=entry.pk), day)
    return sheet_before(sheet_of(entry), facts, steps.get(entry.pk, entry.state))

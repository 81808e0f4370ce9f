"""Every version of an entry, from the record: a deed, or a sitting of one person, makes one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nayu.approvals.domain import PROJECT
from nayu.approvals.models import Decision
from nayu.approvals.queries import decisions_of
from nayu.audit.models import Event
from nayu.audit.queries import events_of
from nayu.budget.models import Line
from nayu.budget.queries import LineSheet, line_sheets
from nayu.budget.queries.past import sheet_before
from nayu.budget.queries.past.entries import EDITS
from nayu.budget.queries.past.lines import LINE_DEEDS, lines_without
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.publication.domain import MATERIAL, Weighed, weigh

SITTING = timedelta(minutes=30)
WEIGHED = (*EDITS, *LINE_DEEDS)


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number from 1 upwards, and the events that made it, oldest first."""

    number: int
    verb: str
    actor_id: int | None
    at: datetime
    began: datetime
    event_ids: tuple[int, ...]

    @property
    def last_id(self) -> int:
        return self.event_ids[-1]


def versions_of_entry(entry_id: int) -> list[Version]:
    """All versions, oldest first, without what changed: one query of four columns.

    Consecutive changes by one person within half an hour are one: a text saves itself every few
    seconds, and readers want what it said before and after the sitting.
    """
    found: list[Version] = []
    rows = events_of(PROJECT, entry_id).order_by("pk")
    for pk, verb, actor_id, at in rows.values_list("pk", "verb", "actor_id", "at"):
        last = found[-1] if found else None
        sitting = (
            last is not None
            and last.verb == verb == "project.edit"
            and last.actor_id == actor_id
            and at - last.at <= SITTING
        )
        if last is not None and sitting:
            found[-1] = Version(last.number, verb, actor_id, at, last.began, (*last.event_ids, pk))
        else:
            found.append(Version(len(found) + 1, verb, actor_id, at, at, (pk,)))
    return found


@dataclass(frozen=True)
class VersionTold:
    """A version with its last event, what changed in it, and how heavy that is."""

    version: Version
    event: Event
    changed: dict[str, list[Any]]
    weighed: Weighed | None
    meeting: tuple[str, Any] | None = None


def told(entry_id: int, versions: Iterable[Version]) -> list[VersionTold]:
    """These versions with what changed, in their order, in two queries."""
    versions = list(versions)
    ids = [pk for version in versions for pk in version.event_ids]
    events = Event.objects.in_bulk(ids)
    meetings = _meetings(entry_id)
    return [_told(one, [events[pk] for pk in one.event_ids], meetings) for one in versions]


def _meetings(entry_id: int) -> dict[tuple[str, datetime], tuple[str, Any]]:
    return {
        (row.step, row.at): (row.meeting_number, row.meeting_date)
        for row in decisions_of(PROJECT, entry_id)
        if row.meeting_number
    }


def _told(
    version: Version, events: list[Event], meetings: dict[tuple[str, datetime], tuple[str, Any]]
) -> VersionTold:
    changed: dict[str, list[Any]] = {}
    for event in events:
        for name, (before, after) in event.facts.get("changed", {}).items():
            changed[name] = [changed[name][0] if name in changed else before, after]
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    last = events[-1]
    meeting = meetings.get((last.verb.removeprefix("project."), last.at))
    return VersionTold(version, last, changed, _weighed(version.verb, changed), meeting)


def _weighed(verb: str, changed: dict[str, list[Any]]) -> Weighed | None:
    """How heavy a change of content is; a step or a file changes none. Lines are money."""
    if verb not in WEIGHED or (verb in EDITS and not changed):
        return None
    if verb in EDITS or (verb == "line.change" and changed):
        return weigh(changed)
    return Weighed(MATERIAL, ("lines",))


# --- An entry at one of its versions -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """An entry as it stood: its sheet and its lines."""

    sheet: EntrySheet
    lines: tuple[LineSheet, ...]


def side_now(entry: ProjectEntry) -> Side:
    return Side(sheet_of(entry), tuple(line_sheets(Line.objects.filter(entry=entry))))


def side_at(entry: ProjectEntry, version: Version) -> Side:
    """The entry right after a version was made: what came later is undone."""
    later = list(
        events_of(PROJECT, entry.pk).filter(pk__gt=version.last_id, verb__in=WEIGHED).order_by("pk")
    )
    sheet = sheet_before(
        sheet_of(entry),
        [event.facts for event in later if event.verb in EDITS],
        _state_at(entry, version),
    )
    undone = [event for event in reversed(later) if event.verb in LINE_DEEDS]
    return Side(sheet, tuple(lines_without(entry.pk, undone)))


def _state_at(entry: ProjectEntry, version: Version) -> str:
    """What the first later step found; the record of older steps names it in the decision only."""
    steps = (
        events_of(PROJECT, entry.pk)
        .filter(pk__gt=version.last_id, verb__startswith="project.")
        .exclude(verb__in=EDITS)
        .order_by("pk")
    )
    for verb, at, facts in steps.values_list("verb", "at", "facts"):
        if "from" in facts:
            return str(facts["from"])
        step = Decision.objects.filter(
            procedure=PROJECT, subject_id=entry.pk, step=verb.removeprefix("project."), at=at
        ).first()
        if step is not None:
            return step.from_state
    return entry.state

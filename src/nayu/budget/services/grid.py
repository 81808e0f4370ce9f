"""Many lines of one project at once: all of a table's rows that can stand, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency
from nayu.budget.domain import PROJECT
from nayu.budget.models import Line
from nayu.budget.services.lines import (
    LineInput,
    add_line,
    change_line,
    ensure_line_may_change,
    remove_line,
)
from nayu.core.errors import NotVisible, RuleBroken
from nayu.projects.models import ProjectEntry

MOST_ROWS = 500  # in one saving
GRID = "grid"  # where a line came from that was first a row of the table


class GridTooLong(RuleBroken):
    code = "grid_too_long"


@dataclass(frozen=True, slots=True)
class Deeds:
    """What becomes of the rows: lines changed and removed by id, rows added by their key."""

    changed: Mapping[int, LineInput]
    added: Mapping[str, LineInput]
    removed: Sequence[int] = ()


Decide = Callable[[Sequence[Line], Mapping[str, Line]], Deeds]


@transaction.atomic
def write_rows(
    entry_id: int, keys: Sequence[str], decide: Decide, *, actor: Person, at: datetime
) -> dict[str, int]:
    """The ids of the lines that new rows became, by the key of the row.

    `decide` sees the lines as they stand, locked, and those that rows of these keys became earlier,
    so that a table sent twice adds nothing twice. Errors are those of `add_line` and `change_line`,
    and GridTooLong; then nothing is written.
    """
    entry = (
        ProjectEntry.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None:
        raise NotVisible
    Agency.objects.select_for_update().get(pk=entry.agency_id)
    ensure_line_may_change(entry, entry.agency_id, entry.fiscal_year_be, actor)
    lines = list(
        Line.objects.select_for_update(of=("self",))
        .select_related("commitment")
        .filter(entry=entry)
        .order_by("order", "pk")
    )
    marks = {_mark(entry, key): key for key in keys}
    known = {
        marks[line.external_id]: line
        for line in lines
        if line.import_profile == GRID and line.external_id in marks
    }
    deeds = decide(lines, known)
    count = len(deeds.changed) + len(deeds.added) + len(deeds.removed)
    if count > MOST_ROWS:
        raise GridTooLong(rows=count, limit=MOST_ROWS)
    _change(deeds, {line.pk: line for line in lines}, actor=actor, at=at)
    made = {key: _add(entry, key, given, actor=actor, at=at) for key, given in deeds.added.items()}
    return {key: line.pk for key, line in known.items()} | made


def _change(deeds: Deeds, lines: Mapping[int, Line], *, actor: Person, at: datetime) -> None:
    for pk, given in deeds.changed.items():
        change_line(pk, given, revision=lines[pk].revision, actor=actor, at=at)
    for pk in deeds.removed:
        remove_line(pk, actor=actor, at=at)


def _add(entry: ProjectEntry, key: str, given: LineInput, *, actor: Person, at: datetime) -> int:
    line = add_line(
        given,
        kind=PROJECT,
        agency_code=entry.agency_id,
        fiscal_year_be=entry.fiscal_year_be,
        entry_id=entry.pk,
        actor=actor,
        at=at,
    )
    Line.objects.filter(pk=line.pk).update(import_profile=GRID, external_id=_mark(entry, key))
    return line.pk


def _mark(entry: ProjectEntry, key: str) -> str:
    return f"{entry.pk}/{key}"[:120]

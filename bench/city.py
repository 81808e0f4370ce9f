"""A city as large as one likes: entries of the sample city's plan copied, working and published.

Written in bulk, row for row what the services and the publication would have written.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from nayu.budget.models import Line, StageAmount
from nayu.projects.models import DistrictShare, EntryLink, Project, ProjectEntry, Promise
from nayu.publication.models import (
    FrozenEntry,
    FrozenLine,
    FrozenLink,
    FrozenShare,
    PlanVersion,
)
from nayu.publication.queries import current_version

YEAR = 2568  # whose plan the home page of the sample city shows
COPIES_AT_ONCE = 2_000
SHEETS_AT_ONCE = 200  # larger statements are much slower on PostgreSQL
COPY = "bench:copy"

Row = TypeVar("Row", bound=Model)
Parts = dict[int, list[Any]]


def copy_of(row: Row, **changes: Any) -> Row:
    """An unsaved copy of a row, without its key and what the database computes."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.generated
    }
    return type(row)(**kept | changes)


def size() -> tuple[int, int]:
    """Projects and lines of the published plan."""
    version = _version()
    return version.entries.count(), version.lines.count()


def grow(projects: int, lines: int) -> None:
    """Bring the year's published plan to so many projects and lines; it only ever grows.

    Copies follow the plan's own entries in turn; each has its model's lines, over again where
    more are wanted.
    """
    version = _version()
    there, lines_there = size()
    copies, more = projects - there, lines - lines_there
    if copies <= 0:
        return
    pattern = _Pattern(version)
    with _quick_sheets():
        pattern.write_all(there, copies, more)


@contextmanager
def _quick_sheets() -> Iterator[None]:
    """On PostgreSQL, sheets go out without \\u escapes; jsonb holds the same either way.

    Django sends rows as arrays there, and each backslash in an array costs a Python call.
    """
    if connection.vendor != "postgresql":
        yield
        return
    fields = [kind._meta.get_field("sheet") for kind in (FrozenEntry, FrozenLine)]
    for field in fields:
        field.encoder = _PlainLetters
    try:
        yield
    finally:
        for field in fields:
            field.encoder = None


class _PlainLetters(json.JSONEncoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False})


def _version() -> PlanVersion:
    version = current_version(YEAR)
    if version is None:
        raise RuntimeError("the sample city is not built")
    return version


def _by(rows: Iterable[Any], key: str) -> Parts:
    found: Parts = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _copy_stages(first_line: int) -> None:
    """Amounts at all stages of the lines from that id on, whose `output_name` is their model's id.

    Half of all rows are these; the database copies them four times as fast as objects would go.
    """
    amounts, lines = StageAmount._meta.db_table, Line._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {amounts} (line_id, stage_id, amount, reason)"  # noqa: S608 - our own names
            f" SELECT new.id, held.stage_id, held.amount, held.reason FROM {lines} new"
            f" JOIN {amounts} held ON held.line_id = CAST(new.output_name AS bigint)"
            " WHERE new.id >= %s",
            [first_line],
        )


class _Pattern:
    """The entries that copies are made of, with all that belongs to them."""

    def __init__(self, version: PlanVersion) -> None:
        self.version = version
        self.frozen = list(
            version.entries.exclude(entry__project__source=COPY)
            .select_related("entry__project")
            .order_by("project_code")
        )
        ids = [frozen.entry_id for frozen in self.frozen]
        self.promises = _by(Promise.objects.filter(entry__in=ids).order_by("pk"), "entry_id")
        self.links = _by(EntryLink.objects.filter(entry__in=ids).order_by("pk"), "entry_id")
        self.shares = _by(DistrictShare.objects.filter(entry__in=ids).order_by("pk"), "entry_id")
        self.lines = _by(
            version.lines.filter(frozen__in=self.frozen).select_related("line").order_by("pk"),
            "entry_id",
        )
        self.frozen_links = _by(
            FrozenLink.objects.filter(frozen__in=self.frozen).order_by("pk"), "frozen_id"
        )
        self.frozen_shares = _by(
            FrozenShare.objects.filter(frozen__in=self.frozen).order_by("pk"), "frozen_id"
        )

    def write_all(self, there: int, copies: int, more: int) -> None:
        """`copies` numbered from `there`, with `more` lines spread evenly over them."""
        for start in range(0, copies, COPIES_AT_ONCE):
            numbers = range(start, min(start + COPIES_AT_ONCE, copies))
            wanted = [max(0, more * (n + 1) // copies - more * n // copies) for n in numbers]
            self.write([there + n for n in numbers], wanted)

    def write(self, numbers: list[int], line_counts: list[int]) -> None:
        """One copy for each number, with as many lines as wanted (at least one)."""
        models = [self.frozen[number % len(self.frozen)] for number in numbers]
        entries = self._entries(models, numbers)
        pairs = list(zip(models, entries, strict=True))
        self._parts(pairs)
        lines = self._lines(pairs, line_counts)
        self._freeze(pairs, lines)

    def _entries(self, models: list[FrozenEntry], numbers: list[int]) -> list[ProjectEntry]:
        projects = Project.objects.bulk_create(
            copy_of(
                model.entry.project,
                code=f"{model.agency_id}-{number:06d}",
                name_th=f"{model.name_th} แห่งที่ {number}",
                source=COPY,
            )
            for model, number in zip(models, numbers, strict=True)
        )
        return ProjectEntry.objects.bulk_create(
            copy_of(model.entry, project_id=project.pk, name_th=project.name_th)
            for model, project in zip(models, projects, strict=True)
        )

    def _parts(self, pairs: list[tuple[FrozenEntry, ProjectEntry]]) -> None:
        for kind, parts in (
            (Promise, self.promises),
            (EntryLink, self.links),
            (DistrictShare, self.shares),
        ):
            kind._default_manager.bulk_create(
                copy_of(part, entry_id=entry.pk)
                for model, entry in pairs
                for part in parts[model.entry_id]
            )

    def _lines(
        self, pairs: list[tuple[FrozenEntry, ProjectEntry]], counts: list[int]
    ) -> list[tuple[FrozenLine, Line, int]]:
        """(the published line copied, the new line, place of its entry)."""
        chosen = [
            (self.lines[model.entry_id][turn % len(self.lines[model.entry_id])], place, turn)
            for place, ((model, _entry), count) in enumerate(zip(pairs, counts, strict=True))
            for turn in range(max(count, 1))
        ]
        made = Line.objects.bulk_create(
            copy_of(
                frozen.line,
                entry_id=pairs[place][1].pk,
                order=turn + 1,
                commitment_id=None,
                external_id="",
                output_name=f"{frozen.line_id}",
            )
            for frozen, place, turn in chosen
        )
        _copy_stages(made[0].pk)
        return [
            (frozen, line, place) for (frozen, place, _turn), line in zip(chosen, made, strict=True)
        ]

    def _freeze(
        self,
        pairs: list[tuple[FrozenEntry, ProjectEntry]],
        lines: list[tuple[FrozenLine, Line, int]],
    ) -> None:
        sums = [Decimal(0)] * len(pairs)
        for frozen, _line, place in lines:
            sums[place] += frozen.amount
        made = FrozenEntry.objects.bulk_create(
            (
                copy_of(
                    model,
                    entry_id=entry.pk,
                    project_code=entry.project.code,
                    name_th=entry.name_th,
                    amount=amount,
                    sheet=model.sheet
                    | {
                        "entry_id": entry.pk,
                        "project_code": entry.project.code,
                        "name_th": entry.name_th,
                    },
                )
                for (model, entry), amount in zip(pairs, sums, strict=True)
            ),
            batch_size=SHEETS_AT_ONCE,
        )
        for kind, parts in ((FrozenLink, self.frozen_links), (FrozenShare, self.frozen_shares)):
            kind._default_manager.bulk_create(
                copy_of(part, frozen_id=new.pk)
                for (model, _entry), new in zip(pairs, made, strict=True)
                for part in parts[model.pk]
            )
        FrozenLine.objects.bulk_create(
            (
                copy_of(
                    frozen,
                    line_id=line.pk,
                    entry_id=line.entry_id,
                    frozen_id=made[place].pk,
                    order=line.order,
                    sheet=frozen.sheet | {"line_id": line.pk, "entry_id": line.entry_id},
                )
                for frozen, line, place in lines
            ),
            batch_size=SHEETS_AT_ONCE,
        )

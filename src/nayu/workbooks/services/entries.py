"""Entries' own texts, promises, activities and risks of a workbook, cell by cell into the entries.

What an entry said when the workbook was made is read back from the record, not from the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from nayu.agencies.domain import Person
from nayu.agencies.models import District
from nayu.approvals.domain import PROJECT
from nayu.audit.queries import events_of
from nayu.budget.queries.past.entries import EDITS, sheet_before
from nayu.core.errors import RuleBroken
from nayu.core.merge import merge
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheets
from nayu.projects.services import EntryInput, save_entry
from nayu.strategy.models import Indicator
from nayu.workbooks.domain import Finding, ParsedPart
from nayu.workbooks.domain.parts import (
    CELLS,
    ENTRY,
    MOST_NUMBER,
    ROWS,
    TEXTS,
    CellProblem,
    Flat,
    flat_name,
    flat_of,
    problems_in,
    rows_in,
    values_in,
)
from nayu.workbooks.profile import PartSheet, load_profile
from nayu.workbooks.services.merging import FILE, HELD, Choices
from nayu.workbooks.services.outcome import Outcome
from nayu.workbooks.services.workbook import OWN


@dataclass
class _Rows:
    """What the file says of one entry: `event` is None where its own row is not in the file."""

    event: int | None = None
    parts: list[ParsedPart] = field(default_factory=list)


def load_entries(
    outcome: Outcome, entries: Mapping[str, int], actor: Person, at: datetime, choices: Choices
) -> None:
    """Every entry that the file tells of; `entries` are those that the sender may see, by code."""
    told: dict[str, _Rows] = {}
    for row in outcome.reading.parts:
        if row.project_code not in entries:
            _find(outcome, row, CellProblem("project_code", "code_unknown", row.project_code))
            continue
        rows = told.setdefault(row.project_code, _Rows())
        rows.parts.append(row)
        if row.part == ENTRY:
            rows.event = row.event
    held = ProjectEntry.objects.filter(pk__in=[entries[code] for code in told])
    known = {sheet.project_code: sheet for sheet in sheets(held)}
    revisions = dict(held.values_list("pk", "revision"))
    for code, rows in told.items():
        sheet = known[code]
        _Entry(outcome, sheet, rows, choices).take(revisions[sheet.entry_id], actor, at)


class _Entry:
    """One entry of the file against what stands here."""

    def __init__(self, outcome: Outcome, sheet: EntrySheet, rows: _Rows, choices: Choices) -> None:
        self.outcome, self.sheet, self.rows, self.choices = outcome, sheet, rows, choices
        self.now = flat_of(sheet)
        self.places: dict[str, ParsedPart] = {}
        self.is_in_doubt = False

    def take(self, revision: int, actor: Person, at: datetime) -> None:
        if not self._differs():
            return
        base = self._base()
        if base is None:
            return
        typed = self._typed(base)
        wanted = self._merged(base, typed)
        if self.is_in_doubt or wanted == self.now or not self._is_whole(wanted):
            return
        try:
            save_entry(
                self.sheet.entry_id, _given(self.now, wanted), revision=revision, actor=actor, at=at
            )
        except RuleBroken as broken:
            first = self.rows.parts[0]
            self._tell("row_breaks_a_rule", first, "project_code", self.sheet.project_code,
                       rule=broken.code)  # fmt: skip
            return
        self.outcome.entries += 1
        self.outcome.entries_merged += base != self.now

    def _differs(self) -> bool:
        return any(
            (row.part != ENTRY and not row.number)
            or self.now.get(flat_name(row.part, row.number, name)) != text
            for row in self.rows.parts
            for name, text in row.cells.items()
        )

    def _typed(self, base: Flat) -> Flat:
        """The file's cells by flat name; a row without a number takes the next, or its equal's."""
        typed: Flat = {}
        for row in self.rows.parts:
            number = row.number
            if row.part != ENTRY and not number:
                number = self._number_for(row, base, typed)
            for name, text in row.cells.items():
                flat = flat_name(row.part, number, name)
                typed[flat] = text
                self.places[flat] = row
        return typed

    def _number_for(self, row: ParsedPart, base: Flat, typed: Flat) -> int:
        """A new row that is here already keeps its number: the same file twice changes nothing."""
        here = rows_in(self.now, row.part)
        named = {one.number for one in self.rows.parts if one.part == row.part}
        taken = {*here, *named, *rows_in(base, row.part), *rows_in(typed, row.part)}
        for number, cells in here.items():
            same = all(cells.get(name, "") == text for name, text in row.cells.items())
            if same and number not in named and number not in rows_in(typed, row.part):
                return number
        return max(taken, default=0) + 1

    def _base(self) -> Flat | None:
        """What the entry said when the workbook was made; told and None where nobody can say."""
        event, entry = self.rows.event, self.sheet.entry_id
        deeds = events_of(PROJECT, entry)
        if event is None or (event and not deeds.filter(pk=event).exists()):
            first = self.rows.parts[0]
            self._tell("entry_without_base", first, "project_code", self.sheet.project_code)
            return None
        later = deeds.filter(pk__gt=event, verb__in=EDITS).order_by("pk")
        facts = list(later.values_list("facts", flat=True))
        return flat_of(sheet_before(self.sheet, facts)) if facts else self.now

    def _merged(self, base: Flat, typed: Flat) -> Flat:
        """What the entry should say; cells and rows that two people changed are asked about."""
        typed, gone = self._without_gone(base, typed)
        merged = merge(self.now, base, typed)
        values = dict(merged.values)
        for name, one in merged.conflicts.items():
            choice = self.choices.get((self.sheet.entry_id, name))
            if choice == FILE:
                values[name] = one.typed
            elif choice != HELD:
                self.is_in_doubt = True
                row = self.places[name]
                self._tell(
                    "cell_in_doubt", row, name.rpartition(".")[2], one.typed,
                    held=one.stored, base=one.base, of=self.sheet.entry_id, name=name,
                )  # fmt: skip
        for name in gone:
            # As the file has it, and as it was where the file has no such column.
            values |= {key: base[key] for key in base if key.startswith(f"{name}.")}
            values |= gone[name]
        for part in ROWS:
            for number in rows_in(values, part):
                for cell in CELLS[part]:
                    values.setdefault(flat_name(part, number, cell), "")
        return values

    def _without_gone(self, base: Flat, typed: Flat) -> tuple[Flat, dict[str, Flat]]:
        """Rows that somebody took out here stay out, unless they were changed and are wanted back."""
        rest, back = dict(typed), {}
        for part in ROWS:
            here = rows_in(self.now, part)
            was = rows_in(base, part)
            for number, cells in rows_in(typed, part).items():
                if number in here or number not in was:
                    continue
                name = f"{part}.{number}"
                own = {f"{name}.{cell}": text for cell, text in cells.items()}
                for key in own:
                    del rest[key]
                if all(was[number].get(cell, "") == text for cell, text in cells.items()):
                    continue
                choice = self.choices.get((self.sheet.entry_id, name))
                if choice == FILE:
                    back[name] = own
                elif choice != HELD:
                    self.is_in_doubt = True
                    row = self.places[next(iter(own))]
                    self._tell("row_gone", row, "order", str(number),
                               of=self.sheet.entry_id, name=name)  # fmt: skip
        return rest, back

    def _is_whole(self, wanted: Flat) -> bool:
        """Whether every row that changes can stand; what is wrong is told at its cell."""
        problems = [
            (part, number, one)
            for part in ROWS
            for number, cells in rows_in(wanted, part).items()
            if cells != rows_in(self.now, part).get(number)
            for one in [*problems_in(part, cells), *_unknown(part, number, cells)]
        ]
        own = {name: wanted[f"{ENTRY}.{name}"] for name in CELLS[ENTRY]}
        problems += [(ENTRY, 0, one) for one in problems_in(ENTRY, own)]
        for part, number, one in problems:
            flat = flat_name(part, number, one.name)
            row = self.places.get(flat, self.rows.parts[0])
            self._tell(one.code, row, one.name, one.value, **one.facts)
        return not problems

    def _tell(
        self, code: str, row: ParsedPart, cell: str, value: str = "", /, **facts: object
    ) -> None:
        _find(self.outcome, row, CellProblem(cell, code, value, dict(facts)))


def _find(outcome: Outcome, row: ParsedPart, problem: CellProblem) -> None:
    outcome.findings.append(
        Finding(
            problem.code, outcome.reading.file, row.sheet, row.row,
            _sheet_of(row).heading_of(problem.name), problem.value, problem.facts,
        )
    )  # fmt: skip


def _sheet_of(row: ParsedPart) -> PartSheet:
    return next(sheet for sheet in load_profile(OWN).sheets if sheet.part == row.part)


def _unknown(part: str, number: int, cells: Mapping[str, str]) -> Iterable[CellProblem]:
    """Codes that the city does not have, and numbers beyond the last."""
    if number > MOST_NUMBER:
        yield CellProblem("order", "number_outside", str(number), {"low": 1, "high": MOST_NUMBER})
    indicator = cells.get("indicator_code", "")
    if indicator and not Indicator.objects.filter(code=indicator).exists():
        yield CellProblem("indicator_code", "code_unknown", indicator)
    places = [code for code in cells.get("districts", "").split(", ") if code]
    known = set(District.objects.filter(plan_code__in=places).values_list("plan_code", flat=True))
    for code in places:
        if code not in known:
            yield CellProblem("districts", "code_unknown", code)


def _given(now: Flat, wanted: Flat) -> EntryInput:
    """Only the parts that change: a promise that did not is not written again."""
    changed = {name for name in {*now, *wanted} if now.get(name) != wanted.get(name)}
    own = {name: wanted[f"{ENTRY}.{name}"] for name in CELLS[ENTRY] if f"{ENTRY}.{name}" in changed}

    def rows(part: str) -> tuple[object, ...] | None:
        return values_in(part, wanted) if any(n.startswith(f"{part}.") for n in changed) else None

    promises, activities, risks = (rows(part) for part in ROWS)
    return EntryInput(
        texts={name: text for name, text in own.items() if name in TEXTS},
        first_month=int(own["first_month"]) if "first_month" in own else None,
        last_month=int(own["last_month"]) if "last_month" in own else None,
        origin=own.get("origin"),
        novelty=own.get("novelty"),
        promises=promises,  # type: ignore[arg-type]
        activities=activities,  # type: ignore[arg-type]
        risks=risks,  # type: ignore[arg-type]
    )

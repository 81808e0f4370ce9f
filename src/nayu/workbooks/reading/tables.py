"""A grid by a profile: its heading, then row by row a subtotal, a line, or a refused row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nayu.workbooks.domain import (
    BLANK,
    EXACT,
    NOTE,
    REFUSED,
    WARNING,
    ZERO,
    Amount,
    FileReading,
    Finding,
    ParsedLine,
    ParsedPart,
    ParsedProject,
    RefusedRow,
    Severity,
    SubtotalRow,
    Subtotals,
    TemplateMark,
    exact_text,
    read_amount,
    residue_of,
    satang_rounded,
)
from nayu.workbooks.profile import Profile
from nayu.workbooks.reading.cells import clean, heading_key, text_of
from nayu.workbooks.reading.grids import Grid, Place, reference_of
from nayu.workbooks.reading.problems import UnreadableFileError
from nayu.workbooks.reading.records import Builder, Record, UnusableRowError

# Titles and notes may stand above the heading, but not for ever.
HEADING_WITHIN_ROWS = 30
FOOTNOTES = ("หมายเหตุ", "ที่มา")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a grid's heading row is, which column holds which field, and what is missing."""

    row: int
    columns: dict[str, int]
    texts: dict[str, str]
    missing: tuple[str, ...]
    repeated: tuple[str, ...] = ()


@dataclass(slots=True)
class Collected:
    """What has been read of one file so far."""

    file: str
    profile: Profile
    year_be: int | None
    rows: int = 0
    lines: list[ParsedLine] = field(default_factory=list)
    projects: list[ParsedProject] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sum_file: Decimal = ZERO
    subtotals: list[SubtotalRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    mark: TemplateMark | None = None
    parts: list[ParsedPart] = field(default_factory=list)
    # External id → the row that has it, and how often a content without an id was met.
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    contents: Counter[str] = field(default_factory=Counter)

    def reading(self) -> FileReading:
        return FileReading(
            self.file, self.rows, tuple(self.lines), tuple(self.projects), tuple(self.findings),
            self.sum_file, tuple(self.subtotals), tuple(self.refused), self.mark,
            tuple(self.parts),
        )  # fmt: skip


def find_heading(grid: Grid, headings: Mapping[str, str], needed: Iterable[str]) -> Heading:
    """The row among the first thirty that has most of `headings` (heading → field).

    ``needed`` are the fields whose column must be there.
    """
    wanted = {heading_key(text): name for text, name in headings.items()}
    needs = tuple(dict.fromkeys(needed))
    best = Heading(0, {}, {}, _missing(headings, needs, set()))
    for row, cells in enumerate(grid.rows[:HEADING_WITHIN_ROWS]):
        columns: dict[str, int] = {}
        texts: dict[str, str] = {}
        repeated = []
        for column, cell in enumerate(cells):
            text = text_of(cell)
            name = wanted.get(heading_key(text)) if text else None
            if name is None:
                continue
            if name in columns:
                repeated.append(text)
                continue
            columns[name], texts[name] = column, text
        if len(columns) > len(best.columns):
            missing = _missing(headings, needs, set(columns))
            best = Heading(row, columns, texts, missing, tuple(repeated))
            if not missing:
                break
    return best


def _missing(
    headings: Mapping[str, str], needed: Iterable[str], found: set[str]
) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for heading, name in headings.items():
        first.setdefault(name, heading)
    return tuple(first[name] for name in needed if name not in found)


def refuse_repeated(grid: Grid, heading: Heading) -> None:
    """Raises UnreadableFileError where a heading stands twice."""
    if heading.repeated:
        columns = ", ".join(dict.fromkeys(heading.repeated))
        raise UnreadableFileError("column_repeated", sheet=grid.sheet, columns=columns)


def read_table(grid: Grid, heading: Heading, collected: Collected) -> None:
    """All rows below the heading, into `collected`. Raises UnreadableFileError."""
    refuse_repeated(grid, heading)
    _fill_merged(grid, heading)
    _Table(grid, heading, collected).read()


def _fill_merged(grid: Grid, heading: Heading) -> None:
    """Give each merged cell the value of its area, but count a merged amount only once."""
    once = {heading.columns[name] for name in ("amount", "quantity") if name in heading.columns}
    for (top, left), (bottom, right) in grid.merged:
        if top <= heading.row or top >= len(grid.rows) or left >= len(grid.rows[top]):
            continue
        value = grid.rows[top][left]
        for row in grid.rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                if column not in once or (column == left and row is grid.rows[top]):
                    row[column] = value


class _Table:
    """One grid being read from top to bottom."""

    def __init__(self, grid: Grid, heading: Heading, collected: Collected) -> None:
        self.grid, self.heading, self.collected = grid, heading, collected
        self.profile = collected.profile
        self.sums = Subtotals()
        self.builder = Builder(self.profile, collected.year_be, collected.mark, collected.contents)
        self.amount_column = heading.columns["amount"]
        self.texts = [
            (name, column) for name, column in heading.columns.items() if name != "amount"
        ]
        rule = self.profile.subtotals
        self.blank_fields = [name for name in rule.blank if name in heading.columns]
        # "รวม" stands in the first column of many tables, whatever that column is for.
        named = dict.fromkeys((*rule.label_in, *rule.blank))
        self.label_fields = [name for name in named if name in heading.columns]
        self.flawed_rows = {row for row, _ in (*grid.valueless, *grid.errors)}

    def read(self) -> None:
        first = self.heading.row + 1
        width = max(self.heading.columns.values()) + 1
        for index in range(first, len(self.grid.rows)):
            cells = self.grid.rows[index]
            if len(cells) < width:
                cells = [*cells, *[None] * (width - len(cells))]
            self._row(index, cells)

    def _row(self, index: int, cells: list[object]) -> None:
        # Most cells are texts: asking here saves a call for each of them.
        texts = {
            name: clean(cell) if cell.__class__ is str else text_of(cell)
            for name, column in self.texts
            if (cell := cells[column]) != ""
        }
        value = cells[self.amount_column]
        if not texts and value.__class__ is float and value == 0:
            return  # a spare row of our own workbook, with its formula
        amount = read_amount(value, self.profile.unit_baht)
        named = any(texts.values())
        if not named and (amount.baht == 0 or amount.problem in {"amount_blank", "amount_dash"}):
            return
        number = index + self.grid.numbers_from
        if self._is_footnote(texts, amount) or self._took_subtotal(number, texts, amount):
            return
        self._data_row(index, number, cells, texts, amount)

    def _is_footnote(self, texts: dict[str, str], amount: Amount) -> bool:
        """Notes and sources stand below many official tables, alone in their row."""
        if amount.problem != "amount_blank":
            return False
        # A note merged over the whole width fills every cell with the same text.
        filled = set(filter(None, texts.values()))
        return len(filled) == 1 and filled.pop().startswith(FOOTNOTES)

    def _took_subtotal(self, number: int, texts: dict[str, str], amount: Amount) -> bool:
        labels = [texts.get(name, "") for name in self.label_fields]
        label = next((x for x in labels if x.startswith(self.profile.subtotals.labels)), "")
        # A label merged over the key columns stands in them too.
        keys_blank = all(texts.get(name, "") in ("", label) for name in self.blank_fields)
        stated = amount.baht if amount.baht is not None else ZERO
        adds_up = self.sums.open_rows > 0 and stated == self.sums.open_sum
        if label:
            # A real item may begin with the same letters: then its other cells are filled.
            is_subtotal = keys_blank or (adds_up and self.sums.open_rows > 1)
        else:
            is_subtotal = keys_blank and adds_up and not any(labels)
        if not is_subtotal:
            return False
        should_be = self.sums.close(stated)
        sheet = self.grid.sheet
        self.collected.subtotals.append(
            SubtotalRow(sheet, number, label, stated, agrees=should_be is None)
        )
        if should_be is not None:
            self._tell(
                "subtotal_differs", number, "amount", exact_text(stated), WARNING,
                stated=stated, counted=should_be, difference=EXACT.subtract(stated, should_be),
            )  # fmt: skip
        elif not label:
            self._tell("subtotal_by_sum", number, "amount", exact_text(stated), NOTE)
        return True

    def _data_row(
        self, index: int, number: int, cells: list[object], texts: dict[str, str], amount: Amount
    ) -> None:
        collected = self.collected
        collected.rows += 1
        if amount.baht is not None:
            collected.sum_file = EXACT.add(collected.sum_file, amount.baht)
        self.sums.add(amount.baht or ZERO)
        refused = index in self.flawed_rows and self._tell_flawed(index, number)
        refused |= self._tell_amount(number, cells[self.amount_column], amount, flawed=refused)
        if not refused:
            refused = not self._took_record(number, cells, texts, amount)
        if refused:
            collected.refused.append(RefusedRow(self.grid.sheet, number, amount.baht))

    def _tell_flawed(self, index: int, number: int) -> bool:
        """Findings for formulas without a value and error cells of a row, in columns we read."""
        told = False
        for name, column in self.heading.columns.items():
            place: Place = (index, column)
            if place in self.grid.valueless:
                self._tell("formula_without_value", number, name, "")
                told = True
            elif place in self.grid.errors:
                self._tell("cell_is_an_error", number, name, self.grid.errors[place])
                told = True
        return told

    def _tell_amount(self, number: int, cell: object, amount: Amount, *, flawed: bool) -> bool:
        """Whether the row is refused for its amount; blank and "-" are zero, and said."""
        if flawed and amount is BLANK:
            return False
        shown = "" if cell is None else str(cell)
        if amount.problem == "amount_blank":
            self._tell(amount.problem, number, "amount", shown, WARNING)
        elif amount.problem == "amount_dash":
            self._tell(amount.problem, number, "amount", shown, NOTE)
        elif amount.problem:
            self._tell(amount.problem, number, "amount", shown)
            return True
        elif amount.doubt and amount.baht is not None:
            self._tell(amount.doubt, number, "amount", shown, WARNING, understood=amount.baht)
        if self.profile.whole_baht and amount.baht is not None and amount.baht % 1:
            self._tell("amount_not_whole_baht", number, "amount", shown)
            return True
        return False

    def _took_record(
        self, number: int, cells: list[object], texts: dict[str, str], amount: Amount
    ) -> bool:
        raw = amount.baht if amount.baht is not None else ZERO
        satang = satang_rounded(raw)
        record = Record(self.grid.sheet, number, texts, raw, satang)
        try:
            part = self.builder.build(record)
        except UnusableRowError as unusable:
            for fault in unusable.faults:
                self._tell(fault.code, number, fault.name, fault.value, **fault.facts)
            return False
        if not self._is_new(part, number):
            return False
        if residue := residue_of(raw, satang):
            self._tell("amount_rounded", number, "amount", exact_text(raw), NOTE,
                       loaded=raw - residue, residue=residue)  # fmt: skip
        if isinstance(part, ParsedLine):
            self.collected.lines.append(part)
        else:
            self.collected.projects.append(part)
        return True

    def _is_new(self, part: ParsedLine | ParsedProject, number: int) -> bool:
        place = (self.grid.sheet, number)
        sheet, row = self.collected.seen.setdefault(part.external_id, place)
        if (sheet, row) == place:
            return True
        self._tell(
            "identity_repeated", number, "external_id", part.external_id,
            first_row=row, first_sheet=sheet,
        )  # fmt: skip
        return False

    def _tell(
        self, code: str, row: int, name: str, value: str, severity: Severity = REFUSED, **facts: Any
    ) -> None:
        column = self.heading.texts.get(name, "")
        if name in self.heading.columns and self.grid.numbers_from == 1:
            facts["cell"] = reference_of(row - 1, self.heading.columns[name])
        self.collected.findings.append(
            Finding(code, self.collected.file, self.grid.sheet, row, column, value, facts, severity)
        )

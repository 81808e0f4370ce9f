"""Sheets of entries' own texts, promises, activities and risks: rows of cells, each judged alone."""

from collections.abc import Callable, Mapping

from nayu.core.thai import match_key, normalise, to_arabic_digits
from nayu.workbooks.domain import Finding, ParsedPart, read_amount
from nayu.workbooks.domain.parts import CELLS, ENTRY, MOST_NUMBER, Cell, plain
from nayu.workbooks.profile import PartSheet, Profile
from nayu.workbooks.reading.cells import fits_decimals, month_position_of, text_of
from nayu.workbooks.reading.grids import Grid, reference_of
from nayu.workbooks.reading.tables import Collected, Heading, find_heading, refuse_repeated

_NUMBER_DECIMALS = 3
_EVENT_DIGITS = 18


class _NotUnderstoodError(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def read_parts(grid: Grid, sheet: PartSheet, collected: Collected) -> None:
    """All rows of one such sheet into `collected`. Raises UnreadableFileError."""
    key = "event" if sheet.part == ENTRY else "order"
    heading = find_heading(grid, sheet.columns, ("project_code", key))
    if heading.missing:
        facts = {"columns": ", ".join(heading.missing), "count": len(heading.missing)}
        finding = Finding("columns_missing", collected.file, grid.sheet, facts=facts)
        collected.findings.append(finding)
        return
    refuse_repeated(grid, heading)
    _Sheet(grid, sheet, heading, collected).read()


class _Sheet:
    """One such sheet being read from top to bottom."""

    def __init__(
        self, grid: Grid, sheet: PartSheet, heading: Heading, collected: Collected
    ) -> None:
        self.grid, self.sheet, self.heading, self.collected = grid, sheet, heading, collected
        # Which column says which row it is, and the field of `ParsedPart` that holds it.
        self.key, self.number = ("event", "event") if sheet.part == ENTRY else ("order", "number")
        digits = _EVENT_DIGITS if sheet.part == ENTRY else len(str(MOST_NUMBER))
        self.readers = {
            name: _reader(cell, name, collected.profile)
            for name, cell in CELLS[sheet.part].items()
            if name in heading.columns
        }
        self.readers[self.key] = lambda text: _digits(text, digits)
        self.seen: dict[tuple[str, int], int] = {}
        self.flawed = {*grid.valueless, *grid.errors}

    def read(self) -> None:
        for index in range(self.heading.row + 1, len(self.grid.rows)):
            cells = self.grid.rows[index]
            found = {
                name: cells[column] if column < len(cells) else None
                for name, column in self.heading.columns.items()
            }
            if any(text_of(value) for name, value in found.items() if name != "project_code"):
                self._row(index, found)

    def _row(self, index: int, found: Mapping[str, object]) -> None:
        row = index + self.grid.numbers_from
        sound = self._is_sound(index, row)
        code, _, _name = text_of(found["project_code"]).partition(
            self.collected.profile.label_separator or "\0"
        )
        # A row of many may be new and without a number; an entry's own never is.
        needed = ("project_code", self.key) if self.sheet.part == ENTRY else ("project_code",)
        for name in needed:
            if not text_of(found[name]):
                self._tell("cell_blank", row, name)
                sound = False
        texts: dict[str, str] = {}
        for name, read in self.readers.items():
            sound &= self._read(row, name, found[name], texts, read)
        if not sound:
            return
        number = {self.number: int(texts.pop(self.key) or 0)}
        part = ParsedPart(
            self.grid.sheet, row, self.sheet.part, code.strip(), **number, cells=texts
        )
        if self._is_new(part):
            self.collected.parts.append(part)

    def _is_sound(self, index: int, row: int) -> bool:
        """Formulas without a value and error cells, in columns we read, are told."""
        sound = True
        for name, column in self.heading.columns.items():
            if (index, column) in self.flawed:
                shown = self.grid.errors.get((index, column), "")
                code = "cell_is_an_error" if shown else "formula_without_value"
                self._tell(code, row, name, shown)
                sound = False
        return sound

    def _read(
        self,
        row: int,
        name: str,
        value: object,
        texts: dict[str, str],
        read: Callable[[str], str],
    ) -> bool:
        typed = value if isinstance(value, str) else text_of(value)
        try:
            texts[name] = read(typed)
        except _NotUnderstoodError as problem:
            self._tell(problem.code, row, name, typed[:200], **problem.facts)
            return False
        return True

    def _is_new(self, part: ParsedPart) -> bool:
        """A number stands once in a project; rows without one are new."""
        if self.sheet.part != ENTRY and not part.number:
            return True
        first = self.seen.setdefault((part.project_code, part.number), part.row)
        if first == part.row:
            return True
        name = "project_code" if self.sheet.part == ENTRY else self.key
        value = part.project_code if self.sheet.part == ENTRY else str(part.number)
        self._tell(
            "identity_repeated", part.row, name, value,
            first_row=first, first_sheet=self.grid.sheet,
        )  # fmt: skip
        return False

    def _tell(self, code: str, row: int, name: str, value: str = "", **facts: object) -> None:
        place = {"cell": reference_of(row - 1, self.heading.columns[name])}
        self.collected.findings.append(
            Finding(
                code, self.collected.file, self.grid.sheet, row,
                self.heading.texts[name], value, {**facts, **place},
            )
        )  # fmt: skip


def _reader(cell: Cell, name: str, profile: Profile) -> Callable[[str], str]:
    """How the texts of a column become the texts that an entry has."""
    if cell.kind == "word":
        words = profile.values.get(name, {})
        return lambda text: _word(text, words, cell)
    if cell.kind == "month":
        return lambda text: _month(text, profile.label_separator)
    if cell.kind == "whole":
        return lambda text: _whole(text, cell)
    if cell.kind == "number":
        return _number
    if cell.kind == "codes":
        return _codes
    return lambda text: _text(text, cell)


def _text(text: str, cell: Cell) -> str:
    clean = normalise(text, keep_lines=cell.kind == "lines")
    if len(clean) > cell.limit:
        raise _NotUnderstoodError("cell_too_long", length=len(clean), limit=cell.limit)
    return clean


def _word(text: str, words: Mapping[str, str], cell: Cell) -> str:
    clean = normalise(text)
    if not clean:
        return ""
    known = {match_key(word): code for word, code in words.items() if code in cell.words}
    code = known.get(match_key(clean), clean)
    if code not in cell.words:
        choices = ", ".join(word for word, code in words.items() if code in cell.words)
        raise _NotUnderstoodError("choice_unknown", choices=choices)
    return code


def _month(text: str, separator: str) -> str:
    clean = normalise(text).partition(separator)[0]
    if not clean:
        return ""
    position = month_position_of(clean)
    if position is None:
        raise _NotUnderstoodError("month_not_understood")
    return str(position)


def _number(text: str) -> str:
    number = read_amount(text)
    if number.baht is None and number.problem in {"amount_blank", "amount_dash"}:
        return ""
    if number.baht is None or number.problem:
        raise _NotUnderstoodError("number_not_understood")
    if not fits_decimals(number.baht, _NUMBER_DECIMALS):
        raise _NotUnderstoodError("too_many_decimals", decimals=_NUMBER_DECIMALS)
    return plain(number.baht)


def _whole(text: str, cell: Cell) -> str:
    number = _number(text)
    if number and not ("." not in number and cell.low <= int(number) <= cell.high):
        raise _NotUnderstoodError("number_outside", low=cell.low, high=cell.high)
    return number


def _digits(text: str, most: int) -> str:
    digits = to_arabic_digits(normalise(text))
    if digits and not (digits.isdecimal() and len(digits) <= most):
        raise _NotUnderstoodError("number_not_understood")
    return digits


def _codes(text: str) -> str:
    parts = to_arabic_digits(normalise(text)).replace(" ", ",").split(",")
    return ", ".join(sorted({part for part in parts if part}))

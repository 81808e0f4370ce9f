"""Files as grids of cells. The only module that knows python-calamine."""

import codecs
import csv
import html
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import cast

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from nayu.workbooks.profile import Profile
from nayu.workbooks.reading.problems import UnreadableFileError
from nayu.workbooks.reading.sniffing import UTF_16_MARKS, looks_like_utf_16

LARGEST_SHEET_CELLS = 50_000_000
# What a damaged archive makes the standard library raise (`read` of a part included).
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, ValueError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
Span = tuple[tuple[int, int], tuple[int, int]]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet, rows then columns, both from 0.

    ``numbers_from`` is the number people know row 0 by. ``merged`` are the merged areas below
    the top-left cell; ``valueless`` the formulas without a value; ``errors`` cells like #N/A.
    """

    sheet: str
    rows: list[list[object]]
    numbers_from: int = 1
    merged: tuple[Span, ...] = ()
    valueless: frozenset[Place] = frozenset()
    errors: dict[Place, str] = field(default_factory=dict)


def csv_grid(path: Path, profile: Profile) -> Grid:
    """The rows of a CSV file in any of the profile's encodings. Raises UnreadableFileError."""
    encoding = _encoding_of(path, profile)
    try:
        with path.open(encoding=encoding, newline="") as file:
            delimiter = _delimiter_of(file.readline())
            file.seek(0)
            rows: list[list[object]] = [list(row) for row in csv.reader(file, delimiter=delimiter)]
    except csv.Error as error:
        raise UnreadableFileError("csv_broken", reason=str(error)) from None
    return Grid("", rows)


def _delimiter_of(first_line: str) -> str:
    counts = {mark: first_line.count(mark) for mark in ",;\t"}
    return max(counts, key=lambda mark: counts[mark])


def _encoding_of(path: Path, profile: Profile) -> str:
    """The first of the profile's encodings in which the whole file reads."""
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(UTF_16_MARKS):
        tried = [("utf-16", "utf-16")]
    elif order := looks_like_utf_16(head):
        tried = [("utf-16", order)]
    else:
        tried = [("utf-8", "utf-8-sig"), ("cp874", "cp874")]
    for name, codec in tried:
        if name in profile.encodings and _reads_as(path, codec):
            return codec
    raise UnreadableFileError("encoding_unknown", wanted=", ".join(profile.encodings))


def _reads_as(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def json_grid(path: Path) -> Grid:
    """A JSON list of objects as a grid: keys are the headings, the first object is row 1."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError("json_broken", reason=str(error)) from None
    if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
        raise UnreadableFileError("json_not_a_list")
    keys = list(dict.fromkeys(key for entry in data for key in entry))
    heading: list[object] = list(keys)
    return Grid("", [heading, *([entry.get(key) for key in keys] for entry in data)], 0)


def workbook_grids(path: Path, profile: Profile) -> list[Grid]:
    """The sheets that the profile names, or every sheet. Raises UnreadableFileError."""
    facts = _SheetFacts(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            names = workbook.sheet_names
            if profile.sheet:
                if profile.sheet not in names:
                    found = ", ".join(names)
                    raise UnreadableFileError("sheet_missing", wanted=profile.sheet, found=found)
                parts = [sheet.name for sheet in profile.sheets if sheet.name in names]
                names = [profile.sheet, *parts]
            grids = [_sheet_grid(name, workbook, facts) for name in names]
    except PasswordError:
        raise UnreadableFileError("file_encrypted") from None
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError("workbook_broken", value=type(error).__name__) from None
    except BaseException as error:
        # A panic of the reader's Rust code has no importable class; a broken file is not our end.
        if type(error).__name__ == "PanicException":
            raise UnreadableFileError("workbook_broken", value="PanicException") from None
        raise
    if not any(grid.rows for grid in grids):
        raise UnreadableFileError("file_empty")
    return grids


def _sheet_grid(name: str, workbook: CalamineWorkbook, facts: "_SheetFacts") -> Grid:
    valueless, errors, cells = facts.of(name)
    if cells > LARGEST_SHEET_CELLS:
        raise UnreadableFileError(
            "sheet_too_large", sheet=name, cells=cells, limit=LARGEST_SHEET_CELLS
        )
    sheet = workbook.get_sheet_by_name(name)
    rows = cast("list[list[object]]", sheet.to_python(skip_empty_area=False))
    return Grid(name, rows, 1, tuple(_merged(sheet)), valueless, errors)


def _merged(sheet: CalamineSheet) -> Iterator[Span]:
    yield from sheet.merged_cell_ranges or ()


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# Far away: column ZZ and beyond, or a row so low that the columns matter.
_FAR_CELL = re.compile(rb""" r=["'](?:[A-Z]{3}|[A-Z]{2}\d{4}|[A-Z]\d{6})""")
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]+)(\d+)["'](?:[^>]*[^/>])?>""")
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)"
)
# Each begins with letters that are quick to find, unlike the pattern above.
_SIGNS_OF_NO_VALUE = (
    re.compile(rb"</f>\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"),
    re.compile(rb"<f(?:\s[^>]*)?/>"),
)
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*?\bt=["']e["'][^>]*)>.{0,4000}?<(?:\w+:)?v>([^<]*)</""", re.DOTALL
)
_REFERENCE = re.compile(r"([A-Z]+)(\d+)$")


class _SheetFacts:
    """What calamine keeps to itself about an .xlsx: it reads both a formula without a value and
    an error such as #DIV/0! as an empty cell, and money would vanish without a word."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts: dict[str, str] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                self._parts = _sheet_parts(archive)
        except BROKEN_ZIP:
            return

    def of(self, sheet: str) -> tuple[frozenset[Place], dict[Place, str], int]:
        """Formulas without a value, error cells, and how many cells the filled area spans."""
        part = self._parts.get(sheet)
        if part is None:
            return frozenset(), {}, 0
        try:
            with zipfile.ZipFile(self._path) as archive:
                xml = archive.read(part)
        except BROKEN_ZIP:
            raise UnreadableFileError("workbook_broken") from None
        valueless = set(_valueless(xml)) if _may_lack_values(xml) else set()
        errors = {}
        if b't="e"' in xml or b"t='e'" in xml:
            errors = dict(_errors(xml))
        return frozenset(valueless), errors, _spanned_cells(xml)


def _spanned_cells(xml: bytes) -> int:
    """Rows × columns up to the last filled cell; 0 where that is surely small.

    Calamine reserves memory for all of them: two stray cells at opposite corners would end the
    process, not raise.
    """
    if not _FAR_CELL.search(xml):
        return 0
    columns, rows = set(), 0
    for letters, row in _FILLED_CELL.findall(xml):
        columns.add(letters)
        rows = max(rows, int(row))
    return rows * max((_column_number(letters.decode()) for letters in columns), default=0)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → path of its XML inside the .xlsx."""
    if "xl/_rels/workbook.xml.rels" not in archive.namelist():
        return {}
    targets = {
        entry["Id"]: entry["Target"]
        for entry in _elements(_RELATION, archive.read("xl/_rels/workbook.xml.rels"))
        if "Id" in entry and "Target" in entry
    }
    parts = {}
    for entry in _elements(_SHEET, archive.read("xl/workbook.xml")):
        relation = next((value for key, value in entry.items() if key.endswith(":id")), "")
        target = targets.get(relation, "")
        if target:
            inside = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            parts[entry.get("name", "")] = inside
    return parts


def _elements(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[dict[str, str]]:
    for element in pattern.findall(xml):
        yield {
            key.decode(): html.unescape((double or single).decode("utf-8", "replace"))
            for key, double, single in _ATTRIBUTE.findall(element)
        }


def _may_lack_values(xml: bytes) -> bool:
    """Cheap, and never wrong with a no: most workbooks have a value in every formula."""
    return b":f" in xml or any(sign.search(xml) for sign in _SIGNS_OF_NO_VALUE)


def _valueless(xml: bytes) -> Iterator[Place]:
    for match in _FORMULA_CELL.finditer(xml):
        attributes = dict(_attributes(match[1]))
        # A text formula may well give "": that is a value.
        if attributes.get("t") != "str" and "r" in attributes:
            yield place_of(attributes["r"])


def _errors(xml: bytes) -> Iterator[tuple[Place, str]]:
    for match in _ERROR_CELL.finditer(xml):
        attributes = dict(_attributes(match[1]))
        if "r" in attributes:
            yield place_of(attributes["r"]), match[2].decode("utf-8", "replace")


def _attributes(text: bytes) -> Iterator[tuple[str, str]]:
    for key, double, single in _ATTRIBUTE.findall(text):
        yield key.decode(), (double or single).decode("utf-8", "replace")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place_of(reference: str) -> Place:
    """Row and column from 0 of a reference such as "B2"."""
    match = _REFERENCE.match(reference)
    if match is None:
        raise UnreadableFileError("workbook_broken", value=reference)
    return int(match[2]) - 1, _column_number(match[1]) - 1


def reference_of(row: int, column: int) -> str:
    """The reference, such as "B2", of a row and column counted from 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"

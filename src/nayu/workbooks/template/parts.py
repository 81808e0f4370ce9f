"""A sheet each for entries' own texts, promises, activities and risks."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nayu.workbooks.domain import TemplateEntry
from nayu.workbooks.domain.parts import CELLS, ENTRY, Cell, flat_of, rows_in
from nayu.workbooks.profile import PartSheet, Profile
from nayu.workbooks.template.looks import Looks

HEADING_ROW = 2
SPARE_ROWS = 100
WIDTHS = {"text": 34, "lines": 60, "word": 24, "month": 16, "whole": 12, "number": 14, "codes": 20}

PART_RULES = {
    "โครงการ": "หนึ่งแถวคือหนึ่งโครงการ แก้ข้อความได้ทุกช่อง ยกเว้นสองช่องแรก โครงการใหม่ให้เริ่มในระบบ",
    "ประชาชนได้อะไร": "หนึ่งแถวคือหนึ่งคำมั่น คำมั่นใหม่ให้เลือกรหัสโครงการและเว้น “ข้อที่” ว่าง",
    "กิจกรรม": "หนึ่งแถวคือหนึ่งช่วงงาน ค่าน้ำหนักของโครงการรวมกันเป็น 100",
    "ความเสี่ยง": "โอกาสเกิดและผลกระทบเป็นเลข 1 ถึง 5",
    "ทุกแผ่น": "การลบแถวออกจากไฟล์ไม่ลบข้อมูลในระบบ ขึ้นบรรทัดใหม่ในช่องด้วย Alt+Enter",
}


def part_choices(profile: Profile) -> dict[str, dict[str, str]]:
    """Lists of words that only these sheets have, each under the name of its list."""
    return {
        _list_of(sheet.part, name): {
            code: word for word, code in profile.values[name].items() if code in cell.words
        }
        for sheet in profile.sheets
        for name, cell in CELLS[sheet.part].items()
        if cell.kind == "word"
    }


def _list_of(part: str, name: str) -> str:
    return f"{part}_{name}"


def write_parts(
    workbook: Workbook,
    profile: Profile,
    entries: Sequence[TemplateEntry],
    choices: Mapping[str, Mapping[str, str]],
    looks: Looks,
) -> None:
    """One sheet a part, with rows for every entry and, but for the entries' own, empty ones below."""
    for sheet in profile.sheets:
        made = workbook.add_worksheet(sheet.name)
        spare = 0 if sheet.part == ENTRY else SPARE_ROWS
        rows = list(_rows(sheet.part, entries))
        _write_head(made, sheet, looks)
        for position in range(len(rows) + spare):
            cells = rows[position] if position < len(rows) else None
            _write_row(made, HEADING_ROW + 1 + position, sheet, cells, choices, looks)
        last = HEADING_ROW + len(rows) + spare
        _validate(made, sheet, choices, last)
        if spare:
            whose = {"validate": "list", "source": "=choices_project_code"}
            made.data_validation(last - spare + 1, 0, last, 0, whose)


def _rows(part: str, entries: Sequence[TemplateEntry]) -> Iterator[dict[str, str]]:
    for entry in entries:
        flat, code = flat_of(entry.sheet), entry.sheet.project_code
        if part == ENTRY:
            own = {name: flat[f"{ENTRY}.{name}"] for name in CELLS[ENTRY]}
            yield {"project_code": code, "event": str(entry.event), **own}
        else:
            for number, cells in sorted(rows_in(flat, part).items()):
                yield {"project_code": code, "order": str(number), **cells}


def _write_head(made: Worksheet, sheet: PartSheet, looks: Looks) -> None:
    made.write_string(0, 0, sheet.name, looks.title)
    for column, (heading, name) in enumerate(sheet.columns.items()):
        made.write_string(HEADING_ROW, column, heading, looks.heading)
        cell = CELLS[sheet.part].get(name)
        made.set_column(column, column, WIDTHS[cell.kind] if cell else 16)
    made.freeze_panes(HEADING_ROW + 1, 2)
    made.repeat_rows(HEADING_ROW)
    made.set_landscape()
    made.set_paper(9)
    made.fit_to_pages(1, 0)
    made.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _write_row(
    made: Worksheet,
    row: int,
    sheet: PartSheet,
    cells: Mapping[str, str] | None,
    choices: Mapping[str, Mapping[str, str]],
    looks: Looks,
) -> None:
    for column, name in enumerate(sheet.columns.values()):
        cell = CELLS[sheet.part].get(name)
        look = _look_of(cell, is_new=cells is None, looks=looks)
        text = (cells or {}).get(name, "")
        if not text:
            made.write_blank(row, column, None, look)
        elif cell is not None and cell.kind in ("whole", "number"):
            made.write_number(row, column, Decimal(text), look)
        else:
            # As text, always: a name that begins with "=" is no formula.
            made.write_string(row, column, _label(sheet.part, name, text, cell, choices), look)


def _label(
    part: str, name: str, text: str, cell: Cell | None, choices: Mapping[str, Mapping[str, str]]
) -> str:
    if cell is not None and cell.kind == "month":
        return choices["first_month"].get(text, text)
    if cell is not None and cell.kind == "word":
        return choices[_list_of(part, name)].get(text, text)
    return text


def _look_of(cell: Cell | None, *, is_new: bool, looks: Looks) -> Format:
    if cell is None:
        return looks.input_text if is_new else looks.locked
    return looks.input_number if cell.kind in ("whole", "number") else looks.input_text


def _validate(
    made: Worksheet, sheet: PartSheet, choices: Mapping[str, Mapping[str, str]], last: int
) -> None:
    for column, name in enumerate(sheet.columns.values()):
        cell = CELLS[sheet.part].get(name)
        if cell is None or last <= HEADING_ROW:
            continue
        rule: dict[str, object]
        if cell.kind in ("month", "word"):
            listed = "first_month" if cell.kind == "month" else _list_of(sheet.part, name)
            rule = {
                "validate": "list", "source": f"=choices_{listed}",
                "error_title": "ไม่มีในรายการ", "error_message": "เลือกจากรายการที่ให้ไว้",
            }  # fmt: skip
        elif cell.kind == "whole":
            rule = {
                "validate": "integer", "criteria": "between", "minimum": cell.low,
                "maximum": cell.high, "error_title": "ตรวจตัวเลข",
                "error_message": f"เลขจำนวนเต็มตั้งแต่ {cell.low} ถึง {cell.high}",
            }  # fmt: skip
        else:
            continue
        made.data_validation(HEADING_ROW + 1, column, last, column, rule)

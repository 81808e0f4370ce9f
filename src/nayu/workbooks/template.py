"""Our own workbook for an agency's request. The only module here that knows XlsxWriter.

What `write_template` writes, `reading.read_file` reads with the profile `nayu`: headings, choices
and mark come from that one profile. The same arguments give the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nayu.core.dates import MONTHS_TH
from nayu.core.fiscal_year import FiscalYear
from nayu.workbooks.domain import TemplateAgency, TemplateLine, exact_sum
from nayu.workbooks.profile import MarkCells, Profile, load_profile

PROFILE = "nayu"
EXPLANATIONS, CHOICES = "คำอธิบาย", "ตัวเลือก"
SPARE_ROWS = 200
HEADING_ROW = 4
FIRST_ROW = HEADING_ROW + 1
LOCKED = ("external_id", "revision", "amount")
THAI_DIGITS_FORMAT = "[$-D07041E]"

WIDTHS = {
    "external_id": 12, "revision": 8, "project_code": 34, "work_code": 28, "category_code": 30,
    "item": 44, "quantity": 10, "unit": 12, "unit_price": 16, "amount": 18, "source_code": 24,
    "price_reference": 22, "price_evidence": 28, "first_month": 14, "last_month": 14,
    "novelty": 14, "priority": 12, "if_not_funded": 36,
}  # fmt: skip

HOW_TO_FILL = {
    "external_id": "ระบบออกให้ รายการใหม่เว้นว่าง ห้ามแก้",
    "revision": "ระบบใช้ตรวจว่ามีผู้แก้รายการนี้หลังจากออกแบบฟอร์มหรือไม่ ห้ามแก้",
    "project_code": "เลือกโครงการจากรายการ งานประจำที่ไม่ใช่โครงการให้เว้นว่าง",
    "work_code": "เลือกงานที่รายการนี้สังกัด",
    "category_code": "เลือกหมวดรายจ่าย (ต้องกรอก)",
    "item": "ชื่อรายการ อ่านแล้วรู้ว่าซื้อหรือจ้างอะไร (ต้องกรอก)",
    "quantity": "ตัวเลขมากกว่า 0 ทศนิยมไม่เกิน 3 ตำแหน่ง (ต้องกรอก)",
    "unit": "เช่น เครื่อง คัน คน แห่ง เดือน",
    "unit_price": "บาทต่อหนึ่งหน่วยนับ ทศนิยมไม่เกิน 2 ตำแหน่ง (ต้องกรอก)",
    "amount": "คำนวณให้จากจำนวน × ราคาต่อหน่วย และต้องเป็นบาทเต็ม ห้ามแก้",
    "source_code": "เลือกแหล่งเงิน (ต้องกรอก)",
    "price_reference": "เลือกที่มาของราคา",
    "price_evidence": "ชื่อเอกสาร เลขที่ และวันที่ ที่ใช้อ้างอิงราคา",
    "first_month": "เดือนแรกที่ใช้เงิน ไม่เลือกหมายถึงตุลาคม",
    "last_month": "เดือนสุดท้ายที่ใช้เงิน ไม่เลือกหมายถึงกันยายน",
    "novelty": "รายการใหม่ ต่อเนื่องจากปีก่อน หรือทดแทนของเดิม",
    "priority": "เลขลำดับ 1 คือสำคัญที่สุด",
    "if_not_funded": "ผลต่อประชาชนหรืองาน ถ้าไม่ได้รับงบประมาณรายการนี้",
}

RULES = (
    "กรอกเฉพาะช่องสีอ่อนในแผ่น “รายการ” ช่องอื่นล็อกไว้",
    "หนึ่งแถวคือหนึ่งรายการ ไม่ต้องใส่แถวผลรวม ยอดรวมอยู่ด้านบนของแผ่นแล้ว",
    "ช่องตัวเลขใช้เลขอารบิก เพราะสูตรในแผ่นงานคำนวณเลขไทยไม่ได้",
    "แบบฟอร์มนี้นำเข้าได้เฉพาะหน่วยงานและปีงบประมาณที่ระบุไว้เท่านั้น",
    "เมื่อนำเข้า ระบบตรวจทุกแถวและบอกทุกจุดที่ต้องแก้ในครั้งเดียว ถ้ามีจุดที่ต้องแก้ จะยังไม่บันทึกแถวใดเลย",
    "นำเข้าไฟล์เดิมซ้ำ ข้อมูลไม่เปลี่ยน",
)


@dataclass(frozen=True, slots=True)
class _Looks:
    """The cell formats of the workbook."""

    title: Format
    text: Format
    wrapped: Format
    heading: Format
    locked: Format
    locked_money: Format
    total: Format
    input_text: Format
    input_money: Format
    input_number: Format


def write_template(
    agency: TemplateAgency,
    fiscal_year_be: int,
    projects: Sequence[tuple[str, str]],
    works: Sequence[tuple[str, str]],
    categories: Sequence[tuple[str, str, str]],
    sources: Sequence[tuple[str, str]],
    lines: Sequence[TemplateLine] = (),
    *,
    thai_digits: bool = False,
) -> bytes:
    """The workbook as .xlsx bytes, with `lines` filled in and two hundred empty rows below.

    ``projects``, ``works`` and ``sources`` are (code, name), ``categories`` (code, name, type).
    """
    profile = load_profile(PROFILE)
    choices = {
        "project_code": _labels(profile, projects),
        "work_code": _labels(profile, works),
        "category_code": _labels(profile, [(code, f"{n} ({t})") for code, n, t in categories]),
        "source_code": _labels(profile, sources),
        "price_reference": {code: word for word, code in profile.values["price_reference"].items()},
        "novelty": {code: word for word, code in profile.values["novelty"].items()},
        "first_month": _labels(profile, _months()),
        "last_month": _labels(profile, _months()),
    }
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        _set_properties(workbook, agency, fiscal_year_be)
        looks = _looks(workbook, THAI_DIGITS_FORMAT if thai_digits else "")
        _write_explanations(workbook.add_worksheet(EXPLANATIONS), profile, looks)
        sheet = workbook.add_worksheet(profile.sheet)
        hidden = workbook.add_worksheet(CHOICES)
        _write_choices(workbook, hidden, choices)
        _write_head(sheet, profile, agency, fiscal_year_be, lines, looks)
        _write_rows(sheet, profile, choices, lines, looks)
        _validate(sheet, profile, choices, FIRST_ROW + len(lines) + SPARE_ROWS - 1)
        sheet.activate()
    return target.getvalue()


def _labels(profile: Profile, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {code: f"{code}{profile.label_separator}{name}" for code, name in pairs}


def _months() -> list[tuple[str, str]]:
    return [(str(position), MONTHS_TH[(position + 8) % 12]) for position in range(1, 13)]


def _set_properties(workbook: Workbook, agency: TemplateAgency, fiscal_year_be: int) -> None:
    # The time of making would change the bytes; the year's first day is as good a date.
    first_day = FiscalYear(fiscal_year_be).first_day
    created = datetime.combine(first_day, time(), UTC).replace(tzinfo=None)
    workbook.set_properties(
        {"title": f"{agency.name} ปีงบประมาณ {fiscal_year_be}", "created": created}
    )


def _looks(workbook: Workbook, digits: str) -> _Looks:
    def made(**settings: object) -> Format:
        font = {"font_name": "TH Sarabun New", "font_size": 14, "valign": "top"}
        return workbook.add_format({**font, **settings})

    entry = {"locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#C9C3B0"}
    return _Looks(
        title=made(bold=True, font_size=18),
        text=made(),
        wrapped=made(text_wrap=True),
        heading=made(bold=True, bg_color="#E4EAE6", border=1, text_wrap=True, align="center"),
        locked=made(border=1, border_color="#C9C3B0", font_color="#5A5A5A"),
        locked_money=made(border=1, border_color="#C9C3B0", num_format=f"{digits}#,##0.00"),
        total=made(bold=True, num_format=f"{digits}#,##0.00"),
        input_text=made(**entry, num_format="@", text_wrap=True),
        input_money=made(**entry, num_format=f"{digits}#,##0.00"),
        input_number=made(**entry, num_format=f"{digits}General"),
    )


def _write_explanations(sheet: Worksheet, profile: Profile, looks: _Looks) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "วิธีกรอกรายการคำขอตั้งงบประมาณ", looks.title)
    for number, rule in enumerate(RULES, start=1):
        sheet.write_string(number, 0, f"{number}.", looks.text)
        sheet.write_string(number, 1, rule, looks.wrapped)
    first = len(RULES) + 2
    sheet.write_string(first, 0, "ช่อง", looks.heading)
    sheet.write_string(first, 1, "กรอกอย่างไร", looks.heading)
    for row, (heading, name) in enumerate(profile.columns.items(), start=first + 1):
        sheet.write_string(row, 0, heading, looks.text)
        sheet.write_string(row, 1, HOW_TO_FILL[name], looks.wrapped)
    sheet.protect()


def _write_choices(
    workbook: Workbook, sheet: Worksheet, choices: Mapping[str, Mapping[str, str]]
) -> None:
    """One column a field, each under a name that the validation of the input cells uses."""
    for column, (name, labels) in enumerate(choices.items()):
        sheet.write_string(0, column, name)
        for row, label in enumerate(labels.values(), start=1):
            sheet.write_string(row, column, label)
        if labels:
            letter = xl_col_to_name(column)
            area = f"='{CHOICES}'!${letter}$2:${letter}${len(labels) + 1}"
            workbook.define_name(f"choices_{name}", area)
    sheet.protect()
    sheet.very_hidden()


def _write_head(
    sheet: Worksheet,
    profile: Profile,
    agency: TemplateAgency,
    fiscal_year_be: int,
    lines: Sequence[TemplateLine],
    looks: _Looks,
) -> None:
    title = f"รายการคำขอตั้งงบประมาณ ปีงบประมาณ {fiscal_year_be} {agency.name}"
    sheet.write_string(0, 0, title, looks.title)
    _write_mark(sheet, profile.mark, agency, fiscal_year_be, looks)
    columns = list(profile.columns.values())
    amount = columns.index("amount")
    last = FIRST_ROW + len(lines) + SPARE_ROWS - 1
    area = f"{xl_rowcol_to_cell(FIRST_ROW, amount)}:{xl_rowcol_to_cell(last, amount)}"
    total = exact_sum(line.amount_baht for line in lines)
    sheet.write_string(2, amount - 1, "รวมเป็นเงิน (บาท)", looks.text)
    sheet.write_formula(2, amount, f"=SUM({area})", looks.total, _plain(total))
    for column, (heading, name) in enumerate(profile.columns.items()):
        sheet.write_string(HEADING_ROW, column, heading, looks.heading)
        sheet.set_column(column, column, WIDTHS[name])
    sheet.freeze_panes(FIRST_ROW, columns.index("item") + 1)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _write_mark(
    sheet: Worksheet,
    mark: MarkCells | None,
    agency: TemplateAgency,
    fiscal_year_be: int,
    looks: _Looks,
) -> None:
    if mark is None:
        raise ValueError("the template's profile has no mark")
    for label, reference, text in (
        ("รุ่นแบบฟอร์ม", mark.template, mark.value),
        ("หน่วยงาน", mark.agency_code, agency.code),
        ("", mark.agency_name, agency.name),
        ("ปีงบประมาณ", mark.fiscal_year, str(fiscal_year_be)),
    ):
        row, column = xl_cell_to_rowcol(reference)
        sheet.write_string(row, column, text, looks.text)
        if label:
            sheet.write_string(row, column - 1, label, looks.text)


def _write_rows(
    sheet: Worksheet,
    profile: Profile,
    choices: Mapping[str, Mapping[str, str]],
    lines: Sequence[TemplateLine],
    looks: _Looks,
) -> None:
    columns = list(profile.columns.values())
    quantity, price = columns.index("quantity"), columns.index("unit_price")
    for position in range(len(lines) + SPARE_ROWS):
        row = FIRST_ROW + position
        line = lines[position] if position < len(lines) else None
        cells = _cells_of(line, choices) if line else {}
        for column, name in enumerate(columns):
            look = _look_of(name, looks)
            if name == "amount":
                product = f"{xl_rowcol_to_cell(row, quantity)}*{xl_rowcol_to_cell(row, price)}"
                cached = _plain(line.amount_baht) if line else 0
                sheet.write_formula(row, column, f"={product}", look, cached)
                continue
            value = cells.get(name, "")
            if isinstance(value, (int, Decimal)):
                sheet.write_number(row, column, value, look)
            elif value:
                # As text, always: an item that begins with "=" is no formula.
                sheet.write_string(row, column, value, look)
            else:
                sheet.write_blank(row, column, None, look)


def _look_of(name: str, looks: _Looks) -> Format:
    if name == "amount":
        return looks.locked_money
    if name in LOCKED:
        return looks.locked
    if name == "unit_price":
        return looks.input_money
    return looks.input_number if name in ("quantity", "priority") else looks.input_text


def _cells_of(
    line: TemplateLine, choices: Mapping[str, Mapping[str, str]]
) -> dict[str, str | int | Decimal]:
    chosen = {
        "project_code": line.project_code,
        "work_code": line.work_code,
        "category_code": line.category_code,
        "source_code": line.source_code,
        "price_reference": line.price_reference,
        "novelty": line.novelty,
        "first_month": str(line.first_month),
        "last_month": str(line.last_month),
    }
    cells: dict[str, str | int | Decimal] = {
        name: choices[name].get(code, code) for name, code in chosen.items()
    }
    return cells | {
        "external_id": line.line_id,
        "revision": str(line.revision),
        "item": line.item,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "price_evidence": line.price_evidence,
        "priority": "" if line.priority is None else line.priority,
        "if_not_funded": line.if_not_funded,
    }


def _plain(amount: Decimal) -> Decimal:
    """Without an exponent or trailing zeros, as a spreadsheet writes a cached value."""
    return Decimal(format(amount.normalize(), "f"))


def _validate(
    sheet: Worksheet, profile: Profile, choices: Mapping[str, Mapping[str, str]], last: int
) -> None:
    for column, (heading, name) in enumerate(profile.columns.items()):
        rule = _validation(name, choices)
        if rule is None:
            continue
        hint = {"input_title": heading[:32], "input_message": HOW_TO_FILL[name][:255]}
        sheet.data_validation(FIRST_ROW, column, last, column, {**rule, **hint})


def _validation(name: str, choices: Mapping[str, Mapping[str, str]]) -> dict[str, object] | None:
    if choices.get(name):
        return {
            "validate": "list", "source": f"=choices_{name}",
            "error_title": "ไม่มีในรายการ", "error_message": "เลือกจากรายการที่ให้ไว้",
        }  # fmt: skip
    # Thai digits are text to a spreadsheet, and the amount's formula would give #VALUE!.
    number = {"error_title": "ตรวจตัวเลข"}
    if name == "quantity":
        wanted = {"validate": "decimal", "criteria": ">", "value": 0}
        return {**number, **wanted, "error_message": "จำนวนต้องเป็นตัวเลขมากกว่า 0"}
    if name == "unit_price":
        wanted = {"validate": "decimal", "criteria": ">=", "value": 0}
        return {**number, **wanted, "error_message": "ราคาต้องเป็นตัวเลข ไม่ติดลบ"}
    if name == "priority":
        wanted = {"validate": "integer", "criteria": ">=", "value": 1}
        return {**number, **wanted, "error_message": "ลำดับต้องเป็นเลขจำนวนเต็มตั้งแต่ 1"}
    return None

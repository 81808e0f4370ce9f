"""The sheet of lines: a row a line, two hundred empty ones below, and the sum above."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from nayu.workbooks.domain import TemplateAgency, TemplateLine, exact_sum
from nayu.workbooks.profile import MarkCells, Profile
from nayu.workbooks.template.looks import Looks

SPARE_ROWS = 200
HEADING_ROW = 4
FIRST_ROW = HEADING_ROW + 1
LOCKED = ("external_id", "revision", "amount")

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


def write_lines(
    sheet: Worksheet,
    profile: Profile,
    agency: TemplateAgency,
    fiscal_year_be: int,
    choices: Mapping[str, Mapping[str, str]],
    lines: Sequence[TemplateLine],
    looks: Looks,
) -> None:
    _write_head(sheet, profile, agency, fiscal_year_be, lines, looks)
    _write_rows(sheet, profile, choices, lines, looks)
    _validate(sheet, profile, choices, FIRST_ROW + len(lines) + SPARE_ROWS - 1)


def _write_head(
    sheet: Worksheet,
    profile: Profile,
    agency: TemplateAgency,
    fiscal_year_be: int,
    lines: Sequence[TemplateLine],
    looks: Looks,
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
    looks: Looks,
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
    looks: Looks,
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


def _look_of(name: str, looks: Looks) -> Format:
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

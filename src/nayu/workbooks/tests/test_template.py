"""What is exported is what may be imported."""

import io
import time
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from nayu.workbooks.domain import TemplateAgency, TemplateLine, reconcile
from nayu.workbooks.profile import load_profile
from nayu.workbooks.reading import read_file
from nayu.workbooks.template import FIRST_ROW, write_template

AGENCY = TemplateAgency("11000000", "สำนักการระบายน้ำ")
PROJECTS = [("P-017", "ขุดลอกคลอง 50 เขต")]
WORKS = [("0101001", "งานบริหารทั่วไป")]
CATEGORIES = [("3-1", "ค่าครุภัณฑ์", "งบลงทุน"), ("1-1", "เงินเดือน", "งบบุคลากร")]
SOURCES = [("city", "งบประมาณกรุงเทพมหานคร")]
LINES = [
    TemplateLine(
        "L-1", 4, "=เครื่องสูบน้ำ ขนาด 12 นิ้ว", "3-1", "city", Decimal("2.5"), "เครื่อง", Decimal("1200.40"),
        project_code="P-017", work_code="0101001", price_reference="quotation",
        price_evidence="ใบเสนอราคา 3 ราย ลงวันที่ 3 พ.ย. 2569", first_month=2, last_month=9,
        novelty="replacement", priority=1, if_not_funded="น้ำท่วมขังนานขึ้น",
    ),
    TemplateLine("L-2", 1, "เงินเดือนข้าราชการ", "1-1", "city", Decimal(12), "เดือน", Decimal(83_000_000)),
]  # fmt: skip
NAYU = load_profile("nayu")


def made(lines=LINES, year=2570, agency=AGENCY, **kwargs) -> bytes:
    return write_template(agency, year, PROJECTS, WORKS, CATEGORIES, SOURCES, lines, **kwargs)


@pytest.fixture
def saved(tmp_path):
    def save(content: bytes):
        path = tmp_path / "คำขอ.xlsx"
        path.write_bytes(content)
        return path

    return save


def changed(content: bytes, **cells) -> bytes:
    """The workbook with cells of the input sheet typed over, as another program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for reference, value in cells.items():
        book["รายการ"][reference] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_what_is_written_is_what_is_read_back(saved):
    reading = read_file(saved(made()), NAYU, fiscal_year_be=2570, agency_code="11000000")

    assert reading.findings == ()
    assert [
        TemplateLine(
            line.external_id, line.extra["revision"], line.item, line.extra["category_code"],
            line.extra["source_code"], line.quantity, line.unit, line.unit_price,
            line.extra.get("project_code", ""), line.extra.get("work_code", ""),
            line.extra.get("price_reference", ""), line.extra.get("price_evidence", ""),
            line.extra["first_month"], line.extra["last_month"], line.extra["novelty"],
            line.extra.get("priority"), line.extra.get("if_not_funded", ""),
        )
        for line in reading.lines
    ] == LINES  # fmt: skip
    assert [line.amount_satang for line in reading.lines] == [300_100, 99_600_000_000]
    assert {line.body_code for line in reading.lines} == {"11000000"}
    assert {line.fiscal_year_be for line in reading.lines} == {2570}
    assert reconcile(reading).balances


def test_the_bytes_are_the_same_whenever_it_is_made():
    first = made()
    time.sleep(1.1)

    assert made() == first
    assert made(year=2571) != first


def test_thai_digits_in_the_formats_change_nothing_that_is_read(saved):
    plain = read_file(saved(made()), NAYU)
    thai = read_file(saved(made(thai_digits=True)), NAYU)

    assert thai == plain


def test_a_workbook_of_another_year_or_agency_is_refused(saved):
    reading = read_file(saved(made()), NAYU, fiscal_year_be=2571, agency_code="12000000")

    assert [finding.code for finding in reading.findings] == [
        "workbook_of_another_year",
        "workbook_of_another_agency",
    ]
    assert reading.is_refused


@pytest.mark.parametrize(
    ("mark", "code"),
    [("nayu-lines-0", "template_of_another_version"), ("", "template_not_ours")],
)
def test_a_workbook_without_our_mark_is_refused(saved, mark, code):
    reading = read_file(saved(changed(made(), B2=mark)), NAYU)

    assert [finding.code for finding in reading.findings] == [code]


def test_a_workbook_saved_without_calculating_is_told_at_each_used_row_only(saved):
    reading = read_file(saved(changed(made(), F6="ชื่อใหม่")), NAYU)

    told = [(f.row, f.column, f.facts.get("cell")) for f in reading.findings
            if f.code == "formula_without_value"]  # fmt: skip
    assert told == [(6, "เป็นเงิน (บาท)", "J6"), (7, "เป็นเงิน (บาท)", "J7")]
    assert reading.rows == 2
    assert reading.is_refused


def test_an_amount_that_is_not_the_product_is_refused(saved):
    reading = read_file(saved(changed(made(), J6=5000, J7=996_000_000)), NAYU)

    (finding,) = reading.findings
    assert (finding.code, finding.row) == ("amount_not_product", 6)
    assert finding.facts["product"] == Decimal(3001)
    assert reconcile(reading).sum_refused == Decimal(5000)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"E6": None}, "cell_blank"),
        ({"G6": "สอง"}, "number_not_understood"),
        ({"G6": 2.50001}, "too_many_decimals"),
        ({"L6": "ถามเพื่อน"}, "choice_unknown"),
        ({"N6": "เดือนหน้า"}, "month_not_understood"),
        ({"N6": "12 : กันยายน"}, "months_reversed"),
        ({"Q6": "มาก"}, "number_not_understood"),
        ({"J6": "#DIV/0!"}, "cell_is_an_error"),
        ({"A7": "L-1"}, "identity_repeated"),
        ({"I6": 1200.42, "J6": 3001.05}, "amount_not_whole_baht"),
    ],
)
def test_each_mistake_in_a_row_has_its_own_finding(saved, cells, code):
    amounts = {"J6": 3001, "J7": 996_000_000}
    reading = read_file(saved(changed(made(), **{**amounts, **cells})), NAYU)

    assert code in {finding.code for finding in reading.findings}
    assert len(reading.refused_rows) == 1


def test_a_new_row_needs_no_identity_and_gets_the_same_one_each_time(saved):
    new = {"C8": "P-017", "E8": "3-1", "F8": "รถดูดโคลน", "G8": "๒", "H8": "คัน",
           "I8": "๑,๐๐๐", "J8": 2000, "K8": "city : งบ", "N8": "พ.ย."}  # fmt: skip
    path = saved(changed(made(), J6=3001, J7=996_000_000, **new))

    first, second = read_file(path, NAYU), read_file(path, NAYU)

    assert first == second
    assert first.findings == ()
    line = first.lines[-1]
    assert line.generated_id
    assert (line.quantity, line.unit_price, line.extra["first_month"]) == (
        Decimal(2),
        Decimal(1000),
        2,
    )


def test_an_empty_template_says_that_it_has_no_rows(saved):
    reading = read_file(saved(made(lines=[])), NAYU)

    assert [finding.code for finding in reading.findings] == ["no_rows"]


def test_only_input_cells_are_unlocked_and_choices_come_from_the_hidden_sheet():
    book = openpyxl.load_workbook(io.BytesIO(made()))
    sheet = book["รายการ"]

    assert sheet.protection.sheet
    row = FIRST_ROW + 1
    locked = [cell.column_letter for cell in sheet[row] if cell.protection.locked]
    assert locked == ["A", "B", "J"]
    assert book["ตัวเลือก"].sheet_state == "veryHidden"
    assert "=choices_project_code" in {
        f"={rule.formula1.lstrip('=')}" for rule in sheet.data_validations.dataValidation
    }
    assert not any(cell.data_type == "f" for cell in sheet["F"])


def test_amounts_have_cached_values():
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()

    assert "<f>G6*I6</f><v>3001</v>" in xml
    assert "<v>996003001</v>" in xml

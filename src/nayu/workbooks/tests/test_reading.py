"""Files of every kind: data or findings, never an exception."""

import csv
import io
import json
import time
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nayu.workbooks.domain import LARGEST_FILE_BYTES, reconcile
from nayu.workbooks.profile import load_profile, profile_of
from nayu.workbooks.reading import read_file

PLAIN = profile_of(
    {
        "name": "plain",
        "kind": "lines",
        "columns": {
            "รหัส": "external_id", "หน่วยงาน": "body_name", "รายการ": "item", "เงิน": "amount",
        },
        "required": ["item"],
        "filled": ["item"],
        "subtotals": {"label_in": ["item"], "blank": ["external_id", "body_name"]},
    }
)  # fmt: skip
HEADING = ["รหัส", "หน่วยงาน", "รายการ", "เงิน"]


@pytest.fixture
def table(tmp_path):
    """Writes rows as CSV and reads them with the plain profile."""

    def read(*rows, heading=HEADING, encoding="utf-8", profile=PLAIN, **kwargs):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([heading, *rows])
        path = tmp_path / "f.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return read_file(path, profile, **{"fiscal_year_be": 2570, **kwargs})

    return read


@pytest.fixture
def sheet(tmp_path):
    """A workbook written by a function of its sheet, read with the plain profile."""

    def read(write, profile=PLAIN):
        path = tmp_path / "f.xlsx"
        with xlsxwriter.Workbook(path) as book:
            worksheet = book.add_worksheet("หน้า1")
            worksheet.write_row(0, 0, HEADING)
            write(worksheet)
        return read_file(path, profile, fiscal_year_be=2570)

    return read


def codes(reading):
    return [finding.code for finding in reading.findings]


def of_bytes(tmp_path, content, name="f", profile=PLAIN):
    path = tmp_path / name
    path.write_bytes(content)
    return read_file(path, profile, fiscal_year_be=2570)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874"])
def test_a_csv_reads_the_same_in_each_encoding(table, encoding):
    reading = table(["1", "สํานักการโยธา", "ถนน", "๑,๐๐๐"], encoding=encoding)

    assert reading.findings == ()
    assert reading.lines[0].body_name == "สำนักการโยธา"
    assert reading.lines[0].amount_satang == 100_000


def test_names_are_normalised(table):
    reading = table(["1", "สํา\u200bนัก  งาน\nเขต", "นํ้าท่วม", "1"])

    line = reading.lines[0]
    assert (line.body_name, line.item) == ("สำนัก งาน เขต", "น้ำท่วม")


def test_lines_equal_in_all_but_their_identity_are_different_lines(table):
    reading = table(["1", "ก", "ถนน", "5"], ["2", "ก", "ถนน", "5"])

    assert [line.external_id for line in reading.lines] == ["1", "2"]


def test_the_same_identity_twice_is_refused(table):
    reading = table(["1", "ก", "ถนน", "5"], ["1", "ก", "สะพาน", "7"])

    (finding,) = reading.findings
    assert (finding.code, finding.row, finding.column) == ("identity_repeated", 3, "รหัส")
    assert reconcile(reading).sum_refused == Decimal(7)


def test_equal_rows_without_identity_are_two_lines_and_keep_their_made_identities(table):
    rows = [["", "ก", "ถนน", "5"], ["", "ก", "ถนน", "5"]]

    first, again = table(*rows), table(*rows)

    assert len({line.external_id for line in first.lines}) == 2
    assert first == again


def test_a_missing_column_is_one_finding_that_names_them_all(table):
    reading = table(["1", "2"], heading=["รหัส", "อื่น"])

    (finding,) = reading.findings
    assert (finding.code, finding.facts) == (
        "columns_missing", {"columns": "รายการ, เงิน", "count": 2},
    )  # fmt: skip
    assert reading.rows == 0


def test_a_repeated_heading_is_refused(table):
    reading = table(["1", "ก", "ถนน", "5", "6"], heading=[*HEADING, "เงิน"])

    assert codes(reading) == ["column_repeated"]


def test_the_heading_may_stand_below_titles(tmp_path):
    reading = of_bytes(tmp_path, "งบประมาณ\n,,\nรายการ,เงิน\nถนน,5\n".encode())

    assert (reading.findings, reading.lines[0].row) == ((), 4)


def test_blank_and_dash_are_zero_and_said(table):
    reading = table(["1", "ก", "ถนน", ""], ["2", "ก", "คลอง", "-"], ["3", "ก", "ไฟ", "0"])

    assert [(f.code, f.severity, f.row) for f in reading.findings] == [
        ("amount_blank", "warning", 2),
        ("amount_dash", "note", 3),
    ]
    assert [line.amount_satang for line in reading.lines] == [0, 0, 0]
    assert not reading.is_refused


def test_a_row_that_cannot_be_loaded_is_counted_and_not_lost(table):
    reading = table(
        ["1", "ก", "ถนน", "1,000.005"], ["2", "ก", "คลอง", "(30)"], ["3", "ก", "ไฟ", "ไม่ทราบ"],
        ["4", "ก", "สวน", "2,000,000,000,000"], ["5", "ก", "", "9"],
    )  # fmt: skip

    assert codes(reading) == [
        "amount_rounded", "amount_negative", "amount_not_number", "amount_too_large", "cell_blank",
    ]  # fmt: skip
    assert (reading.rows, len(reading.lines), len(reading.refused_rows)) == (5, 1, 4)
    answer = reconcile(reading)
    assert answer.balances
    assert answer.in_json() == {
        "sum_file": "2000000000979.005",
        "sum_loaded": "1000.00",
        "sum_refused": "1999999999979.00",
        "residue": "0.005",
    }


def test_subtotals_are_recognised_and_not_added(table):
    reading = table(
        ["1", "ก", "ถนน", "10"], ["2", "ก", "คลอง", "20"], ["", "", "รวม", "30"],
        ["3", "ข", "ไฟ", "5"], ["", "", "ยอดรวม", "6"], ["", "", "รวมทั้งสิ้น", "35"],
    )  # fmt: skip

    assert reading.sum_file == Decimal(35)
    assert [(s.row, s.agrees) for s in reading.subtotal_rows] == [(4, True), (6, False), (7, True)]
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("subtotal_differs", "warning")
    assert (finding.facts["counted"], finding.facts["difference"]) == (Decimal(5), Decimal(1))


def test_a_subtotal_may_stand_in_the_first_column_or_be_merged_over_the_keys(sheet):
    def write(worksheet):
        worksheet.write_row(1, 0, ["1", "ก", "ถนน", 10])
        worksheet.write_row(2, 0, ["2", "ก", "คลอง", 20])
        worksheet.write_row(3, 0, ["รวม", "", "", 30])
        worksheet.write_row(4, 0, ["3", "ข", "ไฟ", 5])
        worksheet.merge_range("A6:C6", "รวม")
        worksheet.write_number("D6", 5)
        worksheet.merge_range("A7:D7", "หมายเหตุ ตัวเลขเบื้องต้น")

    reading = sheet(write)

    assert (reading.sum_file, reading.findings) == (Decimal(35), ())
    assert [(s.row, s.agrees) for s in reading.subtotal_rows] == [(4, True), (6, True)]


def test_a_nameless_row_that_equals_the_sum_is_a_subtotal(table):
    reading = table(["1", "ก", "ถนน", "10"], ["2", "ก", "คลอง", "20"], ["", "", "", "30"])

    assert reading.sum_file == Decimal(30)
    assert codes(reading) == ["subtotal_by_sum"]


def test_a_nameless_row_that_equals_nothing_is_refused(table):
    reading = table(["1", "ก", "ถนน", "10"], ["", "", "", "31"])

    assert codes(reading) == ["cell_blank"]
    assert reconcile(reading).sum_refused == Decimal(31)


def test_a_line_whose_name_begins_like_a_subtotal_is_a_line(table):
    reading = table(["1", "ก", "ถนน", "10"], ["2", "ก", "รวมพลังชุมชน", "25"])

    assert reading.sum_file == Decimal(35)
    assert reading.subtotal_rows == ()


def test_notes_below_the_table_are_no_rows(table):
    reading = table(["1", "ก", "ถนน", "10"], [], ["หมายเหตุ ตัวเลขเบื้องต้น"], ["ที่มา: สงม."])

    assert (reading.rows, reading.findings) == (1, ())


def test_years_are_of_the_profiles_era(tmp_path):
    columns = {"รายการ": "item", "เงิน": "amount", "ปี": "fiscal_year"}
    profile = profile_of({"name": "p", "kind": "lines", "columns": columns, "era": "ce"})
    rows = "รายการ,เงิน,ปี\nก,1,2022\nข,1,2565\nค,1,65\nง,1,\n"

    reading = of_bytes(tmp_path, rows.encode(), profile=profile)

    assert [line.fiscal_year_be for line in reading.lines] == [2565, 2570]
    assert codes(reading) == ["year_of_other_era", "year_not_understood"]


def test_a_formula_without_a_value_is_a_finding(sheet):
    def write(worksheet):
        worksheet.write_row(1, 0, ["1", "ก", "ถนน", 5])
        worksheet.write_row(2, 0, ["2", "ก", "คลอง"])
        worksheet.write_formula(2, 3, "=D2*2", None, "")

    reading = sheet(write)

    (finding,) = reading.findings
    assert (finding.code, finding.sheet, finding.row, finding.column, finding.facts) == (
        "formula_without_value", "หน้า1", 3, "เงิน", {"cell": "D3"},
    )  # fmt: skip


def test_a_cell_with_an_error_is_a_finding(sheet):
    def write(worksheet):
        worksheet.write_row(1, 0, ["1", "ก", "ถนน"])
        worksheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")

    (finding,) = sheet(write).findings

    assert (finding.code, finding.value) == ("cell_is_an_error", "#DIV/0!")


def test_a_merged_name_counts_for_every_row_and_a_merged_amount_once(sheet):
    def write(worksheet):
        worksheet.merge_range("B2:B3", "สำนักการโยธา")
        worksheet.merge_range("D2:D3", 100)
        for row in (1, 2):
            worksheet.write_string(row, 0, str(row))
            worksheet.write_string(row, 2, "ถนน")

    reading = sheet(write)

    assert [line.body_name for line in reading.lines] == ["สำนักการโยธา"] * 2
    assert reading.sum_file == Decimal(100)
    assert codes(reading) == ["amount_blank"]


def test_numbers_of_a_spreadsheet_lose_their_binary_noise(sheet):
    reading = sheet(lambda worksheet: worksheet.write_row(1, 0, ["1", "ก", "ถนน", 0.1 + 0.2]))

    assert reading.lines[0].raw_amount == Decimal("0.3")
    assert reading.findings == ()


def test_every_sheet_with_the_columns_is_read(tmp_path):
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("ก", "ข", "ปก"):
            worksheet = book.add_worksheet(name)
            if name != "ปก":
                worksheet.write_row(2, 0, HEADING)
                worksheet.write_row(3, 0, [name, "หน่วย", "ถนน", 5])

    reading = read_file(path, PLAIN, fiscal_year_be=2570)

    assert [(line.sheet, line.row) for line in reading.lines] == [("ก", 4), ("ข", 4)]


def test_two_cells_at_opposite_corners_do_not_exhaust_the_memory(sheet):
    def write(worksheet):
        worksheet.write_row(1, 0, ["1", "ก", "ถนน", 5])
        worksheet.write_string("XFD1048576", "หลงมา")

    reading = sheet(write)

    assert codes(reading) == ["sheet_too_large"]


def test_a_format_far_away_is_no_cell(sheet):
    def write(worksheet):
        worksheet.write_row(1, 0, ["1", "ก", "ถนน", 5])
        worksheet.write_blank("XFD1048576", None, worksheet_format(worksheet))

    assert sheet(write).findings == ()


def worksheet_format(worksheet):
    return worksheet.default_url_format


def _zip(**entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n", "file_empty"),
        (b"%PDF-1.7", "not_a_workbook"),
        (b"<html><table><tr>", "not_a_workbook"),
        (b"\x00\x01\x02\x03" * 50, "not_a_workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        (OLE, "not_a_workbook"),
        (OLE + "Workbook".encode("utf-16-le"), "workbook_not_xlsx"),
        (_zip(**{"[Content_Types].xml": "<a/>", "xl/workbook.bin": "b"}), "workbook_not_xlsx"),
        (_zip(a="x"), "zip_not_workbook"),
        (b"PK\x03\x04 and nothing else", "workbook_broken"),
        (_zip(**{"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<b/>"}), "workbook_broken"),
        (b'[{"a": 1', "format_not_of_profile"),
        (b"\x81\x81\xfe\xfe,a\n", "encoding_unknown"),
        ("รายการ,เงิน\n".encode(), "no_rows"),
    ],
)
def test_a_file_that_is_no_table_is_told_what_it_is(tmp_path, content, code):
    reading = of_bytes(tmp_path, content)

    assert codes(reading) == [code]
    assert reading.is_refused


def test_a_missing_file_and_a_folder_are_findings(tmp_path):
    assert codes(read_file(tmp_path / "none.csv", PLAIN)) == ["file_missing"]
    assert codes(read_file(tmp_path, PLAIN)) == ["file_unreadable"]


def test_a_file_of_300_megabytes_is_refused_at_once(tmp_path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    started = time.perf_counter()

    (finding,) = read_file(path, PLAIN).findings

    assert time.perf_counter() - started < 0.2
    assert (finding.code, finding.facts) == ("file_too_large", {"megabytes": 300, "limit": 50})
    assert LARGEST_FILE_BYTES == 50 * 1024 * 1024


@pytest.mark.parametrize(
    ("text", "code"),
    [('[{"a": 1', "json_broken"), ('{"a": 1}', "json_not_a_list"), ("[1, 2]", "json_not_a_list"),
     ("[" * 100_000, "json_broken"), ("[]", "columns_missing")],
)  # fmt: skip
def test_json_that_is_no_list_of_projects_is_told(tmp_path, text, code):
    assert codes(of_bytes(tmp_path, text.encode(), profile=load_profile("bma-projects"))) == [code]


def test_a_project_with_wrong_days_is_refused(tmp_path):
    entry = {"id": "1", "name": "ก", "budget": 5, "institude": "กอง/สำนัก",
             "startdate": "2020-10-01", "enddate": "2020-09-30"}  # fmt: skip
    other = {**entry, "id": "2", "startdate": "วันนี้", "enddate": ""}

    reading = of_bytes(
        tmp_path, json.dumps([entry, other]).encode(), profile=load_profile("bma-projects")
    )

    assert [(f.code, f.row) for f in reading.findings] == [
        ("days_reversed", 1),
        ("day_not_understood", 2),
    ]


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["รวม", "ยอดรวม", "-", "", "๑,๒๐๐", "1,000.005", "(5)", "18,00", "10", "20"]),
    st.decimals(min_value=-100, max_value=10**13, places=4).map(str),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=12))
def test_whatever_the_cells_hold_the_sums_agree_and_no_row_is_lost(table, rows):
    reading = table(*rows)

    assert reconcile(reading).balances
    if reading.rows:
        assert reading.rows == len(reading.lines) + len(reading.refused_rows)
    assert bool(reading.refused_rows) <= reading.is_refused


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["bma-projects", "nayu", "thai-budget-lines"]))
def test_no_bytes_at_all_make_reading_fail(tmp_path, content, name):
    assert of_bytes(tmp_path, content, profile=load_profile(name)).findings

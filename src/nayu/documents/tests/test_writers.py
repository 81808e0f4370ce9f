"""Documents read back: text survives, figures agree, the same values are the same bytes."""

import hashlib
import io
import os
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import docx as docx_library
import openpyxl
import pytest
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from nayu.core.money import format_baht
from nayu.core.thai import to_thai_digits
from nayu.documents.domain import (
    Bar,
    BarChart,
    Column,
    Contents,
    Document,
    Fact,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    PromiseCard,
    PromiseCards,
    Row,
    SignatureBlock,
    Signer,
    Table,
    TableMalformed,
    in_digits,
    totals_in,
)
from nayu.documents.writers import docx, pdf, xlsx
from nayu.documents.writers.font import face
from nayu.documents.writers.text import Wording

D = Decimal
WORDS = (Path(__file__).parent / "hard_words.txt").read_text(encoding="utf-8").split()
HOSTILE = '#panic() $x$ *a* _b_ <b> \\ " [d] @e `f` //g =1+1 &amp; {{h}} #[i] \\u{41} ~ -- ...'
LARGEST = D("999999999999.99")
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
POINTS_PER_CM = 72 / 2.54
COLUMNS = (
    Column("รหัส", "code"),
    Column("รายการ", "text", 3),
    Column("จำนวนเงิน (บาท)", "money"),
    Column("จำนวน", "number"),
    Column("ร้อยละ", "share"),
    Column("เดือน", "months"),
)


def sample(
    *, digits="arabic", lang="th", text=HOSTILE, words=WORDS, name="สำนักการระบายน้ำ", landscape=False
) -> Document:
    rows = tuple(
        Row((f"{n:04d}", word, D(6_549_000 * n) + D("0.25"), D(n), D("12.5"), (1, 12)))
        for n, word in enumerate(words, 1)
    )
    group = Row(("ด้านที่ 1", None, None, None, None, None), emphasis="group")
    total = Row(("", "รวม", LARGEST, None, D("100.00"), None), emphasis="total")
    return Document(
        title="แผนปฏิบัติราชการ ประจำปี 2569", subtitle=name, running_head="แผนปี 2569",
        lang=lang, digits=digits, as_at=date(2025, 7, 15), sample_mark="ข้อมูลตัวอย่าง",
        blocks=(
            Contents("สารบัญ"),
            Heading(1, "บทที่ 1 คำยาก", "hard"),
            Heading(3, "ตอนที่ 1.1"),
            Paragraph(text),
            Items(("ข้อแรก", "ข้อสอง"), numbered=True),
            Items(("หัวข้อหนึ่ง", "หัวข้อสอง")),
            Note("ตัวเลขรวมได้ตรงกัน"),
            Facts((Fact("หน่วยงาน", name), Fact("รหัสเนื้อหา", HEX, is_code=True))),
            PromiseCards((PromiseCard("38,000 คน", "ผู้สูงอายุ", "มีทีมไปตรวจถึงบ้าน", ("ทั้งเมือง",)),)),
            BarChart("เงินรายด้าน", (Bar("เดินทางดี", D("2546.12"), 1), Bar("ปลอดภัยดี", D(0), 2)), "ล้านบาท"),
            PageBreak(),
            Table("ตารางเงิน", COLUMNS, (group, *rows, total), landscape=landscape),
            SignatureBlock((Signer("ผู้เสนอ", "ผู้อำนวยการสำนัก"),)),
        ),
    )  # fmt: skip


def of(*blocks) -> Document:
    return Document("เอกสาร", "ทดสอบ", "เอกสาร", "th", "arabic", date(2025, 7, 15), None, blocks)


def pdf_text(content: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def squeezed(text: str) -> str:
    return "".join(text.split())


def words_outside(content: bytes, *, left_cm: float, right_cm: float) -> list[str]:
    """Words that leave the space between the margins."""
    page_width, outside = 0.0, []
    for line in pdf_text(content, "-bbox").split("\n"):
        if found := re.search(r'<page width="([\d.]+)"', line):
            page_width = float(found[1])
        if found := re.search(r'<word xMin="([\d.-]+)" \S+ xMax="([\d.-]+)" \S+>(.*)</word>', line):
            left, right = left_cm * POINTS_PER_CM - 1, page_width - right_cm * POINTS_PER_CM + 1
            if float(found[1]) < left or float(found[2]) > right:
                outside.append(found[3])
    return outside


# --- PDF ------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("emphasis", ["normal", "subtotal"])
def test_every_hard_word_survives_the_pdf(columns, emphasis):
    """Each word between brackets, so that a doubled or lost mark is a difference."""
    assert len(WORDS) >= 200
    wrapped = [f"({word})" for word in WORDS]
    rows = [tuple(wrapped[n : n + columns]) for n in range(0, len(wrapped), columns)]
    table = Table(
        "คำยาก",
        tuple(Column("คำ") for _ in range(columns)),
        tuple(Row(row + ("",) * (columns - len(row)), emphasis=emphasis) for row in rows),
    )
    text = squeezed(pdf_text(pdf.write(of(table))))
    assert [word for word in wrapped if word not in text] == []


def test_hard_words_survive_in_running_text():
    for part in (WORDS[:110], WORDS[110:]):  # each on one page
        words = [f"({word})" for word in part]
        text = squeezed(pdf_text(pdf.write(of(Paragraph(" ".join(words))))))
        assert [word for word in words if word not in text] == []


def test_text_is_never_read_as_markup():
    document = of(
        Heading(1, HOSTILE), Paragraph(HOSTILE), Note(HOSTILE), Items((HOSTILE,)),
        Facts((Fact(HOSTILE, HOSTILE, is_code=True),)),
        Table(HOSTILE + "!", (Column(HOSTILE),), (Row((HOSTILE,)),)),
        BarChart(HOSTILE + "?", (Bar(HOSTILE, D(1)),), HOSTILE),
        PromiseCards((PromiseCard(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),)),
        SignatureBlock((Signer(HOSTILE, HOSTILE),)),
    )  # fmt: skip
    # The title shows the chapter twice; a text of each block comes out as it went in.
    assert squeezed(pdf_text(pdf.write(document))).count(squeezed(HOSTILE)) >= 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x07\ud800\uffff",
        "😀 中文 ① ﬁ →",
        "ิ่ก",
        "\u202eabc\u200b",
        "\r\nก\u2028ข\n\n",
        "\x02ก",
        "A" * 5000,
    ],
)
@pytest.mark.parametrize("writer", [pdf, docx, xlsx])
def test_any_text_can_be_drawn(writer, text):
    document = of(
        Heading(1, text), Paragraph(text), Facts((Fact(text, text),)),
        Table(text, (Column(text), Column(text, "code")), (Row((text, text)),)),
    )  # fmt: skip
    assert writer.write(document)


def test_a_text_of_100_000_characters_is_drawn_whole():
    text = "กรุงเทพมหานคร " * 7_200
    document = of(
        Paragraph(text),
        Table("ยาว", (Column("ข้อความ"), Column("เงิน", "money")), (Row((text, D(1))),)),
    )
    read = squeezed(pdf_text(pdf.write(document)))
    # Some hundred names stand broken across a page, with head and foot between their halves.
    assert read.count("กรุงเทพมหานคร") >= 14_200


@pytest.mark.parametrize("digits", ["arabic", "thai"])
@pytest.mark.parametrize("landscape", [False, True])
def test_no_figure_runs_out_of_its_column_or_breaks(digits, landscape):
    document = sample(digits=digits, landscape=landscape)
    content = pdf.write(document)
    shown = pdf_text(content, "-layout").split()
    for n in range(1, len(WORDS) + 1):
        assert in_digits(format_baht(D(6_549_000 * n) + D("0.25")), digits) in shown
    assert in_digits(format_baht(LARGEST), digits) in shown
    assert words_outside(content, left_cm=2 if landscape else 3, right_cm=2) == []


@pytest.mark.parametrize("digits", ["arabic", "thai"])
def test_a_table_of_many_figures_turns_and_shrinks_until_they_fit(digits):
    titles = tuple(Column(f"ปี {n}", "money") for n in range(2565, 2572))
    rows = tuple(Row((f"รายการ {n}", *[LARGEST] * 7)) for n in range(40))
    table = Table("หลายปี", (Column("รายการ"), *titles), rows)
    content = pdf.write(Document("ก", "ข", "ค", "th", digits, date(2025, 7, 15), None, (table,)))
    figure = in_digits(format_baht(LARGEST), digits)
    assert pdf_text(content, "-layout").split().count(figure) == 280
    assert words_outside(content, left_cm=2, right_cm=2) == []


def test_very_long_names_stay_in_their_cells():
    name = "โครงการพัฒนาคุณภาพชีวิตผู้สูงอายุ" * 12 + HEX * 4
    table = Table(
        "ชื่อยาว",
        (Column("ชื่อ"), Column("หน่วยงาน"), Column("เงิน", "money")),
        (Row((name, name, LARGEST)),),
    )
    content = pdf.write(of(Heading(1, name), Facts((Fact("ชื่อ", name),)), table))
    assert words_outside(content, left_cm=3, right_cm=2) == []


def test_the_head_of_a_table_repeats_on_every_page():
    pages = pdf_text(pdf.write(sample()), "-layout").split("\f")
    with_rows = [page for page in pages if re.search(r"^\s*0\d\d\d\s", page, re.MULTILINE)]
    assert len(with_rows) > 2
    assert all("จำนวนเงิน" in page and "ร้อยละ" in page for page in with_rows)


def test_running_head_page_number_date_and_mark_stand_on_every_page_after_the_cover():
    pages = pdf_text(pdf.write(sample(digits="thai")), "-layout").split("\f")[1:-1]
    for number, page in enumerate(pages, start=2):
        assert f"–{to_thai_digits(str(number))}–" in squeezed(page)
        assert "แผนปี ๒๕๖๙" in page
        assert "ข้อมูล ณ วันที่ ๑๕ กรกฎาคม ๒๕๖๘" in page
        assert squeezed("ข้อมูลตัวอย่าง") in squeezed(page)


def test_a_row_is_not_split_between_pages():
    rows = tuple(Row((f"แถว{n}เริ่ม\nก\nข\nค\nแถว{n}จบ",)) for n in range(60))
    pages = pdf_text(pdf.write(of(Table("แถว", (Column("ก"),), rows)))).split("\f")
    for n in range(60):
        assert [f"แถว{n}เริ่ม" in p for p in pages] == [f"แถว{n}จบ" in p for p in pages]


def test_thai_digits_reach_text_figures_contents_and_page_numbers_but_not_codes():
    document = sample(digits="thai", text="ปี 2569 PM2.5 P-017", words=["น้ำ"])
    text = pdf_text(pdf.write(document))
    for kept in ("PM2.5", "P-017", "0001"):
        assert kept in text
        text = text.replace(kept, "")
    assert HEX in squeezed(text)
    left = re.sub(f"[{HEX}a-f]", "", squeezed(text).replace(HEX, ""))
    assert not re.search("[0-9]", left)
    assert "๒๕๖๙" in text
    assert "๙๙๙,๙๙๙,๙๙๙,๙๙๙.๙๙" in text


def test_the_pdf_says_what_it_is_and_when_its_figures_were_taken():
    info = subprocess.run(
        ["pdfinfo", "-"], input=pdf.write(sample()), capture_output=True, check=True
    )
    shown = info.stdout.decode()
    assert "แผนปฏิบัติราชการ" in shown
    assert re.search(r"Tagged:\s+yes", shown)
    assert re.search(r"CreationDate:\s+.*Jul 15.*2025", shown)
    content = pdf.write(sample())
    assert b"pdfuaid:part" in content
    assert b"/Lang(th-TH)" in content
    assert b"Laksaman" in content


def test_an_english_document_uses_english_words():
    text = pdf_text(pdf.write(sample(lang="en")))
    assert "Figures as at 15 July 2568" in text
    assert "Oct–Sep" in text


# --- all ------------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", [pdf, docx, xlsx])
def test_the_same_values_are_the_same_bytes_anywhere(writer, tmp_path):
    here = hashlib.sha256(writer.write(sample())).hexdigest()
    name = writer.__name__
    code = (
        f"import hashlib, {name}; from nayu.documents.tests.test_writers import sample;"
        f"print(hashlib.sha256({name}.write(sample())).hexdigest())"
    )
    source = str(Path(__file__).resolve().parents[3])
    there = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": source, "TZ": "America/New_York", "PATH": os.environ["PATH"], "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert there.stdout.strip() == here


@pytest.mark.parametrize("writer", [docx, xlsx])
def test_office_files_hold_no_clock(writer):
    with ZipFile(io.BytesIO(writer.write(sample()))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2025-07-15T00:00:00Z"}


def test_a_row_that_does_not_fit_its_columns_is_refused():
    with pytest.raises(TableMalformed):
        Table("ก", COLUMNS[:2], (Row(("1",)),))
    with pytest.raises(TableMalformed):
        Table("ก", (Column("เงิน", "money"),), (Row(("1,000",)),))
    with pytest.raises(TableMalformed):
        Table("ก", (Column("เดือน", "months"),), (Row(((4, 13),)),))


def test_totals_are_read_from_the_tree():
    assert totals_in(sample()) == {"ตารางเงิน": (LARGEST,)}


def test_months_run_from_october_to_september():
    words = Wording(sample())
    assert [words.months(1, 1), words.months(3, 4), words.months(12, 12)] == [
        "ต.ค.",
        "ธ.ค.–ม.ค.",
        "ก.ย.",
    ]


def test_the_face_has_thai_and_figures_of_one_width():
    for bold in (False, True):
        widths = face(bold=bold).widths
        assert len({widths[digit] for digit in "๐๑๒๓๔๕๖๗๘๙"}) == 1
        assert len({widths[digit] for digit in "0123456789"}) == 1


# --- Word -----------------------------------------------------------------------------------


def test_word_keeps_texts_headings_and_totals():
    read = docx_library.Document(io.BytesIO(docx.write(sample())))
    assert HOSTILE in [paragraph.text for paragraph in read.paragraphs]
    headings = [
        (p.style.name, p.text) for p in read.paragraphs if p.style.name.startswith("Heading")
    ]
    # A level is not skipped on the way down.
    assert headings == [("Heading 1", "บทที่ 1 คำยาก"), ("Heading 2", "ตอนที่ 1.1")]
    table = next(t for t in read.tables if t.rows[0].cells[0].text == "รหัส")
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[-1][2] == "999,999,999,999.99"
    assert [row[1] for row in cells[2:-1]] == WORDS
    assert cells[2][2:] == ["6,549,000.25", "1", "12.50", "ต.ค.–ก.ย."]


def test_word_repeats_heads_keeps_rows_whole_and_knows_thai():
    read = docx_library.Document(io.BytesIO(docx.write(sample(digits="thai"))))
    table = next(t for t in read.tables if t.rows[0].cells[0].text == "รหัส")
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    faces = {e.get(qn("w:cs")) for e in read.element.iter(qn("w:rFonts"))}
    assert faces == {docx.FONT}
    assert {e.get(qn("w:bidi")) for e in read.element.iter(qn("w:lang"))} == {"th-TH"}
    assert len(list(read.element.iter(qn("w:szCs")))) == len(list(read.element.iter(qn("w:sz"))))
    for properties in read.styles["Normal"].element.iter(qn("w:rFonts")):
        assert not [key for key in properties.attrib if "heme" in key]


def test_word_turns_the_page_for_a_wide_table_and_back():
    read = docx_library.Document(io.BytesIO(docx.write(sample(landscape=True))))
    assert [s.page_width > s.page_height for s in read.sections] == [False, True, False]


def test_word_finds_properties_in_the_order_of_its_schema():
    """Word calls a file damaged whose table properties stand in another order."""
    read = docx_library.Document(io.BytesIO(docx.write(sample(digits="thai", landscape=True))))
    for properties in read.element.iter(qn("w:tblPr")):
        names = [child.tag.split("}")[1] for child in properties]
        order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook"]
        assert names == [name for name in order if name in names]
    for properties in read.element.iter(qn("w:sectPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert names.count("pgNumType") == 1
        assert names.index("pgMar") < names.index("pgNumType") < names.index("cols")


# --- workbook -------------------------------------------------------------------------------


def sheet(document: Document, name: str = "ตารางเงิน") -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.write(document)))
    return book.get_sheet_by_name(name).to_python()


def test_a_workbook_keeps_codes_as_text_and_formulas_harmless():
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "http://a.b", "1234", "{=1}", "น้ำ"]
    rows = sheet(sample(words=words))
    assert [row[1] for row in rows[6:-1]] == words
    assert [row[0] for row in rows[6:-1]] == [f"{n:04d}" for n in range(1, len(words) + 1)]
    with ZipFile(io.BytesIO(xlsx.write(sample(words=words)))) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("digits", ["arabic", "thai"])
def test_money_in_a_workbook_is_the_same_to_the_satang(digits):
    rows = sheet(sample(digits=digits))
    amounts = [D(repr(row[2])) for row in rows[6:]]
    assert amounts == [*(D(6_549_000 * n) + D("0.25") for n in range(1, len(WORDS) + 1)), LARGEST]


def test_an_amount_that_no_number_holds_is_written_as_text():
    amount = D("1234567890123456.78")
    rows = sheet(
        of(Table("เงิน", (Column("จำนวน", "money"),), (Row((amount,)), Row((LARGEST,))))), "เงิน"
    )
    assert [rows[5][0], rows[6][0]] == ["1234567890123456.78", 999_999_999_999.99]


def test_tables_with_the_same_columns_share_a_sheet_with_a_frozen_repeated_head():
    columns = (Column("รายการ"), Column("เงิน", "money"))
    document = of(
        Heading(1, "โครงการ"),
        Table("หนึ่ง", columns, (Row(("ก", D(1))),)),
        Table("สอง", columns, (Row(("ข", D(2))),)),
        Table("อื่น [*]/", (Column("อื่น"),), ()),
    )
    content = xlsx.write(document)
    assert [row[0] for row in sheet(document, "โครงการ")[4:]] == ["รายการ", "หนึ่ง", "ก", "สอง", "ข"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["เนื้อความ", "โครงการ", "อื่น"]
    assert book["โครงการ"].freeze_panes == "A6"
    assert book["โครงการ"].print_title_rows == "$5:$5"


def test_a_workbook_cuts_only_what_a_cell_cannot_hold():
    text = "ก" * 100_000
    document = of(Paragraph(text), Table("ยาว", (Column("ข้อความ"),), (Row((text,)),)))
    assert sum(str(row[0]).count("ก") for row in sheet(document, "เนื้อความ")[4:]) == 100_000
    assert "ตัดข้อความ" in str(sheet(document, "ยาว")[5][0])

"""What the documents say: totals that agree with the books, every part once, rights."""

import subprocess
from decimal import Decimal

import page
import pytest

from conftest import DRAINAGE, HEALTH, NOON, line_input
from nayu.budget import services as budget
from nayu.budget.domain import BY
from nayu.budget.queries import breakdown, working_books
from nayu.core.errors import NotVisible
from nayu.core.money import baht_text
from nayu.documents.content.values import KINDS
from nayu.documents.domain import Facts, Heading, Items, tables_in, text_in, totals_in
from nayu.documents.queries import NothingPublished, document_for
from nayu.documents.services import Choice, FormatNotOffered, make, write_books
from nayu.publication.queries import current_version, published_books
from nayu.publication.services import publish

YEAR = 2570


@pytest.fixture
def plan(make, cast):
    """Two published projects of two agencies, and a draft that nobody outside may see."""
    canal = make.entry("in_plan", year=YEAR)
    clinic = make.entry("in_plan", year=YEAR, planner=cast.chai, name="ตรวจสุขภาพที่ตลาด <b>")
    version = publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    draft = make.entry("draft", year=YEAR, name="ร่างลับ")
    return {"canal": canal, "clinic": clinic, "version": version, "draft": draft}


def document(kind, **chosen):
    return document_for(kind, YEAR, day=NOON.date(), **chosen)


def words(found):
    return "\n".join(text_in(found))


def total_of(found, caption):
    return totals_in(found)[caption]


@pytest.mark.parametrize(
    ("by", "caption"),
    [
        ("element", "งบประมาณจำแนกตามยุทธศาสตร์"),
        ("agency", "งบประมาณจำแนกตามหน่วยงาน"),
        ("expenditure", "งบประมาณจำแนกตามงบรายจ่าย"),
        ("function", "งบประมาณจำแนกตามด้าน"),
        ("source", "งบประมาณจำแนกตามแหล่งเงิน"),
        ("district", "งบประมาณจำแนกตามเขต"),
    ],
)
def test_every_total_of_the_plan_book_is_that_of_the_books(plan, by, caption):
    books = published_books(current_version(YEAR))

    book = document("plan-book")

    assert total_of(book, caption) == (breakdown(books, by, "nine").grand_total_baht,)
    assert by in BY


def test_the_rows_of_a_money_table_add_up_to_its_total(plan):
    for table in tables_in(document("plan-book")):
        place = [column.kind for column in table.columns].index("money")
        amounts = [row.cells[place] for row in table.rows]
        assert sum(amounts[:-1], Decimal(0)) == amounts[-1], table.caption


def test_the_plan_book_names_every_project_once_under_its_goal_and_its_version(plan):
    book = document("plan-book")

    said = words(book)
    for entry in (plan["canal"], plan["clinic"]):
        assert said.count(entry.name_th) == 1
    assert "1,200 คน: น้ำไม่ท่วมบ้านเมื่อฝนตก 80 มิลลิเมตร" in said
    assert "ฉบับที่ 1 ใช้ตั้งแต่วันที่ 15 กรกฎาคม 2568" in said
    headings = [block.text for block in book.blocks if isinstance(block, Heading)]
    assert any(text.startswith("1.4.1 ") for text in headings)


def test_a_draft_never_shows_in_what_is_published(plan):
    assert plan["draft"].name_th not in words(document("plan-book"))
    assert plan["draft"].name_th in words(document("plan-book", version="working"))


def test_the_working_plan_book_has_the_total_of_the_working_books(plan):
    found = document("plan-book", version="working")

    expected = working_books(YEAR, "requested").total_baht()
    assert total_of(found, "งบประมาณจำแนกตามหน่วยงาน") == (expected,)


def test_the_project_form_has_its_ten_headings_in_order(plan):
    form = document("project-form", project_code=plan["canal"].project.code)

    headings = [block.text for block in form.blocks if isinstance(block, Heading)]
    assert headings == [
        "1. หลักการและเหตุผล",
        "2. วัตถุประสงค์",
        "3. เป้าหมาย",
        "4. ลักษณะโครงการ",
        "5. ระยะเวลาและสถานที่ดำเนินการ",
        "6. แผนปฏิบัติการ",
        "7. งบประมาณ",
        "8. ความเสี่ยงของโครงการและแนวทางการบริหารความเสี่ยง",
        "9. ผลประโยชน์ที่คาดว่าจะได้รับ: ประชาชนได้อะไร",
        "10. การติดตามประเมินผล",
    ]
    assert "สี่ล้านห้าแสนบาทถ้วน" in words(form)
    assert total_of(form, "งบประมาณ") == (Decimal("4500000.00"),)
    assert Items(("เพื่อระบายน้ำได้เร็ว",), numbered=True) in form.blocks


def test_the_form_speaks_english_where_there_is_english(plan):
    form = document("project-form", project_code=plan["canal"].project.code, language="en")

    assert "Dredging the Bang Khen canal" in words(form)
    assert any(isinstance(b, Heading) and b.text == "7. Budget" for b in form.blocks)


def test_an_agency_plan_holds_its_own_projects_only(plan):
    found = document("agency-plan", agency_code=DRAINAGE)

    assert plan["canal"].name_th in words(found)
    assert plan["clinic"].name_th not in words(found)
    assert total_of(found, "งบประมาณจำแนกตามงบรายจ่าย") == (Decimal("4500000.00"),)


def test_request_details_hold_every_line_once_with_subtotals_and_the_sum_in_words(plan, make, cast):
    budget.add_line(
        line_input(item="ค่าน้ำมันเครื่องสูบ", quantity=Decimal(12), unit="เดือน",
                   unit_price=Decimal("100000"), category_code="2.1"),
        kind="routine", agency_code=DRAINAGE, fiscal_year_be=YEAR, actor=cast.anong, at=NOON,
    )  # fmt: skip

    found = document("request-details", agency_code=DRAINAGE, version="working")

    [lines] = [table for table in tables_in(found) if table.caption == "รายการในคำขอ"]
    whole = Decimal("5700000.00")
    assert [row.cells[3] for row in lines.rows if row.emphasis == "total"] == [whole]
    sides = [r.cells[3] for r in lines.rows if r.emphasis == "group" and r.level == 0]
    assert sum(sides) == whole
    items = [row.cells[3] for row in lines.rows if row.emphasis == "normal"]
    assert sorted(items) == [Decimal("1200000.00"), Decimal("4500000.00")]
    types = [row.cells[0] for row in lines.rows if row.emphasis == "subtotal"]
    assert types[0].startswith("1. ")
    assert types[1].startswith("1.1 ")
    said = words(found)
    assert baht_text(whole) in said
    assert "น้ำท่วมซ้ำ" in said
    assert "แบบรูปรายการและประมาณราคา: ราคากลาง" in said


def test_before_anything_is_published_there_is_no_document(frame):
    with pytest.raises(NothingPublished):
        document("plan-book")


# --- rights -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_gets_no_working_document_of_any_kind(plan, cast, kind):
    with pytest.raises(NotVisible):
        document(
            kind, person=cast.stranger, version="working", agency_code=DRAINAGE,
            project_code=plan["canal"].project.code,
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_gets_every_published_document(plan, cast, kind):
    asked = {"agency_code": DRAINAGE, "project_code": plan["canal"].project.code}

    assert document(kind, person=cast.stranger, **asked) == document(kind, **asked)


def test_another_agency_is_kept_out_of_a_working_plan_form_and_request(plan, cast):
    mine = {"person": cast.anong, "version": "working"}
    theirs = {"person": cast.chai, "version": "working"}
    asked = [
        ("agency-plan", {"agency_code": DRAINAGE}),
        ("project-form", {"project_code": plan["draft"].project.code}),
        ("request-details", {"agency_code": DRAINAGE}),
    ]
    budget.add_line(
        line_input(), kind="routine", agency_code=DRAINAGE, fiscal_year_be=YEAR,
        actor=cast.anong, at=NOON,
    )  # fmt: skip
    for kind, about in asked:
        assert document(kind, **mine, **about)
        with pytest.raises(NotVisible):
            document(kind, **theirs, **about)


def test_a_planner_gets_no_working_plan_book_but_the_strategist_does(plan, cast):
    with pytest.raises(NotVisible):
        document("plan-book", person=cast.anong, version="working")

    book = document("plan-book", person=cast.fah, version="working")

    assert plan["draft"].name_th not in words(book)


def test_an_open_request_is_hidden_from_the_budget_department(plan, cast):
    budget.add_line(
        line_input(), kind="routine", agency_code=HEALTH, fiscal_year_be=YEAR,
        actor=cast.chai, at=NOON,
    )  # fmt: skip

    with pytest.raises(NotVisible):
        document("request-details", person=cast.ganda, version="working", agency_code=HEALTH)


# --- files ------------------------------------------------------------------------------------


def test_every_project_name_survives_in_the_pdf(plan, tmp_path):
    made = make(Choice("plan-book", YEAR, digits="arabic"), person=None)
    path = tmp_path / made.name
    path.write_bytes(made.content)

    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)

    plain = "".join(read.stdout.decode().split())
    for entry in (plan["canal"], plan["clinic"]):
        assert entry.name_th.replace(" ", "")[:8] in plain
        assert entry.project.code in plain


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_independent_checker_finds_nothing_against_pdf_ua_1(plan, kind, language):
    """typst refuses what it knows to be wrong; another program looks besides."""
    chosen = {
        "agency-plan": {"agency_code": DRAINAGE},
        "request-details": {"agency_code": DRAINAGE},
        "project-form": {"project_code": plan["canal"].project.code},
    }.get(kind, {})
    made = make(Choice(kind, YEAR, language=language, **chosen), person=None)

    report = page.validate_pdf_bytes(made.content, profile="ua1")

    assert [(found.rule_id, found.message) for found in report.failures] == []
    assert report.rules.total > 100


def test_the_same_document_twice_has_the_same_bytes(plan, tmp_path):
    first = list(write_books(YEAR, kind="all", format="all", out=tmp_path / "one"))
    second = list(write_books(YEAR, kind="all", format="all", out=tmp_path / "two"))

    assert [(path.name, digest) for path, _size, digest in first] == [
        (path.name, digest) for path, _size, digest in second
    ]
    names = [path.name for path, _size, _digest in first]
    assert len(names) == 2 + 2 * 3 + 2 * 2 + 2 * 2
    assert names[0] == f"plan-book-{YEAR}.pdf"


def test_a_format_that_is_not_offered_is_refused(plan, tmp_path):
    with pytest.raises(FormatNotOffered):
        list(write_books(YEAR, kind="plan-book", format="docx", out=tmp_path))


def test_the_content_hash_of_the_version_stands_in_the_book(plan):
    facts = [f for b in document("plan-book").blocks if isinstance(b, Facts) for f in b.facts]

    assert plan["version"].content_hash in [fact.value for fact in facts if fact.is_code]

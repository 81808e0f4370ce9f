"""What begins like a formula is text in every file that goes out to a spreadsheet."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import nayu
from conftest import DRAINAGE, NOON, line_input, promise
from nayu.allocation.services import draft
from nayu.budget import services as budget
from nayu.documents.content.values import FORMATS, REQUEST_DETAILS
from nayu.documents.services import Choice
from nayu.documents.services import make as make_document
from nayu.projects.models import ProjectEntry
from nayu.projects.services import EntryInput, save_entry
from nayu.publication.services import publish
from nayu.workbooks.domain import FileReading, Finding
from nayu.workbooks.services import agency_template
from nayu.workbooks.services.command import write_report
from nayu.workbooks.services.outcome import Outcome

pytestmark = pytest.mark.django_db
YEAR = 2570
LURES = (
    '=HYPERLINK("http://evil.example","คลิก")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "=cmd|' /C calc'!A0",
)
# Every place that writes for spreadsheets; a new one joins this list and this file's tests.
WRITERS = {
    "allocation/services/drafts.py",
    "documents/writers/xlsx.py", "portal/views/ledger.py", "workbooks/services/command.py",
    "workbooks/template/__init__.py", "workbooks/template/lines.py",
    "workbooks/template/looks.py", "workbooks/template/parts.py",
}  # fmt: skip
OWN_FORMULA = re.compile(r"=(SUM\([A-Z]+\d+:[A-Z]+\d+\)|[A-Z]+\d+\*[A-Z]+\d+)")


@pytest.fixture
def lured(make, cast):
    """A project of the plan in which every text begins like a formula."""
    entry = make.entry("draft", name=LURES[0])
    texts = dict(zip(("name_en", "rationale", "method", "place_text"), LURES[1:], strict=False))
    tempting = promise(who_th=LURES[3], unit_th="=คน", change_th=LURES[1], evidence_th=LURES[5])
    save_entry(
        entry.pk, EntryInput(texts={**texts, "objectives": LURES[2]}, promises=(tempting,)),
        revision=entry.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip
    for lure in LURES:
        budget.add_line(
            line_input(item=lure, unit="+เครื่อง", price_evidence=lure, quantity=Decimal(1)),
            kind="project", agency_code=DRAINAGE, fiscal_year_be=YEAR, entry_id=entry.pk,
            actor=cast.anong, at=NOON,
        )  # fmt: skip
    make.move(entry.pk, "in_plan")
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    return ProjectEntry.objects.get(pk=entry.pk)


def formulas(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and not OWN_FORMULA.fullmatch(str(cell.value))
    ]


def texts_in(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


def dangerous(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_the_list_of_writers_is_whole():
    root = Path(nayu.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "tests" not in path.parts
        and re.search(r"csv\.writer|(import|from) xlsxwriter", path.read_text(encoding="utf-8"))
    }
    assert found == WRITERS


def test_the_agencys_workbook(lured):
    content = agency_template(DRAINAGE, YEAR)
    assert formulas(content) == []
    assert LURES[0] in texts_in(content)


@pytest.mark.parametrize("kind", [kind for kind, formats in FORMATS.items() if "xlsx" in formats])
def test_documents(lured, cast, kind):
    choice = Choice(
        kind, YEAR, "xlsx", agency_code=DRAINAGE,
        project_code=lured.project.code, version="working",
    )  # fmt: skip
    content = make_document(
        choice, person=cast.anong if kind == REQUEST_DETAILS else cast.fah
    ).content
    assert formulas(content) == []
    assert "HYPERLINK" in texts_in(content)


@pytest.mark.parametrize("by", ["element", "district", "group"])
def test_the_ledger_as_a_file(client, lured, by):
    table = client.get(f"/{YEAR}/ledger/{by}.csv")
    assert table.status_code == 200
    assert dangerous(table.content) == []
    book = client.get(f"/{YEAR}/ledger/{by}.xlsx")
    assert formulas(book.content) == []


def test_the_report_of_an_import(tmp_path):
    path = tmp_path / "report.csv"
    findings = [Finding("code_unknown", lure, lure, 3, lure, lure) for lure in LURES]
    write_report(path, [Outcome(FileReading("ก.xlsx"), findings)])
    assert dangerous(path.read_bytes()) == []
    assert "HYPERLINK" in path.read_text(encoding="utf-8-sig")


def test_a_question_of_the_books(lured, tmp_path):
    draft(YEAR, "requested", 90, tmp_path)
    content = (tmp_path / "projects.csv").read_bytes()
    assert dangerous(content) == []
    assert "HYPERLINK" in content.decode()

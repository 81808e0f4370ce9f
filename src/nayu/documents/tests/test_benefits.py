"""Money and what people get, in every document that shows a project: the figures of the pages."""

import io
from decimal import Decimal

import docx as docx_library
import pytest

from conftest import DRAINAGE, NOON, promise, whole_input
from nayu.budget.domain.benefits import benefits_at
from nayu.budget.models import Line, Request, StageAmount
from nayu.budget.queries import line_sheets
from nayu.documents.domain import tables_in
from nayu.documents.queries import document_for
from nayu.documents.services import Choice, make
from nayu.documents.tests.test_writers import pdf_text, squeezed
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.publication.services import publish

YEAR, CAPTION = 2570, "เงินกับประชาชนได้อะไร"
KINDS = [
    ("project-form", {"project_code": True}),
    ("agency-plan", {"agency_code": DRAINAGE}),
    ("request-details", {"agency_code": DRAINAGE}),
]


@pytest.fixture
def entry(make, cast):
    """A published project of two promises, of which the council gave 80 percent of the money."""
    draft = make.entry("draft", year=YEAR)
    first = promise(levels=((75, Decimal(900)),), share_percent=None)
    second = promise(order=2, who_th="นักเรียน", number=Decimal(300), share_percent=None)
    given = whole_input(YEAR, promises=(first, second))
    projects.save_entry(draft.pk, given, revision=draft.revision, actor=cast.anong, at=NOON)
    make.move(draft.pk, "in_plan")
    for line in Line.objects.filter(entry=draft):
        StageAmount.objects.create(line=line, stage_id="ordinance", amount=line.amount * 80 / 100)
    Request.objects.update_or_create(
        agency_id=DRAINAGE, fiscal_year_be=YEAR, defaults={"state": "ordinance"}
    )
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    return ProjectEntry.objects.get(pk=draft.pk)


def figures(entry):
    """The promises as the pages have them."""
    lines = line_sheets(Line.objects.filter(entry=entry))
    return benefits_at(sheet_of(entry).promises, lines, "ordinance")


@pytest.mark.parametrize(("kind", "chosen"), KINDS)
def test_the_table_has_the_figures_of_the_pages(entry, kind, chosen):
    chosen = {k: entry.project.code if v is True else v for k, v in chosen.items()}
    found = document_for(kind, YEAR, day=NOON.date(), **chosen)
    (table,) = [one for one in tables_in(found) if one.caption == CAPTION]
    rows = figures(entry).rows

    *listed, total = [row.cells[-5:] for row in table.rows]
    assert [row[1:] for row in listed] == [
        (one.money.direct_baht, one.money.means_baht, one.money.total_baht, one.per_one_baht)
        for one in rows
    ]
    assert total[3] == Decimal("3600000.00") == sum(one.money.total_baht for one in rows)


def test_a_promise_shrinks_in_the_document_as_its_author_stated(entry):
    found = document_for("project-form", YEAR, day=NOON.date(), project_code=entry.project.code)
    (table,) = [one for one in tables_in(found) if one.caption == CAPTION]

    assert table.rows[0].cells[1] == "900 คน (ตามที่ระบุไว้สำหรับเงินร้อยละ 75 ถ้าได้ครบ 1,200 คน)"
    assert table.rows[1].cells[1] == "ยังไม่ระบุจำนวนสำหรับเงินเท่านี้ (ถ้าได้ครบ 300 คน)"
    assert table.rows[1].cells[-1] is None


def test_word_and_pdf_carry_the_table(entry):
    choice = {"project_code": entry.project.code, "digits": "arabic"}
    word = make(Choice("project-form", YEAR, "docx", **choice), person=None).content
    texts = [
        cell.text
        for table in docx_library.Document(io.BytesIO(word)).tables
        for row in table.rows
        for cell in row.cells
    ]
    printed = squeezed(pdf_text(make(Choice("project-form", YEAR, **choice), person=None).content))

    assert "3,600,000.00" in texts
    assert any("900 คน" in text for text in texts)
    assert squeezed(CAPTION) in printed
    assert "3,600,000.00" in printed

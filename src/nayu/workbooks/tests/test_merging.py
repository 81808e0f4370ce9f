"""Copies of one workbook come back: cell by cell, and what two people changed is asked."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from conftest import DRAINAGE, NOON, line_input
from nayu.audit.models import Event
from nayu.budget import services as budget
from nayu.budget.models import Line
from nayu.budget.queries.past.revisions import line_at
from nayu.workbooks.domain import TemplateAgency
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import take_in, template_line
from nayu.workbooks.services.merging import FILE, HELD
from nayu.workbooks.template import write_template

pytestmark = pytest.mark.django_db
YEAR = 2570


@pytest.fixture
def lines(make, cast):
    entry = make.entry("draft")
    for number in range(3):
        budget.add_line(
            line_input(item=f"เครื่องสูบน้ำ {number}"), kind="project", agency_code=DRAINAGE,
            fiscal_year_be=YEAR, entry_id=entry.pk, actor=cast.anong, at=NOON,
        )  # fmt: skip
    return list(Line.objects.filter(entry=entry).select_related("entry__project").order_by("pk"))


@pytest.fixture
def exported(lines):
    """The rows of the workbook as it was made; every copy begins with them."""
    return [template_line(line) for line in lines]


@pytest.fixture
def back(tmp_path, cast, lines):
    """Take a copy in: its rows, and what was chosen for cells in doubt."""
    entry = lines[0].entry

    def take(rows, choices=None, *, dry_run=False):
        path = tmp_path / "copy.xlsx"
        path.write_bytes(
            write_template(
                TemplateAgency(DRAINAGE, "สำนักการระบายน้ำ"), YEAR,
                [(entry.project.code, entry.name_th)], [("F06-01-01", "ระบายน้ำ")],
                [("3.2", "ที่ดินและสิ่งก่อสร้าง", "งบลงทุน"), ("3.1", "ครุภัณฑ์", "งบลงทุน")],
                [("bma", "กรุงเทพมหานคร")], rows,
            )
        )  # fmt: skip
        return take_in(
            path, load_profile("nayu"), fiscal_year_be=YEAR, actor=cast.anong, at=NOON,
            choices=choices or {}, dry_run=dry_run,
        )  # fmt: skip

    return take


def edited(rows, number, **changes):
    return [replace(row, **changes) if at == number else row for at, row in enumerate(rows)]


def told(lines):
    return [
        template_line(Line.objects.select_related("entry__project").get(pk=one.pk)) for one in lines
    ]


def test_what_comes_back_as_it_went_out_changes_nothing(back, exported, lines):
    before = Event.objects.count()
    outcome = back(exported)
    assert (outcome.new, outcome.unchanged, outcome.findings) == (0, len(lines), [])
    assert Event.objects.count() == before


def test_cells_that_different_people_changed_are_merged(back, exported, lines):
    back(edited(exported, 0, quantity=Decimal(9)))
    second = back(edited(exported, 0, unit="เมตร"))
    third = back(edited(exported, 0, if_not_funded="น้ำท่วมนาน"))
    assert (second.merged, third.merged, third.findings) == (1, 1, [])
    line = Line.objects.get(pk=lines[0].pk)
    assert (line.quantity, line.unit, line.if_not_funded) == (9, "เมตร", "น้ำท่วมนาน")
    assert line.unit_price == exported[0].unit_price


def test_a_cell_that_two_changed_is_asked_and_nothing_of_the_file_is_stored(back, exported, lines):
    back(edited(exported, 0, quantity=Decimal(9)))
    copy = edited(edited(exported, 0, quantity=Decimal(7), unit="เมตร"), 1, unit="ชุด")
    refused = back(copy)
    [finding] = refused.findings
    assert (finding.code, finding.value, finding.facts["held"], finding.facts["base"]) == (
        "cell_in_doubt", "7", "9", "3",
    )  # fmt: skip
    assert Line.objects.get(pk=lines[1].pk).unit != "ชุด"

    cell = (lines[0].pk, "quantity")
    assert back(copy, {cell: HELD}).findings == []
    line = Line.objects.get(pk=lines[0].pk)
    assert (line.quantity, line.unit) == (9, "เมตร")
    assert back(edited(exported, 0, quantity=Decimal(7)), {cell: FILE}).written
    assert Line.objects.get(pk=lines[0].pk).quantity == 7


def test_the_same_change_by_two_people_is_no_matter(back, exported):
    back(edited(exported, 0, quantity=Decimal(9)))
    again = back(edited(exported, 0, quantity=Decimal(9)))
    assert (again.new, again.findings) == (0, [])


@pytest.mark.parametrize("seed", range(4))
def test_of_three_copies_everything_arrives_but_what_was_changed_twice(back, exported, lines, seed):
    chance = random.Random(seed)
    offered = {
        "quantity": [Decimal(n) for n in (3, 4, 5)],
        "unit": ["กิโลเมตร", "เมตร", "งาน"],
        "unit_price": [Decimal(1_500_000), Decimal(1000), Decimal(2000)],
        "if_not_funded": ["น้ำท่วมซ้ำ", "ก", "ข"],
    }
    wanted = {(at, name): getattr(row, name) for at, row in enumerate(exported) for name in offered}
    base = dict(wanted)
    for _copy in range(3):
        rows, doubtful = exported, set()
        for at, name in chance.sample(sorted(base), 5):
            value = chance.choice(offered[name])
            rows = edited(rows, at, **{name: value})
            if value in (base[at, name], wanted[at, name]):
                continue
            if wanted[at, name] == base[at, name]:
                wanted[at, name] = value
            else:
                doubtful.add((at, name))
        if doubtful:
            found = {f.facts["of"]: f for f in back(rows, dry_run=True).findings}
            assert set(found) == {lines[at].pk for at, _name in doubtful}
        outcome = back(rows, {(lines[at].pk, name): HELD for at, name in doubtful})
        assert outcome.findings == []
    assert {
        (at, name): getattr(row, name) for at, row in enumerate(told(lines)) for name in offered
    } == wanted


def test_a_line_is_read_back_at_each_of_its_revisions(lines, cast):
    line = lines[0]
    for number in (5, 6, 7):
        line = budget.change_line(
            line.pk, line_input(quantity=Decimal(number)), revision=line.revision,
            actor=cast.anong, at=NOON,
        )  # fmt: skip
    quantities = [line_at(line, revision)["quantity"] for revision in range(1, line.revision + 1)]
    assert quantities == ["3", "5", "6", "7"]
    assert line_at(line, line.revision + 1) is None
    assert line_at(line, 0) is None


def test_a_line_that_was_taken_out_comes_back_only_when_somebody_says_so(
    back, exported, lines, cast
):
    budget.remove_line(lines[0].pk, actor=cast.anong, at=NOON)
    [finding] = back(exported).findings
    assert (finding.code, finding.value) == ("line_gone", str(lines[0].pk))
    row = (lines[0].pk, "row")
    assert back(exported, {row: HELD}).new == 0
    assert Line.objects.count() == len(lines) - 1
    assert back(exported, {row: FILE}).new == 1
    assert Line.objects.count() == len(lines)


def test_the_page_asks_for_each_cell_in_doubt_and_takes_the_answer(
    client, users, back, exported, lines, tmp_path
):
    back(edited(exported, 0, quantity=Decimal(9)))
    back(edited(exported, 0, quantity=Decimal(7)), dry_run=True)  # leaves the copy in the folder
    client.force_login(users.anong)
    cell = f"cell-{lines[0].pk}-quantity"

    def send(**more):
        with (tmp_path / "copy.xlsx").open("rb") as file:
            given = {"profile": "nayu", "fiscal_year": str(YEAR), "for_good": "1", "file": file}
            return client.post("/files-in/", given | more)

    asked = send()
    page = asked.content.decode()
    assert asked.status_code == 422
    assert page.count(f'name="{cell}"') == 2
    assert Line.objects.get(pk=lines[0].pk).quantity == 9
    assert send(**{cell: "file"}).status_code == 200
    assert Line.objects.get(pk=lines[0].pk).quantity == 7

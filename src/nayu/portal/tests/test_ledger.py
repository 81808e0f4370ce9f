"""The benefit ledger of a whole plan: the totals of every other page, and people never blindly added."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from conftest import NOON, promise, whole_input
from nayu.budget.models import Line, Request, StageAmount
from nayu.core.cells import harmless
from nayu.portal.queries import plans
from nayu.portal.queries.plans import plan_of
from nayu.portal.queries.roll_ups import BY, NOT_STATED, bucket_of, roll_ups
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.publication.services import publish

YEAR, BAHT = 2570, Decimal(4_500_000)
CANAL = promise(
    group="communities", levels=((75, Decimal(800)), (50, Decimal(500))), share_percent=None
)
CHILDREN = promise(
    order=2, who_th="นักเรียนริมคลอง", number=Decimal(300), group="children", share_percent=20,
    districts=("50020000",),
)  # fmt: skip


def with_promises(entry, cast, *promises, weights=None, by="anong"):
    """The entry with these promises and districts, still a draft."""
    given = whole_input(YEAR, promises=promises, district_weights=weights or {})
    projects.save_entry(entry.pk, given, revision=entry.revision, actor=getattr(cast, by), at=NOON)
    return ProjectEntry.objects.get(pk=entry.pk)


@pytest.fixture
def entries(make, cast):
    """One project over two districts with two promises, one for the whole city with one; in the plan."""
    first = make.entry("draft", year=YEAR)
    with_promises(first, cast, CANAL, CHILDREN, weights={"50010000": 1, "50020000": 2})
    second = make.entry("draft", year=YEAR, planner=cast.chai, name="ตรวจสุขภาพถึงบ้าน")
    everyone = promise(number=Decimal(5000), group="", share_percent=None)
    with_promises(second, cast, everyone, by="chai")
    for one in (first, second):
        make.move(one.pk, "in_plan")
    return first, second


@pytest.fixture
def plan(entries, cast):
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    return plan_of(YEAR)


def fund(entry, percent):
    """The council's stage gives so much of every line, and is what is published next."""
    for line in Line.objects.filter(entry=entry):
        StageAmount.objects.create(
            line=line, stage_id="ordinance", amount=line.amount * percent / 100
        )


def page(client, name, *args, **asked):
    return client.get(reverse(f"portal:{name}", args=args), asked)


@pytest.mark.parametrize("by", BY)
def test_rows_add_up_to_the_plans_projects_to_the_satang(plan, by):
    found = roll_ups(plan, by)
    top = [row.figures for row in found.rows if row.bucket.depth == 1]

    assert found.total_baht == plan.project_total_baht == 2 * BAHT
    assert sum(one.total_baht for one in top) == found.total_baht
    assert all(
        one.direct_baht + one.means_baht + one.unpromised_baht == one.total_baht for one in top
    )


@pytest.mark.parametrize("by", ["element", "district"])
def test_each_row_has_the_money_of_the_same_row_of_the_totals(plan, by):
    found = roll_ups(plan, by)
    for row in plan.totals(by).rows:
        assert bucket_of(found, row.code).figures.total_baht == row.amount_baht


def test_an_element_has_what_the_elements_below_it_have(plan):
    found = roll_ups(plan, "element")
    by_number = {row.bucket.code: row.figures for row in found.rows}
    assert by_number["1"].total_baht == by_number["1.4"].total_baht == by_number["1.4.1"].total_baht
    (people,) = by_number["1"].counted
    assert (people.at_least, people.at_most) == (Decimal(5000), Decimal(6500))


def test_a_districts_share_stands_under_the_promises_that_reach_it(plan):
    found = roll_ups(plan, "district")
    five, fifty = (bucket_of(found, code) for code in ("50010000", "50020000"))

    assert [one.order for one, _part in five.bucket.held] == [1]
    assert [one.order for one, _part in fifty.bucket.held] == [1, 2]
    assert five.figures.total_baht == BAHT / 3
    assert fifty.figures.total_baht == BAHT - BAHT / 3


def test_people_of_several_districts_are_certain_in_none(plan):
    (people,) = bucket_of(roll_ups(plan, "district"), "50020000").figures.counted
    assert (people.at_least, people.at_most) == (Decimal(300), Decimal(1500))


def test_groups_gather_promises_over_projects_and_say_who_may_be_the_same(client, plan):
    found = roll_ups(plan, "group")
    assert {row.bucket.code for row in found.rows} == {"communities", "children", NOT_STATED}

    shown = page(client, "ledger_by", YEAR, "group").content.decode()

    assert "อาจเป็นคนเดียวกับในทุกกลุ่มอื่น ยกเว้น: ผู้สูงอายุ" in shown
    assert "อย่างน้อย" in shown
    assert "ไม่เกิน" in shown
    assert "9,000,000.00" in shown


def test_a_part_lists_its_promises_with_their_money_and_the_same_total(client, plan):
    answer = page(client, "ledger_part", YEAR, "district", "50020000")

    assert answer.context["figures"]["sums"].total_baht == BAHT - BAHT / 3
    listed = sum(part.total_baht for _one, part, _frozen in answer.context["held"])
    assert listed == answer.context["figures"]["sums"].total_baht
    assert "นักเรียนริมคลอง" in answer.content.decode()


def test_every_page_shrinks_a_promise_as_its_author_stated(client, entries, cast):
    first, second = entries
    fund(first, 60)
    fund(second, 60)
    for one in entries:
        Request.objects.update_or_create(
            agency_id=one.agency_id, fiscal_year_be=YEAR, defaults={"state": "ordinance"}
        )
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    plans.forget()
    plan = plan_of(YEAR)

    numbers = [one.how_many for one in plan.promises[first.pk]]
    shown = page(client, "project", YEAR, first.project.code, view="published").content.decode()
    asked = roll_ups(plan, "group", "requested")

    assert numbers == [Decimal(500), None]
    assert plan.people_of([first.pk, second.pk]) == 500
    assert "ยังไม่ระบุจำนวนสำหรับเงินเท่านี้" in shown
    assert "ร้อยละ 50" in shown or "50%" in shown
    assert roll_ups(plan, "group").total_baht == 2 * BAHT * 60 / 100
    assert asked.total_baht == 2 * BAHT
    assert asked.whole.counted[0].at_most == Decimal(6500)


def test_the_table_comes_as_csv_and_as_a_workbook_with_the_same_money(client, plan):
    for by in BY:
        text = page(client, "ledger_file", YEAR, by, "csv").content.decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text))
        book = load_workbook(
            io.BytesIO(page(client, "ledger_file", YEAR, by, "xlsx").content), read_only=True
        )
        cells = [
            cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        ]

        assert sum(Decimal(row[8]) for row in rows if row[0] == "1") == plan.project_total_baht
        assert len(head) == 10
        assert 9_000_000 in cells


def test_a_name_that_looks_like_a_formula_is_harmless_in_the_file():
    assert [harmless(one) for one in ("=1+1", "@x", "ก", "")] == ["'=1+1", "'@x", "ก", ""]


@pytest.mark.parametrize(
    ("name", "args", "asked"),
    [("ledger_by", (YEAR, "agency"), {}), ("ledger", (YEAR,), {"stage": "cuts"}),
     ("ledger_part", (YEAR, "element", "9.9"), {}), ("ledger_file", (YEAR, "group", "exe"), {}),
     ("ledger", (YEAR,), {"framework": "none"})],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, plan, name, args, asked):
    assert page(client, name, *args, **asked).status_code == 404


def test_a_year_without_a_plan_says_so(client, frame):
    assert page(client, "ledger", 2574).status_code == 200


def test_the_ledger_takes_as_many_questions_for_any_number_of_projects(client, plan, make, cast):
    def taken():
        plans.forget()
        with CaptureQueriesContext(connection) as found:
            assert page(client, "ledger_by", YEAR, "district").status_code == 200
        return len(found)

    few = taken()
    for n in range(3):
        make.entry("in_plan", year=YEAR, name=f"ลอกคลองสาย {n}")
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)

    assert taken() == few

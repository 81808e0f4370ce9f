"""Files taken in: whole or not at all, twice changes nothing, what is shortened is said."""

import csv
from decimal import Decimal

import pytest

from conftest import NOON
from nayu.budget.models import Line, StageAmount
from nayu.workbooks.messages import sentence
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import take_in

COLUMNS = [
    "ITEM_ID", "REF_DOC", "REF_PAGE_NO", "MINISTRY", "BUDGETARY_UNIT", "CROSS_FUNC?", "BUDGET_PLAN",
    "OUTPUT", "PROJECT", "CATEGORY_LV1", "CATEGORY_LV2", "CATEGORY_LV3", "CATEGORY_LV4",
    "CATEGORY_LV5", "CATEGORY_LV6", "ITEM_DESCRIPTION", "FISCAL_YEAR", "AMOUNT", "OBLIGED?",
    "DEBUG_LOG",
]  # fmt: skip


@pytest.fixture
def bill(frame, tmp_path):
    """`bill(rows…)`: takes in a small bill; a row is what differs from a usual one."""

    def take(*rows, year=2565):
        path = tmp_path / "bill.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for number, row in enumerate(rows, 1):
                usual = {
                    "ITEM_ID": f"T.{number}", "MINISTRY": "กระทรวงทดสอบ",
                    "BUDGETARY_UNIT": "กรมทดสอบ", "BUDGET_PLAN": "แผนงานพื้นฐาน",
                    "PROJECT": "โครงการทดสอบ", "CATEGORY_LV1": "งบลงทุน",
                    "ITEM_DESCRIPTION": f"รายการ {number}", "FISCAL_YEAR": "2022",
                    "AMOUNT": "1,000", "OBLIGED?": "FALSE",
                }  # fmt: skip
                writer.writerow(usual | row)
        return take_in(path, load_profile("thai-budget-lines"), fiscal_year_be=year, at=NOON)

    return take


def test_a_file_taken_in_twice_changes_nothing(bill):
    first = bill({}, {"AMOUNT": "๒,๕๐๐.๕๐"})
    assert (first.new, first.unchanged) == (2, 0)
    again = bill({}, {"AMOUNT": "๒,๕๐๐.๕๐"})
    assert (again.new, again.unchanged) == (0, 2)
    amounts = StageAmount.objects.filter(stage_id="bill").values_list("amount", flat=True)
    assert sum(amounts) == Decimal("3500.50")


def test_one_bad_row_keeps_the_whole_file_out(bill):
    outcome = bill({}, {"AMOUNT": "หนึ่งพัน"})
    assert outcome.new == 0
    assert Line.objects.count() == 0
    assert any(finding.row == 3 for finding in outcome.findings)


def test_a_name_too_long_for_its_column_is_said_once(bill):
    name = "แผนงานที่มีชื่อยาว" * 40
    outcome = bill({"BUDGET_PLAN": name}, {"BUDGET_PLAN": name})
    told = [finding for finding in outcome.findings if finding.code == "name_shortened"]
    assert len(told) == 1
    assert f"{len(name)} ตัวอักษร" in sentence(told[0])
    assert outcome.new == 2

"""Real files: the sums that people know, and untidy workbooks that must not break anything."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from nayu.workbooks.domain import EXACT, exact_sum, reconcile
from nayu.workbooks.messages import sentence
from nayu.workbooks.profile import load_profile, profile_names
from nayu.workbooks.reading import read_file
from nayu.workbooks.tests.real_files import DATA, real

LINES = load_profile("thai-budget-lines")
STRATEGY = load_profile(str(Path(__file__).with_name("strategy-budget.toml")))
VOLUMES = [
    ("1", 2598, 952_281_648_500), ("2", 2409, 399_632_394_084), ("6", 1579, 34_480_026_000),
    ("9", 1953, 97_904_702_400), ("13(1)", 910, 8_413_816_223), ("15", 963, 88_196_835_930),
    ("16(1)", 1285, 59_278_191_100), ("17", 243, 21_664_098_600),
]  # fmt: skip
MESSY = sorted(path.name for path in DATA.glob("messy_workbooks/*")) or ["README.md"]
# A scan lost a digit in two rows; the figures are taken as written, and doubted.
DOUBTED = {"1": 1, "13(1)": 1}


def volume(name: str) -> Path:
    return real("thai_budget_lines_2565", f"2022-3-{name}.csv")


@pytest.mark.parametrize(("name", "rows", "baht"), VOLUMES)
def test_each_volume_of_the_budget_bill_comes_in_whole(name, rows, baht):
    reading = read_file(volume(name), LINES)

    answer = reconcile(reading)
    assert (reading.rows, len(reading.lines)) == (rows, rows)
    assert answer.sum_file.to_integral_value(context=EXACT) == Decimal(baht)
    assert answer.balances
    assert answer.sum_refused == 0
    assert not reading.is_refused
    counted = Counter(finding.code for finding in reading.findings)
    assert counted["amount_commas_misplaced"] == DOUBTED.get(name, 0)
    assert set(counted) <= {"amount_rounded", "amount_commas_misplaced"}


def test_277_rows_of_the_volumes_have_a_fraction_of_a_satang_and_say_so():
    readings = [read_file(volume(name), LINES) for name, _, _ in VOLUMES]

    rounded = [f for r in readings for f in r.findings if f.code == "amount_rounded"]
    assert len(rounded) == 277
    assert max(abs(f.facts["residue"]) for f in rounded) <= Decimal("0.005")
    residues = exact_sum(f.facts["residue"] for f in rounded)
    assert residues == exact_sum(reconcile(r).residue for r in readings)


def test_the_other_teams_extraction_of_volume_17_is_read_too():
    reading = read_file(real("thai_budget_lines_2565", "alt_tee4cute_2022.3.17.csv"), LINES)

    assert reading.rows == 275
    assert reconcile(reading).balances


def test_subtotals_of_the_plan_by_strategy_are_not_added():
    reading = read_file(real("bma_strategy_budget", "budget_2561-2563.csv"), STRATEGY)

    assert (reading.rows, len(reading.lines), len(reading.subtotal_rows)) == (90, 90, 21)
    assert reconcile(reading).balances
    assert not reading.is_refused
    assert all(" " not in line.item or "\n" not in line.item for line in reading.lines)
    # Row 21 states 16,820.25 for rows of 1,692.23; the others differ by their own rounding.
    assert [(f.code, f.row, f.facts["difference"]) for f in reading.findings] == [
        ("subtotal_differs", 8, Decimal("10000.00")),
        ("subtotal_differs", 18, Decimal("10000.00")),
        ("subtotal_differs", 21, Decimal("15128020000.00")),
        ("subtotal_differs", 38, Decimal("-10000.00")),
    ]


def test_twenty_projects_of_the_city_are_read_with_names_that_join():
    path = real("bma_strategy_budget", "project_1-20.json")

    reading = read_file(path, load_profile("bma-projects"))

    assert (reading.rows, len(reading.projects), reading.findings) == (20, 20, ())
    assert {project.fiscal_year_be for project in reading.projects} == {2564}
    assert not any("\u0e4d" in p.body_name + p.name + p.division_name for p in reading.projects)
    transport = [p for p in reading.projects if p.body_name == "สำนักการจราจรและขนส่ง"]
    assert {p.body_code for p in transport} == {"17000000"}
    assert len(transport) == 6
    assert reconcile(reading).sum_loaded == Decimal(1_751_052_166)


@pytest.mark.parametrize("profile", profile_names())
@pytest.mark.parametrize("name", MESSY)
def test_an_untidy_file_gives_findings_and_never_an_exception(name, profile):
    reading = read_file(real("messy_workbooks", name), load_profile(profile))

    assert reading.is_refused
    assert all(sentence(finding) for finding in reading.findings)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("encrypted_no_password.xls", "file_encrypted"),
        ("simple.zip", "zip_not_workbook"),
        ("thai-budget-2565-vol17.pdf", "not_a_workbook"),
        ("FIT_D105.xls", "workbook_not_xlsx"),
        ("blank_line.ods", "workbook_not_xlsx"),
        ("tha_human_achievement_index.xlsx", "columns_missing"),
        ("utf-16le_encoded.csv", "columns_missing"),
    ],
)
def test_an_untidy_file_is_told_what_is_wrong_with_it(name, code):
    (finding,) = read_file(real("messy_workbooks", name), LINES).findings

    assert finding.code == code


def test_twelve_thousand_rows_are_read_whole(tmp_path):
    path = tmp_path / "all.xlsx"
    _write_all_volumes(path)

    assert read_file(path, LINES).rows == 11_940


def _write_all_volumes(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        row = 0
        for name, _, _ in VOLUMES:
            with volume(name).open(encoding="utf-8", newline="") as file:
                records = list(csv.reader(file))
            for cells in records[1 if row else 0 :]:
                for column, text in enumerate(cells):
                    if text:
                        sheet.write_string(row, column, text)
                row += 1

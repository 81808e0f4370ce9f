"""One total everywhere: every breakdown, page, book and workbook against the same figure.

On the sample city, and on files that nobody here wrote (in ../shared/data, if they are there).
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import docx
import pytest
import python_calamine
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from nayu.agencies.domain import Person
from nayu.agencies.models import Appointment
from nayu.agencies.queries import person_of
from nayu.budget.domain import BY, NO_ELEMENT, ROUTINE_BUCKET, WHOLE_CITY
from nayu.budget.models import Line, Stage, StageAmount
from nayu.budget.queries import working_books
from nayu.config import cli
from nayu.core.money import format_baht, satang_of, split
from nayu.db.clock import now, today
from nayu.projects.models import DistrictShare, ProjectEntry
from nayu.publication.models import FrozenLine, PlanVersion
from nayu.publication.queries import current_version
from nayu.publication.services import publish
from nayu.strategy.models import Element, Framework
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import take_in

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
VOLUMES = [
    SHARED / "thai_budget_lines_2565" / name for name in ("2022-3-16(1).csv", "2022-3-17.csv")
]
IMPORTED, BILL = 2565, "bill"
YEARS = (2568, 2569, 2570)
PLANNED = 2569  # a year with an official version that is followed to the last book
FIGURE = re.compile(r"\d{1,3}(?:,\d{3})*\.\d\d")


def satang(text: str) -> int:
    """Whole satang of "1234.00"; text has exactly two places."""
    baht, places = text.split(".")
    assert len(places) == 2, text
    return int(baht + places)


@pytest.fixture
def totals(capsys):
    """`totals(year, stage, by, version, framework)`: what the command says, or None with why not."""

    def ask(year, stage, by="none", version="working", framework=""):
        words = ["totals", "--fiscal-year", year, "--stage", stage, "--by", by, "--json"]
        words += ["--version", version] + (["--framework", framework] if framework else [])
        code = cli.main([str(word) for word in words])
        told = capsys.readouterr()
        if code:
            assert (code, told.out) == (1, "")
            assert re.search("[ก-๙]{6}", told.err)
            return None
        return json.loads(told.out)

    return ask


def combinations() -> list[tuple[str, str]]:
    """(by, framework) of every breakdown there is."""
    codes = list(Framework.objects.order_by("code").values_list("code", flat=True))
    return [(by, "") for by in BY] + [("element", code) for code in codes]


def check(found, year, stage, version, by) -> int:
    """The form is the one promised, its rows add up; answers the grand total in satang."""
    assert set(found) == {
        "fiscal_year", "stage", "version", "by", "grand_total_baht", "rows",
    }  # fmt: skip
    assert (found["fiscal_year"], found["stage"]) == (year, stage)
    assert (found["version"], found["by"]) == (version, by)
    for row in found["rows"]:
        assert set(row) == {"code", "name", "amount_baht"}
        assert row["code"]
        assert row["name"]
    codes = [row["code"] for row in found["rows"]]
    assert len(codes) == len(set(codes))
    added = sum(satang(row["amount_baht"]) for row in found["rows"])
    assert added == satang(found["grand_total_baht"]), (year, stage, version, by)
    return added


def raw_satang(rows) -> int:
    """A sum of one's own, row by row and not by the database."""
    return sum(satang_of(amount) for amount in rows.values_list("amount", flat=True).iterator())


# --- Every breakdown of every stage and version ------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_every_working_breakdown_of_a_stage_has_that_stages_own_total(totals, year):
    seen = {}
    for stage in Stage.objects.order_by("order").values_list("code", flat=True):
        rows = StageAmount.objects.filter(stage_id=stage, line__fiscal_year_be=year)
        if not rows.exists():
            assert totals(year, stage) is None
            continue
        own = raw_satang(rows)
        for by, framework in combinations():
            found = totals(year, stage, by, "working", framework)
            assert check(found, year, stage, "working", by) == own, (stage, by, framework)
        seen[stage] = own
    assert seen
    # Stages are never added to each other: each total is its own rows and no more.
    assert all(total < sum(seen.values()) for total in seen.values()) or len(seen) == 1


def test_every_published_breakdown_of_a_version_has_that_versions_own_total(totals):
    versions = list(PlanVersion.objects.order_by("fiscal_year_be", "number"))
    standing = {(v.fiscal_year_be, v.stage_id): v for v in versions}
    assert {v.fiscal_year_be for v in versions} == set(YEARS)
    for (year, stage), version in standing.items():
        own = raw_satang(FrozenLine.objects.filter(version=version))
        for by, framework in combinations():
            found = totals(year, stage, by, "published", framework)
            assert check(found, year, stage, "published", by) == own, (version, by, framework)


def test_the_named_buckets_stand_in_their_breakdowns(totals):
    found = {
        by: {row["code"]: satang(row["amount_baht"]) for row in totals(2569, "requested", by)["rows"]}
        for by in BY
    }  # fmt: skip
    kinds = defaultdict(int)
    rows = StageAmount.objects.filter(stage_id="requested", line__fiscal_year_be=2569)
    for kind, amount in rows.values_list("line__kind", "amount").iterator():
        kinds[kind] += satang_of(amount)
    for by in ("element", "district"):
        assert found[by][ROUTINE_BUCKET] == kinds["routine"]
        assert found[by]["central-fund"] == kinds["central"]
    assert found["agency"]["00000000"] == kinds["central"]
    assert found["district"][WHOLE_CITY] > 0
    old = totals(2569, "requested", "element", framework="nine-old")
    assert {row["code"] for row in old["rows"]} == {NO_ELEMENT, ROUTINE_BUCKET, "central-fund"}


def test_a_later_draft_does_not_part_the_command_from_the_pages(totals, client):
    """The official plan stands on every page; a draft for comment after it is not the total."""
    ProjectEntry.objects.filter(fiscal_year_be=PLANNED, state="draft").update(state="reviewed")
    before = totals(PLANNED, "requested", "agency", "published")
    draft = publish(PLANNED, kind="draft", actor=strategist(), at=now())
    assert draft.stage_id == "requested"
    assert raw_satang(FrozenLine.objects.filter(version=draft)) != satang(
        before["grand_total_baht"]
    )

    assert totals(PLANNED, "requested", "agency", "published") == before
    page = client.get(reverse("portal:money", args=[PLANNED]))
    assert satang_of(page.context["plan"].total_baht) == satang(before["grand_total_baht"])


def strategist() -> Person:
    held = Appointment.in_force(today()).filter(post__code="strategist").first()
    return person_of(held.user, today())


# --- Pages --------------------------------------------------------------------------------------


def page_of(client, name, *args, **asked) -> str:
    response = client.get(reverse(f"portal:{name}", args=args), asked)
    assert response.status_code == 200
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def feet_of(client, name, *args) -> list[str]:
    """The figures at the foot of every table of a page."""
    html = client.get(reverse(f"portal:{name}", args=args)).content.decode()
    return [
        figure
        for foot in re.findall(r"<tfoot>.*?</tfoot>", html, re.DOTALL)
        for figure in FIGURE.findall(re.sub(r"<[^>]+>", " ", foot))
    ]


@pytest.mark.parametrize("year", YEARS)
def test_pages_say_what_the_command_says(totals, client, year):
    stage = current_version(year).stage_id
    found = {by: totals(year, stage, by, "published") for by in BY}
    whole = Decimal(found["none"]["grand_total_baht"])
    shown = format_baht(whole)

    money = feet_of(client, "money", year)
    assert set(money) == {shown}
    assert len(money) >= 6
    assert shown in feet_of(client, "agencies", year)
    assert shown in page_of(client, "version", year, current_version(year).number)
    home = client.get(reverse("portal:home_year", args=[year]))
    assert home.context["plan"].total_baht == whole
    standing = {ROUTINE_BUCKET, "central-fund"}
    projects = sum(
        Decimal(row["amount_baht"])
        for row in found["element"]["rows"]
        if row["code"] not in standing
    )
    assert format_baht(projects) in page_of(client, "home_year", year)
    framework = client.get(reverse("portal:framework", args=[year]))
    assert framework.context["tree_total"] == projects
    for by in BY:
        if by == "none":
            continue
        text = page_of(client, "money", year)
        for row in found[by]["rows"]:
            assert format_baht(Decimal(row["amount_baht"])) in text, (by, row)


def test_reading_by_another_framework_changes_no_page_for_the_next_reader(client):
    """What a process keeps of a version is shared: a page must leave it as it found it."""
    leading, other = Framework.objects.get(code="nine"), Framework.objects.get(code="plan20")
    pages = [("home_year", 2569), ("money", 2569), ("projects", 2569), ("framework", 2569)]
    before = [page_of(client, *page) for page in pages]
    for element in Element.objects.filter(framework__in=[leading, other]).order_by("pk")[:60:3]:
        page_of(client, "element", 2569, element.framework.code, element.number)
    page_of(client, "element", 2569, "plan20", "1.3")
    assert [page_of(client, *page) for page in pages] == before
    assert client.get("/2569/projects/?strategy=1").status_code == 200


@pytest.mark.parametrize("by", [by for by in BY if by != "none"])
def test_every_bucket_opens_on_a_page_with_its_own_figure(totals, client, by):
    for row in totals(2568, "ordinance", by, "published")["rows"]:
        page = client.get(reverse("portal:money_part", args=[2568, by, row["code"]]))
        assert page.status_code == 200
        assert page.context["part_total"] == Decimal(row["amount_baht"]), row
        assert format_baht(Decimal(row["amount_baht"])) in page.content.decode()


def test_pages_of_agencies_and_districts_say_their_rows(totals, client):
    for row in totals(2568, "ordinance", "agency", "published")["rows"]:
        feet = feet_of(client, "agency", 2568, row["code"])
        assert format_baht(Decimal(row["amount_baht"])) in feet, row
    for row in totals(2568, "ordinance", "district", "published")["rows"]:
        if row["code"].isdigit():
            page = client.get(reverse("portal:district", args=[2568, row["code"]]))
            assert page.context["part_total"] == Decimal(row["amount_baht"]), row


# --- Books and workbooks ------------------------------------------------------------------------


@pytest.fixture
def books(tmp_path, capsys):
    """`books(kind, …)`: the files that the command writes, by their ending."""

    def write(kind, *more, year=PLANNED):
        words = ["book", "--fiscal-year", str(year), "--kind", kind, "--format", "all",
                 "--digits", "arabic", "--out", str(tmp_path), *more]  # fmt: skip
        assert cli.main(words) == 0
        paths = [Path(line.split("  ")[0]) for line in capsys.readouterr().out.splitlines()]
        return {path.suffix[1:]: path for path in paths}

    return write


def pdf_text(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def sheets_of(path: Path) -> list[tuple[str, list[list]]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]


def exact(cell: float) -> int:
    """A figure of a workbook in satang: a cell is a float, exact to the satang far beyond 10¹³."""
    return int(Decimal(repr(cell)).quantize(Decimal("0.01")).scaleb(2))


def tables_of(path: Path, column: str = "วงเงิน (บาท)") -> list[tuple[str, list[int], int]]:
    """Every table of money in a workbook: what it is of, its amounts, and its foot, in satang."""
    found = []
    for _name, rows in sheets_of(path):
        place, head, amounts = None, "", []
        for row in rows:
            if column in row:
                place, head, amounts = row.index(column), str(row[0]), []
            elif place is not None and "รวม" in row[:place]:
                # Another table with the same columns may stand below it in the sheet.
                found.append((head, amounts, exact(row[place])))
                amounts = []
            elif place is not None and isinstance(row[place], float):
                amounts.append(exact(row[place]))
    return found


def word_tables(path: Path) -> list[tuple[str, list[int], int]]:
    """Tables of a Word file whose last row is a total of money."""
    found = []
    for table in docx.Document(str(path)).tables:
        rows = [[cell.text.strip() for cell in row.cells] for row in table.rows]
        head = next((n for n, cell in enumerate(rows[0]) if cell == "วงเงิน (บาท)"), None)
        if head is None or not any(cell == "รวม" for cell in rows[-1]):
            continue
        figures = [satang(row[head].replace(",", "")) for row in rows[1:] if row[head]]
        found.append((rows[0][0], figures[:-1], figures[-1]))
    return found


def test_the_plan_book_as_pdf_and_as_workbook_says_the_same_total_and_rows(totals, books):
    found = {by: totals(PLANNED, "requested", by, "published") for by in BY}
    whole = satang(found["none"]["grand_total_baht"])
    files = books("plan-book")

    text = pdf_text(files["pdf"])
    shown = format_baht(Decimal(found["none"]["grand_total_baht"]))
    assert text.count(shown) >= 7  # once in the summary, then under every breakdown
    figures = set(FIGURE.findall(text))
    for by in ("agency", "expenditure", "function", "source", "district"):
        for row in found[by]["rows"]:
            assert (
                format_baht(Decimal(row["amount_baht"])) in figures or row["amount_baht"] == "0.00"
            )
    tables = tables_of(files["xlsx"])
    assert all(sum(amounts) == foot for _head, amounts, foot in tables)
    of_all = [amounts for _head, amounts, foot in tables if foot == whole]
    assert len(of_all) == 6  # by strategy, and the five below
    for by in ("agency", "expenditure", "function", "source", "district"):
        rows = [satang(row["amount_baht"]) for row in found[by]["rows"]]
        assert [amount for amount in rows if amount] in of_all, by


@pytest.mark.parametrize("agency", ["11000000", "50010000", "07000000"])
def test_the_books_of_an_agency_say_its_row_in_every_format(totals, books, agency):
    rows = totals(PLANNED, "requested", "agency", "published")["rows"]
    row = next(row for row in rows if row["code"] == agency)
    own, shown = satang(row["amount_baht"]), format_baht(Decimal(row["amount_baht"]))
    for kind in ("agency-plan", "request-details"):
        files = books(kind, "--agency", agency)
        assert pdf_text(files["pdf"]).count(shown) >= 3, kind
        tables = tables_of(files["xlsx"])
        if "docx" in files:
            tables += word_tables(files["docx"])
            assert own in {foot for _head, _amounts, foot in word_tables(files["docx"])}
        assert own in {foot for _head, _amounts, foot in tables}
        types = [(amounts, foot) for head, amounts, foot in tables if head == "งบรายจ่าย"]
        assert types
        assert all(sum(amounts) == foot == own for amounts, foot in types), kind
    lines = [line for _name, sheet in sheets_of(files["xlsx"]) for line in sheet]
    feet = [
        [exact(cell) for cell in line if isinstance(cell, float)]
        for line in lines
        if line[0] == "รวมทั้งสิ้น"
    ]
    assert [own] in feet


# --- Shares of districts ------------------------------------------------------------------------

WEIGHTS = st.dictionaries(
    st.integers(1, 50).map(lambda n: f"50{n:02d}0000"), st.integers(0, 10**6), min_size=1
).filter(lambda weights: sum(weights.values()) > 0)


@given(amount=st.integers(0, 10**14), weights=WEIGHTS)
@settings(deadline=None, max_examples=300)
def test_shares_are_exact_and_the_remainder_goes_by_largest_fraction_then_code(amount, weights):
    shares = split(amount, weights)
    whole = sum(weights.values())

    assert sum(shares.values()) == amount
    left, given_more = {}, set()
    for code, weight in weights.items():
        exact_share = Fraction(amount * weight, whole)
        assert exact_share - 1 < shares[code] < exact_share + 1
        left[code] = exact_share - exact_share.__floor__()
        if shares[code] > exact_share.__floor__():
            given_more.add(code)
    order = sorted(left, key=lambda code: (-left[code], code))
    assert given_more == set(order[: len(given_more)])
    assert all(left[code] > 0 for code in given_more)


@given(amount=st.integers(0, 10**12), weights=WEIGHTS, seed=st.randoms())
@settings(deadline=None, max_examples=100)
def test_shares_do_not_depend_on_the_order_in_which_they_were_written(amount, weights, seed):
    shuffled = list(weights.items())
    seed.shuffle(shuffled)
    assert split(amount, dict(shuffled)) == split(amount, weights)


def test_districts_of_the_sample_city_are_the_sum_of_each_projects_own_shares(totals):
    """Worked out once more, entry by entry, from the rows themselves."""
    year, stage = 2568, "ordinance"
    weights: dict[int, dict[str, int]] = defaultdict(dict)
    for entry, code, weight in DistrictShare.objects.filter(entry__fiscal_year_be=year).values_list(
        "entry_id", "district__plan_code", "weight"
    ):
        weights[entry][code] = weight
    amounts: dict[int, int] = defaultdict(int)
    for entry, amount in StageAmount.objects.filter(
        stage_id=stage, line__fiscal_year_be=year, line__kind="project"
    ).values_list("line__entry_id", "amount"):
        amounts[entry] += satang_of(amount)
    own: dict[str, int] = defaultdict(int)
    for entry, amount in amounts.items():
        for code, part in largest_fraction(amount, weights.get(entry) or {WHOLE_CITY: 1}).items():
            own[code] += part

    found = totals(year, stage, "district")["rows"]
    told = {row["code"]: satang(row["amount_baht"]) for row in found}
    assert {code: told[code] for code in own} == dict(own)
    assert set(told) - set(own) <= {ROUTINE_BUCKET, "central-fund"}


def largest_fraction(amount: int, weights: dict[str, int]) -> dict[str, int]:
    """The rule as it is written in the text, one satang at a time."""
    whole = sum(weights.values())
    parts = {code: amount * weight // whole for code, weight in weights.items()}
    rest = {code: amount * weight % whole for code, weight in weights.items()}
    for code in sorted(parts, key=lambda code: (-rest[code], code))[: amount - sum(parts.values())]:
        parts[code] += 1
    return parts


# --- Files that nobody here wrote ---------------------------------------------------------------


@pytest.fixture
def shared():
    absent = [path.name for path in VOLUMES if not path.is_file()]
    if absent:
        told = f"the real files lie in ../shared/data, where {', '.join(absent)} is absent"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)


@pytest.fixture
def empty(no_city, tmp_path):
    """`empty(words)`: the command in an empty database of its own; answers its output."""
    with no_city.copied(tmp_path / "var", {"NAYU_SAMPLE_CITY": ""}) as environment:

        def run(*words) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "nayu", *map(str, words)], cwd=ROOT, env=environment,
                capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr[-2000:]
            return done.stdout

        yield run


def test_two_volumes_in_an_empty_database_add_up_in_json_and_in_the_book(shared, empty, tmp_path):
    told = empty(
        "import", "thai-budget-lines", *VOLUMES, "--fiscal-year", IMPORTED, "--json"
    ).splitlines()
    loaded = [json.loads(line) for line in told]
    assert [one["sum_refused"] for one in loaded] == ["0.00", "0.00"]
    found = {}
    for by in BY:
        said = empty("totals", "--fiscal-year", IMPORTED, "--stage", BILL, "--by", by, "--json")
        found[by] = json.loads(said)
        check(found[by], IMPORTED, BILL, "working", by)
    whole = {one["grand_total_baht"] for one in found.values()}
    assert len(whole) == 1
    whole_satang = satang(whole.pop())
    # Files spread items over years: the year's total is a part of what they hold.
    assert 0 < whole_satang <= sum(round(Decimal(one["sum_loaded"]) * 100) for one in loaded)

    out = tmp_path / "books"
    empty("book", "--fiscal-year", IMPORTED, "--version", "working", "--format", "all",
          "--digits", "arabic", "--out", out)  # fmt: skip
    text = pdf_text(next(out.glob("plan-book*.pdf")))
    shown = found["none"]["grand_total_baht"]
    assert text.count(format_baht(Decimal(shown))) >= 7
    tables = tables_of(next(out.glob("plan-book*.xlsx")))
    feet = [foot for _head, _amounts, foot in tables]
    assert feet.count(whole_satang) >= 6
    assert all(sum(amounts) == foot for _head, amounts, foot in tables)
    agencies = next(amounts for head, amounts, _foot in tables if head == "หน่วยงาน")
    assert agencies == [
        satang(row["amount_baht"]) for row in found["agency"]["rows"] if satang(row["amount_baht"])
    ]


def test_the_imported_year_says_one_total_on_pages_once_it_is_published(shared, totals, client):
    assert not Line.objects.filter(fiscal_year_be=IMPORTED).exists()
    for path in VOLUMES:
        outcome = take_in(
            path, load_profile("thai-budget-lines"), fiscal_year_be=IMPORTED, at=now()
        )
        assert not outcome.is_refused
    version = publish(IMPORTED, kind="official", actor=strategist(), at=now())
    assert version.stage_id == BILL

    own = raw_satang(FrozenLine.objects.filter(version=version))
    assert own > 0
    for by, framework in combinations():
        found = totals(IMPORTED, BILL, by, "published", framework)
        assert check(found, IMPORTED, BILL, "published", by) == own
    shown = format_baht(Decimal(own).scaleb(-2))
    assert set(feet_of(client, "money", IMPORTED)) == {shown}
    assert shown in feet_of(client, "agencies", IMPORTED)
    assert shown in page_of(client, "version", IMPORTED, version.number)
    of_working = satang_of(working_books(IMPORTED, BILL).total_baht())
    assert satang(totals(IMPORTED, BILL)["grand_total_baht"]) == of_working

"""What the sample city promises: a real budget, different texts, planted faults, one total."""

import re
import subprocess
from collections import Counter
from itertools import combinations
from math import sqrt

import pytest

from nayu.agencies.models import Agency, District
from nayu.agencies.queries import budget_holders
from nayu.budget.models import Line, StageAmount
from nayu.budget.queries import balance, breakdown, checks_of, working_books
from nayu.documents.services import Choice, make
from nayu.practice.domain import PLANTED
from nayu.practice.services import texts
from nayu.projects.models import EntryLink, ProjectEntry
from nayu.publication.models import PlanVersion
from nayu.publication.queries import current_version, published_books
from nayu.strategy.models import Element, Framework

pytestmark = pytest.mark.django_db
BY = ["none", "element", "agency", "expenditure", "function", "source", "district"]


def test_there_are_at_least_140_texts_and_about_1350_entries_in_all_steps():
    assert len(texts()) >= 140
    assert 1200 <= ProjectEntry.objects.count() <= 1500
    states = set(ProjectEntry.objects.values_list("state", flat=True))
    assert states == {"draft", "submitted", "returned", "endorsed", "reviewed", "in_plan"}


def test_every_goal_and_every_kind_of_agency_is_served():
    goals = Element.objects.filter(framework__code="nine", level__is_linkable=True)
    served = set(EntryLink.objects.filter(is_primary=True).values_list("element_id", flat=True))
    assert goals.count() == 43
    assert not [goal.number for goal in goals if goal.pk not in served]
    kinds = set(ProjectEntry.objects.values_list("agency__kind", flat=True))
    assert {"office", "department", "district", "commercial", "university"} <= kinds


def test_the_frameworks_have_their_counts_of_each_year():
    def count(code, depth):
        return Element.objects.filter(framework__code=code, level__depth=depth).count()

    assert [count("nine", depth) for depth in (1, 2, 3)] == [9, 28, 43]
    assert [count("plan20", depth) for depth in (1, 2)] == [7, 29]
    assert count("nine-old", 1) == 9
    codes = {f.code for f in Framework.objects.in_force(2569)}
    assert codes == {"nine", "plan20"}
    assert {f.code for f in Framework.objects.in_force(2567)} == {"nine-old", "plan20"}


def test_a_count_of_agencies_is_of_a_year():
    assert budget_holders(2565).count() == 71
    assert budget_holders(2568).count() == 72
    assert District.objects.count() == 50
    assert Agency.objects.get(code="26000000").note_th


def test_the_budget_of_the_year_being_spent_is_balanced_to_the_satang():
    held = balance(2568, "ordinance")
    assert held.is_balanced
    assert held.expenditure_baht == 92_000_000_000


def test_all_six_expenditure_types_stand_in_roughly_real_proportions():
    found = breakdown(working_books(2568, "ordinance"), "expenditure")
    share = {row.code: row.amount_baht / found.grand_total_baht for row in found.rows}
    for code, low, high in (
        ("1", 0.15, 0.35), ("2", 0.15, 0.35), ("3", 0.08, 0.22), ("4", 0.03, 0.12),
        ("5", 0.08, 0.25), ("6", 0.08, 0.25),
    ):  # fmt: skip
        assert low <= share[code] <= high, (code, share[code])


@pytest.mark.parametrize("by", BY)
def test_every_breakdown_of_every_version_and_stage_has_one_grand_total(by):
    for version in PlanVersion.objects.all():
        books = published_books(version)
        found = breakdown(books, by, "nine")
        assert found.grand_total_baht == books.total_baht()
        assert sum(row.amount_baht for row in found.rows) == found.grand_total_baht
    for year, stage in (
        (2568, "ordinance"),
        (2568, "requested"),
        (2569, "decided"),
        (2570, "requested"),
    ):
        found = breakdown(working_books(year, stage), by, "plan20")
        assert sum(row.amount_baht for row in found.rows) == found.grand_total_baht


def test_requested_amounts_are_quantity_times_price_for_every_line():
    for line in Line.objects.all().only("pk", "quantity", "unit_price", "amount").iterator():
        assert line.amount == line.quantity * line.unit_price
    wrong = [
        amount.line_id
        for amount in StageAmount.objects.filter(stage_id="requested").select_related("line")
        if amount.amount != amount.line.amount
    ]
    assert wrong == []


def test_the_examiner_finds_each_planted_fault():
    codes = Counter(finding.code for finding in checks_of(2570).findings)
    assert not [code for code in PLANTED if not codes[code]]


def test_the_agency_over_its_ceiling_is_found():
    places = [f.place for f in checks_of(2569).findings if f.code == "over_ceiling"]
    assert places == ["50210000"]


# --- Texts ----------------------------------------------------------------------------------


def _grams(text: str, names: re.Pattern[str]) -> Counter[str]:
    plain = re.sub(r"[\d๐-๙.,%–\- ()“”]+", "", names.sub("", text))
    return Counter(plain[i : i + 3] for i in range(len(plain) - 2))


def _likeness(grams: list[Counter[str]]) -> list[tuple[float, int, int]]:
    sizes = [sqrt(sum(n * n for n in g.values())) for g in grams]
    found = []
    for a, b in combinations(range(len(grams)), 2):
        small, large = sorted((grams[a], grams[b]), key=len)
        dot = sum(number * large[gram] for gram, number in small.items())
        found.append((dot / (sizes[a] * sizes[b]), a, b))
    return sorted(found, reverse=True)


@pytest.mark.parametrize("part", ["rationale", "promise"])
def test_no_two_texts_are_alike(part):
    words = [d.name_th for d in District.objects.all()] + [a.name_th for a in Agency.objects.all()]
    names = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    given = texts()
    parts = [
        text["rationale"]
        if part == "rationale"
        else " ".join(p["who_th"] + p["change_th"] for p in text["promises"])
        for text in given
    ]
    likeness, a, b = _likeness([_grams(text, names) for text in parts])[0]
    assert likeness <= 0.6, (given[a]["key"], given[b]["key"], likeness)


def test_no_telephone_number_stands_in_a_text():
    for text in texts():
        flat = str({k: v for k, v in text.items() if k not in ("agency", "supporting_agencies")})
        assert not re.search(r"\b0\d[ -]?\d{3,4}[ -]?\d{3,4}\b", flat), text["key"]


@pytest.mark.parametrize("year", [2568, 2569])
def test_every_project_name_of_the_plan_book_can_be_read_back(year, tmp_path):
    """In reading order, white space removed: no code point lost, doubled or moved."""
    book = tmp_path / "book.pdf"
    book.write_bytes(make(Choice("plan-book", year, digits="arabic"), person=None).content)
    read = subprocess.run(["pdftotext", book, "-"], capture_output=True, check=True)
    text = "".join(read.stdout.decode().split())
    names = list(current_version(year).entries.values_list("name_th", flat=True))
    assert len(names) > 200
    assert [name for name in names if "".join(name.split()) not in text] == []

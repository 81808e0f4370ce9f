"""Each rule alone: its golden LP file, and plans that keep it and break it in the model and the checker."""

from dataclasses import replace
from pathlib import Path

import pytest
from tools.allocation_rules import PAGE, page_with, printed

from nayu.allocation.checker import check
from nayu.allocation.domain.problem import (
    EXACTLY,
    POINT,
    Candidate,
    ElementShare,
    Group,
    InvestmentShare,
    Level,
    Question,
    Stay,
    options_of,
)
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES
from nayu.allocation.milp import written

GOLDEN = Path(__file__).parent / "golden"
MILLION = 100_000_000  # satang


def project(code, million, points, *, agency="A", inv=1, run=0, district="x", element="1", later=0):
    amounts = (million * MILLION, later * MILLION, 0, 0)
    less = (million * MILLION * 3 // 4, later * MILLION, 0, 0)
    return Candidate(
        code, agency,
        (Level("full", amounts, points * POINT), Level("part", less, points * POINT // 2)),
        types=(("inv", inv), ("run", run)), sources=(("bma", 1),), districts=((district, 1),),
        elements=(("nine", element),),
    )  # fmt: skip


PROJECTS = (
    project("P1", 40, 50),
    project("P2", 30, 20, agency="B", inv=0, run=1, district="y", element="2"),
    project("P3", 20, 10, district="y", later=10),
)
BARE = Question(2570, PROJECTS)
FULL = {"P1": "full", "P2": "full", "P3": "full"}
# rule: (the question with it, a plan that keeps it, a plan that breaks it, the row broken)
CASES = {
    "TOTAL": (replace(BARE, total=70 * MILLION), {"P1": "full", "P2": "full"}, FULL, "TOTAL"),
    "YEAR": (replace(BARE, later=(5 * MILLION, None, None)), {"P1": "full"}, FULL, "YEAR+1"),
    "AGENCY": (replace(BARE, agencies={"A": 55 * MILLION}), {"P1": "full", "P3": "part"}, FULL, "AGENCY[A]"),
    "TYPE": (replace(BARE, types={"inv": 40 * MILLION}), {"P1": "full", "P2": "full"}, FULL, "TYPE[inv]"),
    "SOURCE": (replace(BARE, sources={"bma": 60 * MILLION}), {"P1": "full"}, FULL, "SOURCE[bma]"),
    "ELEMENT": (
        replace(BARE, elements=(ElementShare("nine", "2", 3000, 6000),)),
        {"P1": "full", "P2": "full"}, {"P1": "full"}, "ELEMENT_MIN[nine/2]",
    ),
    "INVESTMENT": (
        replace(BARE, investment=InvestmentShare(("inv",), 5000)),
        FULL, {"P2": "full"}, "INVESTMENT",
    ),
    "DISTRICT": (replace(BARE, district_floors={"y": 45 * MILLION}), FULL, {"P2": "full"}, "DISTRICT[y]"),
    "ONE": (BARE, FULL, {"P9": "full"}, "UNKNOWN[P9]"),
    "REQUIRED": (
        replace(BARE, required={"P2": "legal", "P3": "committed", "P1": "pinned"}),
        FULL, {"P1": "full", "P3": "full"}, "LEGAL[P2]",
    ),
    "FORBIDDEN": (replace(BARE, forbidden=frozenset({"P1"})), {"P2": "full"}, FULL, "FORBIDDEN[P1]"),
    "GROUP": (
        replace(BARE, groups=(Group("road", ("P1", "P2")), Group("one", ("P2", "P3"), 1, EXACTLY))),
        {"P1": "full", "P3": "full"}, {"P1": "full", "P2": "part"}, "GROUP[road]",
    ),
    "NEEDS": (replace(BARE, needs=(("P3", "P2"),)), FULL, {"P3": "full"}, "NEEDS[P3>P2]"),
    "STAY": (
        replace(BARE, stay=Stay(frozenset({"P1", "P2"}), 1)), {"P1": "full"}, {"P3": "full"}, "STAY",
    ),
}  # fmt: skip


def test_every_rule_has_its_case():
    assert {rule.code for rule in RULES} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_the_rule_alone_is_this_lp_file(code, tmp_path):
    question = CASES[code][0]
    path, _mps = written(question, tmp_path)
    assert path.read_text() == (GOLDEN / f"{code}.lp").read_text()


@pytest.mark.parametrize("code", CASES)
def test_the_checker_and_the_rows_agree_on_what_keeps_and_breaks_it(code):
    question, kept, broken, name = CASES[code]
    assert check(question, kept) == []
    assert name in {one.name for one in check(question, broken)}
    assert sums_broken(question, kept) == set()
    if not name.startswith("UNKNOWN"):
        assert sums_broken(question, broken) == {one.name for one in check(question, broken)}


def sums_broken(question, plan):
    """Rows of the model that a plan breaks, added up."""
    options = options_of(question)
    found = set()
    for row in rows_of(question, options, RULES):
        total = sum(
            weight for at, weight in row.terms
            if plan.get(options[at].candidate.code) == options[at].level.code
        )  # fmt: skip
        if (row.low is not None and total < row.low) or (row.high is not None and total > row.high):
            found.add(row.name)
    return found


def test_each_rule_says_what_it_is_in_both_languages():
    for rule in RULES:
        assert all((rule.sentence_th, rule.sentence_en, rule.formula, rule.unit))


def test_the_rules_in_the_documents_are_those_of_the_code():
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with(printed(), page)

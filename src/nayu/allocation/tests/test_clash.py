"""Impossible questions name the smallest clash, and relaxations that really do."""

from dataclasses import replace
from fractions import Fraction

import pytest

from nayu.allocation.domain.answer import IMPOSSIBLE, PROVED
from nayu.allocation.domain.problem import POINT, Candidate, Level, Question
from nayu.allocation.milp import Limits, clash_of, solve
from nayu.allocation.milp.clash import relaxed
from nayu.allocation.tests.problems import best_by_trying, random_question

IMPOSSIBLE_SEEDS = [s for s in range(400) if best_by_trying(random_question(s, 5)) is None][:60]
MOVABLE = ("TOTAL", "AGENCY[", "TYPE[", "SOURCE[", "DISTRICT[")


@pytest.mark.parametrize("seed", IMPOSSIBLE_SEEDS)
def test_a_clash_is_found_and_a_relaxation_does(seed):
    question = random_question(seed, 5)
    clash = clash_of(question)
    assert clash is not None
    assert clash.rows
    assert all(one.by > 0 for one in clash.relaxations)
    if clash.together:
        if all(one.name.startswith(MOVABLE) for one in clash.relaxations):
            eased = question
            for one in clash.relaxations:
                eased = relaxed(eased, one)
            assert clash.relaxations == () or solve(eased).status == PROVED
        return
    for one in clash.relaxations:
        if one.name.startswith(MOVABLE):
            assert solve(relaxed(question, one)).status == PROVED, one
            less = replace(one, by=one.by - 1)
            assert solve(relaxed(question, less)).status == IMPOSSIBLE, one


@pytest.mark.parametrize("seed", range(40))
def test_where_a_plan_exists_there_is_no_clash(seed):
    question = random_question(seed)
    assert (clash_of(question) is None) == (best_by_trying(question) is not None)


def test_a_clash_of_three_names_the_three_and_the_figure():
    def project(code, baht, district):
        return Candidate(
            code, "A", (Level("full", (baht * 100, 0, 0, 0), POINT),), districts=((district, 1),)
        )

    question = Question(
        2570, (project("P1", 500, "x"), project("P2", 400, "y"), project("P3", 300, "z")),
        total=1_000_00, agencies={"A": 5_000_00}, required={"P3": "committed"},
        district_floors={"x": 500_00, "y": 400_00, "z": 1_00},
    )  # fmt: skip
    clash = clash_of(question)
    names = {row.name for row in clash.rows}
    assert "TOTAL" in names
    assert {"DISTRICT[x]", "DISTRICT[y]"} <= names
    assert len(names) == 4
    by = {one.name: one.by for one in clash.relaxations}
    assert by["TOTAL"] == 200_00
    assert solve(replace(question, total=1_200_00), Limits(gap=Fraction(0))).status == PROVED

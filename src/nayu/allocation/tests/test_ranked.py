"""The plain way: ranked list and cut line, against what cities really chose."""

from dataclasses import replace
from fractions import Fraction

import pytest

from nayu.allocation.domain.problem import POINT, Candidate, Level, Question, points_of
from nayu.allocation.domain.ranked import rank, ranked_list
from nayu.allocation.milp import Limits, solve
from nayu.allocation.tests.pabulib import election_of
from nayu.allocation.tests.problems import random_question
from nayu.workbooks.tests.real_files import real

# The eleven files whose rule is `greedy` in INDEX.csv; six of them do not tell what was chosen.
TELLING = (
    "Poland_Czestochowa_2024_Kiedrzyn.pb", "Poland_Krakow_2019_Mistrzejowice.pb",
    "Poland_Krakow_2019_Podgorze_Duchackie.pb", "Poland_Krakow_2019_Zwierzyniec.pb",
    "Poland_Krakow_2020.pb",
)  # fmt: skip
SILENT = (
    "France_Toulouse_2019.pb", "France_Toulouse_2022.pb", "Netherlands_Amsterdam_417.pb",
    "Poland_Czestochowa_2020_Zawodzie_-_Dabie.pb", "Poland_Gdansk_2020_Chelm.pb",
    "Poland_Zabrze_2020_Konczyce.pb",
)  # fmt: skip


def project(code, baht, points):
    return Candidate(code, "A", (Level("full", (baht * 100, 0, 0, 0), points * POINT),))


@pytest.mark.parametrize("name", TELLING)
def test_the_list_chooses_what_the_city_chose(name):
    election = election_of(real("pabulib", name))
    assert set(ranked_list(election.question).plan) == election.selected


@pytest.mark.parametrize("name", SILENT)
def test_where_the_file_does_not_tell_each_project_left_out_did_not_fit_at_its_turn(name):
    question = election_of(real("pabulib", name)).question
    found, left = ranked_list(question), question.total
    for candidate in rank(question.candidates):
        cost = candidate.levels[0].amounts[0]
        assert (candidate.code in found.plan) == (cost <= left)
        left -= cost if candidate.code in found.plan else 0


def test_ties_are_broken_by_cost_and_then_by_code():
    listed = rank(
        (project("b", 10, 5), project("c", 9, 5), project("a", 10, 5), project("d", 1, 6))
    )
    assert [one.code for one in listed] == ["d", "c", "a", "b"]


def test_the_cut_line_is_the_first_that_does_not_fit():
    question = Question(
        2570, (project("a", 60, 9), project("b", 50, 8), project("c", 40, 7)), total=10_000
    )
    with_skip, strict = ranked_list(question), ranked_list(question, skip=False)
    assert (with_skip.plan, with_skip.cut) == ({"a": "full", "c": "full"}, "b")
    assert (strict.plan, strict.cut) == ({"a": "full"}, "b")


def test_required_projects_stand_before_the_list_and_forbidden_ones_outside_it():
    question = Question(
        2570, (project("a", 60, 9), project("b", 50, 1)), total=6_000,
        required={"b": "legal"}, forbidden=frozenset({"a"}),
    )  # fmt: skip
    assert ranked_list(question).plan == {"b": "full"}


@pytest.mark.parametrize("seed", range(40))
def test_where_money_is_the_only_rule_the_proved_plan_is_worth_at_least_the_list(seed):
    question = random_question(seed, rules=frozenset({"TOTAL"}))
    assert solve(question, Limits(gap=Fraction(0))).points >= points_of(
        question, ranked_list(question).plan
    )


def test_an_empty_list_has_an_empty_plan():
    assert ranked_list(replace(Question(2570, ()), total=5)).plan == {}

"""What must hold however the question is turned: money, rules, names, order, threads."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from nayu.allocation.checker import check
from nayu.allocation.domain.answer import IMPOSSIBLE, PROVED, STOPPED
from nayu.allocation.domain.problem import (
    POINT,
    Candidate,
    Level,
    Question,
    cost_of,
    options_of,
)
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES
from nayu.allocation.milp import Limits, solve
from nayu.allocation.tests.cities import city_question
from nayu.allocation.tests.problems import random_question

EXACT = Limits(gap=Fraction(0))
SEEDS = range(40)


def points(question):
    """What the best plan is worth; nothing is worth more than that there is none."""
    answer = solve(question, EXACT)
    return -1 if answer.status == IMPOSSIBLE else answer.points


@pytest.mark.parametrize("seed", SEEDS)
def test_more_money_never_lowers_the_benefit(seed):
    question = random_question(seed)
    if question.total is None:
        question = replace(question, total=10**9)
    before = points(question)
    assert points(replace(question, total=question.total * 3 // 2)) >= before
    assert points(replace(question, total=None)) >= before


@pytest.mark.parametrize("seed", SEEDS)
def test_relaxing_a_rule_never_lowers_the_benefit(seed):
    question = random_question(seed)
    before = points(question)
    for name, free in (
        ("later", (None, None, None)), ("agencies", {}), ("types", {}), ("sources", {}),
        ("elements", ()), ("district_floors", {}), ("investment", None), ("required", {}),
        ("forbidden", frozenset()), ("groups", ()), ("needs", ()), ("stay", None),
    ):  # fmt: skip
        if getattr(question, name) != free:
            assert points(replace(question, **{name: free})) >= before, name


@pytest.mark.parametrize("seed", SEEDS)
def test_names_and_order_change_nothing(seed):
    question = random_question(seed)
    shuffled = list(question.candidates)
    random.Random(seed).shuffle(shuffled)
    turned = replace(
        question,
        candidates=tuple(replace(c, name_th="ชื่อใหม่", name_en="renamed") for c in shuffled),
    )
    before, after = solve(question, EXACT), solve(turned, EXACT)
    assert (before.status, before.points) == (after.status, after.points)
    assert dict(before.plan) == dict(after.plan)


@pytest.mark.parametrize("size", [30, 100, 200])
@pytest.mark.parametrize("seed", range(20))
def test_one_and_two_threads_give_the_same_answer(size, seed):
    question = city_question(size, seed)
    one, two = (solve(question, Limits(gap=Fraction(1, 100), nodes=300, threads=n)) for n in (1, 2))
    assert dict(one.plan) == dict(two.plan)
    assert (one.status, one.bound, one.work) == (two.status, two.bound, two.work)


def test_work_that_runs_out_is_said_and_the_plan_is_still_valid():
    question = city_question(200, 1)
    answer = solve(question, Limits(gap=Fraction(0), nodes=1))
    assert answer.status in (STOPPED, PROVED)
    if answer.plan:
        assert check(question, answer.plan) == []
    assert answer.points <= answer.bound


def test_nobody_asks_one_asks_and_all_are_bound():
    empty = solve(Question(2570, (), total=5))
    assert (empty.status, dict(empty.plan), empty.points) == (PROVED, {}, 0)
    one = Candidate("P1", "A", (Level("full", (100, 0, 0, 0), 3 * POINT),))
    assert dict(solve(Question(2570, (one,), total=100)).plan) == {"P1": "full"}
    assert dict(solve(Question(2570, (one,), total=99)).plan) == {}
    bound = Question(2570, (one,), total=99, required={"P1": "committed"})
    assert solve(bound).status == IMPOSSIBLE
    assert dict(solve(replace(bound, total=100)).plan) == {"P1": "full"}


def test_contradictions_are_impossible_and_not_an_error():
    one = Candidate("P1", "A", (Level("full", (100, 0, 0, 0), POINT),))
    for question in (
        Question(2570, (one,), required={"P1": "legal"}, forbidden=frozenset({"P1"})),
        Question(2570, (), required={"P1": "legal"}),
        Question(2570, (one,), district_floors={"x": 1}),
    ):
        assert solve(question).status == IMPOSSIBLE


def test_money_is_exact_at_a_hundred_thousand_million_baht_with_satang():
    """Two plans differ by one satang in a ceiling of 10¹¹ baht."""
    cost = 10**13 // 2
    two = tuple(
        Candidate(f"P{n}", "A", (Level("full", (cost + n, 0, 0, 0), (10 + n) * POINT),))
        for n in range(2)
    )
    fits = Question(2570, two, total=10**13 + 1)
    assert set(solve(fits, EXACT).plan) == {"P0", "P1"}
    short = replace(fits, total=10**13)
    answer = solve(short, EXACT)
    assert set(answer.plan) == {"P1"}
    assert cost_of(short, answer.plan) <= short.total
    assert answer.tightened in ({}, {"TOTAL": 1})


def test_rows_have_names_of_their_own():
    question = city_question(60, 3)
    names = [row.name for row in rows_of(question, options_of(question), RULES)]
    assert len(names) == len(set(names))

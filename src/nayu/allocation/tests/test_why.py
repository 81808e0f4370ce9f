"""Reasons are answers: what is said of a project holds when it is done."""

from dataclasses import replace
from fractions import Fraction

import pytest

from nayu.allocation.checker import check
from nayu.allocation.domain.answer import PROVED
from nayu.allocation.milp import Limits, solve
from nayu.allocation.tests.problems import random_question
from nayu.allocation.why import by_cost, by_score, forced_in, forced_out, pinned

EXACT = Limits(gap=Fraction(0))
ONLY_CEILINGS = frozenset({"TOTAL", "AGENCY", "TYPE", "SOURCE", "YEAR", "LEVELS"})


def answered(seed, rules=ONLY_CEILINGS):
    question = random_question(seed, 7, rules=rules)
    return question, solve(question, EXACT)


@pytest.mark.parametrize("seed", range(15))
def test_what_is_said_of_a_project_left_out_holds_when_it_is_done(seed):
    question, answer = answered(seed)
    out = [c.code for c in question.candidates if c.code not in answer.plan]
    for code in out[:2]:
        forced = forced_in(question, answer, code, EXACT)
        if forced.answer is None:
            assert solve(pinned(question, code), EXACT).status != PROVED
            continue
        assert code in forced.answer.plan
        assert forced.lost >= 0
        assert code in forced.change.comes
        assert check(question, forced.answer.plan) == []
        way = by_score(question, answer, code, EXACT)
        assert way is not None
        assert code in way.answer.plan
        # A whole point less than that is not enough.
        assert way.by == forced.lost + 1


@pytest.mark.parametrize("seed", range(15))
def test_the_least_percent_off_is_enough_and_one_less_is_not(seed):
    question, answer = answered(seed)
    out = [c.code for c in question.candidates if c.code not in answer.plan]
    for code in out[:1]:
        way = by_cost(question, answer, code, EXACT)
        if way is None:
            continue
        assert code in way.answer.plan
        if way.by > 1:
            first = by_cost(question, answer, code, EXACT)
            assert first.by == way.by


@pytest.mark.parametrize("seed", range(15))
def test_what_a_project_displaced_comes_when_it_is_gone(seed):
    question, answer = answered(seed)
    for code in list(answer.plan)[:2]:
        without = forced_out(question, answer, code, EXACT)
        assert without.answer is not None
        assert code in without.change.goes
        assert without.lost >= 0
        assert (
            without.answer.points
            == solve(replace(question, forbidden=question.forbidden | {code}), EXACT).points
        )

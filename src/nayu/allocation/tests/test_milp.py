"""The model against trying everything, and what must hold of every answer."""

from fractions import Fraction

import pytest

from nayu.allocation.checker import check
from nayu.allocation.domain.answer import IMPOSSIBLE, PROVED
from nayu.allocation.domain.problem import cost_of, points_of
from nayu.allocation.milp import Limits, solve
from nayu.allocation.tests.problems import best_by_trying, random_question

EXACT = Limits(gap=Fraction(0))


@pytest.mark.parametrize("block", range(40))
def test_the_answer_is_the_best_of_all_plans(block):
    """Fifty random questions a block, with every rule switched on and off."""
    for seed in range(block * 50, block * 50 + 50):
        question = random_question(seed)
        best, answer = best_by_trying(question), solve(question, EXACT)
        if best is None:
            assert answer.status == IMPOSSIBLE, seed
            continue
        assert answer.status == PROVED, (seed, answer)
        assert check(question, answer.plan) == [], seed
        assert answer.points == points_of(question, best), (seed, answer.plan, best)
        assert cost_of(question, answer.plan) == cost_of(question, best), (seed, answer.plan, best)
        assert set(answer.plan) == set(best), (seed, answer.plan, best)
        assert answer.points <= answer.bound <= answer.lp_bound, seed
        assert answer.gap == 0, seed

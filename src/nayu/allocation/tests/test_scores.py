"""Scores add up from parts, each within its weight; what is not known gives nothing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.allocation.domain.problem import POINT
from nayu.allocation.domain.scores import (
    PARTS,
    Figures,
    cap_of,
    people_per_million,
    score_of,
)

MILLION = 100_000_000
EVERY = dict.fromkeys(PARTS, 12)


def test_an_entry_without_a_promise_scores_nothing_on_people():
    bare = Figures(MILLION)
    score = score_of(bare, EVERY, Fraction(100))
    assert score.points == 0
    assert {part.code: part.figure for part in score.parts}["people"] is None


def test_people_count_per_million_baht_up_to_the_cap_of_the_year():
    year = [Figures(MILLION, people=Fraction(n)) for n in range(1, 101)]
    assert cap_of(year) == 95
    points = [score_of(one, {"people": 40}, cap_of(year)).points for one in year]
    assert points[94] == points[99] == 40 * POINT
    assert points[18] == 8 * POINT
    assert people_per_million(Figures(2 * MILLION, people=Fraction(10))) == 5


@pytest.mark.parametrize(
    ("figures", "part", "share"),
    [
        (Figures(1, need=Fraction(3, 4)), "need", Fraction(3, 4)),
        (Figures(1, element_weight=Fraction(2)), "element", Fraction(1)),
        (Figures(1, ready=(2, 5)), "readiness", Fraction(2, 5)),
        (Figures(1, is_legal_duty=True), "legal", Fraction(1)),
        (Figures(1, opinions=(0, 0)), "support", Fraction(0)),
        (Figures(1, risk=25), "risk", Fraction(0)),
        (Figures(1, risk=1), "risk", Fraction(1)),
        (Figures(1, rubric=Fraction(7, 2)), "rubric", Fraction(7, 10)),
    ],
)
def test_each_part_is_scaled_by_its_own_rule(figures, part, share):
    (found,) = score_of(figures, {part: 100}, Fraction(1)).parts
    assert found.scaled == share
    assert found.points == int(share * 100 * POINT)


@given(
    st.integers(1, 10**14), st.fractions(0, 10**7), st.fractions(0, 1), st.integers(1, 25),
    st.lists(st.integers(0, 100), min_size=len(PARTS), max_size=len(PARTS)),
)  # fmt: skip
def test_a_score_is_the_sum_of_its_parts_and_within_its_weights(
    amount, people, need, risk, weights
):
    figures = Figures(amount, people=people, need=need, risk=risk, is_legal_duty=True)
    score = score_of(figures, dict(zip(PARTS, weights, strict=True)), Fraction(50))
    assert score.points == sum(part.points for part in score.parts)
    assert 0 <= score.points <= sum(weights) * POINT
    assert all(0 <= part.points <= part.weight * POINT for part in score.parts)


def test_an_override_stands_in_place_of_the_parts():
    score = score_of(Figures(1, is_legal_duty=True), {"legal": 50}, Fraction(0), override=7 * POINT)
    assert score.points == 7 * POINT
    assert score.parts[0].points == 50 * POINT

"""An outsider with the certificate alone counts everything again; whatever is changed is noticed."""

import copy
import json
import subprocess
import sys
from fractions import Fraction

import pytest

from nayu.allocation.domain import verifying
from nayu.allocation.domain.answer import PROVED
from nayu.allocation.domain.bound import bound_of
from nayu.allocation.domain.certificate import certificate_of, points_text
from nayu.allocation.domain.problem import options_of, points_of
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES
from nayu.allocation.milp import solve
from nayu.allocation.tests.problems import best_by_trying, random_question


def certified(seed):
    question = random_question(seed)
    options = options_of(question)
    rows = rows_of(question, options, RULES)
    answer = solve(question)
    return question, rows, answer, certificate_of(question, options, rows, answer)


PROVED_SEEDS = [s for s in range(60) if certified(s)[2].status == PROVED][:25]


@pytest.mark.parametrize("seed", PROVED_SEEDS)
def test_what_is_certified_is_counted_again_from_the_file_alone(seed):
    _question, _rows, _answer, certificate = certified(seed)
    found = verifying.verify(json.loads(json.dumps(certificate)))
    assert [one for one in found if not one.holds] == []


@pytest.mark.parametrize("seed", PROVED_SEEDS)
def test_no_multipliers_whatever_give_a_bound_below_the_best_plan(seed):
    question, rows, answer, _certificate = certified(seed)
    best = points_of(question, best_by_trying(question))
    options = options_of(question)
    for factor in (Fraction(0), Fraction(1, 2), Fraction(3), Fraction(-1)):
        wrong = {name: price * factor for name, price in answer.multipliers.items()}
        assert bound_of(options, rows, wrong) >= best
    assert answer.lp_bound >= best


def changes_of(certificate):
    """The certificate with one figure changed, each in its own way."""
    plan = certificate["plan"]
    for change in (
        {"worth_points": "999999999"},
        {"lp_bound_points": points_text(Fraction(1))},
        {"answer_hash": "0" * 64},
        {"plan": {}} if plan else {"plan": {"P00": "full"}},
        {"plan": {**plan, "P99": "full"}},
        {"format": "nayu-allocation-0"},
        {"multipliers": {**certificate["multipliers"], certificate["rows"][0]["name"]: "-7.5"}},
    ):
        yield copy.deepcopy(certificate) | change


def test_each_change_of_a_certificate_is_noticed():
    seed = next(s for s in PROVED_SEEDS if certified(s)[2].plan and certified(s)[3]["multipliers"])
    for changed in changes_of(certified(seed)[3]):
        if changed["multipliers"] == certified(seed)[3]["multipliers"]:
            assert not all(one.holds for one in verifying.verify(changed))


def test_the_program_runs_by_itself(tmp_path):
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(certified(PROVED_SEEDS[0])[3]), encoding="utf-8")
    command = [sys.executable, "-I", verifying.__file__, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "NO " not in ran.stdout


@pytest.mark.parametrize(
    ("millionths", "text"),
    [(0, "0"), (1, "0.000001"), (2_500_000, "2.5"), (-1_250_000, "-1.25"), (10**6, "1")],
)
def test_points_are_written_exactly(millionths, text):
    assert points_text(Fraction(millionths)) == text
    assert points_text(Fraction(1, 3)).endswith("/3000000")

"""Many variations of one question: every plan valid, draws published, the same wherever they are done."""

from dataclasses import replace

import pytest
from distributed import LocalCluster

from nayu.allocation import sweeps
from nayu.allocation.checker import check
from nayu.allocation.domain.keeping import question_json
from nayu.allocation.domain.problem import fair_floors
from nayu.allocation.milp import Sweep
from nayu.allocation.spreading import spread
from nayu.allocation.tests.cities import city_question
from nayu.allocation.tests.problems import best_by_trying, random_question


@pytest.mark.parametrize("seed", range(40))
def test_a_swept_plan_is_valid_and_none_only_where_there_is_none(seed):
    question = random_question(seed)
    if not question.candidates:
        return
    found = Sweep(question).answer(question)
    best = best_by_trying(question)
    assert (found is None) == (best is None)
    if found is not None:
        assert check(question, found.plan) == []


def test_totals_are_swept_with_valid_plans_near_the_best():
    question = city_question(200, 3)
    sweep = Sweep(question)
    for percent in (70, 85, 100, 110):
        total = question.total * percent // 100
        asked = replace(question, total=total)
        found = sweep.answer(asked, bounds={"TOTAL": (None, total)})
        assert found is not None
        assert check(asked, found.plan) == []
        assert found.gap < 0.05


def test_more_money_never_brings_less():
    question = city_question(40, 5)
    data = question_json(question)
    steps = [
        sweeps.step_of_total({"question": data, "percent": percent, "gap": 0})
        for percent in sweeps.STEP_PERCENTS
    ]
    points = [step.get("points", -1) for step in steps]
    assert points == sorted(points)


def test_a_draw_is_the_same_again_and_its_weights_are_100():
    weights = {"people": 40, "need": 15, "risk": 45}
    for number in range(50):
        drawn = sweeps.draw(weights, number)
        assert drawn == sweeps.draw(weights, number)
        assert abs(sum(drawn.values()) - 100) < 1e-9
        whole = sum(w * 1.5 for w in weights.values())
        assert all(drawn[code] > 100 * weights[code] * 0.5 / whole for code in weights)
    assert sweeps.draw(weights, 1) != sweeps.draw(weights, 2)


def test_no_district_is_owed_more_than_it_asks():
    assert fair_floors(2_000_000, {"a": 100, "b": 100}, {"a": 1000, "b": 50}) == {"a": 200, "b": 50}


def test_the_fairest_plan_exists_and_a_fairer_one_does_not():
    question = replace(city_question(16, 8), district_floors={})
    weights = {str(n): 1000 for n in range(50)}
    most = sweeps.fairest(question, weights)
    data = question_json(question)
    asked = {"question": data, "weights": weights, "changes": None, "reference": []}
    assert sweeps.point_of_frontier({**asked, "fair": most}).get("plan")
    reached, asks = sweeps.reachable(question, weights), sweeps.asked_by_district(question)
    if fair_floors(most * 2 + 10**9, reached, asks) != fair_floors(most, reached, asks):
        assert not sweeps.point_of_frontier({**asked, "fair": most * 2 + 10**9}).get("plan")


def test_a_cluster_answers_the_same_as_this_process(tmp_path, monkeypatch):
    data = question_json(city_question(60, 2))
    pieces = [{"question": data, "percent": percent, "gap": 10} for percent in (-20, 0, 10)]
    alone = spread(sweeps.step_of_total, pieces)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50,
        local_directory=str(tmp_path),
    ) as cluster:  # fmt: skip
        monkeypatch.setenv("NAYU_DASK", cluster.scheduler_address)
        assert spread(sweeps.step_of_total, pieces) == alone

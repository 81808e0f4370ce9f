"""A second solver on the exported files, and a cluster of which a worker dies."""

import os
from fractions import Fraction

import pulp
import pytest
from distributed import LocalCluster

from nayu.allocation.checker import check
from nayu.allocation.domain.problem import POINT, points_of
from nayu.allocation.milp import Limits, solve, written
from nayu.allocation.spreading import spread
from nayu.allocation.tests.cities import city_question

# PuLP brings CBC itself up to its version 3, and says that it will not any more.
pytestmark = pytest.mark.filterwarnings("ignore:PULP_CBC_CMD:DeprecationWarning")
EXACT = Limits(gap=Fraction(0))


def by_cbc(question, folder):
    """CBC on our MPS file, which knows nothing of our code: its plan and whether it is proved."""
    _lp, mps = written(question, folder)
    names, problem = pulp.LpProblem.fromMPS(str(mps), sense=pulp.LpMaximize)
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=1e-7, timeLimit=20))
    inside = {name for name, variable in names.items() if (variable.value() or 0) > 0.5}
    plan = {
        c.code: v.code
        for c in question.candidates
        for v in c.levels
        if f"x({c.code},{v.code})" in inside
    }
    return plan, problem.status


@pytest.mark.parametrize(("number", "seed"), [(20, 1), (40, 2), (60, 3), (80, 4), (100, 5)])
def test_a_second_solver_proves_the_same_best(number, seed, tmp_path):
    question = city_question(number, seed)
    ours = solve(question, EXACT)
    plan, status = by_cbc(question, tmp_path)

    assert status == pulp.LpStatusOptimal
    assert check(question, plan) == []
    assert points_of(question, plan) == ours.points


def test_on_a_larger_file_the_second_solver_does_not_contradict_us(tmp_path):
    question = city_question(600, 7)
    ours = solve(question, Limits(gap=Fraction(1, 200)))
    plan, _status = by_cbc(question, tmp_path)

    assert check(question, ours.plan) == []
    assert points_of(question, ours.plan) == ours.points
    if not check(question, plan):
        assert points_of(question, plan) <= ours.bound
    assert ours.points <= ours.bound
    assert ours.gap <= Fraction(1, 200)
    assert POINT == 1_000_000


def doubled(piece):
    """A piece of work that kills its worker the first time it meets the marked one."""
    marker = piece.get("kills")
    if marker and not os.path.exists(marker):  # noqa: PTH110
        with open(marker, "w", encoding="utf-8"):  # noqa: PTH123
            pass
        os._exit(1)
    return {"n": piece["n"] * 2}


def test_on_a_cluster_a_killed_worker_s_pieces_are_done_again(tmp_path, monkeypatch):
    """Two workers, one killed midway: complete, and the same as in this process."""
    pieces = [{"n": n} for n in range(24)]
    alone = spread(doubled, pieces)
    pieces[9]["kills"] = str(tmp_path / "killed")
    told = []
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50,
        local_directory=str(tmp_path),
    ) as cluster:  # fmt: skip
        monkeypatch.setenv("NAYU_DASK", cluster.scheduler_address)
        found = spread(doubled, pieces, lambda done, whole: told.append((done, whole)))
    assert (tmp_path / "killed").exists()
    assert found == alone
    assert told[-1] == (24, 24)

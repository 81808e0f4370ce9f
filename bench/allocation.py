"""Allocation at the size of a city: a proved gap of 0.1 %, against plain HiGHS on the same file.

    python -m bench.allocation [SIZE …] [--seeds N] [--rival SECONDS]

Five seeds and three shapes of lumpiness; every answer goes through the checker. The rival reads the
exported LP and solves it with the gap asked for, within a limit of time that the result names.
Results go to bench/results/allocation.md and .json.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench import SOURCE, machine

sys.path.insert(0, str(SOURCE))

import highspy

from nayu.allocation.checker import check
from nayu.allocation.domain.problem import Question, options_of, points_of
from nayu.allocation.domain.ranked import ranked_list
from nayu.allocation.milp import Limits, solve, written
from nayu.allocation.milp.model import BLOCKING, model_of
from nayu.allocation.tests.cities import LUMPS, city_question

RESULTS = Path(__file__).with_name("results")
GAP = Fraction(1, 1000)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 5_000, 20_000])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rival", type=float, default=60.0, help="seconds allowed to the rival")
    parser.add_argument("--nodes", type=int, default=0)
    options = parser.parse_args(words)
    found = [
        _measure(size, seed, lumps, options.rival, options.nodes)
        for size in options.sizes
        for lumps in LUMPS
        for seed in range(options.seeds)
    ]
    RESULTS.mkdir(exist_ok=True)
    facts = machine.facts()
    text = markdown(found, facts, options.rival)
    (RESULTS / "allocation.json").write_text(
        json.dumps({"machine": facts, "found": found}, indent=1)
    )
    (RESULTS / "allocation.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _measure(size: int, seed: int, lumps: str, allowed: float, nodes: int) -> dict[str, Any]:
    question = city_question(size, seed, lumps=lumps)
    began = time.perf_counter()
    model = model_of(question)
    model.solver(Limits(), whole=True)
    built = time.perf_counter() - began
    began = time.perf_counter()
    answer = solve(question, Limits(gap=GAP, nodes=nodes))
    ours = time.perf_counter() - began
    broken = len(check(question, answer.plan))
    listed = ranked_list(question)
    told = {
        "size": size, "seed": seed, "lumps": lumps, "options": len(options_of(question)),
        "rows": len(model.rows), "build_s": round(built, 3), "ours_s": round(ours, 2),
        "gap_percent": round(float(answer.gap) * 100, 4), "status": answer.status,
        "method": answer.method, "nodes": answer.work.nodes, "broken": broken,
        "list_percent": round(100 - 100 * points_of(question, listed.plan) / max(answer.points, 1), 2),
        "list_broken": len(check(question, listed.plan)),
    } | _rival(question, allowed)  # fmt: skip
    print(told, flush=True)
    return told


def _rival(question: Question, allowed: float) -> dict[str, Any]:
    """Plain HiGHS on the exported file, one thread, the same gap."""
    with tempfile.TemporaryDirectory() as folder:
        path, _mps = written(question, Path(folder))
        highspy.Highs.resetGlobalScheduler(BLOCKING)
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("mip_rel_gap", float(GAP)), ("time_limit", allowed),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.readModel(str(path))
        began = time.perf_counter()
        solver.run()
        seconds = time.perf_counter() - began
    gap = solver.getInfo().mip_gap
    return {"rival_s": round(seconds, 2), "rival_gap_percent": round(min(gap, 9.99) * 100, 4)}


def markdown(found: list[dict[str, Any]], facts: dict[str, Any], allowed: float) -> str:
    lines = [
        "# Allocation, against plain HiGHS on the same file", "",
        f"{machine.sentence(facts) if hasattr(machine, 'sentence') else facts}", "",
        (f"Gap asked for: 0.1 %. The rival stops at {allowed:g} s. Medians over seeds; every answer was"
         " recounted by the checker."), "",
        ("| projects | lumps | options | ours, s | gap, % | within 0.1 % | rival, s | its gap, % | rival ÷ ours"
         " | build, s | below us: ranked list, % | rules it breaks |"),
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    groups: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for one in found:
        groups.setdefault((one["size"], one["lumps"]), []).append(one)
    for (size, lumps), rows in groups.items():

        def middle(name: str, rows: list[dict[str, Any]] = rows) -> float:
            return statistics.median(one[name] for one in rows)

        within = sum(one["gap_percent"] <= 0.1 and not one["broken"] for one in rows)
        lines.append(
            f"| {size:,} | {lumps} | {middle('options'):,.0f} | {middle('ours_s'):.2f} | "
            f"{middle('gap_percent'):.3f} | {within} of {len(rows)} | {middle('rival_s'):.1f} | "
            f"{middle('rival_gap_percent'):.3f} | {middle('rival_s') / max(middle('ours_s'), 0.01):.1f} | "
            f"{middle('build_s'):.2f} | {middle('list_percent'):.1f} | {middle('list_broken'):.0f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

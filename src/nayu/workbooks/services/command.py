"""`nayu import`: files one by one, told on the screen and in a report."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from nayu.agencies import services as agencies
from nayu.budget import services as budget
from nayu.core.cells import harmless
from nayu.db.clock import now
from nayu.strategy import services as strategy
from nayu.workbooks.domain import REFUSED, exact_text
from nayu.workbooks.messages import place, sentence
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services.outcome import Outcome
from nayu.workbooks.services.taking import take_in


def load_frame() -> None:
    """The city's frame, so that names and stages are there to meet."""
    agencies.load_pack()
    strategy.load_pack()
    budget.load_pack()


def import_files(
    profile_name: str,
    files: Iterable[Path],
    *,
    fiscal_year_be: int,
    stage: str | None,
    dry_run: bool,
    as_json: bool,
    report: Path | None,
) -> int:
    """`nayu import`: each file by itself; 0 only when all of them went in (or would)."""
    load_frame()
    profile = load_profile(profile_name)
    outcomes = [
        take_in(
            path,
            profile,
            fiscal_year_be=fiscal_year_be,
            stage=stage or "",
            dry_run=dry_run,
            at=now(),
        )
        for path in files
    ]
    for outcome in outcomes:
        _print(outcome, as_json=as_json, dry_run=dry_run)
    if report is not None:
        write_report(report, outcomes)
    return 1 if any(outcome.is_refused for outcome in outcomes) else 0


def _print(outcome: Outcome, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False))
        return
    sums = outcome.reconciliation
    for finding in outcome.findings:
        stream = sys.stderr if finding.severity == REFUSED else sys.stdout
        print(f"[{finding.severity}] {sentence(finding)}", file=stream)
    done = "refused" if outcome.is_refused else ("dry run" if dry_run else "done")
    print(
        f"{outcome.reading.file}: {done}, rows {outcome.reading.rows}, "
        f"new {outcome.new}, unchanged {outcome.unchanged}"
    )
    print(
        f"  loaded {exact_text(sums.sum_loaded)} + refused {exact_text(sums.sum_refused)}"
        f" + residue {exact_text(sums.residue)} = file {exact_text(sums.sum_file)}"
        f"  ({'agrees' if sums.balances else 'DOES NOT AGREE'})"
    )


def write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Findings as CSV, one row each; cells that could be formulas are made harmless."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["severity", "code", "file", "sheet", "row", "column", "value", "place", "sentence"]
        )
        for outcome in outcomes:
            for f in outcome.findings:
                cells = [
                    f.severity,
                    f.code,
                    f.file,
                    f.sheet,
                    str(f.row or ""),
                    f.column,
                    f.value,
                    place(f),
                    sentence(f),
                ]
                writer.writerow([harmless(cell) for cell in cells])

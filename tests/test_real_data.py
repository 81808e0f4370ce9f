"""The walk of docs/real-data.md, run from the page; and all eight volumes, each into its own database."""

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from browser import _database

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
VOLUMES = {
    "2022-3-1.csv": (2598, 952_281_648_500),
    "2022-3-2.csv": (2409, 399_632_394_084),
    "2022-3-6.csv": (1579, 34_480_026_000),
    "2022-3-9.csv": (1953, 97_904_702_400),
    "2022-3-13(1).csv": (910, 8_413_816_223),
    "2022-3-15.csv": (963, 88_196_835_930),
    "2022-3-16(1).csv": (1285, 59_278_191_100),
    "2022-3-17.csv": (243, 21_664_098_600),
}
BY = ["none", "element", "agency", "expenditure", "function", "source", "district"]


@pytest.fixture(scope="session", autouse=True)
def shared():
    if not SHARED.is_dir():
        told = "the real files lie in ../shared/data, which is absent"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)


@pytest.fixture
def nayu(tmp_path):
    """`nayu(words)`: the command in an empty database of its own; answers exit code and output."""
    with contextlib.ExitStack() as stack:
        environment = stack.enter_context(_database(tmp_path))
        environment.pop("NAYU_SAMPLE_CITY", None)

        def run(*words: str) -> tuple[int, str]:
            done = subprocess.run(
                [sys.executable, "-m", "nayu", *words], cwd=ROOT, env=environment,
                capture_output=True, text=True,
            )  # fmt: skip
            assert "Traceback" not in done.stderr, done.stderr
            return done.returncode, done.stdout

        yield run


def test_the_page_says_what_the_commands_say(nayu):
    page = (ROOT / "docs" / "real-data.md").read_text(encoding="utf-8")
    walks = re.findall(r"```\n\$ nayu ([^\n]+)\n(.*?)```", page, re.DOTALL)
    assert len(walks) == 6
    for words, shown in walks:
        code, said = nayu(*shlex.split(words))
        assert code == 0, said
        plain = [line for line in said.splitlines() if not line.startswith("[")]
        assert plain == shown.splitlines(), words


@pytest.mark.parametrize("name", VOLUMES)
def test_a_volume_goes_in_whole_and_adds_up_everywhere(nayu, tmp_path, name):
    rows, baht = VOLUMES[name]
    code, said = nayu(
        "import",
        "thai-budget-lines",
        str(SHARED / "thai_budget_lines_2565" / name),
        "--fiscal-year",
        "2565",
        "--json",
    )
    told = json.loads(said)
    assert code == 0
    assert (told["rows"], told["new"], told["sum_refused"]) == (rows, rows, "0.00")
    assert round(float(told["sum_loaded"])) == baht
    totals = set()
    for by in BY:
        code, said = nayu(
            "totals", "--fiscal-year", "2565", "--stage", "bill", "--by", by, "--json"
        )
        found = json.loads(said)
        assert sum(int(r["amount_baht"].replace(".", "")) for r in found["rows"]) == int(
            found["grand_total_baht"].replace(".", "")
        )
        totals.add(found["grand_total_baht"])
    assert len(totals) == 1

"""The walk of docs/real-data.md, run from the page; and all eight volumes, each into its own database."""

import json
import os
import re
import shlex
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from built import a_database, of_postgres

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
YEARS = range(2500, 2650)
BY = ["none", "element", "agency", "expenditure", "function", "source", "district"]


# Several commands in one process, as each of them is: its output, a mark, its exit code.
MARK = "\x1e"
SEVERAL = f"""
import json, sys
from nayu.config.cli import main
for words in json.loads(sys.argv[1]):
    code = main(words)
    print({MARK!r}, code, {MARK!r}, sep="", flush=True)
"""


@pytest.fixture(scope="session", autouse=True)
def shared():
    if not SHARED.is_dir():
        told = "the real files lie in ../shared/data, which is absent"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)


NO_SAMPLE = {"NAYU_SAMPLE_CITY": ""}


@pytest.fixture
def several(no_city, tmp_path):
    """`several(commands)`: each in turn on empty tables; answers exit codes and outputs."""
    with no_city.copied(tmp_path / "var", NO_SAMPLE) as environment:

        def run(commands: list[list[str]]) -> list[tuple[int, str]]:
            done = subprocess.run(
                [sys.executable, "-c", SEVERAL, json.dumps(commands)], cwd=ROOT, env=environment,
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            parts = done.stdout.split(MARK)
            return [(int(code), said) for said, code in zip(parts[::2], parts[1::2], strict=False)]

        yield run


@pytest.fixture
def nayu(tmp_path):
    """`nayu(words)`: the command in an empty database of its own; answers exit code and output."""
    # The page's words are for the project's folder; what they write is left beside, not in it.
    here = tmp_path / "project"
    here.mkdir()
    (tmp_path / "shared").symlink_to(SHARED.parent)
    with a_database(tmp_path, NO_SAMPLE) as environment:

        def run(*words: str) -> tuple[int, str]:
            done = subprocess.run(
                [sys.executable, "-m", "nayu", *words], cwd=here, env=environment,
                capture_output=True, text=True,
            )  # fmt: skip
            assert "Traceback" not in done.stderr, done.stderr
            return done.returncode, done.stdout

        yield run


def test_the_page_says_what_the_commands_say(nayu):
    page = (ROOT / "docs" / "real-data.md").read_text(encoding="utf-8")
    walks = re.findall(r"```\n\$ nayu ([^\n]+)\n(.*?)```", page, re.DOTALL)
    assert len(walks) == 9
    for words, shown in walks:
        code, said = nayu(*shlex.split(words))
        assert code == 0, said
        plain = [line for line in said.splitlines() if not line.startswith("[")]
        assert plain == shown.splitlines(), words


# All volumes on SQLite; every third on PostgreSQL: how a file is read does not ask which it is.
@pytest.mark.parametrize("name", list(VOLUMES)[:: 3 if of_postgres() else 1])
def test_a_volume_goes_in_whole_and_adds_up_everywhere(several, tmp_path, name):
    rows, baht = VOLUMES[name]
    file = str(SHARED / "thai_budget_lines_2565" / name)
    year, out = ["--fiscal-year", "2565"], str(tmp_path / "books")
    of_bill = ["--stage", "bill", "--json"]
    said = several(
        [
            ["import", "thai-budget-lines", file, *year, "--json"],
            ["import", "thai-budget-lines", file, *year, "--json"],
            ["book", *year, "--version", "working", "--out", out],
            *[["totals", *year, "--by", by, *of_bill] for by in BY],
            *[["totals", "--fiscal-year", str(other), *of_bill] for other in YEARS],
        ]
    )
    imported, again, (book_code, _said) = said[:3]
    summed, over_years = said[3 : 3 + len(BY)], said[3 + len(BY) :]
    told = json.loads(imported[1])
    assert imported[0] == 0
    assert (told["rows"], told["new"], told["sum_refused"]) == (rows, rows, "0.00")
    assert added(told["sum_loaded"], told["residue"]) == added(told["sum_file"])
    assert Decimal(told["sum_loaded"]).quantize(Decimal(1), ROUND_HALF_UP) == baht
    assert (json.loads(again[1])["new"], json.loads(again[1])["unchanged"]) == (0, rows)
    grand = {json.loads(text)["grand_total_baht"] for _code, text in summed}
    assert len(grand) == 1
    for code, text in summed:
        assert code == 0
        assert added(*[row["amount_baht"] for row in json.loads(text)["rows"]]) == added(*grand)
    # A multi-year item has a row for each of its years; a total is of one year.
    years = [json.loads(text)["grand_total_baht"] for code, text in over_years if code == 0]
    assert added(*years) == added(told["sum_loaded"])
    assert book_code == 0
    assert [path.suffix for path in (tmp_path / "books").iterdir()] == [".pdf"]


def added(*amounts: str) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))

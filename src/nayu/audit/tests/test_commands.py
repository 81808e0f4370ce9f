"""`nayu audit …`, and the program that a stranger runs."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from conftest import NOON
from nayu.agencies.domain import Person
from nayu.audit.domain import COLUMNS
from nayu.audit.models import Event
from nayu.audit.queries import current_head
from nayu.audit.services import record, seal_all
from nayu.audit.tests.records import lines, other, rechained, record_of
from nayu.config import cli

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "verify-the-record.md"
HANDED_OUT = ROOT / "src/nayu/portal/static/portal/verify_record.py"


def nayu(capsys, *words):
    code = cli.main(["audit", *map(str, words)])
    return code, capsys.readouterr().out


def deeds(count, **given):
    for number in range(count):
        record(
            "project.edit", subject=("project", str(number), f"โครงการ {number}"), actor=Person(),
            at=NOON, **given,
        )  # fmt: skip


@pytest.fixture
def exported(db, tmp_path, capsys):
    """An export of twelve events of two years."""
    deeds(7, fiscal_year_be=2570, reason="เหตุผล", facts={"amount": "1,000.00"})
    deeds(5, fiscal_year_be=2569)
    seal_all(at=NOON)
    path = tmp_path / "deep" / "record.jsonl"
    assert nayu(capsys, "export", "--out", path)[0] == 0
    return path


def test_what_is_exported_is_whole(exported, capsys):
    _count, head = current_head()
    code, said = nayu(capsys, "verify", exported, "--head", head)
    assert code == 0
    assert "12" in said
    assert head in said
    assert not list(exported.parent.glob("*.part"))


def test_an_exported_event_has_the_columns_that_are_documented(exported):
    row = json.loads(exported.read_text(encoding="utf-8").splitlines()[1])
    assert {*row} == {*COLUMNS, "previous", "hash"}
    table = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8").split("## ไฟล์")[1]))
    assert {*row} <= table
    own = {field.name for field in Event._meta.concrete_fields}
    assert own - {"id", "actor", "sealed"} == {*COLUMNS} - {"sequence", "event", "person"}


def test_one_year_is_exported_with_what_the_chain_needs_of_others(exported, tmp_path, capsys):
    path = tmp_path / "year.jsonl"
    nayu(capsys, "export", "--out", path, "--fiscal-year", 2569)
    code, said = nayu(capsys, "verify", path, "--head", current_head()[1])
    assert code == 0
    assert "7" in said
    text = path.read_text(encoding="utf-8")
    assert text.count('"digest"') == 7
    assert "เหตุผล" not in text


def test_a_year_of_the_wrong_era_is_refused(db, tmp_path):
    assert cli.main(["audit", "export", "--out", str(tmp_path / "x"), "--fiscal-year", "2026"]) == 1


def test_a_fault_is_named_in_both_languages(exported, capsys):
    text = exported.read_text(encoding="utf-8")
    exported.write_text(text.replace("1,000.00", "9,000.00", 1), encoding="utf-8")
    code, said = nayu(capsys, "verify", exported)
    assert code == 1
    assert "รายการที่ 1 ถูกแก้ไข" in said
    assert "Event 1 was altered" in said


def test_a_record_rewritten_throughout_is_named_by_heads_and_an_earlier_export(tmp_path, capsys):
    rows = record_of(8)
    kept, path, heads = tmp_path / "kept", tmp_path / "made", tmp_path / "heads.json"
    kept.write_text("".join(lines(rows)), encoding="utf-8")
    told = [{"sequence": r["sequence"], "head": r["hash"]} for r in (rows[3], rows[6], rows[8])]
    heads.write_text(json.dumps({"heads": told}), encoding="utf-8")
    rows[5]["verb"] = other(rows[5]["verb"])
    path.write_text("".join(lines(rechained(rows))), encoding="utf-8")

    assert nayu(capsys, "verify", path)[0] == 0
    assert nayu(capsys, "verify", path, "--head", told[2]["head"])[0] == 1
    code, said = nayu(capsys, "verify", path, "--heads", heads)
    assert (code, "from 4 to 6" in said) == (1, True)
    code, said = nayu(capsys, "verify", path, "--against", kept)
    assert (code, "Event 5 was rewritten" in said) == (1, True)


def test_a_file_or_a_head_that_cannot_be_read_is_told(tmp_path, exported):
    assert cli.main(["audit", "verify", str(tmp_path / "none")]) == 2
    assert cli.main(["audit", "verify", str(exported), "--head", "abc"]) == 2
    assert cli.main(["audit", "verify", str(exported), "--heads", str(exported)]) == 2


def test_bytes_that_are_no_text_are_an_alteration(exported, capsys):
    content = exported.read_bytes()
    exported.write_bytes(content.replace("เหตุผล".encode(), b"\xff\xfe" * 9, 1))
    code, said = nayu(capsys, "verify", exported)
    assert (code, "Event 1 was altered" in said) == (1, True)


def test_a_check_needs_no_database(exported):
    done = subprocess.run(
        [sys.executable, "-m", "nayu", "audit", "verify", str(exported)],
        env=os.environ | {"DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "บันทึกครบถ้วน" in done.stdout


def test_status_is_an_alarm_after_five_minutes_and_sealing_ends_it(db, capsys):
    deeds(2)
    assert nayu(capsys, "status") == (0, nayu(capsys, "status")[1])
    Event.objects.update(written_at=timezone.now() - timedelta(minutes=6))
    code, said = nayu(capsys, "status")
    assert (code, "ALARM: 2 events" in said) == (1, True)
    assert nayu(capsys, "seal")[1].startswith("2 events sealed")
    assert nayu(capsys, "status")[0] == 0
    deeds(1)
    Event.objects.filter(sealed=False).update(sealed=True)
    assert nayu(capsys, "status")[0] == 1


# --- The program on the page --------------------------------------------------------------------


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """As a stranger would copy it."""
    printed = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path_factory.mktemp("stranger") / "verify_record.py"
    path.write_text(printed.group(1), encoding="utf-8")
    return path


def run(program, *words):
    done = subprocess.run(
        [sys.executable, "-I", str(program), *map(str, words)], capture_output=True, text=True,
        cwd=program.parent,
    )  # fmt: skip
    return done.returncode, done.stdout.strip()


def test_the_page_prints_the_program_that_is_handed_out(program):
    assert program.read_text(encoding="utf-8") == HANDED_OUT.read_text(encoding="utf-8")


def test_the_program_on_the_page_checks_an_export(exported, program, tmp_path, capsys):
    head = current_head()[1]
    assert run(program, exported) == (0, "the record is whole")
    assert run(program, exported, head) == (0, "the record is whole")
    assert run(program, exported, "ab" * 32)[0] == 1
    year = tmp_path / "year.jsonl"
    nayu(capsys, "export", "--out", year, "--fiscal-year", 2569)
    assert run(program, year, head) == (0, "the record is whole")


@pytest.mark.parametrize("column", [*COLUMNS, "previous", "hash"])
def test_the_program_on_the_page_finds_an_altered_column(program, tmp_path, column):
    rows = record_of(5)
    rows[3][column] = other(rows[3][column])
    path = tmp_path / "record.jsonl"
    path.write_text("".join(lines(rows)), encoding="utf-8")
    assert run(program, path) == (1, "event 3 is not what was sealed")


def test_the_program_on_the_page_finds_a_removed_event(program, tmp_path):
    path = tmp_path / "record.jsonl"
    rows = record_of(5)
    path.write_text("".join(lines([*rows[:3], *rows[4:]])), encoding="utf-8")
    assert run(program, path) == (1, "event 3 is not what was sealed")
    path.write_text("".join(lines(rows[:5])), encoding="utf-8")
    assert run(program, path)[0] == 1

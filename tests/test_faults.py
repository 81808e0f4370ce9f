"""Faults: a deed that is killed is complete or absent, never half, and can be done again."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from built import of_postgres
from faults.programs import program

ROOT = Path(__file__).resolve().parent.parent
DRAINAGE, HEALTH, YEAR = "11000000", "08000000", 2570


# --- kill -9 ------------------------------------------------------------------------------------

# One hundred points; each deed has at least as many statements, and rows in all of these tables.
POINTS = {
    "import": (25, 150, {"audit.Event", "budget.Line", "budget.StageAmount"}),
    "save": (25, 60, {"audit.Event", "projects.Promise", "projects.Risk", "projects.EntryLink"}),
    "submit": (13, 20, {"audit.Event", "approvals.Decision", "projects.ProjectEntry"}),
    "propose": (12, 10, {"audit.Event", "approvals.Decision", "budget.StageAmount"}),
}
BOOK_POINTS = 25


def here(points: int) -> int:
    """All points on SQLite, and half of them, as evenly spread, on PostgreSQL."""
    return (points + 1) // 2 if of_postgres() else points


def test_there_are_a_hundred_points():
    assert sum(points for points, _, _ in POINTS.values()) + BOOK_POINTS == 100


@pytest.mark.parametrize("deed", POINTS)
def test_a_deed_that_is_killed_is_complete_or_absent_and_can_be_done_again(small_city, deed):
    all_points, least, tables = POINTS[deed]
    points = here(all_points)
    found = program(small_city, "kill", deed, str(points))

    assert found["statements"] >= least
    assert tables <= set(found["changed"])
    assert len(found["points"]) == points
    assert {point["code"] for point in found["points"]} == {-9}
    assert [point for point in found["points"] if point["left"] not in ("before", "complete")] == []
    # The last point lies behind the last commit.
    assert {point["left"] for point in found["points"]} == {"before", "complete"}
    assert {(point["again"], point["then"]) for point in found["points"]} == {(0, "complete")}


def test_a_book_that_is_killed_is_taken_over_or_absent(small_city):
    found = program(small_city, "kill", "book", str(here(BOOK_POINTS)))

    assert len(found["points"]) == here(BOOK_POINTS)
    assert {point["code"] for point in found["points"]} == {-9}
    assert {point["left"] for point in found["points"]} == {"before", "waiting", "complete"}
    assert {(point["again"], point["then"]) for point in found["points"]} == {(0, "complete")}


def test_no_half_written_file_ever_lies_under_its_name(small_city):
    found = program(small_city, "halfway")

    assert len(found["folder"]) == 2
    assert len(found["order"]) == 1
    for point in (*found["folder"], *found["order"]):
        assert point == {"code": -9, "half": [], "again": 0, "whole": True}


# --- Killed workers -----------------------------------------------------------------------------


def test_a_killed_workers_job_is_taken_over_and_given_up_after_the_third(small_city):
    found = program(small_city, "takeover")

    assert found["killed"] == ["running", 1, ""]
    assert found["heard_lately"] == ["running", 1, ""]
    assert found["other"] == ["done", 1, ""]
    assert found["taken_over"] == ["done", 2, ""]
    assert found["whole"]
    assert found["given_up"] == ["failed", 3, "job_gave_up"]
    assert "งานเริ่มมาแล้ว 3 ครั้งแต่ไม่เสร็จ" in found["pages"]["th"]
    assert "begun 3 times and never finished" in found["pages"]["en"]
    assert found["files"] == 2


def test_a_file_of_300_megabytes_is_refused_by_the_command_without_being_read(small_city, tmp_path):
    large = tmp_path / "ใหญ่.xlsx"
    with large.open("wb") as file:
        file.truncate(300 * 1024 * 1024)

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", "nayu", str(large), "--fiscal-year", str(YEAR)],
        env=small_city, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert "ใหญ่.xlsx: ไฟล์มีขนาด 300 MB ระบบอ่านได้ไม่เกิน 50 MB" in done.stderr
    megabytes = int(re.search(r"megabytes=(\d+)", done.stdout)[1])
    assert megabytes < 250


MEASURED = r"""
import re, sys
from pathlib import Path
from nayu.config.cli import main
code = main(sys.argv[1:])
kilobytes = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
print(f"megabytes={kilobytes // 1024}")
sys.exit(code)
"""

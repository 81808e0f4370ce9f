"""Real worker processes on a database file: killed, stopped, side by side."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nayu

SOURCE = Path(nayu.__file__).parent.parent
SETUP = """
import os, sys, time
from pathlib import Path
import django
django.setup()
from nayu.db.clock import now
from nayu.jobs.models import Job
from nayu.jobs.services import enqueue, job_kind, run_worker

@job_kind("slow")
def slow(context, seconds):
    for part in range(20):
        context.progress(part, 20)
        time.sleep(seconds / 20)
    return {"by": os.getpid()}

@job_kind("note")
def note(context, path):
    with open(path, "a") as notes:
        notes.write(context.claim.job_id + chr(10))
    time.sleep(0.02)
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    code = "from django.core.management import call_command\n"
    run(folder, code + "call_command('migrate', verbosity=0, interactive=False)")
    return folder


def environment(var):
    own = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "NAYU_TODAY")}
    return own | {
        "NAYU_VAR": str(var),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "nayu.config.settings",
    }


def run(var, code):
    return subprocess.run(
        [sys.executable, "-c", SETUP + code],
        env=environment(var), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def worker(var, once=False):
    code = f"sys.exit(run_worker(once={once}, poll_seconds=0.05))"
    return subprocess.Popen([sys.executable, "-c", SETUP + code], env=environment(var))


def rows(var, query, *values):
    with sqlite3.connect(var / "nayu.sqlite3", timeout=20) as database:
        found = database.execute(query, values).fetchall()
    database.close()
    return found


def states(var):
    return rows(var, "SELECT state, attempts FROM jobs_job ORDER BY created_at")


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


def begun(var):
    return states(var)[-1][0] == "running"


def test_a_job_survives_a_killed_worker(var):
    rows(var, "DELETE FROM jobs_job")
    run(var, "enqueue('slow', {'seconds': 30}, requested_by=None, at=now())")
    killed = worker(var)
    wait_until(lambda: begun(var))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert states(var) == [("running", 1)]

    # A minute passes; and the second attempt shall be quick.
    rows(
        var, "UPDATE jobs_job SET heartbeat_at = '2020-01-01 00:00:00', args = '{\"seconds\": 0.1}'"
    )
    worker(var, once=True).wait(30)

    assert states(var) == [("done", 2)]


def test_a_worker_asked_to_stop_brings_its_job_to_the_end(var):
    rows(var, "DELETE FROM jobs_job")
    run(var, "enqueue('slow', {'seconds': 2}, requested_by=None, at=now())")
    stopping = worker(var)
    wait_until(lambda: begun(var))

    stopping.terminate()

    assert stopping.wait(20) == 0
    assert states(var) == [("done", 1)]


def test_two_workers_side_by_side_do_every_job_once(var, tmp_path):
    rows(var, "DELETE FROM jobs_job")
    notes = tmp_path / "notes"
    run(
        var,
        f"for _ in range(30): enqueue('note', {{'path': {str(notes)!r}}}, requested_by=None, at=now())",
    )

    both = [worker(var, once=True), worker(var, once=True)]

    assert [process.wait(60) for process in both] == [0, 0]
    done = notes.read_text().split()
    assert len(done) == len(set(done)) == 30
    assert {state for state, _ in states(var)} == {"done"}

"""Programs on a small city with a database of its own, of the kind under test."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def own_database(folder: Path):
    """The environment of processes on an empty database, of the kind under test."""
    environment = os.environ | {
        "NAYU_VAR": str(folder),
        "NAYU_TESTS": "1",
        "NAYU_SAMPLE_CITY": "",
        "NAYU_TODAY": "2025-07-15",
        "DJANGO_SETTINGS_MODULE": "nayu.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
    }
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield environment | {"DATABASE_URL": ""}
        return
    server, name = url.rsplit("/", 1)[0], f"nayu_faults_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield environment | {"DATABASE_URL": f"{server}/{name}"}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment, module, *words):
    done = subprocess.run(
        [sys.executable, "-m", module, *words], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def program(environment, module, *words):
    return json.loads(run(environment, f"faults.{module}", *words))


def alert_of(page: str) -> str:
    """What the page says of problems, without its frame."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))

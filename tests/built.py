"""What many tests begin with is built once for all workers, and copied: a database and its files."""

import contextlib
import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

DATABASE_FILE = "nayu.sqlite3"
DONE = "done"
TESTS = Path(__file__).parent
SOURCES = [str(TESTS.parent / "src"), str(TESTS)]


def of_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def _server() -> psycopg.Connection:
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"
    return psycopg.connect(url, autocommit=True)


def _environment(folder: Path, name: str, said: Mapping[str, str]) -> dict[str, str]:
    """What tells a process its folder and its database, on the kind of database under test."""
    url = os.environ.get("DATABASE_URL", "")
    return os.environ | {
        "NAYU_VAR": str(folder),
        "DATABASE_URL": url.rsplit("/", 1)[0] + f"/{name}" if of_postgres() else "",
        "PYTHONPATH": os.pathsep.join(SOURCES),
        **said,
    }


@contextlib.contextmanager
def a_database(
    folder: Path, said: Mapping[str, str], *, template: str = ""
) -> Iterator[dict[str, str]]:
    """The environment of processes on a database of their own, gone afterwards."""
    name = f"nayu_own_{uuid4().hex}"
    if not of_postgres():
        yield _environment(folder, name, said)
        return
    with _server() as server:
        server.execute(
            f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")
        )
        try:
            yield _environment(folder, name, said)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def send_away(name: str) -> None:
    """End all sessions of a database, the server's own sweeping too, so that it can be dropped."""
    with _server() as server:
        for _ in range(300):
            still = server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            ).fetchall()
            if not still:
                return
            time.sleep(0.1)


def _of_this_run(name: str) -> str:
    return f"nayu_built_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}_{name}"


@dataclass(frozen=True)
class Built:
    """A folder with its files and, on PostgreSQL, the name of the database beside it."""

    folder: Path
    template: str

    @contextlib.contextmanager
    def copied(self, folder: Path, said: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """The environment of processes on a copy that is nobody else's."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        with a_database(folder, said, template=self.template) as environment:
            yield environment

    def into(self, connection: sqlite3.Connection) -> None:
        """The rows and tables into an open SQLite database, in place of its own."""
        with contextlib.closing(sqlite3.connect(self.folder / DATABASE_FILE)) as built:
            built.backup(connection)


def build_once(
    common: Path, name: str, said: Mapping[str, str], build: Callable[[dict[str, str]], None]
) -> Built:
    """What `build` makes in the environment it is given, made by whoever comes first.

    `common` is a folder all workers know. On PostgreSQL the database stays until `forget_all`.
    """
    folder, template = common / f"built-{name}", _of_this_run(name)
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (common / f"{name}.{DONE}").exists():
            folder.mkdir()
            if of_postgres():
                with _server() as server:
                    server.execute(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
                    server.execute(f'CREATE DATABASE "{template}"')
            build(_environment(folder, template, said))
            (common / f"{name}.{DONE}").touch()
    return Built(folder, template)


def forget_all(common: Path) -> None:
    """The last worker to leave takes the databases of the run away."""
    if not of_postgres():
        return
    with (common / "left.lock").open("a+") as left:
        fcntl.flock(left, fcntl.LOCK_EX)
        left.write(".")
        left.flush()
        if left.tell() < int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")):
            return
    with _server() as server:
        names = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_of_this_run("")]
        ).fetchall()
        for (name,) in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

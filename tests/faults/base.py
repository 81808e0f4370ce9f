"""A small city with a database of its own, of which a copy is kept and put back at will.

    python -m faults.base      builds it and keeps the copy

The place is NAYU_VAR for SQLite, the database named in DATABASE_URL for PostgreSQL.
"""

# ruff: noqa: S608 - names in these queries are our own

import hashlib
import json
import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django_tasks_db.models import DBTaskResult

from conftest import CAST, DRAINAGE, MEETING, NOON, Maker, line_input, whole_input
from nayu.accounts.models import User
from nayu.agencies.domain import Person
from nayu.agencies.models import Appointment, Post
from nayu.agencies.queries import person_of
from nayu.audit.services import seal_all
from nayu.budget import services as budget
from nayu.config.database import ensure_thai_is_searchable
from nayu.practice.services import load_frame
from nayu.publication.services import publish

YEAR = 2570
DRAFT_NAME = "ลอกคลองบางเขน"
IN_PLAN_NAME = "ลอกคลองแสนแสบ"
POSTGRES = connection.vendor == "postgresql"
VAR = Path(settings.VAR)
DATABASE = Path(str(settings.DATABASES["default"]["NAME"]))
BUILT = "built"  # the name of the copy of the city as it was built
FILES = Path(settings.MEDIA_ROOT)
# Rows of visits and of the queue's own past are no part of a deed.
NO_PART = {"sessions.Session", DBTaskResult._meta.label}
MOMENTS = {"written_at"}  # the database's own clock


class Cast:
    """The people by name, as the rules see them now."""

    def __getattr__(self, name: str) -> Person:
        return person_of(User.objects.get(username=name), NOON.date())


cast = Cast()


def build() -> None:
    """A complete draft, a project in the published plan, a request that was submitted."""
    ensure_thai_is_searchable()
    call_command("migrate", verbosity=0, interactive=False)
    load_frame()
    for name, post in CAST.items():
        user = User.objects.create_user(name, password="pw", display_name=name.title())
        Appointment.objects.create(
            post=Post.objects.get(code=post), user=user, first_day=date(2023, 10, 1)
        )
    make = Maker(cast)
    make.entry(name=DRAFT_NAME, year=YEAR)
    make.entry("in_plan", name=IN_PLAN_NAME, year=YEAR)
    for number in range(4):
        budget.add_line(
            line_input(item=f"งานประจำ {number}"), kind="routine", agency_code=DRAINAGE,
            fiscal_year_be=YEAR, actor=cast.anong, at=NOON,
        )  # fmt: skip
    for kind in "12345":
        budget.set_ceiling(DRAINAGE, YEAR, kind, Decimal(10**9), actor=cast.ganda, at=NOON)
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    seal_all(at=NOON)


def keep_copy(name: str = BUILT) -> None:
    """Copy everything, under a name."""
    if POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'CREATE TABLE {name}."{table}" AS TABLE public."{table}"')
            cursor.execute(
                f"CREATE TABLE {name}.numbers AS SELECT sequencename AS name, last_value AS last"
                " FROM pg_sequences WHERE schemaname = 'public'"
            )
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copy(DATABASE, VAR / name)


def put_back(name: str = BUILT) -> None:
    """The database and the shelf of files as they were built."""
    shutil.rmtree(FILES, ignore_errors=True)
    if POSTGRES:
        _put_rows_back(name)
        put_numbers_back(name)
        return
    connection.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{DATABASE}{suffix}").unlink(missing_ok=True)
    shutil.copy(VAR / name, DATABASE)


def _put_rows_back(name: str) -> None:
    """Each table from its copy; what holds tables together is not asked meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ')"
            " FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' GROUP BY table_name"
        )
        for table, columns in cursor.fetchall():
            cursor.execute(f'DELETE FROM public."{table}"')
            cursor.execute(
                f'INSERT INTO public."{table}" ({columns}) SELECT {columns} FROM {name}."{table}"'
            )


def put_numbers_back(name: str = BUILT) -> None:
    """PostgreSQL's sequences: a rolled-back deed uses numbers up, which is no fault."""
    if not POSTGRES:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(quote_ident(name), coalesce(last, 1), last IS NOT NULL)"
            f" FROM {name}.numbers"
        )


def _server() -> psycopg.Connection:
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"
    return psycopg.connect(url, autocommit=True)


# --- Deeds in processes that may die ----------------------------------------------------------


def in_a_process(deed: Callable[[], object]) -> Callable[[], int]:
    """Begin a deed in a process of its own; the answer waits for its exit code, -9 if killed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            deed()
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, the process ends here
            traceback.print_exc()
        finally:
            connections.close_all()
            os._exit(code)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def wait_until_nobody_is_connected() -> None:
    """PostgreSQL takes a moment to see that a killed client is gone, and to roll back."""
    if not POSTGRES:
        return
    connections.close_all()
    with _server() as server:
        for _ in range(400):
            query = (
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend'"
            )
            name = connection.settings_dict["NAME"]
            if server.execute(query, [name]).fetchone() == (0,):
                return
            time.sleep(0.02)
    raise TimeoutError("a connection stays open")


# --- What there is ----------------------------------------------------------------------------


def snapshot() -> dict[str, str]:
    """A digest of each table, and of each file on the shelf."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in NO_PART:
            continue
        columns = [f.attname for f in model._meta.concrete_fields if f.name not in MOMENTS]
        rows = list(model._default_manager.order_by("pk").values_list(*columns))
        found[model._meta.label] = hashlib.sha256(repr(rows).encode()).hexdigest()
    for path in sorted(FILES.rglob("*")):
        if path.is_file():
            found[str(path.relative_to(FILES))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def everything_of(year: int):
    """All parts of an entry at once."""
    whole = whole_input(year)
    return replace(
        whole,
        texts={**whole.texts, "name_th": DRAFT_NAME, "name_en": "Dredging", "rationale": "คลองแคบ"},
        first_month=2,
        last_month=11,
        origin="citizens",
        novelty="continuing",
        promises=(
            replace(whole.promises[0], districts=("50010000", "50050000"), share_percent=60),
            replace(whole.promises[0], order=2, who_th="คนเดินเท้า", share_percent=40),
        ),
        other_element_ids=(),
        district_weights={"50010000": 2, "50050000": 1},
        supporting_codes=("08000000",),
        partner_names=("กรมชลประทาน", "การไฟฟ้านครหลวง"),
    )


def kill_myself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(found: object) -> None:
    print(json.dumps(found, ensure_ascii=False, default=str))


__all__ = ["DRAFT_NAME", "DRAINAGE", "IN_PLAN_NAME", "MEETING", "NOON", "YEAR"]

if __name__ == "__main__":
    build()
    keep_copy()

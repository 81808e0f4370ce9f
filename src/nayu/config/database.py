"""Facts of the database that start-up depends on."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from nayu.core.errors import RuleBroken


class ThaiNotSearchable(RuleBroken):
    """A PostgreSQL database whose character type makes `pg_trgm` blind to Thai."""

    code = "thai_not_searchable"


def ensure_thai_is_searchable() -> None:
    """Raises ThaiNotSearchable, with the command that mends it."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm(%s)", ["น้ำท่วม"])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise ThaiNotSearchable(database=connection.settings_dict["NAME"])


def forget_database() -> None:
    """Remove the embedded database; a PostgreSQL one is emptied."""
    if connection.vendor == "sqlite":
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(str(settings.DATABASES["default"]["NAME"]) + suffix).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")

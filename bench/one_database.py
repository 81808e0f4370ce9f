"""The measures on the database of the environment: `python -m bench.one_database FILE MEASURE …`.

Builds the sample city there first; what is found is written to FILE as JSON. Started by `run`.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import django

CITY = (20_000, 100_000)  # projects and lines of the large city


def main(target: Path, wanted: list[str]) -> int:
    django.setup()
    # Models can be imported only now.
    from django.db import connection  # noqa: PLC0415

    found: dict[str, Any] = {
        "database": "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    }
    _say(f"{found['database']}: sample city")
    _build_city()
    if connection.vendor == "postgresql":
        found["postgresql"] = _version_of_server()
    found["comparisons"] = [c.as_json() for c in _comparisons(found["database"], wanted, target)]
    if "pages" in wanted:
        found |= _large_city(found["database"])
    target.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 0


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)


def _build_city() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from nayu.config.database import ensure_thai_is_searchable  # noqa: PLC0415
    from nayu.practice import services as practice  # noqa: PLC0415

    ensure_thai_is_searchable()
    call_command("migrate", interactive=False, verbosity=0)
    practice.build()


def _version_of_server() -> str:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]


def _comparisons(database: str, wanted: list[str], target: Path) -> list[Any]:
    from bench import book, history, imports, likeness, workbooks  # noqa: PLC0415

    folder = target.with_suffix("")
    found = []
    if "workbooks" in wanted:
        _say("77 workbooks")
        found.append(workbooks.measure(folder / "workbooks", database))
    if "import" in wanted:
        _say(f"{database}: 12,000 lines")
        found.append(imports.measure(folder / "import", database))
    if "book" in wanted:
        _say(f"{database}: city book")
        found.append(book.measure(database))
    if "likeness" in wanted:
        if database == "SQLite":  # all pairs ask no database
            _say("all pairs of 20,000 texts")
            found += likeness.measure_all_pairs(database)
        _say(f"{database}: one text against 20,000")
        found += likeness.measure_one(database)
    if "history" in wanted:
        _say(f"{database}: history of 500 versions")
        found.append(history.measure(database))
    return found


def _large_city(database: str) -> dict[str, Any]:
    """Query counts at both sizes, then the pages of the large city."""
    from django.db import connection, transaction  # noqa: PLC0415

    from bench import city, pages, queries  # noqa: PLC0415

    sizes = [city.size()]
    counts = [queries.counts()]
    _say(f"{database}: growing from {sizes[0][0]:,} to {CITY[0]:,} projects")
    with transaction.atomic():
        city.grow(*CITY)
    if connection.vendor == "postgresql":
        # What autovacuum does on a running server within its minute.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    sizes.append(city.size())
    counts.append(queries.counts())
    _say(f"{database}: pages of {sizes[1][0]:,} projects and {sizes[1][1]:,} lines")
    connection.close()
    return {
        "sizes": sizes,
        "queries": {name: [small, counts[1][name]] for name, small in counts[0].items()},
        "pages": pages.measure(database),
        "command": pages.measure_command(database).as_json(),
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

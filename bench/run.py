"""`make bench`: all measures on both databases, into bench/results.

python -m bench.run [workbooks] [import] [book] [history] [likeness] [pages]   some only; prints, keeps nothing

Exit code 0 when every limit is met.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import ROOT, SOURCE, machine
from bench.report import markdown, verdicts

MEASURES = ("workbooks", "import", "book", "history", "likeness", "pages")
DATABASES = ("SQLite", "PostgreSQL")
RESULTS = Path(__file__).with_name("results")
# Whatever else the shell says, the city measured is the sample city on its own day.
CITY = {
    "DJANGO_SETTINGS_MODULE": "nayu.config.settings",
    "NAYU_SAMPLE_CITY": "1",
    "NAYU_TODAY": "2025-07-15",
}


def main(words: list[str]) -> int:
    """Exit code: 0 all limits met, 1 not, 2 not understood."""
    if unknown := [word for word in words if word not in MEASURES]:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    wanted = words or list(MEASURES)
    start = time.monotonic()
    facts = machine.facts()
    found = [part for name in DATABASES if (part := _on(name, wanted)) is not None]
    result = {
        "machine": facts,
        "measures": wanted,
        "minutes": round((time.monotonic() - start) / 60, 1),
        "databases": found,
    }
    told = verdicts(result)
    if wanted == list(MEASURES):
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latest.json").write_text(
            json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        (RESULTS / "latest.md").write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    missing = sorted(set(_needed(wanted)) - {part["database"] for part in found})
    for name in missing:
        print(f"not measured: {name}", file=sys.stderr)
    return 0 if not missing and all(met for _name, met in told) else 1


def _needed(wanted: list[str]) -> list[str]:
    """Reading workbooks asks no database."""
    return ["SQLite"] if wanted == ["workbooks"] else list(DATABASES)


def _on(database: str, wanted: list[str]) -> dict[str, Any] | None:
    """The measures on one database, which lives as long as they take."""
    if database == "PostgreSQL":
        wanted = [name for name in wanted if name != "workbooks"]
    if not wanted:
        return None
    with tempfile.TemporaryDirectory(prefix="nayu-bench-") as folder:
        target = Path(folder) / "found.json"
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment |= CITY | {
            "NAYU_VAR": folder,
            "PYTHONPATH": os.pathsep.join((str(SOURCE), str(ROOT))),
        }
        command = [sys.executable, "-m", "bench.one_database", str(target), *wanted]
        if database == "PostgreSQL":
            command = [sys.executable, "-m", "tools.with_postgres", *command]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code or not target.exists():
            return None
        answer: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

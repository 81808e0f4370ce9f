"""Programs on a small city with a database of its own, of the kind under test."""

import json
import re
import subprocess
import sys

SMALL_CITY = {
    "NAYU_TESTS": "1",
    "NAYU_SAMPLE_CITY": "",
    "NAYU_TODAY": "2025-07-15",
    "DJANGO_SETTINGS_MODULE": "nayu.config.settings",
}


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

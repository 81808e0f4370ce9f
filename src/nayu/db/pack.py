"""Reading the data packs that ship with the package: CSV files, all values text; JSON lists."""

import csv
import json
from importlib.resources import files
from typing import Any


def rows(package: str, name: str) -> list[dict[str, str]]:
    """Rows of `data/<name>.csv` in a package, in file order."""
    text = files(package).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def documents(package: str, name: str) -> list[dict[str, Any]]:
    """The objects of `data/<name>.json` in a package, in file order."""
    text = files(package).joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def whole(text: str) -> int | None:
    return int(text) if text.strip() else None

"""Reading the data packs that ship with the package: CSV files, all values text."""

import csv
from importlib.resources import files


def rows(package: str, name: str) -> list[dict[str, str]]:
    """Rows of `data/<name>.csv` in a package, in file order."""
    text = files(package).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def whole(text: str) -> int | None:
    return int(text) if text.strip() else None

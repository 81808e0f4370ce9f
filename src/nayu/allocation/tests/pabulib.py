"""Files of the participatory-budgeting library: projects with votes, and what was really chosen."""

import csv
from dataclasses import dataclass
from pathlib import Path

from nayu.allocation.domain.problem import POINT, Candidate, Level, Question


@dataclass(frozen=True)
class Election:
    name: str
    question: Question
    selected: frozenset[str] | None  # None: the file does not tell


def election_of(path: Path) -> Election:
    """Cost in satang of its currency; points are the file's score, or votes where it has none."""
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for row in csv.reader(path.open(encoding="utf-8-sig"), delimiter=";"):
        if row and row[0] in ("META", "PROJECTS", "VOTES"):
            rows = sections.setdefault(row[0], [])
        elif row:
            rows.append(row)
    meta = {row[0]: row[1] for row in sections["META"] if len(row) > 1}
    heading, *told = sections["PROJECTS"]
    projects = [dict(zip(heading, row, strict=False)) for row in told]
    aim = "score" if "score" in heading else "votes"
    candidates = tuple(
        Candidate(
            one["project_id"], "city",
            (Level("full", (satang(one["cost"]), 0, 0, 0), int(float(one[aim]) * POINT)),),
        )
        for one in projects
    )  # fmt: skip
    chosen = None
    if "selected" in heading:
        chosen = frozenset(one["project_id"] for one in projects if one["selected"] == "1")
    return Election(path.name, Question(2570, candidates, total=satang(meta["budget"])), chosen)


def satang(text: str) -> int:
    return round(float(text.replace(",", ".")) * 100)

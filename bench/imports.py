"""12,000 budget lines imported, against a bare `bulk_create` of the same rows.

The file has the shape of the eight volumes of the national budget bill of FY2565: 11,940 lines of
234 bodies, 833 projects and 399 categories; its words are the sample city's.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from django.db import connections, transaction
from django.db.models import Model, QuerySet

from bench.city import copy_of
from bench.figures import Comparison, seconds_of, take_turns
from nayu.agencies.models import Agency
from nayu.audit.models import Event
from nayu.budget.models import ExpenditureCategory, FunctionNode, Line, StageAmount
from nayu.db.clock import now
from nayu.projects.models import Project, ProjectEntry
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import take_in

LINES, BODIES, PROJECTS, OUTPUTS, PLANS, CATEGORIES = 12_000, 234, 833, 393, 71, 399
PROFILE, YEAR, STAGE = "thai-budget-lines", 2565, "bill"
PAIRS, LIMIT = 5, 4.0
TYPES = ("งบบุคลากร", "งบดำเนินงาน", "งบลงทุน", "งบเงินอุดหนุน", "งบรายจ่ายอื่น")
COLUMNS = (
    "ITEM_ID", "REF_DOC", "REF_PAGE_NO", "MINISTRY", "BUDGETARY_UNIT", "CROSS_FUNC?",
    "BUDGET_PLAN", "OUTPUT", "PROJECT", "CATEGORY_LV1", "CATEGORY_LV2", "ITEM_DESCRIPTION",
    "FISCAL_YEAR", "AMOUNT", "OBLIGED?",
)  # fmt: skip


def measure(folder: Path, database: str) -> Comparison:
    """Needs the sample city. Each turn starts without the imported rows and ends committed."""
    path = write_file(folder)

    def ours() -> float:
        _clear()
        return seconds_of(lambda: _import(path))

    def bare() -> float:
        """After our turn: its bodies and projects stand, its lines are written again."""
        lines = [copy_of(line) for line in Line.objects.filter(import_profile=PROFILE)]
        if len(lines) != LINES:
            raise RuntimeError(f"{len(lines)} lines")
        _clear_lines()
        return seconds_of(lambda: _bare(lines))

    connections.close_all()
    mine, theirs = take_turns(ours, bare, pairs=PAIRS)
    _clear()
    return Comparison(
        f"{LINES:,} lines imported",
        database,
        "CSV to committed rows: read, checked, bodies and projects found or made",
        "bulk_create of the lines and their amounts, ready-made in memory",
        PAIRS,
        mine,
        theirs,
        LIMIT,
    )


def _import(path: Path) -> None:
    outcome = take_in(path, load_profile(PROFILE), fiscal_year_be=YEAR, at=now())
    if outcome.new != LINES or not outcome.written:
        raise RuntimeError(f"{outcome.new} new lines, {outcome.findings[:3]}")


@transaction.atomic
def _bare(lines: Sequence[Line]) -> None:
    made = Line.objects.bulk_create(lines)
    StageAmount.objects.bulk_create(
        [StageAmount(line=line, stage_id=STAGE, amount=line.unit_price) for line in made]
    )


def _clear_lines() -> None:
    _empty(StageAmount.objects.filter(line__import_profile=PROFILE))
    _empty(Line.objects.filter(import_profile=PROFILE))


def _clear() -> None:
    """Everything that the file brought along."""
    _clear_lines()
    _empty(ProjectEntry.objects.filter(project__source=f"import:{PROFILE}"))
    _empty(Project.objects.filter(source=f"import:{PROFILE}"))
    for depth in (3, 2):
        _empty(FunctionNode.objects.filter(code__startswith="X-", depth=depth))
    _empty(ExpenditureCategory.objects.filter(source="lines.csv"))
    _empty(Agency.objects.filter(kind="imported"))
    _empty(Event.objects.filter(subject_kind="file"))


def _empty(rows: QuerySet[Model]) -> None:
    """One DELETE, without asking which rows depend on them."""
    rows._raw_delete(rows.db)


def write_file(folder: Path) -> Path:
    """The same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    items = list(
        Line.objects.exclude(import_profile=PROFILE).order_by("pk").values_list("item", flat=True)
    )
    path = folder / "lines.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, items) for number in range(LINES))
    return path


def _row(number: int, items: Sequence[str]) -> list[str]:
    """Row `number` of the file: a body's lines stand together, most under one of its projects."""
    body = number * BODIES // LINES
    category = number * 7 % CATEGORIES
    with_project = number % 3 != 0
    project = number * PROJECTS // LINES
    return [
        f"2022.3.{number}",
        "2022.3",
        str(11 + number // 20),
        f"กระทรวงตัวอย่างที่ {body // 12 + 1}",
        f"หน่วยรับงบประมาณตัวอย่างที่ {body + 1}",
        "False",
        f"แผนงานตัวอย่างที่ {body * PLANS // BODIES + 1}",
        "" if with_project else f"ผลผลิตตัวอย่างที่ {number * OUTPUTS // LINES + 1}",
        f"โครงการตัวอย่างที่ {project + 1} เพื่อประชาชน" if with_project else "",
        TYPES[category % len(TYPES)],
        f"หมวดรายจ่ายตัวอย่างที่ {category + 1}",
        f"{items[number % len(items)]} รายการที่ {number + 1}",
        "2022",
        f"{(number * 7919 % 90_000 + 100) * 1000:,}",
        "True" if number % 7 < 2 else "False",
    ]

"""An agency's request as the law's tree: ด้าน → แผนงาน → งาน or project → งบ → หมวด → line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from nayu.budget.domain import PROJECT
from nayu.budget.models import FunctionNode, Request, Stage, StageAmount
from nayu.budget.queries import LineSheet, working_books
from nayu.projects.models import ProjectEntry
from nayu.publication.services import STATES_OF_KIND

LEVELS = 5  # lines stand below the fifth


@dataclass
class Branch:
    """One row of the tree: a group with sums of what is below it, or a line itself.

    `amounts` go by stage code, in baht; a stage that a line has not reached is absent.
    """

    level: int
    name_th: str
    name_en: str
    amounts: dict[str, Decimal] = field(default_factory=dict)
    cells: list[tuple[Stage, Decimal | None]] = field(default_factory=list)
    line: LineSheet | None = None
    project_code: str = ""
    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, stages: Iterable[tuple[str, Decimal]]) -> None:
        for stage, amount in stages:
            self.amounts[stage] = self.amounts.get(stage, Decimal("0.00")) + amount


@dataclass(frozen=True)
class Tree:
    """Rows from the top down, the stages that have amounts, and the sums of the whole."""

    rows: list[Branch]
    stages: list[Stage]
    totals: list[Decimal]


Key = tuple[str, str, str, str]  # level's own code, order, Thai, English


def request_tree(sheets: list[LineSheet]) -> Tree:
    """The tree of some lines, in four queries."""
    nodes = {node.code: node for node in FunctionNode.objects.all()}
    entries = {
        entry.pk: entry
        for entry in ProjectEntry.objects.filter(
            pk__in={sheet.entry_id for sheet in sheets if sheet.entry_id}
        ).select_related("project")
    }
    reasons: dict[int, dict[str, str]] = {}
    for line_id, stage, reason in (
        StageAmount.objects.filter(line_id__in=[sheet.line_id for sheet in sheets])
        .exclude(reason="")
        .values_list("line_id", "stage_id", "reason")
    ):
        reasons.setdefault(line_id, {})[stage] = reason
    paths = [(_path(sheet, nodes, entries), sheet) for sheet in sheets]
    paths.sort(key=lambda pair: ([key[1] for key in pair[0]], pair[1].order, pair[1].line_id))
    rows: list[Branch] = []
    open_groups: list[tuple[Key, Branch]] = []
    whole = Branch(0, "", "")
    for path, sheet in paths:
        _open(path, rows, open_groups)
        entry = entries.get(sheet.entry_id or 0)
        if entry:
            open_groups[2][1].project_code = entry.project.code
        for group in [whole, *(branch for _key, branch in open_groups)]:
            group.add(sheet.stages)
        row = Branch(
            LEVELS + 1, sheet.item, "", dict(sheet.stages), line=sheet,
            reasons=reasons.get(sheet.line_id, {}),
        )  # fmt: skip
        rows.append(row)
    stages = [s for s in Stage.objects.order_by("order") if s.code in whole.amounts]
    for row in rows:
        row.cells = [(stage, row.amounts.get(stage.code)) for stage in stages]
    return Tree(rows, stages, [whole.amounts[stage.code] for stage in stages])


def _open(path: list[Key], rows: list[Branch], open_groups: list[tuple[Key, Branch]]) -> None:
    """Close the groups that this path has left, and open the ones it enters."""
    same = 0
    while same < len(open_groups) and open_groups[same][0] == path[same]:
        same += 1
    del open_groups[same:]
    for level in range(same, LEVELS):
        branch = Branch(level + 1, path[level][2], path[level][3])
        rows.append(branch)
        open_groups.append((path[level], branch))


def _path(
    sheet: LineSheet, nodes: dict[str, FunctionNode], entries: dict[int, ProjectEntry]
) -> list[Key]:
    function: list[Key] = []
    node = nodes.get(sheet.work_code)
    while node is not None:
        function.append((node.code, node.code, node.name_th, node.name_en))
        node = nodes.get(node.parent_id or "")
    missing: Key = ("", "~", _("No function named"), "")
    side, plan, work = ([*function[::-1], missing, missing, missing])[:3]
    entry = entries.get(sheet.entry_id or 0)
    if entry is not None:
        code = entry.project.code
        work = (code, f"{work[1]} {code}", entry.name_th, entry.name_en)
    return [
        side,
        plan,
        work,
        (sheet.type_code, sheet.type_code, sheet.type_th, sheet.type_en),
        (sheet.category_code, sheet.category_code, sheet.category_th, sheet.category_en),
    ]


@dataclass(frozen=True)
class Publishable:
    """What a version of one kind would hold now, and its money at the stage reached, in baht."""

    kind: str
    projects: int
    total_baht: Decimal


def publishable(fiscal_year_be: int, stage: str) -> list[Publishable]:
    """For each kind of version, by the same rule that publishing follows."""
    books = working_books(fiscal_year_be, stage)
    sent = (
        Request.objects.filter(fiscal_year_be=fiscal_year_be)
        .exclude(state="open")
        .values("agency_id")
    )
    standing = ~Q(line__kind=PROJECT) & Q(line__agency_id__in=sent)
    found = []
    for kind, states in STATES_OF_KIND.items():
        narrowed = books.amounts.filter(Q(line__entry__state__in=states) | standing)
        total = type(books)(fiscal_year_be, stage, "working", narrowed, "line__").total_baht()
        entries = ProjectEntry.objects.filter(fiscal_year_be=fiscal_year_be, state__in=states)
        found.append(Publishable(kind, entries.count(), total))
    return found

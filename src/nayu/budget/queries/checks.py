"""The examiner's questions over a whole fiscal year."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nayu.agencies.models import District
from nayu.approvals.domain import REJECTED
from nayu.budget.checker import (
    City,
    Finding,
    findings_of,
    middle_prices,
    over_ceilings,
    same_names,
)
from nayu.budget.domain import ORDINANCE, LineSheet
from nayu.budget.models import Line
from nayu.budget.queries.ceilings import all_uses
from nayu.budget.queries.lines import line_sheets
from nayu.budget.queries.requests import balance
from nayu.core.money import text_of
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheets


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings of a year, and how much was looked at."""

    entries: int
    lines: int
    findings: tuple[Finding, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {"code": f.code, "place": f.place, "facts": {k: _plain(v) for k, v in f.facts}}
            for f in self.findings
        ]


def _plain(value: object) -> object:
    return text_of(value) if isinstance(value, Decimal) else value


def checks_of(fiscal_year_be: int) -> Checked:
    """Every rule over every working entry of the year, then ceilings and balance."""
    entries = sheets(
        ProjectEntry.objects.filter(fiscal_year_be=fiscal_year_be)
        .exclude(state=REJECTED)
        .order_by("project__code")
    )
    lines = line_sheets(
        Line.objects.filter(fiscal_year_be=fiscal_year_be, kind="project").exclude(
            entry__state=REJECTED
        )
    )
    by_entry: dict[int, list[LineSheet]] = {}
    for line in lines:
        by_entry.setdefault(line.entry_id or 0, []).append(line)
    city = City(dict(District.objects.values_list("plan_code", "population")), middle_prices(lines))
    pairs = [(sheet, tuple(by_entry.get(sheet.entry_id, ()))) for sheet in entries]
    found = findings_of(pairs, city) + same_names(entries)
    found += over_ceilings(use for uses in all_uses(fiscal_year_be).values() for use in uses)
    found += _unbalanced(fiscal_year_be)
    return Checked(len(entries), len(lines), tuple(found))


def _unbalanced(fiscal_year_be: int) -> list[Finding]:
    """At the ordinance, expenditure equals the revenue estimate."""
    held = balance(fiscal_year_be, ORDINANCE)
    if held.expenditure_baht == 0 or held.is_balanced:
        return []
    return [
        Finding(
            "not_balanced",
            str(fiscal_year_be),
            (("expenditure", held.expenditure_baht), ("revenue", held.revenue_baht)),
        )
    ]

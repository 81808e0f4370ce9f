"""Rows of our own workbook become lines through the same deeds as on the page."""

from datetime import datetime
from typing import Any

from nayu.agencies.domain import PLANNER, Holding, Person
from nayu.approvals.domain import may
from nayu.budget import services as budget
from nayu.budget.domain import PROJECT, ROUTINE
from nayu.budget.models import ExpenditureCategory, FunctionNode, FundingSource, Line, Request
from nayu.core.errors import RuleBroken
from nayu.projects.models import ProjectEntry
from nayu.workbooks.domain import ZERO, Finding, ParsedLine
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services.entries import load_entries
from nayu.workbooks.services.merging import FIELDS, FILE, HELD, ROW, Choices, merged_row
from nayu.workbooks.services.outcome import Outcome
from nayu.workbooks.services.workbook import OWN


def operator(agency_code: str) -> Person:
    """Whoever runs the command on the machine itself, planning for the agency of the workbook."""
    return Person(None, "nayu", (Holding("operator", PLANNER, agency_code, "nayu", "nayu"),))


def load_own(
    outcome: Outcome,
    year: int,
    actor: Person | None,
    at: datetime,
    choices: Choices,
) -> None:
    """Our own workbook: rows become lines through the same deeds as on the page.

    `choices` settle cells that somebody else changed since the workbook was made.
    """
    mark = outcome.reading.mark
    assert mark is not None
    who = actor or operator(mark.agency_code)
    # What the sender may not see is answered as what is not there.
    entries = {
        e.project.code: e.pk
        for e in ProjectEntry.objects.visible_to(who)
        .filter(agency_id=mark.agency_code, fiscal_year_be=mark.fiscal_year_be)
        .select_related("project")
    }
    load_entries(outcome, entries, who, at, choices)
    for parsed in outcome.reading.lines:
        try:
            _own_row(
                outcome, parsed, entries, mark.agency_code, mark.fiscal_year_be, who, at, choices
            )
        except RuleBroken as broken:
            outcome.findings.append(
                Finding(
                    "row_breaks_a_rule",
                    outcome.reading.file,
                    parsed.sheet,
                    parsed.row,
                    value=parsed.item,
                    facts={"rule": broken.code},
                )
            )


def _own_row(
    outcome: Outcome,
    parsed: ParsedLine,
    entries: dict[str, int],
    agency: str,
    year: int,
    who: Person,
    at: datetime,
    choices: Choices,
) -> None:
    extra = parsed.extra
    project = extra.get("project_code", "")
    unknown = _unknown_code(extra, entries, project)
    if unknown:
        outcome.findings.append(
            Finding(
                "code_unknown",
                outcome.reading.file,
                parsed.sheet,
                parsed.row,
                column=unknown,
                value=str(extra.get(unknown, project)),
            )
        )
        return
    given = budget.LineInput(
        item=parsed.item,
        quantity=parsed.quantity or ZERO,
        unit=parsed.unit,
        unit_price=parsed.unit_price or ZERO,
        category_code=extra["category_code"],
        work_code=extra.get("work_code") or None,
        source_code=extra["source_code"],
        price_reference=extra.get("price_reference", ""),
        price_evidence=extra.get("price_evidence", ""),
        first_month=extra.get("first_month") or 1,
        last_month=extra.get("last_month") or 12,
        novelty=extra.get("novelty") or "new",
        priority=extra.get("priority") or None,
        if_not_funded=extra.get("if_not_funded", ""),
    )
    held = _held(parsed, agency, year, who)
    if held is None:
        if _was_a_line(parsed):
            choice = choices.get((int(parsed.external_id), ROW))
            if choice == HELD:
                outcome.unchanged += 1
                return
            if choice != FILE:
                place = (outcome.reading.file, parsed.sheet, parsed.row)
                outcome.findings.append(Finding("line_gone", *place, value=parsed.external_id))
                return
        made = budget.add_line(
            given,
            kind=PROJECT if project else ROUTINE,
            agency_code=agency,
            fiscal_year_be=year,
            entry_id=entries[project] if project else None,
            actor=who,
            at=at,
        )
        Line.objects.filter(pk=made.pk).update(
            import_profile=OWN, external_id=_own_identity(parsed, agency, year)
        )
        outcome.new += 1
        return
    _meet_line(outcome, parsed, held, given, choices, who, at)


def _meet_line(
    outcome: Outcome,
    parsed: ParsedLine,
    held: Line,
    given: budget.LineInput,
    choices: Choices,
    who: Person,
    at: datetime,
) -> None:
    """A row whose line is here: merged cell by cell, or refused with every cell that is in doubt."""
    revision = parsed.extra.get("revision") or held.revision
    merged = merged_row(held, given, revision, choices)
    place = (outcome.reading.file, parsed.sheet, parsed.row)
    if merged is None:
        facts = {"found": revision, "held": held.revision}
        outcome.findings.append(
            Finding("line_changed_since", *place, value=parsed.item, facts=facts)
        )
        return
    for name, one in merged.conflicts.items():
        facts = {"held": one.stored, "base": one.base, "of": held.pk, "name": name}
        outcome.findings.append(
            Finding("cell_in_doubt", *place, column=_heading(name), value=one.typed, facts=facts)
        )
    if merged.given is None:
        outcome.unchanged += 1
        return
    budget.change_line(held.pk, merged.given, revision=held.revision, actor=who, at=at)
    outcome.new += 1
    outcome.merged += merged.kept


def _was_a_line(parsed: ParsedLine) -> bool:
    """Whether the row left here with a line of ours, which is there no more, or not for this sender."""
    number = parsed.external_id
    left_here = not parsed.generated_id and number.isdecimal() and len(number) < 19
    return left_here and bool(parsed.extra.get("revision"))


def _heading(name: str) -> str:
    return load_profile(OWN).heading_of(FIELDS[name])


def _own_identity(parsed: ParsedLine, agency: str, year: int) -> str:
    """Equal rows of two agencies, or of two years, are two lines."""
    return f"{agency}/{year}/{parsed.external_id}"[:120]


def _held(parsed: ParsedLine, agency: str, year: int, who: Person) -> Line | None:
    """The line that a row stands for, if whoever sends it may know of it."""
    lines = Line.objects.filter(agency_id=agency, fiscal_year_be=year).select_related("entry")
    number, held = parsed.external_id, None
    if not parsed.generated_id and number.isdecimal() and len(number) < 19:
        held = lines.filter(pk=int(number)).first()
    if held is None:
        identity = _own_identity(parsed, agency, year)
        held = lines.filter(import_profile=OWN, external_id=identity).first()
    if held is None:
        return None
    if held.entry:
        seen = may(who, "project.view", state=held.entry.state, agency_code=agency)
    else:
        request = Request.objects.filter(agency_id=agency, fiscal_year_be=year).first()
        state = request.state if request else "open"
        seen = may(who, "request.view", state=state, agency_code=agency)
    return held if seen else None


def _unknown_code(extra: dict[str, Any], entries: dict[str, int], project: str) -> str:
    """The name of the first field whose code is not in the city's lists."""
    if project and project not in entries:
        return "project_code"
    for name, model in (
        ("category_code", ExpenditureCategory),
        ("source_code", FundingSource),
        ("work_code", FunctionNode),
    ):
        code = extra.get(name)
        if code and not model._default_manager.filter(pk=code).exists():
            return name
    return ""

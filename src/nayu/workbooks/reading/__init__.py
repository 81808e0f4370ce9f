"""Reads a file by a profile into lines and findings; whatever the file is, it does not raise."""

from pathlib import Path

from nayu.workbooks.domain import FileReading, Finding, mark_findings
from nayu.workbooks.profile import Profile
from nayu.workbooks.reading.grids import Grid, csv_grid, json_grid, workbook_grids
from nayu.workbooks.reading.marks import read_mark
from nayu.workbooks.reading.parts import read_parts
from nayu.workbooks.reading.problems import UnreadableFileError
from nayu.workbooks.reading.sniffing import format_of
from nayu.workbooks.reading.tables import Collected, Heading, find_heading, read_table

__all__ = ["read_file"]


def read_file(
    path: Path,
    profile: Profile,
    *,
    fiscal_year_be: int | None = None,
    agency_code: str | None = None,
    name: str = "",
) -> FileReading:
    """All lines (or projects) of a file, and everything there is to say about it.

    ``fiscal_year_be`` is the year of rows that state none, and the year that our own template
    must be of; ``agency_code`` the agency it must be of. ``name`` is what findings call the file
    (an uploaded file has another name on disk). Nothing about the file's content raises.
    """
    file = name or path.name
    collected = Collected(file, profile, fiscal_year_be)
    try:
        grids = _grids(path, profile)
        _read_grids(grids, collected, agency_code)
    except UnreadableFileError as reason:
        collected.findings.append(
            Finding(reason.code, file, reason.sheet, value=reason.value, facts=reason.facts)
        )
    return collected.reading()


def _grids(path: Path, profile: Profile) -> list[Grid]:
    found = format_of(path)
    if found not in profile.formats:
        raise UnreadableFileError("format_not_of_profile", found=found, wanted=profile.formats)
    if found == "csv":
        return [csv_grid(path, profile)]
    if found == "json":
        return [json_grid(path)]
    return workbook_grids(path, profile)


def _read_grids(grids: list[Grid], collected: Collected, agency_code: str | None) -> None:
    profile = collected.profile
    sheets = {sheet.name: sheet for sheet in profile.sheets}
    needed = (*profile.required, "amount")
    headings = [
        (grid, find_heading(grid, profile.columns, needed))
        for grid in grids
        if grid.sheet not in sheets
    ]
    whole = [(grid, heading) for grid, heading in headings if not heading.missing]
    if not whole:
        _tell_missing(headings, collected)
        return
    for grid, heading in whole:
        if profile.mark is not None:
            mark = read_mark(grid, profile)
            collected.mark = mark
            collected.findings += mark_findings(
                mark, collected.file, fiscal_year_be=collected.year_be, agency_code=agency_code
            )
            collected.year_be = mark.fiscal_year_be
        read_table(grid, heading, collected)
    for grid in grids:
        if grid.sheet in sheets:
            read_parts(grid, sheets[grid.sheet], collected)
    if not collected.rows and not collected.subtotals and not collected.parts:
        raise UnreadableFileError("no_rows")


def _tell_missing(headings: list[tuple[Grid, Heading]], collected: Collected) -> None:
    """One finding for the sheet that comes nearest to the profile, with all it lacks."""
    grid, heading = min(headings, key=lambda pair: len(pair[1].missing))
    facts = {"columns": ", ".join(heading.missing), "count": len(heading.missing)}
    collected.findings.append(Finding("columns_missing", collected.file, grid.sheet, facts=facts))

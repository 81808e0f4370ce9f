"""Whose workbook it is: the cells our own template carries above its table."""

from nayu.core.thai import normalise, to_arabic_digits
from nayu.workbooks.domain import TemplateMark
from nayu.workbooks.profile import Profile
from nayu.workbooks.reading.cells import text_of
from nayu.workbooks.reading.grids import Grid, place_of
from nayu.workbooks.reading.problems import UnreadableFileError


def read_mark(grid: Grid, profile: Profile) -> TemplateMark:
    """Raises UnreadableFileError: not a template of ours, or of a version unknown here."""
    cells = profile.mark
    if cells is None:
        raise ValueError("the profile has no mark")
    found = _cell(grid, cells.template)
    if found != cells.value:
        own = cells.value.rpartition("-")[0]
        code = "template_of_another_version" if found.startswith(own) else "template_not_ours"
        raise UnreadableFileError(
            code, sheet=grid.sheet, value=found, found=found, wanted=cells.value
        )
    year = to_arabic_digits(_cell(grid, cells.fiscal_year))
    if not year.isdecimal():
        raise UnreadableFileError("template_not_ours", sheet=grid.sheet, value=year, found=year,
                         wanted=cells.value)  # fmt: skip
    return TemplateMark(
        found, _cell(grid, cells.agency_code), _cell(grid, cells.agency_name), int(year)
    )


def _cell(grid: Grid, reference: str) -> str:
    row, column = place_of(reference)
    if row < len(grid.rows) and column < len(grid.rows[row]):
        return normalise(text_of(grid.rows[row][column]))
    return ""

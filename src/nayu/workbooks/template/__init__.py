"""Our own workbook for an agency's entries and lines; only this package knows XlsxWriter.

What `write_template` writes, `reading.read_file` reads with the profile `nayu`: headings, choices
and mark come from that one profile. The same arguments give the same bytes.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nayu.core.fiscal_year import FiscalYear
from nayu.workbooks.domain import TemplateAgency, TemplateEntry, TemplateLine
from nayu.workbooks.profile import Profile, load_profile
from nayu.workbooks.template.lines import FIRST_ROW, HOW_TO_FILL, RULES, write_lines
from nayu.workbooks.template.looks import (
    CHOICES,
    Looks,
    labels_of,
    looks_of,
    months_of_year,
    write_choices,
)
from nayu.workbooks.template.parts import PART_RULES, part_choices, write_parts

__all__ = ["FIRST_ROW", "write_template"]

PROFILE = "nayu"
EXPLANATIONS = "คำอธิบาย"
THAI_DIGITS_FORMAT = "[$-D07041E]"


def write_template(
    agency: TemplateAgency,
    fiscal_year_be: int,
    projects: Sequence[tuple[str, str]],
    works: Sequence[tuple[str, str]],
    categories: Sequence[tuple[str, str, str]],
    sources: Sequence[tuple[str, str]],
    lines: Sequence[TemplateLine] = (),
    entries: Sequence[TemplateEntry] = (),
    *,
    thai_digits: bool = False,
) -> bytes:
    """The workbook as .xlsx bytes, with `lines` filled in and two hundred empty rows below.

    ``entries`` get a sheet each for texts, promises, activities and risks. ``projects``, ``works``
    and ``sources`` are (code, name), ``categories`` (code, name, type).
    """
    profile = load_profile(PROFILE)
    choices = {
        "project_code": labels_of(profile, projects),
        "work_code": labels_of(profile, works),
        "category_code": labels_of(profile, [(code, f"{n} ({t})") for code, n, t in categories]),
        "source_code": labels_of(profile, sources),
        "price_reference": {code: word for word, code in profile.values["price_reference"].items()},
        "novelty": {code: word for word, code in profile.values["novelty"].items()},
        "first_month": labels_of(profile, months_of_year()),
        "last_month": labels_of(profile, months_of_year()),
        **(part_choices(profile) if entries else {}),
    }
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        _set_properties(workbook, agency, fiscal_year_be)
        looks = looks_of(workbook, THAI_DIGITS_FORMAT if thai_digits else "")
        explained = workbook.add_worksheet(EXPLANATIONS)
        _write_explanations(explained, profile, looks, with_parts=bool(entries))
        sheet = workbook.add_worksheet(profile.sheet)
        if entries:
            write_parts(workbook, profile, entries, choices, looks)
        write_choices(workbook, workbook.add_worksheet(CHOICES), choices)
        write_lines(sheet, profile, agency, fiscal_year_be, choices, lines, looks)
        sheet.activate()
    return target.getvalue()


def _set_properties(workbook: Workbook, agency: TemplateAgency, fiscal_year_be: int) -> None:
    # The time of making would change the bytes; the year's first day is as good a date.
    first_day = FiscalYear(fiscal_year_be).first_day
    created = datetime.combine(first_day, time(), UTC).replace(tzinfo=None)
    workbook.set_properties(
        {"title": f"{agency.name} ปีงบประมาณ {fiscal_year_be}", "created": created}
    )


def _write_explanations(
    sheet: Worksheet, profile: Profile, looks: Looks, *, with_parts: bool
) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "วิธีกรอกรายการคำขอตั้งงบประมาณ", looks.title)
    for number, rule in enumerate(RULES, start=1):
        sheet.write_string(number, 0, f"{number}.", looks.text)
        sheet.write_string(number, 1, rule, looks.wrapped)
    first = len(RULES) + 2
    sheet.write_string(first, 0, "ช่อง", looks.heading)
    sheet.write_string(first, 1, "กรอกอย่างไร", looks.heading)
    for row, (heading, name) in enumerate(profile.columns.items(), start=first + 1):
        sheet.write_string(row, 0, heading, looks.text)
        sheet.write_string(row, 1, HOW_TO_FILL[name], looks.wrapped)
    if with_parts:
        first += len(profile.columns) + 2
        sheet.write_string(first, 0, "แผ่นของโครงการ", looks.heading)
        sheet.write_string(first, 1, "กรอกอย่างไร", looks.heading)
        for row, (name, words) in enumerate(PART_RULES.items(), start=first + 1):
            sheet.write_string(row, 0, name, looks.text)
            sheet.write_string(row, 1, words, looks.wrapped)
    sheet.protect()

"""How the cells of our own workbook look, and the choices that its lists offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nayu.core.dates import MONTHS_TH
from nayu.workbooks.profile import Profile

CHOICES = "ตัวเลือก"


@dataclass(frozen=True, slots=True)
class Looks:
    """The cell formats of the workbook."""

    title: Format
    text: Format
    wrapped: Format
    heading: Format
    locked: Format
    locked_money: Format
    total: Format
    input_text: Format
    input_money: Format
    input_number: Format


def looks_of(workbook: Workbook, digits: str) -> Looks:
    def made(**settings: object) -> Format:
        font = {"font_name": "TH Sarabun New", "font_size": 14, "valign": "top"}
        return workbook.add_format({**font, **settings})

    entry = {"locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#C9C3B0"}
    return Looks(
        title=made(bold=True, font_size=18),
        text=made(),
        wrapped=made(text_wrap=True),
        heading=made(bold=True, bg_color="#E4EAE6", border=1, text_wrap=True, align="center"),
        locked=made(border=1, border_color="#C9C3B0", font_color="#5A5A5A"),
        locked_money=made(border=1, border_color="#C9C3B0", num_format=f"{digits}#,##0.00"),
        total=made(bold=True, num_format=f"{digits}#,##0.00"),
        input_text=made(**entry, num_format="@", text_wrap=True),
        input_money=made(**entry, num_format=f"{digits}#,##0.00"),
        input_number=made(**entry, num_format=f"{digits}General"),
    )


def labels_of(profile: Profile, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {code: f"{code}{profile.label_separator}{name}" for code, name in pairs}


def months_of_year() -> list[tuple[str, str]]:
    return [(str(position), MONTHS_TH[(position + 8) % 12]) for position in range(1, 13)]


def write_choices(
    workbook: Workbook, sheet: Worksheet, choices: Mapping[str, Mapping[str, str]]
) -> None:
    """One column a field, each under a name that the validation of the input cells uses."""
    for column, (name, labels) in enumerate(choices.items()):
        sheet.write_string(0, column, name)
        for row, label in enumerate(labels.values(), start=1):
            sheet.write_string(row, column, label)
        if labels:
            letter = xl_col_to_name(column)
            area = f"='{CHOICES}'!${letter}$2:${letter}${len(labels) + 1}"
            workbook.define_name(f"choices_{name}", area)
    sheet.protect()
    sheet.very_hidden()

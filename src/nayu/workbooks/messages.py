"""Sentences of findings: the place, the figure, and what to do about it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nayu.core.money import MINUS
from nayu.workbooks.domain import NOTE, REFUSED, WARNING, Finding

MESSAGES: dict[str, Any] = {
    # The file as a whole.
    "file_missing": _("%(place)s: there is no such file. Check the name and the folder."),
    "file_unreadable": _(
        "%(place)s: the file cannot be opened (%(reason)s). Check its permissions."
    ),
    "file_empty": _("%(place)s: the file is empty. Choose the file that holds the data."),
    "file_too_large": _(
        "%(place)s: the file holds %(megabytes)s MB; the largest that is read is %(limit)s MB."
        " Split it, or remove pictures from it."
    ),
    "file_encrypted": _(
        "%(place)s: the file is locked with a password. Save it without a password, then import."
    ),
    "not_a_workbook": _(
        "%(place)s: this is not a table of data (%(kind)s). Save it as .xlsx or .csv from the"
        " spreadsheet program."
    ),
    "zip_not_workbook": _(
        "%(place)s: this is a ZIP archive, not a workbook (it holds %(names)s). Unpack it and import"
        " the files in it."
    ),
    "workbook_not_xlsx": _(
        "%(place)s: this is a %(kind)s workbook; only .xlsx is read. Open it in the spreadsheet program"
        " and save it as .xlsx."
    ),
    "workbook_broken": _(
        "%(place)s: the file is damaged. Open it in the spreadsheet program and save it anew."
    ),
    "format_not_of_profile": _(
        "%(place)s: the file is %(found)s, but this profile reads %(wanted)s. Choose another profile,"
        " or save the file in that format."
    ),
    "encoding_unknown": _(
        "%(place)s: the letters cannot be read in any of %(wanted)s. Save the file as CSV UTF-8."
    ),
    "csv_broken": _("%(place)s: the CSV is broken (%(reason)s). Save it anew as CSV UTF-8."),
    "json_broken": _("%(place)s: the JSON is broken (%(reason)s). Fetch or export the file again."),
    "json_not_a_list": _(
        "%(place)s: the JSON is not a list of objects. Export the list itself, one object a row."
    ),
    "sheet_missing": _(
        "%(place)s: there is no sheet “%(wanted)s”; the file has %(found)s. Use the sheet's original"
        " name."
    ),
    "sheet_too_large": _(
        "%(place)s: the sheet spans %(cells)s cells; the most that are read are %(limit)s. Delete the"
        " empty rows and columns beyond the data."
    ),
    "columns_missing": _(
        "%(place)s: %(count)s columns are missing: %(columns)s. Add them under these headings, or"
        " choose another profile."
    ),
    "column_repeated": _(
        "%(place)s: these headings occur more than once: %(columns)s. Keep one column of each."
    ),
    "no_rows": _("%(place)s: no data rows below the headings. Fill in at least one row."),
    "template_not_ours": _(
        "%(place)s: the mark of our template is missing (found “%(found)s”, wanted “%(wanted)s”)."
        " Download the template and fill in that file."
    ),
    "template_of_another_version": _(
        "%(place)s: the template is version “%(found)s”; “%(wanted)s” is in use now. Download the"
        " new template and move the data over."
    ),
    "workbook_of_another_year": _(
        "%(place)s: the workbook is of fiscal year %(found)s, the import of %(wanted)s. Choose the"
        " workbook of fiscal year %(wanted)s."
    ),
    "workbook_of_another_agency": _(
        "%(place)s: the workbook is of agency %(found)s, the import of %(wanted)s. Choose the"
        " agency's own workbook."
    ),
    # The amount of a row.
    "formula_without_value": _(
        "%(place)s: the formula has no value. Open the file in the spreadsheet program, let it"
        " calculate, and save."
    ),
    "cell_is_an_error": _(
        "%(place)s: the cell shows %(value)s. Mend the formula or type the value."
    ),
    "amount_blank": _("%(place)s: the amount is blank, taken as zero. Fill it in if there is one."),
    "amount_dash": _("%(place)s: “%(value)s” is taken as zero. Fill in an amount if there is one."),
    "amount_not_number": _(
        "%(place)s: “%(value)s” is not an amount of money. Write it like 1,200,000."
    ),
    "amount_negative": _(
        "%(place)s: the amount %(value)s is negative. Amounts are zero or more; enter a reduction as"
        " a transfer."
    ),
    "amount_too_large": _(
        "%(place)s: the amount %(value)s is above 1,000,000,000,000 baht. Check the digits and the"
        " unit."
    ),
    "amount_not_whole_baht": _(
        "%(place)s: the amount %(value)s has satang. A request is in whole baht; change quantity or"
        " unit price."
    ),
    "amount_commas_misplaced": _(
        "%(place)s: the commas of “%(value)s” are out of place; it was read as %(understood)s. A digit"
        " may be missing: compare with the original."
    ),
    "amount_rounded": _(
        "%(place)s: %(value)s baht has a fraction of a satang; %(loaded)s is taken, %(residue)s is left"
        " over. Nothing to do, unless the original says otherwise."
    ),
    "amount_not_product": _(
        "%(place)s: %(quantity)s × %(unit_price)s makes %(product)s, but the amount is %(amount)s."
        " Correct quantity or unit price, and let the file calculate."
    ),
    "subtotal_differs": _(
        "%(place)s: the subtotal says %(stated)s, but the rows above it add up to %(counted)s:"
        " %(difference)s apart. The subtotal is not added; check the rows."
    ),
    "subtotal_by_sum": _(
        "%(place)s: this row has no name and equals the sum of the rows above it (%(value)s), so it is"
        " taken as a subtotal and not added. If it is a line, give it a name."
    ),
    # Other cells of a row.
    "cell_too_long": _(
        "%(place)s: the text has %(length)s characters; at most %(limit)s are kept. Shorten it."
    ),
    "cell_blank": _("%(place)s: this cell may not be blank. Fill it in."),
    "year_missing": _("%(place)s: no fiscal year. Fill it in, or state the year of the import."),
    "year_not_understood": _(
        "%(place)s: “%(value)s” is not a fiscal year. Write a year of the %(era)s in four digits."
    ),
    "year_of_other_era": _(
        "%(place)s: %(value)s is not a year of the %(era)s, in which this file counts. Correct the year."
    ),
    "number_not_understood": _(
        "%(place)s: “%(value)s” is not a number. Write it like 1,200 or 2.5."
    ),
    "too_many_decimals": _(
        "%(place)s: %(value)s has more than %(decimals)s decimals. Change the unit so that the figure is"
        " exact."
    ),
    "choice_unknown": _(
        "%(place)s: “%(value)s” is not among the choices: %(choices)s. Choose one."
    ),
    "month_not_understood": _("%(place)s: “%(value)s” is not a month. Choose one from the list."),
    "months_reversed": _(
        "%(place)s: the last month, “%(value)s”, is before the first in the fiscal year. Swap them."
    ),
    "day_not_understood": _(
        "%(place)s: “%(value)s” is not a date. Write it like 3 พ.ย. 2569 or 2026-11-03."
    ),
    "days_reversed": _(
        "%(place)s: the last day, %(value)s, is before the first. Correct the dates."
    ),
    "identity_repeated": _(
        "%(place)s: the identity “%(value)s” stands in row %(first_row)s already. Give each line its own,"
        " or remove the row."
    ),
    # What only the database can tell.
    "body_without_code": _(
        "%(place)s: “%(value)s” has no code; the provisional code %(provisional)s is used. Give the body"
        " its official code."
    ),
    "name_shortened": _(
        "%(place)s: the name “%(value)s” has %(length)s characters; its first %(limit)s are kept. The"
        " amount is loaded whole. Shorten the name in the file if its end matters."
    ),
    "code_unknown": _("%(place)s: the code “%(value)s” is not known. Choose one from the list."),
    "line_changed_since": _(
        "%(place)s: line %(value)s was changed after this workbook was made. Download a new workbook"
        " and enter the change there."
    ),
    "cell_in_doubt": _(
        "%(place)s: the file says “%(value)s”; somebody else wrote “%(held)s” after the workbook was "
        "made with “%(base)s”. Choose which of the two stands."
    ),
    "line_gone": _(
        "%(place)s: line %(value)s is not here any more; somebody may have taken it out after the "
        "workbook was made. Choose whether it comes back."
    ),
    "row_gone": _(
        "%(place)s: row %(value)s is not here any more; somebody took it out after the workbook was "
        "made, and the file changes it. Choose whether it comes back."
    ),
    "entry_without_base": _(
        "%(place)s: what %(value)s said when this workbook was made cannot be told: its row in the "
        "sheet of projects is missing or changed. Download a new workbook and enter the change there."
    ),
    "number_not_above_zero": _("%(place)s: %(value)s must be above zero."),
    "number_outside": _("%(place)s: “%(value)s” must be a whole number from %(low)s to %(high)s."),
    "level_above_more_money": _(
        "%(place)s: %(percent)s percent of the money cannot give %(value)s, which is more than more"
        " money does. Correct the figure."
    ),
    "line_differs": _(
        "%(place)s: line “%(value)s” is here already with %(held)s baht, and the file says %(found)s."
        " Correct the file, or import it at another stage."
    ),
    "row_breaks_a_rule": _(
        "%(place)s: “%(value)s” breaks a rule of the request (%(rule)s). Correct the row, or enter it on"
        " the request's page, which explains the rule."
    ),
    # Rules broken before any file is opened.
    "stage_unknown": _("There is no stage “%(stage)s”. Choose one of the stages of the budget."),
    "agency_unknown": _("There is no agency with the code “%(value)s”. Check the code."),
    "profile_unknown": _("There is no profile “%(name)s”. Choose one of: %(known)s."),
    "profile_not_understood": _(
        "The profile “%(name)s” cannot be used: %(reason)s. Correct the TOML file."
    ),
}

SEVERITIES = {REFUSED: _("refused"), WARNING: _("warning"), NOTE: _("note")}
ERAS = {"ce": _("Christian Era"), "be": _("Buddhist Era")}
FORMATS = {"csv": "CSV", "json": "JSON", "xlsx": ".xlsx"}


def place(finding: Finding) -> str:
    """File, sheet, row and column, as far as the finding has them."""
    parts = [finding.file]
    if finding.sheet:
        parts.append(_t("sheet “%(sheet)s”") % {"sheet": finding.sheet})
    if finding.row:
        parts.append(_t("row %(row)s") % {"row": finding.row})
    if finding.column:
        column = _t("column “%(column)s”") % {"column": finding.column}
        cell = finding.facts.get("cell")
        parts.append(f"{column} ({cell})" if cell else column)
    return ", ".join(parts)


def sentence(finding: Finding) -> str:
    """The finding in the reader's language."""
    facts = {name: _shown(name, value) for name, value in finding.facts.items()}
    named = {"place": place(finding), "value": finding.value}
    return str(MESSAGES[finding.code] % {**facts, **named})


def _shown(name: str, value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, ",f").replace("-", MINUS)
    if isinstance(value, tuple):
        return ", ".join(str(FORMATS.get(part, part)) for part in value)
    if name == "era":
        return str(ERAS[str(value)])
    if name == "found" and value in FORMATS:
        return str(FORMATS[str(value)])
    return f"{value:,}" if name in {"cells", "length", "limit"} else str(value)

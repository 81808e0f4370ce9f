"""Sentences of the allocation's rules and of what is wrong with its files; Thai and English."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from nayu.core.errors import RuleBroken

MESSAGES: dict[str, Any] = {
    "allocation_question_not_understood": _("%(place)s: %(words)s"),
    "certificate_not_understood": _("%(place)s is not a certificate of an allocation: %(reason)s."),
}

REASONS: dict[str, Any] = {
    "no_such_file": _("there is no such file."),
    "not_toml": _("this is not TOML (%(value)s). Correct that place."),
    "not_csv": _("this is not CSV in UTF-8 (%(value)s). Save it anew as CSV UTF-8."),
    "file_empty": _("the file is empty. The first row names the columns."),
    "unknown_part": _("there is no such part. Remove it, or correct its name."),
    "not_a_fiscal_year": _("“%(value)s” is not a fiscal year. Write a year of the Buddhist Era, such as 2570."),
    "projects_missing": _("name the CSV file of projects."),
    "not_three_years": _("write three amounts, one for each later year; an empty text sets no limit."),
    "not_a_table": _("this must be a table of codes and values."),
    "not_a_list": _("this must be a list."),
    "no_such_project": _("“%(value)s” is not in the file of projects. Correct the code."),
    "least_above_most": _("the least share is above the most (%(value)s). Correct one of them."),
    "types_missing": _("name the types of expenditure that are investment."),
    "not_a_kind": _("“%(value)s” is no reason to fund a project. Write committed, legal or pinned."),
    "group_too_small": _("a group has at least two different projects."),
    "group_without_number": _("write at_most or exactly with a whole number, one of the two."),
    "needs_itself": _("“%(value)s” cannot need itself."),
    "not_a_number": _("“%(value)s” is not a number. Write it like 1,200,000.50."),
    "money_as_text": _("“%(value)s”: write money as a whole number or between quotes, not with a bare point."),
    "money_outside": _("%(value)s must be between zero and 1,000,000,000,000 baht."),
    "below_a_satang": _("%(value)s has more than two decimals. Write whole satang."),
    "not_a_percent": _("“%(value)s” is not a percent from 0 to 100 with at most two decimals."),
    "column_missing": _("the column “%(value)s” is missing. Add it."),
    "column_unknown": _("there is no column “%(value)s”, or it stands twice. Remove or rename it."),
    "cell_blank": _("“%(value)s” may not be blank. Fill it in."),
    "level_of_another_agency": _("the levels of %(value)s name different agencies. Correct one of them."),
    "level_twice": _("the level %(value)s stands twice. Give each level its own code."),
    "points_outside": _("“%(value)s”: points are zero or more, with at most six decimals."),
    "not_a_weight": _("“%(value)s” is not a code with a whole weight, such as 3.1:60."),
    "code_twice": _("“%(value)s” names a code twice. Keep one of each."),
    "not_an_element": _("“%(value)s” is not framework:element, such as nine:1.4.1."),
}  # fmt: skip


def reason_of(broken: RuleBroken) -> str:
    """Why a file was refused, in the reader's language."""
    return str(REASONS[str(broken.facts["reason"])] % {"value": broken.facts.get("value", "")})

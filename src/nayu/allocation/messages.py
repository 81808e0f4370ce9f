"""Sentences of the allocation's rules and of what is wrong with its files; Thai and English."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from nayu.allocation.domain.scenario import ScenarioWrong
from nayu.core.errors import RuleBroken

MESSAGES: dict[str, Any] = {
    "allocation_question_not_understood": _("%(place)s: %(words)s"),
    "certificate_not_understood": _("%(place)s is not a certificate of an allocation: %(reason)s."),
    "allocation_nothing_asks": _(
        "There are no amounts of %(year)s at the stage “%(stage)s”. Take the lines in first."
    ),
    "scenario_wrong": _("%(words)s"),
    "scenario_not_solved": _(
        "This scenario has no valid plan as it stands. Have it answered first, then go on."
    ),
    "plan_breaks_rules": _(
        "The plan with its hand changes breaks %(count)s rules (%(rules)s). "
        "Take a change back or relax the rule, then go on."
    ),
    "amounts_moved": _(
        "Requests or amounts changed since this plan was made, or another plan of this stage is adopted. "
        "Nothing was written. Have the scenario answered again, or undo the other first."
    ),
}

SCENARIO_REASONS: dict[str, Any] = {
    "stage_unknown": _("“%(value)s” is not a stage that an allocation writes."),
    "name_or_reason_missing": _("A scenario needs a name in Thai, and what it is for."),
    "weights_are_not_100": _(
        "The weights of the score add up to %(value)s. Make them add up to 100."
    ),
    "kind_unknown": _("There is no rule of the kind “%(value)s”."),
    "rule_reason_missing": _("Write the reason: whoever reads the plan asks for it."),
    "too_many_rules": _("A scenario has at most %(value)s rules."),
    "amount_missing": _("Write an amount or a number for this rule %(value)s."),
    "amount_outside": _(
        "%(value)s baht is outside what may be written: from nought to 999,999,999,999."
    ),
    "code_unknown": _("“%(value)s” is not known. Correct the code."),
    "least_above_most": _("The least share of %(value)s is above its most. Correct one of them."),
    "percent_outside": _("A figure (%(value)s) is outside what may be written. Correct it."),
    "project_unknown": _("There is no project %(value)s. Correct the code."),
    "group_too_small": _("A group has a name and at least two different projects."),
    "needs_itself": _("Name another project that %(value)s needs."),
    "phases_wrong": _(
        "“%(value)s”: write the percents of four years that add up to 100, such as 40 30 20 10, "
        "and the part of the promises that the first year keeps."
    ),
    "not_answered": _("There is no answer yet to go on with."),
    "level_unknown": _("%(value)s: there is no such project or level in this question."),
    "mark_outside": _("A mark is a whole number from 0 to 5, not %(value)s."),
    "mark_missing": _("Give a mark from 0 to 5 before you call the review done."),
}

# What a row of the question limits, by the beginning of its name.
ROWS: dict[str, Any] = {
    "TOTAL": _("the money there is for projects"),
    "YEAR": _("the money of later year %(name)s"),
    "AGENCY": _("the ceiling of %(name)s"),
    "TYPE": _("the ceiling of %(name)s"),
    "SOURCE": _("the money from %(name)s"),
    "ELEMENT_MIN": _("the least share of %(name)s"),
    "ELEMENT_MAX": _("the most share of %(name)s"),
    "INVESTMENT": _("the least share of investment"),
    "DISTRICT": _("the floor of %(name)s"),
    "COMMITTED": _("the past commitment of %(name)s"),
    "LEGAL": _("the legal duty of %(name)s"),
    "PINNED": _("pinning %(name)s"),
    "FORBIDDEN": _("forbidding %(name)s"),
    "GROUP": _("the choice within the group “%(name)s”"),
    "NEEDS": _("the prerequisite %(name)s"),
    "STAY": _("not straying from the reference plan"),
}

PARTS: dict[str, Any] = {
    "people": _("People reached for a million baht"),
    "need": _("Need of the districts served"),
    "element": _("Weight of the strategy"),
    "readiness": _("Readiness"),
    "legal": _("Legal duty"),
    "support": _("Support in opinions"),
    "risk": _("Low risk"),
    "rubric": _("Reviewers’ mark"),
}
PART_SOURCES: dict[str, Any] = {
    "people": _(
        "promises counted in people ÷ money asked for; full at the year’s 95th percentile. Without such a promise 0"
    ),
    "need": _(
        "communities for each resident of the districts served against the city’s, by their shares; within ½ and 2"
    ),
    "element": _("percent that the scenario gives the strategy of the primary link"),
    "readiness": _(
        "of five: activities planned, risks told, an indicator, districts named, every price with a reference"
    ),
    "legal": _("the scenario names the project as a legal duty, with its reason"),
    "support": _(
        "opinions for the project ÷ those that took a side, on the year’s plan as put to the public"
    ),
    "risk": _(
        "the greatest likelihood × impact told: 1 counts full, 25 nothing. No risk told: nothing"
    ),
    "rubric": _("mean of the marks 0–5 that reviewers called done ÷ 5"),
}
READY_WORDS: dict[str, Any] = {
    "activities": _("activities planned"),
    "risks": _("risks told"),
    "indicator": _("an indicator"),
    "districts": _("districts named"),
    "prices": _("every price with a reference"),
}
RULE_KINDS: dict[str, Any] = {
    "agency": _("Ceiling of an agency for projects (code, amount)"),
    "type": _("Ceiling of a type of expenditure for projects (code, amount)"),
    "source": _("Money from a source for projects (code, amount)"),
    "element": _("Least and most share of an element (framework/number, percents)"),
    "need": _("Need index of a district (code, percent; 100 is the city’s)"),
    "fair": _("At least so fair between districts"),
    "legal": _("Legal duty (project)"),
    "pinned": _("Pinned project"),
    "forbidden": _("Forbidden project"),
    "group": _("At most so many of a group (name, projects, number)"),
    "exactly": _("Exactly so many of a group (name, projects, number)"),
    "needs": _("Prerequisite (project, the projects it needs)"),
    "phased": _(
        "Phased over years (project; percents of four years; part of its promises kept in the first, percent)"
    ),
    "element_weight": _("Weight of a strategy in the score (number, percent)"),
    "score": _("Points set by hand (project, points 0–100)"),
    "total": _("Money of the year"),
    "agencies": _("Agencies’ ceilings"),
    "sources": _("Sources’ estimates"),
    "floor": _("Floor of the districts"),
    "investment": _("Least share of investment"),
    "stay": _("Not to stray"),
    "levels": _("Funding levels"),
    "later": _("Money of a later year"),
    "weight": _("Weight of a part of the score"),
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


def level_words(code: str) -> str:
    """A funding level in words; an empty one is nothing."""
    known = {
        "": _("Nothing: out"),
        "full": _("All that it asks for"),
        "phased": _("Phased over years"),
    }
    return str(known[code] if code in known else _("%(n)s %% of it") % {"n": code})


def reason_of(broken: RuleBroken) -> str:
    """Why a file or a rule of a scenario was refused, in the reader's language."""
    if isinstance(broken, ScenarioWrong):
        told = {"value": broken.facts.get("value", "")}
        return str(SCENARIO_REASONS[str(broken.facts["reason"])] % told)
    return str(REASONS[str(broken.facts["reason"])] % {"value": broken.facts.get("value", "")})

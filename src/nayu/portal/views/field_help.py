"""Help for one field: what it is for, the rule, and a strong and a weak example of ours."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from nayu.projects.domain import LEVELS


class FieldHelp(NamedTuple):
    """`field` is the end of the field's name, so that one help serves every row of a part."""

    field: str
    title: str
    purpose: str
    rule: str = ""
    strong: str = ""
    weak: str = ""


def helps_of(section: str) -> list[FieldHelp]:
    """The helps of a part, in the order of its fields."""
    return {
        "basics": _basics, "promises": _promises, "rationale": _rationale,
        "objectives": _objectives, "targets": _targets, "method": _method, "place": _place,
        "activities": _activities, "risks": _risks, "links": _links, "partners": _partners,
    }[section]()  # fmt: skip


def _basics() -> list[FieldHelp]:
    return [
        FieldHelp(
            "name_th", _("Name"),
            _("Citizens read this in the plan book and in search. Say what is done, and where."),
            _("At most 500 characters. The same name as another project of the agency is asked about."),
            _("Nursing visits at home for bedridden elderly people, Bang Khae district"),
            _("Project to raise the efficiency of integrated services"),
        ),
        FieldHelp(
            "name_en", _("English name"),
            _("Shown to readers of English; the Thai name stands where it is missing."),
        ),
        FieldHelp(
            "first_month", _("Period"),
            _("The months of this fiscal year in which work is done, not those of the contract."),
            _("Activities must lie inside it."),
        ),
        FieldHelp("last_month", _("Period"), _("The last month in which work is done.")),
        FieldHelp(
            "origin", _("Where the project comes from"),
            _("Readers can gather all that came from citizens' reports or community plans."),
        ),
        FieldHelp(
            "novelty", _("New or continuing"),
            _("Continuing: the same project had an entry in an earlier year."),
        ),
    ]  # fmt: skip


def _promises() -> list[FieldHelp]:
    return [
        FieldHelp(
            "who_th", _("Who gains"),
            _("The people, named so that somebody could count them."),
            _("People, households or places; not the office, not “the public”."),
            _("Elderly people who cannot leave their homes without help"),
            _("The public and all stakeholders"),
        ),
        FieldHelp(
            "number", _("How many"),
            _("How many of them gain by the end of the project's work in this year."),
            _("A number above zero; Thai digits and commas are understood."),
            _("1,850 people"), _("a large number of people"),
        ),
        FieldHelp("unit_th", _("Unit"), _("People, households, kilometres: what the number counts.")),
        FieldHelp(
            "group", _("Group of people"),
            _("Lets readers gather what each group is promised over all projects."),
        ),
        *(
            FieldHelp(
                f"level_{percent}", _("With less money"),
                _("What you promise if the city gives only this part. Nothing is worked out for you: "
                  "without your statement the promise is shown as not known at that money."),
                _("Never more than with more money."),
            )
            for percent in LEVELS
        ),
        FieldHelp(
            "change_th", _("What changes for them"),
            _("What people get, not the work that the office does. The reader should see it before "
              "their eyes, and be able to go and look."),
            _("One or two sentences."),
            _("Elderly people who cannot leave home are seen by a doctor's team at home at least "
              "four times a year"),
            _("Raise the efficiency of services to the elderly in an integrated way"),
        ),
        FieldHelp(
            "from_month", _("From month"),
            _("The month from which they have it; training or building may come before."),
        ),
        FieldHelp("lasts_th", _("How long it lasts"), _("How long they keep it after the year ends.")),
        FieldHelp(
            "indicator_code", _("Known by the indicator"),
            _("The indicator of the plan that will show it, if there is one."),
        ),
        FieldHelp(
            "share_percent", _("Share of the money, percent"),
            _("What part of the project's money serves this promise directly. What serves none "
              "directly is shown as means and spread over the promises."),
            _("The shares add up to at most 100."),
        ),
        FieldHelp(
            "evidence_th", _("How we shall know"),
            _("What will be counted or looked at, by whom, and when."),
            _("Either an indicator with a target, or evidence that can be checked."),
            _("Share of bedridden elderly people with four home visits, from 52 to 85 percent, from "
              "the visiting records of the health centre"),
            _("Report of the results of the activity"),
        ),
        FieldHelp(
            "districts", _("Where"),
            _("Districts of this promise, if they are not those of the whole project."),
        ),
    ]  # fmt: skip


def _rationale() -> list[FieldHelp]:
    return [
        FieldHelp(
            "rationale", _("Principles and rationale"),
            _("The situation in figures with their source, the cause, what has been tried, and why now."),
            _("A reader who does not know the matter should be convinced by the end."),
            _("Of 1,240 bedridden elderly people in the district, 52 percent were visited four times "
              "in 2567 (health centre 40). Each missed visit raised hospital days by two."),
            _("Thailand is an ageing society, so the agency should hold this project."),
        )
    ]  # fmt: skip


def _objectives() -> list[FieldHelp]:
    return [
        FieldHelp(
            "objectives", _("Objectives, one a line"),
            _("One a line; each answers a cause that the rationale names."),
            _("Each can be measured, and at least one activity and one indicator serve it."),
            _("Bedridden elderly people are visited at home four times a year, from 52 to 85 percent"),
            _("To develop, promote and support the quality of life sustainably"),
        )
    ]  # fmt: skip


def _targets() -> list[FieldHelp]:
    return [
        FieldHelp(
            "target_quantity", _("Targets, quantity"),
            _("How much is made or done by the end of the year."),
            _("A number and a unit."), _("1,850 people visited, 7,400 visits"), _("As planned"),
        ),
        FieldHelp(
            "target_quality", _("Targets, quality"),
            _("How good it is, and who finds it so."), "",
            _("At least 85 percent of families say the visit solved what they called for"),
            _("Participants are satisfied"),
        ),
    ]  # fmt: skip


def _method() -> list[FieldHelp]:
    return [
        FieldHelp(
            "method", _("Nature of the project"),
            _("New, continuing or multi-year; own work, contract or subsidy; and how it is done."),
            "",
            _("Continuing project. Four teams of the health centre visit by a weekly round; drugs "
              "are brought by the same van; the district keeps the list."),
            _("Operate according to the regulations"),
        )
    ]  # fmt: skip


def _place() -> list[FieldHelp]:
    return [
        FieldHelp(
            "place_text", _("Place"),
            _("Name the place so that somebody can go and look."), "",
            _("47 communities of Bang Khae district, list of the health centre of March 2568"),
            _("The agency's area of responsibility"),
        ),
        FieldHelp(
            "district", _("Districts"),
            _("Without a district the project serves the whole city; the parts only say how its "
              "money is divided."),
        ),
    ]  # fmt: skip


def _activities() -> list[FieldHelp]:
    return [
        FieldHelp(
            "name_th", _("What is done"),
            _("A step that can be seen to be finished."), "",
            _("Sign the contract for the visiting vans"), _("Coordinate with those concerned"),
        ),
        FieldHelp(
            "weight_percent", _("Weight, percent"),
            _("How much of the whole work this step is; progress is reported by it."),
            _("The weights add up to 100, and no quarter should be empty of them."),
        ),
    ]  # fmt: skip


def _risks() -> list[FieldHelp]:
    return [
        FieldHelp(
            "event_th", _("What may go wrong"),
            _("An event, with its cause; not the absence of the project."), "",
            _("The tender finds one bidder only, and the contract is signed after March"),
            _("Insufficient budget"),
        ),
        FieldHelp("likelihood", _("Likelihood"), _("1 hardly ever … 5 almost surely.")),
        FieldHelp("impact", _("Impact"), _("How bad for the promise if it happens.")),
        FieldHelp(
            "response_th", _("Response"),
            _("What is done before it happens, and who does it."), "",
            _("Ask for prices in November; the head of procurement reports each month"),
            _("Follow up closely"),
        ),
    ]  # fmt: skip


def _links() -> list[FieldHelp]:
    return [
        FieldHelp(
            "primary", _("Primary element"),
            _("One element in each framework carries the project's money, so that sums agree."),
        ),
        FieldHelp(
            "indicator", _("Indicators"),
            _("Those that this project is meant to move; each needs a target of this year."),
        ),
        FieldHelp(
            "other", _("Also serves"), _("These carry no money, so nothing is counted twice.")
        ),
    ]  # fmt: skip


def _partners() -> list[FieldHelp]:
    return [
        FieldHelp(
            "supporting", _("Supporting agencies"),
            _("Agencies of the city that lend people, places or money; they see it among theirs."),
        ),
        FieldHelp(
            "partners", _("Partner bodies, one a line"),
            _("Bodies outside the city: ministries, state enterprises, business, associations."),
        ),
    ]  # fmt: skip

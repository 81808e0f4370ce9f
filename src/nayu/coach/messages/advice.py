"""What to do about each remark; the coach never writes the text itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, Any] = {
    "same_name_elsewhere": _(
        "Say in the name what is this project's own: place, work, group; or join the other entry."
    ),
    "same_text_elsewhere": _("Each project is justified anew: write what holds for this one only."),
    "nearly_same_text_elsewhere": _(
        "Write what differs here: place, people, figures; or say why both are needed."
    ),
    "filled_with_a_mark": _(
        "Write the matter itself; a heading that does not apply needs one sentence why."
    ),
    "refers_elsewhere": _(
        "Write the main point here in one or two sentences; the paper may still be attached."
    ),
    "report_of_results_only": _("Name what is counted or looked at, by whom, and when."),
    "method_is_office_routine": _("Tell who does what, where, how often, and who checks it."),
    "risk_not_named": _("Name what may happen, and what is done when it does."),
    "fits_any_project": _(
        "Write what is true of this one alone: who, where, from how much to how much."
    ),
    "efficiency_without_measure": _(
        "Name the work that gets better and its measure now and afterwards."
    ),
    "slogan_of_catchwords": _("Say in plain Thai what is done, for whom, and where."),
    "opens_with_common_knowledge": _("Begin with the problem in this place, in figures."),
    "name_lists_activities": _("Name the thing that changes and for whom."),
    "heading_repeated": _("Each heading asks another question; answer this one."),
    "needless_english": _(
        "Write it in Thai that a citizen of the district understands; technical terms and "
        "units may stay."
    ),
    "english_in_thai_letters": _("Say what is meant in Thai."),
    "rationale_is_only_an_order": _(
        "Show the situation in figures, the cause, and what happens without the project."
    ),
    "rationale_is_only_habit": _(
        "Show what last year's work changed, in figures, and what is still wrong."
    ),
    "rationale_is_a_truism": _(
        "Show what is wrong here: since when, how often, how many people, and why."
    ),
    "rationale_without_figures": _(
        "Give at least one figure with its source and day, and the cause."
    ),
    "problem_without_place": _("Name the soi, canal, school or community."),
    "beneficiary_is_everyone": _("Name the group so that somebody could make a list of them."),
    "beneficiary_without_number": _("Count them, or say from which register the number comes."),
    "target_for_everyone": _("Say how many people, where, and what they have by then."),
    "change_is_office_work": _(
        "Write what people can do, have or need no longer once that work is done."
    ),
    "change_is_attendance": _("Write what they can do afterwards, and how many of them."),
    "objective_is_office_work": _(
        "Write what is to be better when it is done; the work belongs to the action plan."
    ),
    "indicator_counts_activity": _("Measure the result for people beside it, or instead."),
    "name_is_office_work": _("Let the name say what it is for, and where."),
    "evidence_is_papers": _("Name what will be counted or measured before and after."),
    "evidence_is_popularity": _("Measure the change that was promised."),
    "evidence_is_opinion_of_the_event": _(
        "Measure the change itself; opinions may stand beside it."
    ),
    "evidence_is_spending": _("Measure what people have for it."),
    "indicator_cannot_show_the_objective": _(
        "Choose a measure that can only rise if the objective is reached."
    ),
    "consequence_for_the_office_only": _("Tell who will lack what, how many, and from when."),
    "consequence_for_nobody": _(
        "Name the people, the place or the number, and what happens to them."
    ),
    "objective_holds_several_results": _("Write one a line, each with its own indicator."),
    "indicator_holds_several_measures": _("Make them two, each with its unit and target."),
    "name_holds_several_projects": _("Keep to one, or say what they have in common."),
    "target_holds_several_measures": _("Give each its own figure."),
    "indicator_is_an_abstract_word": _(
        "Name what is counted, the unit and the formula, or the scale and who judges it."
    ),
    "indicator_without_measure": _("Begin with number, percentage, time or amount."),
    "target_not_above_last": _("Aim higher, or say why holding the level is hard."),
    "target_not_below_last": _("Aim lower, or say why holding the level is hard."),
    "target_beyond_the_whole": _("Check the figure and what the percentage is of."),
    "unit_contradicts_the_measure": _("Choose the unit in which the result will be reported."),
    "unit_contradicts_the_people": _("Count people, households or the places where they are."),
    "unit_contradicts_the_thing": _("Check the figure and its unit."),
    "unit_contradicts_the_item": _("Take the unit of the quotation."),
    "price_above_like_items": _(
        "Check price and unit; if they are right, write why with the price reference."
    ),
    "price_below_like_items": _("Can it be bought for that? Check price, unit and standard."),
    "item_names_nothing": _("Name the things, their size or standard, and how many."),
    "item_names_a_group_only": _(
        "Name the item with its size, standard or place; make several lines if there are several."
    ),
    "lump_sum_without_contents": _(
        "List the parts with their amounts, or attach the reckoning and name it here."
    ),
    "objective_without_work": _(
        "Add the work and the measure that serve this objective, or take it out."
    ),
    "objective_served_by_ceremony": _("Name the work that brings the result."),
    "activity_is_ceremony": _("Say which objective needs it, or take it out."),
    "activity_serves_no_objective": _("Say which objective it serves, or take it out."),
    "indicator_serves_no_objective": _("Choose an indicator of what the project is for."),
    "money_without_its_activity": _("Add the activity, or take the line out."),
    "size_without_a_size": _("Put a figure in its place."),
    "size_without_a_figure": _("Put a figure in its place."),
    "activity_without_place_or_time": _("Name the place, the month or the group."),
    "target_without_place_or_time": _("Name the place and the month by which it is reached."),
    "method_without_who_where_when": _("Name who works, at which places, how often."),
    "works_without_place": _("Name the street, canal, school or district."),
}

"""What each rule says: which words, and why they do not serve."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "same_name_elsewhere": _("Another entry has the same name: “%(words)s”."),
    "same_text_elsewhere": _("The same text stands in another entry: “%(words)s”."),
    "nearly_same_text_elsewhere": _("Almost the same text stands in another entry: “%(words)s”."),
    "filled_with_a_mark": _("“%(words)s” fills the heading and says nothing."),
    "refers_elsewhere": _("“%(words)s” sends the reader elsewhere."),
    "report_of_results_only": _("“%(words)s”: every project has one, and it measures nothing."),
    "method_is_office_routine": _(
        "“%(words)s” is how every office works, not how this project is done."
    ),
    "risk_not_named": _("“%(words)s” names no risk."),
    "fits_any_project": _("“%(words)s” would fit any project."),
    "efficiency_without_measure": _("“%(words)s”: of what, from what to what?"),
    "slogan_of_catchwords": _("“%(words)s” is a slogan; nobody can tell from it what is done."),
    "opens_with_common_knowledge": _("“%(words)s” is known to every reader and proves no need."),
    "name_lists_activities": _("The name lists only activities: “%(words)s”."),
    "heading_repeated": _("The same words stand under another heading: “%(words)s”."),
    "needless_english": _("English where plain Thai would do: “%(words)s”."),
    "english_in_thai_letters": _("“%(words)s” is English in Thai letters."),
    "rationale_is_only_an_order": _("“%(words)s”: an order is not yet a need."),
    "rationale_is_only_habit": _("“%(words)s”: that it was done before is not a reason."),
    "rationale_is_a_truism": _("“%(words)s” is true everywhere and shows no problem here."),
    "rationale_without_figures": _("No figure shows how big the problem is: “%(words)s”."),
    "problem_without_place": _("A problem (“%(words)s”) is told, but not where."),
    "beneficiary_is_everyone": _("“%(words)s” is everybody, so nobody can be counted."),
    "beneficiary_without_number": _("“%(words)s”: neither the text nor the form says how many."),
    "target_for_everyone": _("“%(words)s”: for everybody alike, and no number."),
    "change_is_office_work": _("“%(words)s” is what the office does, not what changes for people."),
    "change_is_attendance": _("“%(words)s”: to attend or to be handed something is not a change."),
    "objective_is_office_work": _("“%(words)s” is an activity; it is not yet what it is for."),
    "indicator_counts_activity": _("“%(words)s” counts what is done, not what it brings."),
    "name_is_office_work": _("The name tells only of office work: “%(words)s”."),
    "evidence_is_papers": _(
        "“%(words)s” shows that work was done or paid, not that anything changed."
    ),
    "evidence_is_popularity": _("“%(words)s” shows attention, not a change in anybody's life."),
    "evidence_is_opinion_of_the_event": _(
        "“%(words)s” tells how people liked the event, not what it changed."
    ),
    "evidence_is_spending": _("“%(words)s”: money spent is not a benefit reached."),
    "indicator_cannot_show_the_objective": _(
        "“%(words)s” may be reached in full while the objective is missed."
    ),
    "consequence_for_the_office_only": _(
        "“%(words)s” tells what happens to the office or the project, not to people."
    ),
    "consequence_for_nobody": _("“%(words)s”: it is not told what happens to whom."),
    "objective_holds_several_results": _("Several results in one objective: %(words)s."),
    "indicator_holds_several_measures": _("Two measures in one indicator: “%(words)s”."),
    "name_holds_several_projects": _("The name holds several projects: %(words)s."),
    "target_holds_several_measures": _("Several measures in one target: %(words)s."),
    "indicator_is_an_abstract_word": _("“%(words)s” cannot be counted or measured as it stands."),
    "indicator_without_measure": _("“%(words)s” does not say what is measured."),
    "target_not_above_last": _("The target is not above what was reached already: %(words)s."),
    "target_not_below_last": _(
        "It should fall, but the target is not below the last result: %(words)s."
    ),
    "target_beyond_the_whole": _("More than the whole: %(words)s."),
    "unit_contradicts_the_measure": _(
        "The unit “%(words)s” does not fit what the indicator measures."
    ),
    "unit_contradicts_the_people": _("“%(words)s” does not count these people."),
    "unit_contradicts_the_thing": _("“%(words)s” is not a unit for what is named here."),
    "unit_contradicts_the_item": _("“%(words)s” is not a unit in which this is bought."),
    "price_above_like_items": _("The price lies far above like items, in baht: %(words)s."),
    "price_below_like_items": _("The price lies far below like items, in baht: %(words)s."),
    "item_names_nothing": _("“%(words)s” does not name what is bought."),
    "item_names_a_group_only": _("“%(words)s” names a group of goods or works, not an item."),
    "lump_sum_without_contents": _("One lump sum, and nothing of its contents: “%(words)s”."),
    "objective_without_work": _(
        "No activity, indicator or line of money has to do with “%(words)s”."
    ),
    "objective_served_by_ceremony": _("Only ceremonies or gifts serve this objective: %(words)s."),
    "activity_is_ceremony": _("“%(words)s” serves no objective of the project."),
    "activity_serves_no_objective": _("No objective has to do with “%(words)s”."),
    "indicator_serves_no_objective": _("“%(words)s” measures none of the objectives."),
    "money_without_its_activity": _(
        "Money for “%(words)s”, but nobody is trained or gathered in the action plan."
    ),
    "size_without_a_size": _("“%(words)s”: how much is that?"),
    "size_without_a_figure": _("“%(words)s”, and no figure beside it."),
    "activity_without_place_or_time": _("“%(words)s”: of what, where, when, for whom?"),
    "target_without_place_or_time": _("“%(words)s”: where, and by when?"),
    "method_without_who_where_when": _("“%(words)s”: who does it, where, when?"),
    "works_without_place": _("Works without a place: “%(words)s”."),
}

"""Sentences for the rules of the ground floor; every app above adds its own."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "rule_broken": _("This cannot be done as things stand"),
    "not_permitted": _("Your posts do not allow this at this stage"),
    "not_visible": _("There is nothing here"),
    "signed_out": _("You are signed out. What you typed stays in this browser"),
    "incomplete": _("Some parts are still missing"),
    "stale": _(
        "Somebody else changed this while you had it open. Your text is still on this page: "
        "compare the two and save again"
    ),
    "money_not_understood": _("“%(value)s” is not an amount of money, such as 1,200.50"),
    "money_negative": _("The amount must not be below zero; typed was %(value)s"),
    "money_too_large": _("The amount is larger than one million million baht; typed was %(value)s"),
    "money_not_whole_baht": _("The amount must be in whole baht; typed was %(value)s"),
    "date_not_understood": _("“%(value)s” is not a date, such as 3 พ.ย. 2569 or 3/11/2569"),
    "date_of_wrong_era": _(
        "Write the year in the Buddhist Era, such as 2569; typed was “%(value)s”"
    ),
}

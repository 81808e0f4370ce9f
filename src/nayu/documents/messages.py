"""Sentences of broken rules about documents."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "nothing_published": _(
        "No version of the plan of fiscal year %(fiscal_year)s has been published yet."
    ),
    "format_not_offered": _("This document is not made as %(format)s. Choose another format."),
    "too_many_orders": _(
        "You have %(limit)s documents in the making. Wait until one is ready, or cancel one."
    ),
}

"""Sentences of broken rules about publishing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "nothing_to_publish": _("No project of fiscal year %(fiscal_year)s is in the plan yet."),
}

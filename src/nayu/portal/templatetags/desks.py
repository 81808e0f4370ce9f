"""Words of the desks: posts, names of a line's parts, and amounts in words."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from nayu.core.money import baht_text

register = template.Library()


@register.filter
def post_title(row: Any) -> str:
    """The post under which a decision or a deed was done, in the reader's language."""
    english = str(getattr(row, "post_title_en", "") or "")
    return english if get_language() == "en" and english else str(row.post_title_th)


@register.filter
def baht_words(amount_baht: Decimal) -> str:
    """The amount in Thai words, as forms carry it beside a grand total."""
    return baht_text(amount_baht)

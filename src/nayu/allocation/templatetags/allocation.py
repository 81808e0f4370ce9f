"""Words and figures of allocation in templates."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from nayu.allocation.domain.problem import POINT
from nayu.allocation.messages import PARTS, level_words
from nayu.allocation.queries.desk import desk_of_allocation

register = template.Library()


@register.inclusion_tag("allocation/_desk.html", takes_context=True)
def allocation_waiting(context: dict[str, Any]) -> dict[str, Any]:
    """What of allocation lies on this person's desk."""
    return {"desk": desk_of_allocation(context["person"])}


@register.filter
def micro(points: int) -> str:
    """Millionths of a point as points with two decimals."""
    return f"{Decimal(points) / POINT:,.2f}"


@register.filter
def points(figure: Decimal) -> str:
    """Points as people read them: two decimals."""
    return f"{figure:,.2f}"


@register.filter
def four(figure: Decimal) -> str:
    """A figure with at most four decimals."""
    return f"{figure:,.4f}"


register.filter("level_words", level_words)


@register.filter
def part_name(code: str) -> str:
    return str(PARTS.get(code, code))


@register.filter
def scenario_step(code: str) -> str:
    words = {
        "propose": _("proposed"), "return": _("sent back"), "adopt": _("adopted"),
        "undo": _("adoption undone"),
    }  # fmt: skip
    return words.get(code, code)


@register.filter
def changes(forced: dict[str, Any]) -> list[tuple[str, Any]]:
    """What comes, goes and changes its level, with its label."""
    return [
        (_("Comes in"), forced["comes"]), (_("Goes out"), forced["goes"]),
        (_("Another level"), forced["resized"]),
    ]  # fmt: skip

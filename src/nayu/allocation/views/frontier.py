"""The frontier as a picture with its table: benefit, the worst-off district, and stability."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from nayu.allocation.domain.problem import POINT
from nayu.allocation.queries.results import Result
from nayu.allocation.views.common import named
from nayu.core.money import baht_of

# By shape and colour, so that the look of a point tells how far its plan may go from the reference.
LOOKS = (("circle", "var(--brand)"), ("diamond", "var(--s6-ink)"), ("triangle", "var(--s8-ink)"))


def frontier_context(frontier: dict[str, Any], got: Result) -> dict[str, Any]:
    """The points that no other beats on all three sides."""
    points = [dict(one, at=n) for n, one in enumerate(frontier["points"]) if one.get("plan")]
    kept = [
        one for one in points
        if not any(_beats(other, one) for other in points if other is not one)
    ]  # fmt: skip
    rows = []
    series: dict[int | None, list[list[float]]] = {}
    for n, one in enumerate(kept, start=1):
        one["n"] = n
        one["score"] = Decimal(one["points"]) / POINT
        # Millionths of a satang for a thousandth of a resident, to baht for a resident.
        one["per_resident"] = Decimal(one["least"]) * 1000 / 10**8
        place = named(got.names.districts[one["district"]]) if one["district"] else "–"
        rows.append([n, f"{one['score']:,.2f}", f"{one['per_resident']:,.2f}", place,
                     one["moved"], len(one["plan"]), f"{baht_of(one['amount']) / 1_000_000:,.2f}"])  # fmt: skip
        series.setdefault(one["changes"], []).append(
            [float(one["score"]), float(one["per_resident"]), n]
        )
    return {
        "kept": kept, "table": rows,
        "headers": [_("Point"), _("Points"), _("Baht a resident, worst-off district"), _("District"),
                    _("Differs from the reference"), _("Projects"), _("Million baht")],
        "option": _picture(series),
        "unreached": [named(got.names.districts[code]) for code in frontier["unreached"]],
    }  # fmt: skip


def _picture(series: dict[int | None, list[list[float]]]) -> dict[str, Any]:
    fair = _("Baht a resident, worst-off district")
    return {
        "grid": {"left": 56, "right": 24, "top": 28 + 24 * len(series), "bottom": 48},
        "legend": {"top": 0, "left": 0, "orient": "vertical", "itemGap": 8},
        "xAxis": {"type": "value", "scale": True, "name": _("Points"),
                  "nameLocation": "middle", "nameGap": 30, "axisLabel": {"hideOverlap": True}},
        "yAxis": {"type": "value", "scale": True, "name": fair, "nameGap": 10,
                  "nameTextStyle": {"align": "left"}},
        "series": [
            {"type": "scatter", "name": _stable(changes), "symbol": symbol, "symbolSize": 16,
             "data": data, "itemStyle": {"color": colour},
             "label": {"show": True, "position": "top", "formatter": "{@[2]}"}}
            for (changes, data), (symbol, colour) in zip(
                sorted(series.items(), key=lambda one: -1 if one[0] is None else 1_000_000 - one[0]),
                LOOKS, strict=False,
            )
        ],
    }  # fmt: skip


def _stable(changes: int | None) -> str:
    if changes is None:
        return _("may differ from the reference freely")
    return _("at most %(n)s projects differ") % {"n": f"{changes:,}"}


def _beats(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """At least as good on all three sides, and better on one (or the same and earlier)."""
    mine = (one["points"], one["least"], -one["moved"])
    theirs = (other["points"], other["least"], -other["moved"])
    if mine == theirs:
        return bool(one["at"] < other["at"])
    return all(a >= b for a, b in zip(mine, theirs, strict=True))

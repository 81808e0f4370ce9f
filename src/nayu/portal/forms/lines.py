"""A budget line as typed and as drawn."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from nayu.budget.services import LineInput
from nayu.core.fiscal_year import MONTHS
from nayu.core.thai import normalise
from nayu.portal.forms.entry import months_of
from nayu.portal.forms.typed import Choice, Data, Drawing, Shown, Typed

LATER_YEARS = 5


def line_input(
    data: Data, typed: Typed, lists: Mapping[str, Iterable[Choice]], *, year: int
) -> LineInput:
    """A budget line of a fiscal year; `lists` are the choices that the form offered."""

    def choice(name: str, label: str, *, may_lack: bool = False) -> str:
        codes = [one.code for one in lists[name]]
        return typed.choice(data, name, ["", *codes] if may_lack else codes, label=label)

    if not normalise(data.get("item", "")):
        typed.problems["item"] = _("Write what the line is for.")
    first, last = months_of(data, "", typed, _("Months of spending"))
    priority = None
    if normalise(data.get("priority", "")):
        priority = typed.whole(data, "priority", 1, 100_000, label=_("Priority"))
    return LineInput(
        item=typed.text(data, "item", label=_("Item"), limit=1000),
        quantity=typed.number(data, "quantity", label=_("Quantity")),
        unit=typed.text(data, "unit", label=_("Unit"), limit=100),
        unit_price=typed.number(data, "unit_price", label=_("Unit price"), places=2),
        category_code=choice("category", _("Expenditure category")),
        work_code=choice("work", _("Function (งาน)"), may_lack=True) or None,
        source_code=choice("source", _("Source of funds")),
        price_reference=choice("price_reference", _("Price reference"), may_lack=True),
        price_evidence=typed.text(data, "price_evidence", label=_("Evidence of the price")),
        price_reason=typed.text(data, "price_reason", label=_("Why the price is outside the band")),
        first_month=first,
        last_month=last,
        novelty=choice("novelty", _("New, continuing or replacement")),
        priority=priority,
        if_not_funded=typed.text(data, "if_not_funded", label=_("If it is not funded")),
        later_years=_later_years(data, typed, year, "later"),
        running_costs=_later_years(data, typed, year, "running"),
        promise_number=_promise_number(data, typed, lists),
    )


def _promise_number(data: Data, typed: Typed, lists: Mapping[str, Iterable[Choice]]) -> int | None:
    codes = [one.code for one in lists.get("promise", ())]
    code = typed.choice(data, "promise", ("", *codes), label=_("Promise that it serves"))
    return int(code) if code in codes and code else None


def _later_years(data: Data, typed: Typed, year: int, prefix: str) -> dict[int, Decimal] | None:
    """Baht by later fiscal year; a blank is nothing, and without the fields nothing is said."""
    names = {later: f"{prefix}_{later}" for later in range(year + 1, year + LATER_YEARS + 1)}
    if not any(name in data for name in names.values()):
        return None
    return {
        later: typed.number(data, name, label=_("Fiscal year %(year)s") % {"year": later}, places=0)
        for later, name in names.items()
        if normalise(data.get(name, ""))
    }


def line_fields(draw: Drawing, lists: Mapping[str, tuple[Choice, ...]]) -> list[Shown]:
    none = (Choice("", _("not named yet")),)
    return [
        draw.text("item", _("Item"), most=1000),
        draw.figure("quantity", _("Quantity"), data="quantity", places=3),
        draw.text("unit", _("Unit"), most=100),
        draw.figure("unit_price", _("Unit price (baht)"), data="price", places=2),
        draw.choice("category", _("Expenditure category"), lists["category"], data="category"),
        draw.choice("work", _("Function (งาน)"), none + lists["work"]),
        *(
            [
                draw.choice(
                    "promise",
                    _("Promise that it serves"),
                    (Choice("", _("none directly: means, spread over all")), *lists["promise"]),
                )
            ]
            if lists.get("promise")
            else []
        ),
        draw.choice("source", _("Source of funds"), lists["source"]),
        draw.choice("price_reference", _("Price reference"), none + lists["price_reference"]),
        draw.area("price_evidence", _("Evidence of the price"), size=2),
        draw.area("price_reason", _("Why the price is outside the band"), size=2),
        draw.month("first_month", _("First month of spending"), MONTHS[0]),
        draw.month("last_month", _("Last month of spending"), MONTHS[-1]),
        draw.choice("novelty", _("New, continuing or replacement"), lists["novelty"]),
        draw.figure("priority", _("Priority in the agency"), optional=True, places=0),
        draw.area("if_not_funded", _("What happens if it is not funded"), size=2),
    ]


def later_fields(draw: Drawing, year: int, carried: Collection[int]) -> list[Shown]:
    """Baht of each later fiscal year; a year with a line of its own follows that line."""
    return [
        draw.figure(
            f"later_{later}", _("Fiscal year %(year)s") % {"year": later}, data="later",
            optional=True, places=0, is_fixed=later in carried,
            hint=_("follows the line of that year") if later in carried else "",
        )
        for later in range(year + 1, year + LATER_YEARS + 1)
    ]  # fmt: skip


def running_fields(draw: Drawing, year: int) -> list[Shown]:
    """Baht a year for running what the line buys."""
    return [
        draw.figure(
            f"running_{later}", _("Fiscal year %(year)s") % {"year": later}, optional=True, places=0
        )
        for later in range(year + 1, year + LATER_YEARS + 1)
    ]

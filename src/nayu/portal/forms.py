"""What people type at the desks → clean values, or sentences with the place and the figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from nayu.approvals.services import Meeting
from nayu.budget.services import LineInput
from nayu.core.dates import parse_date
from nayu.core.money import LARGEST_BAHT, MoneyNotUnderstood, parse_number
from nayu.core.thai import normalise
from nayu.projects.domain import ActivityValues, PromiseValues, RiskValues
from nayu.projects.services import EntryInput

Data = Mapping[str, str]
SPARE_ROWS = 2
MOST_ROWS = 40
TEXT_FIELDS = (
    "rationale", "objectives", "target_quantity", "target_quality", "method", "place_text",
)  # fmt: skip


@dataclass
class Typed:
    """Clean input and what was wrong, each with the name of its field."""

    problems: dict[str, str] = field(default_factory=dict)

    def whole(self, data: Data, name: str, low: int, high: int, *, label: str) -> int:
        text = data.get(name, "")
        try:
            number = parse_number(text)
        except MoneyNotUnderstood:
            number = Decimal("NaN")
        if (
            not number.is_finite()
            or number != number.to_integral_value()
            or not low <= number <= high
        ):
            self.problems[name] = _(
                "%(label)s: “%(value)s” is not a whole number from %(low)s to %(high)s."
            ) % {"label": label, "value": text, "low": low, "high": high}
            return low
        return int(number)

    def number(self, data: Data, name: str, *, label: str) -> Decimal:
        text = data.get(name, "")
        try:
            number = parse_number(text)
        except MoneyNotUnderstood:
            self.problems[name] = _("%(label)s: “%(value)s” is not a number.") % {
                "label": label,
                "value": text,
            }
            return Decimal(0)
        if number < 0 or number > LARGEST_BAHT:
            self.problems[name] = _(
                "%(label)s: %(value)s must be between zero and 1,000,000,000,000."
            ) % {"label": label, "value": text}
            return Decimal(0)
        return number


def _rows(data: Data, prefix: str, key: str) -> list[int]:
    """Numbers of the repeated rows in which the key field is filled."""
    return [n for n in range(MOST_ROWS) if normalise(data.get(f"{prefix}-{n}-{key}", ""))]


def promises_of(data: Data, typed: Typed) -> tuple[PromiseValues, ...]:
    found = []
    for order, n in enumerate(_rows(data, "promise", "who_th"), start=1):

        def get(name: str, n: int = n) -> str:
            return data.get(f"promise-{n}-{name}", "")

        label = _("Promise %(n)s") % {"n": order}
        number = typed.number(data, f"promise-{n}-number", label=f"{label}, {_('how many')}")
        if number == 0 and f"promise-{n}-number" not in typed.problems:
            typed.problems[f"promise-{n}-number"] = _("%(label)s: how many gain?") % {
                "label": label
            }
        share = get("share_percent")
        if not normalise(get("change_th")):
            typed.problems[f"promise-{n}-change_th"] = _("%(label)s: what changes?") % {
                "label": label
            }
        found.append(
            PromiseValues(
                order=order,
                who_th=get("who_th"),
                who_en=get("who_en"),
                number=number,
                unit_th=get("unit_th") or "คน",
                unit_en=get("unit_en"),
                districts=tuple(d for d in get("districts").split(",") if d),
                change_th=get("change_th"),
                change_en=get("change_en"),
                from_month=typed.whole(data, f"promise-{n}-from_month", 1, 12, label=label),
                lasts_th=get("lasts_th"),
                indicator_code="",
                evidence_th=get("evidence_th"),
                evidence_en=get("evidence_en"),
                share_percent=typed.whole(data, f"promise-{n}-share_percent", 0, 100, label=label)
                if normalise(share)
                else None,
            )
        )
    return tuple(found)


def activities_of(data: Data, typed: Typed) -> tuple[ActivityValues, ...]:
    found = []
    for order, n in enumerate(_rows(data, "activity", "name_th"), start=1):
        label = _("Activity %(n)s") % {"n": order}
        first = typed.whole(data, f"activity-{n}-first_month", 1, 12, label=label)
        last = typed.whole(data, f"activity-{n}-last_month", 1, 12, label=label)
        if last < first:
            typed.problems[f"activity-{n}-last_month"] = _(
                "%(label)s: it ends before it begins."
            ) % {"label": label}
            last = first
        found.append(
            ActivityValues(
                order,
                data[f"activity-{n}-name_th"],
                first,
                last,
                typed.whole(data, f"activity-{n}-weight_percent", 0, 100, label=label),
            )
        )
    return tuple(found)


def risks_of(data: Data, typed: Typed) -> tuple[RiskValues, ...]:
    return tuple(
        RiskValues(
            data[f"risk-{n}-event_th"],
            typed.whole(data, f"risk-{n}-likelihood", 1, 5, label=_("Risk %(n)s") % {"n": order}),
            typed.whole(data, f"risk-{n}-impact", 1, 5, label=_("Risk %(n)s") % {"n": order}),
            data.get(f"risk-{n}-response_th", ""),
        )
        for order, n in enumerate(_rows(data, "risk", "event_th"), start=1)
    )


def entry_input(
    section: str, data: Data, lists: Mapping[str, list[str]], typed: Typed
) -> EntryInput:
    """The input of one section of the writing form."""
    if section == "texts":
        return EntryInput(texts={name: data.get(name, "") for name in TEXT_FIELDS})
    if section == "basics":
        first = typed.whole(data, "first_month", 1, 12, label=_("First month"))
        last = typed.whole(data, "last_month", 1, 12, label=_("Last month"))
        if last < first:
            typed.problems["last_month"] = _("The project ends before it begins.")
        return EntryInput(
            texts={name: data.get(name, "") for name in ("name_th", "name_en")},
            first_month=first,
            last_month=last,
            origin=data.get("origin", "agency"),
            novelty=data.get("novelty", "new"),
        )
    if section == "promises":
        return EntryInput(promises=promises_of(data, typed))
    if section == "activities":
        return EntryInput(activities=activities_of(data, typed))
    if section == "risks":
        return EntryInput(risks=risks_of(data, typed))
    if section == "links":
        return EntryInput(
            primary_element_ids=tuple(int(pk) for pk in lists.get("primary", []) if pk.isdigit()),
            indicator_ids=tuple(int(pk) for pk in lists.get("indicator", []) if pk.isdigit()),
        )
    if section == "places":
        weights = dict.fromkeys(lists.get("district", []), 1)
        for code in weights:
            text = data.get(f"weight-{code}", "")
            if normalise(text):
                weights[code] = typed.whole(data, f"weight-{code}", 1, 1_000_000, label=_("Share"))
        return EntryInput(
            district_weights=weights,
            supporting_codes=tuple(lists.get("supporting", [])),
            partner_names=tuple(data.get("partners", "").split("\n")),
        )
    raise KeyError(section)


def line_input(data: Data, typed: Typed) -> LineInput:
    first = typed.whole(data, "first_month", 1, 12, label=_("First month"))
    last = typed.whole(data, "last_month", 1, 12, label=_("Last month"))
    if last < first:
        typed.problems["last_month"] = _("The spending ends before it begins.")
    priority = data.get("priority", "")
    return LineInput(
        item=data.get("item", ""),
        quantity=typed.number(data, "quantity", label=_("Quantity")),
        unit=data.get("unit", ""),
        unit_price=typed.number(data, "unit_price", label=_("Unit price")),
        category_code=data.get("category", ""),
        work_code=data.get("work") or None,
        source_code=data.get("source", "bma"),
        price_reference=data.get("price_reference", ""),
        price_evidence=data.get("price_evidence", ""),
        first_month=first,
        last_month=last,
        novelty=data.get("novelty", "new"),
        priority=typed.whole(data, "priority", 1, 100_000, label=_("Priority"))
        if normalise(priority)
        else None,
        if_not_funded=data.get("if_not_funded", ""),
    )


def meeting_of(data: Data) -> Meeting:
    """Meeting number and date; raises DateNotUnderstood, DateOfWrongEra."""
    text = normalise(data.get("meeting_date", ""))
    day: date | None = parse_date(text) if text else None
    return Meeting(normalise(data.get("meeting_number", "")), day)

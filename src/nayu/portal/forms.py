"""What people type at the desks → clean values, or sentences beside the field they belong to.

Every form is drawn from one flat mapping of texts, stored or typed, so nothing typed is lost.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from nayu.approvals.services import Meeting
from nayu.budget.services import LineInput
from nayu.core.dates import parse_date
from nayu.core.fiscal_year import MONTHS
from nayu.core.money import LARGEST_BAHT, MoneyNotUnderstood, parse_number
from nayu.core.thai import normalise
from nayu.projects.domain import (
    ORIGINS,
    TEXT_LIMIT,
    ActivityValues,
    EntrySheet,
    PromiseValues,
    RiskValues,
)
from nayu.projects.services import EntryInput

Data = Mapping[str, str]
Lists = Mapping[str, list[str]]
SPARE_ROWS, MORE_ROWS, MOST_ROWS = 1, 4, 40
LATER_YEARS = 5
ENTRY_NOVELTIES = ("new", "continuing")
# Parts that are plain texts, and the fields of the entry that each writes.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "rationale": ("rationale",),
    "objectives": ("objectives",),
    "targets": ("target_quantity", "target_quality"),
    "method": ("method",),
}
# Repeated rows: a row counts as soon as one of these is filled.
ROWS: Mapping[str, tuple[str, ...]] = {
    "promise": (
        "who_th", "number", "change_th", "lasts_th", "evidence_th", "share_percent", "who_en",
        "change_en", "evidence_en",
    ),
    "activity": ("name_th", "weight_percent"),
    "risk": ("event_th", "response_th"),
}  # fmt: skip


class Choice(NamedTuple):
    """One choice of a list; `meter` is the ceiling that a chosen category eats."""

    code: str
    name: str
    meter: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as drawn: its name and label, what stands in it, and what is wrong with that."""

    name: str
    label: str
    value: str = ""
    kind: Literal["text", "area", "figure", "choice", "several"] = "text"
    choices: tuple[Choice, ...] = ()
    chosen: tuple[str, ...] = ()
    hint: str = ""
    bad: str = ""
    optional: bool = False
    size: int = 3
    most: int = TEXT_LIMIT
    data: str = ""
    places: int | None = None
    unit: str = ""
    is_fixed: bool = False
    prefix: str = ""

    @property
    def id(self) -> str:
        return f"f-{self.prefix}-{self.name}" if self.prefix else f"f-{self.name}"


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

    def number(self, data: Data, name: str, *, label: str, places: int = 3) -> Decimal:
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
        scaled = number.scaleb(places)
        if scaled != scaled.to_integral_value():
            self.problems[name] = _(
                "%(label)s: “%(value)s” has more than %(places)s decimals."
            ) % {"label": label, "value": text, "places": places}  # fmt: skip
            return Decimal(0)
        return number

    def choice(self, data: Data, name: str, allowed: Collection[str], *, label: str) -> str:
        """The code chosen. A field that was not sent takes the first of the list."""
        code = data.get(name, next(iter(allowed), ""))
        if code not in allowed:
            self.problems[name] = _("%(label)s: choose from the list.") % {"label": label}
        return code

    def text(self, data: Data, name: str, *, label: str, limit: int = TEXT_LIMIT) -> str:
        text = data.get(name, "")
        if len(normalise(text, keep_lines=True)) > limit:
            self.problems[name] = _(
                "%(label)s: %(length)s characters; at most %(limit)s are kept."
            ) % {"label": label, "length": len(text), "limit": limit}  # fmt: skip
        return text


def filled_rows(data: Data, prefix: str) -> list[int]:
    """Numbers of the repeated rows in which anything is written."""
    return [
        n
        for n in range(MOST_ROWS)
        if any(normalise(data.get(f"{prefix}-{n}-{key}", "")) for key in ROWS[prefix])
    ]


def _row_numbers(data: Data, prefix: str, spare: int) -> range:
    last = max(filled_rows(data, prefix), default=-1)
    return range(min(last + 1 + spare, MOST_ROWS))


# --- Cleaning ----------------------------------------------------------------------------------


def promises_of(
    data: Data, lists: Lists, typed: Typed, *, indicators: Collection[str], districts: Collection[str]
) -> tuple[PromiseValues, ...]:  # fmt: skip
    return tuple(
        _promise(order, f"promise-{n}-", data, lists, typed, indicators, districts)
        for order, n in enumerate(filled_rows(data, "promise"), start=1)
    )


def _promise(
    order: int, at: str, data: Data, lists: Lists, typed: Typed,
    indicators: Collection[str], districts: Collection[str],
) -> PromiseValues:  # fmt: skip
    def text(name: str, limit: int = TEXT_LIMIT) -> str:
        return typed.text(data, at + name, label=label, limit=limit)

    label = _("Promise %(n)s") % {"n": order}
    number = typed.number(data, f"{at}number", label=f"{label}, {_('how many')}")
    if number == 0 and f"{at}number" not in typed.problems:
        typed.problems[f"{at}number"] = _("%(label)s: how many gain?") % {"label": label}
    for name, question in (
        ("who_th", _("%(label)s: who gains?")),
        ("change_th", _("%(label)s: what changes?")),
    ):
        if not normalise(data.get(at + name, "")):
            typed.problems[at + name] = question % {"label": label}
    share = None
    if normalise(data.get(f"{at}share_percent", "")):
        share = typed.whole(data, f"{at}share_percent", 0, 100, label=label)
    return PromiseValues(
        order=order,
        who_th=text("who_th", 300),
        who_en=text("who_en", 300),
        number=number,
        unit_th=text("unit_th", 60) or "คน",
        unit_en=text("unit_en", 60),
        districts=tuple(code for code in lists.get(f"{at}districts", []) if code in districts),
        change_th=text("change_th"),
        change_en=text("change_en"),
        from_month=typed.whole(data, f"{at}from_month", 1, 12, label=label),
        lasts_th=text("lasts_th", 200),
        indicator_code=typed.choice(
            data, f"{at}indicator_code", ("", *indicators), label=label
        ),
        evidence_th=text("evidence_th"),
        evidence_en=text("evidence_en"),
        share_percent=share,
    )  # fmt: skip


def _months(data: Data, at: str, typed: Typed, label: str) -> tuple[int, int]:
    first = typed.whole(data, f"{at}first_month", 1, 12, label=label)
    last = typed.whole(data, f"{at}last_month", 1, 12, label=label)
    if last < first and not {f"{at}first_month", f"{at}last_month"} & typed.problems.keys():
        typed.problems[f"{at}last_month"] = _("%(label)s: it ends before it begins.") % {
            "label": label
        }
    return first, max(first, last)


def activities_of(data: Data, typed: Typed) -> tuple[ActivityValues, ...]:
    found = []
    for order, n in enumerate(filled_rows(data, "activity"), start=1):
        at, label = f"activity-{n}-", _("Activity %(n)s") % {"n": order}
        if not normalise(data.get(f"{at}name_th", "")):
            typed.problems[f"{at}name_th"] = _("%(label)s: what is done?") % {"label": label}
        first, last = _months(data, at, typed, label)
        found.append(
            ActivityValues(
                order,
                typed.text(data, f"{at}name_th", label=label, limit=500),
                first,
                last,
                typed.whole(data, f"{at}weight_percent", 0, 100, label=label),
            )
        )
    return tuple(found)


def risks_of(data: Data, typed: Typed) -> tuple[RiskValues, ...]:
    found = []
    for order, n in enumerate(filled_rows(data, "risk"), start=1):
        at, label = f"risk-{n}-", _("Risk %(n)s") % {"n": order}
        for name, question in (
            ("event_th", _("%(label)s: what may go wrong?")),
            ("response_th", _("%(label)s: what is the response?")),
        ):
            if not normalise(data.get(at + name, "")):
                typed.problems[at + name] = question % {"label": label}
        found.append(
            RiskValues(
                typed.text(data, f"{at}event_th", label=label),
                typed.whole(data, f"{at}likelihood", 1, 5, label=label),
                typed.whole(data, f"{at}impact", 1, 5, label=label),
                typed.text(data, f"{at}response_th", label=label),
            )
        )
    return tuple(found)


def basics_of(data: Data, typed: Typed) -> EntryInput:
    if not normalise(data.get("name_th", "")):
        typed.problems["name_th"] = _("Write the name.")
    first, last = _months(data, "", typed, _("Period"))
    return EntryInput(
        texts={
            "name_th": typed.text(data, "name_th", label=_("Name"), limit=500),
            "name_en": typed.text(data, "name_en", label=_("English name"), limit=500),
        },
        first_month=first,
        last_month=last,
        origin=typed.choice(data, "origin", ORIGINS, label=_("Where the project comes from")),
        novelty=typed.choice(data, "novelty", ENTRY_NOVELTIES, label=_("New or continuing")),
    )


def place_of(data: Data, lists: Lists, typed: Typed, *, districts: Collection[str]) -> EntryInput:
    """Place in words, and parts of the money by district; a part makes its district chosen."""
    weights: dict[str, int] = dict.fromkeys(lists.get("district", []), 1)
    for name, text in data.items():
        if name.startswith("weight-") and normalise(text):
            weights[name.removeprefix("weight-")] = typed.whole(
                data, name, 1, 1_000_000, label=_("Part of the money")
            )
    if not weights.keys() <= set(districts):
        typed.problems["district"] = _("%(label)s: choose from the list.") % {
            "label": _("Districts")
        }
    return EntryInput(
        texts={"place_text": typed.text(data, "place_text", label=_("Place"))},
        district_weights=weights,
    )


def links_of(
    data: Data, lists: Lists, typed: Typed,
    *, linkable: Mapping[str, Collection[str]], indicators: Collection[str],
) -> EntryInput:  # fmt: skip
    """One primary element in each framework, others besides, and indicators, all as ids.

    `linkable` gives the ids that may be chosen, by code of the framework.
    """
    primary, others = [], []
    for code, allowed in linkable.items():
        chosen = typed.choice(data, f"primary-{code}", ("", *allowed), label=_("Links"))
        if chosen and chosen in allowed:
            primary.append(int(chosen))
        others += [
            int(pk) for pk in lists.get(f"other-{code}", []) if pk in allowed and pk != chosen
        ]
    return EntryInput(
        primary_element_ids=tuple(primary),
        other_element_ids=tuple(dict.fromkeys(others)),
        indicator_ids=tuple(int(pk) for pk in lists.get("indicator", []) if pk in indicators),
    )


def line_input(
    data: Data, typed: Typed, lists: Mapping[str, Iterable[Choice]], *, year: int
) -> LineInput:
    """A budget line of a fiscal year; `lists` are the choices that the form offered."""

    def choice(name: str, label: str, *, may_lack: bool = False) -> str:
        codes = [one.code for one in lists[name]]
        return typed.choice(data, name, ["", *codes] if may_lack else codes, label=label)

    if not normalise(data.get("item", "")):
        typed.problems["item"] = _("Write what the line is for.")
    first, last = _months(data, "", typed, _("Months of spending"))
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
        first_month=first,
        last_month=last,
        novelty=choice("novelty", _("New, continuing or replacement")),
        priority=priority,
        if_not_funded=typed.text(data, "if_not_funded", label=_("If it is not funded")),
        later_years=_later_years(data, typed, year),
    )


def _later_years(data: Data, typed: Typed, year: int) -> dict[int, Decimal] | None:
    """Baht by later fiscal year; a blank is nothing, and without the fields nothing is said."""
    names = {later: f"later_{later}" for later in range(year + 1, year + LATER_YEARS + 1)}
    if not any(name in data for name in names.values()):
        return None
    return {
        later: typed.number(data, name, label=_("Fiscal year %(year)s") % {"year": later}, places=0)
        for later, name in names.items()
        if normalise(data.get(name, ""))
    }


def meeting_of(data: Data) -> Meeting:
    """Meeting number and date; raises DateNotUnderstood, DateOfWrongEra."""
    text = normalise(data.get("meeting_date", ""))
    day: date | None = parse_date(text) if text else None
    return Meeting(normalise(data.get("meeting_number", "")), day)


def whole_or_zero(text: str | None) -> int:
    """An id or a revision as a form sends it; what is none is 0, which nothing has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


# --- What stands in the fields before anything is typed ------------------------------------------


def plain(number: Decimal | int | None) -> str:
    """A figure without needless zeros, with commas: 1,200 or 24.6."""
    if number is None:
        return ""
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def stored(sheet: EntrySheet) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The flat texts (and lists) of every part of an entry but its links."""
    data = {
        name: str(getattr(sheet, name))
        for name in (
            "name_th", "name_en", "first_month", "last_month", "origin", "novelty", "rationale",
            "target_quantity", "target_quality", "method", "place_text",
        )
    }  # fmt: skip
    data["objectives"] = "\n".join(sheet.objectives)
    data["partners"] = "\n".join(name for name, _english in sheet.partners)
    lists = {
        "district": [code for code, *_rest in sheet.districts],
        "supporting": [code for code, *_rest in sheet.supporting],
    }
    for code, _th, _en, weight in sheet.districts:
        data[f"weight-{code}"] = str(weight)
    for n, p in enumerate(sheet.promises):
        for name in (*ROWS["promise"], "unit_th", "unit_en", "from_month", "indicator_code"):
            value = getattr(p, name)
            data[f"promise-{n}-{name}"] = (
                value if isinstance(value, str) else plain(value)
            )  # fmt: skip
        lists[f"promise-{n}-districts"] = list(p.districts)
    for n, a in enumerate(sheet.activities):
        for name in (*ROWS["activity"], "first_month", "last_month"):
            data[f"activity-{n}-{name}"] = str(getattr(a, name))
    for n, r in enumerate(sheet.risks):
        for name in (*ROWS["risk"], "likelihood", "impact"):
            data[f"risk-{n}-{name}"] = str(getattr(r, name))
    return data, lists


# --- Fields as drawn -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawing:
    """All that drawing a form needs: texts, lists, what is wrong, and the year's months."""

    data: Data
    lists: Lists
    bad: Mapping[str, str]
    months: tuple[Choice, ...] = ()
    prefix: str = ""  # keeps the ids of two forms of a page apart

    def text(self, name: str, label: str, **more: object) -> Shown:
        return self._shown(name, label, "text", more)

    def area(self, name: str, label: str, **more: object) -> Shown:
        return self._shown(name, label, "area", more)

    def figure(self, name: str, label: str, **more: object) -> Shown:
        return self._shown(name, label, "figure", more)

    def choice(self, name: str, label: str, choices: Iterable[Choice], **more: object) -> Shown:
        return self._shown(name, label, "choice", {"choices": tuple(choices), **more})

    def month(self, name: str, label: str, usual: int) -> Shown:
        value = self.data.get(name) or str(usual)
        return self.choice(name, label, self.months, value=value)

    def several(self, name: str, label: str, choices: Iterable[Choice], **more: object) -> Shown:
        chosen = tuple(self.lists.get(name, ()))
        return self._shown(
            name, label, "several", {"choices": tuple(choices), "chosen": chosen, **more}
        )

    def _shown(self, name: str, label: str, kind: str, more: Mapping[str, object]) -> Shown:
        given = {
            "value": self.data.get(name, ""), "bad": self.bad.get(name, ""),
            "prefix": self.prefix, **more,
        }  # fmt: skip
        return Shown(name, label, kind=kind, **given)  # type: ignore[arg-type]


def basics_fields(
    draw: Drawing, origins: Iterable[Choice], novelties: Iterable[Choice]
) -> list[Shown]:
    return [
        draw.text("name_th", _("Name"), most=500),
        draw.text("name_en", _("English name"), most=500, optional=True),
        draw.month("first_month", _("First month"), MONTHS[0]),
        draw.month("last_month", _("Last month"), MONTHS[-1]),
        draw.choice("origin", _("Where the project comes from"), origins),
        draw.choice("novelty", _("New or continuing"), novelties),
    ]  # fmt: skip


def text_fields(draw: Drawing, section: str) -> list[Shown]:
    if section == "targets":
        return [
            draw.area("target_quantity", _("Targets, quantity"), size=4),
            draw.area("target_quality", _("Targets, quality"), size=4, optional=True),
        ]
    labels = {
        "rationale": _("Principles and rationale"),
        "objectives": _("Objectives, one a line"),
        "method": _("Nature of the project"),
    }
    sizes = {"rationale": 14, "objectives": 6, "method": 10}
    return [draw.area(section, labels[section], size=sizes[section])]


Row = tuple[str, list[Shown], list[Shown]]  # legend, fields, fields kept out of sight at first


def promise_rows(
    draw: Drawing, spare: int, indicators: Iterable[Choice], districts: Iterable[Choice]
) -> list[Row]:
    known = (Choice("", _("none of them; written below")), *indicators)
    places = tuple(districts)
    rows = []
    for n in _row_numbers(draw.data, "promise", spare):
        at = f"promise-{n}-"
        unit = draw.data.get(f"{at}unit_th") or "คน"
        more = [
            draw.several(
                f"{at}districts", _("Where, if not the project's own place"), places, optional=True
            ),
            draw.text(f"{at}who_en", _("Who gains, in English"), most=300, optional=True),
            draw.text(f"{at}unit_en", _("Unit, in English"), most=60, optional=True),
            draw.area(f"{at}change_en", _("What changes, in English"), size=2, optional=True),
            draw.area(
                f"{at}evidence_en", _("How we shall know, in English"), size=2, optional=True
            ),
        ]
        fields = [
            draw.text(f"{at}who_th", _("Who gains"), most=300),
            draw.figure(f"{at}number", _("How many"), places=3),
            draw.text(f"{at}unit_th", _("Unit"), value=unit, most=60),
            draw.area(f"{at}change_th", _("What changes for them"), size=2),
            draw.month(f"{at}from_month", _("From month"), MONTHS[-1]),
            draw.text(f"{at}lasts_th", _("How long it lasts"), most=200, optional=True),
            draw.choice(f"{at}indicator_code", _("Known by the indicator"), known),
            draw.figure(
                f"{at}share_percent", _("Share of the money, percent"), optional=True, places=0
            ),
            draw.area(f"{at}evidence_th", _("How we shall know"), size=2),
        ]
        rows.append((_("Promise %(n)s") % {"n": n + 1}, fields, more))
    return rows


def activity_rows(draw: Drawing, spare: int) -> list[Row]:
    rows: list[Row] = []
    for n in _row_numbers(draw.data, "activity", spare):
        at = f"activity-{n}-"
        fields = [
            draw.text(f"{at}name_th", _("What is done"), most=500),
            draw.month(f"{at}first_month", _("From month"), MONTHS[0]),
            draw.month(f"{at}last_month", _("To month"), MONTHS[-1]),
            draw.figure(f"{at}weight_percent", _("Weight, percent"), data="weight", places=0),
        ]
        rows.append((_("Activity %(n)s") % {"n": n + 1}, fields, []))
    return rows


def risk_rows(draw: Drawing, spare: int) -> list[Row]:
    chances = [
        Choice("1", _("1 hardly ever")), Choice("2", _("2 seldom")), Choice("3", _("3 at times")),
        Choice("4", _("4 often")), Choice("5", _("5 almost surely")),
    ]  # fmt: skip
    harms = [
        Choice("1", _("1 very small")), Choice("2", _("2 small")), Choice("3", _("3 middling")),
        Choice("4", _("4 great")), Choice("5", _("5 very great")),
    ]  # fmt: skip
    rows: list[Row] = []
    for n in _row_numbers(draw.data, "risk", spare):
        at = f"risk-{n}-"
        fields = [
            draw.area(f"{at}event_th", _("What may go wrong"), size=2),
            draw.choice(
                f"{at}likelihood", _("Likelihood"), chances,
                value=draw.data.get(f"{at}likelihood") or "3",
            ),
            draw.choice(
                f"{at}impact", _("Impact"), harms, value=draw.data.get(f"{at}impact") or "3"
            ),
            draw.area(f"{at}response_th", _("Response"), size=2),
        ]  # fmt: skip
        rows.append((_("Risk %(n)s") % {"n": n + 1}, fields, []))
    return rows


def line_fields(draw: Drawing, lists: Mapping[str, tuple[Choice, ...]]) -> list[Shown]:
    none = (Choice("", _("not named yet")),)
    return [
        draw.text("item", _("Item"), most=1000),
        draw.figure("quantity", _("Quantity"), data="quantity", places=3),
        draw.text("unit", _("Unit"), most=100),
        draw.figure("unit_price", _("Unit price (baht)"), data="price", places=2),
        draw.choice("category", _("Expenditure category"), lists["category"], data="category"),
        draw.choice("work", _("Function (งาน)"), none + lists["work"]),
        draw.choice("source", _("Source of funds"), lists["source"]),
        draw.choice("price_reference", _("Price reference"), none + lists["price_reference"]),
        draw.area("price_evidence", _("Evidence of the price"), size=2),
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

"""Typed texts → clean values, or sentences beside the field; fields as drawn."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from nayu.approvals.services import Meeting
from nayu.core.dates import parse_date
from nayu.core.money import LARGEST_BAHT, MoneyNotUnderstood, parse_number
from nayu.core.thai import normalise
from nayu.projects.domain import TEXT_LIMIT

Data = Mapping[str, str]
Lists = Mapping[str, list[str]]


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


def meeting_of(data: Data) -> Meeting:
    """Meeting number and date; raises DateNotUnderstood, DateOfWrongEra."""
    text = normalise(data.get("meeting_date", ""))
    day: date | None = parse_date(text) if text else None
    return Meeting(normalise(data.get("meeting_number", "")), day)


def whole_or_zero(text: str | None) -> int:
    """An id or a revision as a form sends it; what is none is 0, which nothing has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def plain(number: Decimal | int | None) -> str:
    """A figure without needless zeros, with commas: 1,200 or 24.6."""
    if number is None:
        return ""
    text = f"{Decimal(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


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

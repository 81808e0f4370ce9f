"""Differences in words: what a field said before and after, word by word where it is prose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from nayu.approvals.messages import NAMES
from nayu.budget.models import ExpenditureCategory, FunctionNode, FundingSource
from nayu.core.differences import DELETED, INSERTED, SAME, Piece, difference, pieces
from nayu.core.fiscal_year import FiscalYear
from nayu.core.money import format_baht, parse_number
from nayu.portal.forms import plain
from nayu.publication.domain import ADDED, CHANGED, LineChange, weigh
from nayu.publication.domain import MATERIAL as IS_MATERIAL
from nayu.publication.domain import Difference as Between
from nayu.publication.models import ChangeRequest
from nayu.ui.templatetags.nayu import month_and_year, named

Json = Any
CONTEXT = 60  # letters of unchanged text shown around a change


@dataclass(frozen=True)
class Told:
    """One changed field. `pieces` mark words when both sides are text; else before and after stand."""

    field: str
    before: str
    after: str
    old: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()
    is_material: bool = False


def field_names() -> dict[str, str]:
    own = {
        "name_th": _("Name"), "name_en": _("English name"), "first_month": _("First month"),
        "last_month": _("Last month"), "origin": _("Where the project comes from"),
        "novelty": _("New or continuing"), "districts": _("Districts"),
        "supporting": _("Supporting agencies"), "partners": _("Partner bodies"),
        "state": _("Status"), "amount": _("Amount (baht)"),
    }  # fmt: skip
    return {key: str(name) for key, name in NAMES.items()} | own


def line_names() -> dict[str, str]:
    """Names of a line's fields, as columns and as values have them."""
    return {
        "item": _("Item"), "quantity": _("Quantity"), "unit": _("Unit"),
        "unit_price": _("Unit price"), "amount": _("Amount (baht)"), "category_id": _("Category"),
        "category_th": _("Category"), "work_id": pgettext("budget class", "Function"),
        "work_th": pgettext("budget class", "Function"), "source_id": _("Source of funds"),
        "source_th": _("Source of funds"), "price_reference": _("Price reference"),
        "price_evidence": _("Price evidence"), "price_reason": _("Why the price is outside the band"),
        "first_month": _("First month"),
        "last_month": _("Last month"), "novelty": _("New or continuing"),
        "priority": _("Priority"), "if_not_funded": _("If it is not funded"),
        "promise_number": _("Promise served"),
    }  # fmt: skip


def told_fields(changed: Mapping[str, list[Json]], year: int) -> list[Told]:
    """Changed fields of a sheet, `[before, after]` of its JSON by field."""
    names = field_names()
    return [
        _told(
            names.get(key, key), said(key, before, year), said(key, after, year),
            weigh({key: [before, after]}).weight == IS_MATERIAL,
        )
        for key, (before, after) in changed.items()
    ]  # fmt: skip


def told_line(
    item: str, changed: Mapping[str, list[Json]], year: int, classes: "Classes"
) -> list[Told]:
    """Changed columns of one line."""
    names = line_names()
    return [
        _told(
            f"{item}: {names.get(key, key)}",
            classes.said(key, before, year),
            classes.said(key, after, year),
            weigh({key: [before, after]}).weight == IS_MATERIAL,
        )
        for key, (before, after) in changed.items()
    ]


def told_between(found: Between, year: int) -> list[Told]:
    """All that differs between two versions: fields first, then lines."""
    told = told_fields(found.fields, year)
    for line in found.lines:
        told += _line_told(line, year)
    return told


def changes_told(found: Iterable[ChangeRequest]) -> list[tuple[ChangeRequest, list[Told]]]:
    """Change requests with what they change, in words."""
    return [
        (
            one,
            told_fields(
                {name: [one.base[name], value] for name, value in one.proposed.items()},
                one.fiscal_year_be,
            ),
        )
        for one in found
    ]


def _line_told(line: LineChange, year: int) -> list[Told]:
    if line.kind == CHANGED:
        return told_line(line.item, line.changed, year, Classes())
    before, after = (format_baht(a) if a is not None else "" for a in line.amounts)
    label = _("Line added") if line.kind == ADDED else _("Line removed")
    return [Told(f"{label}: {line.item}", before, after, is_material=True)]


def _told(field: str, before: str, after: str, material: bool) -> Told:  # noqa: FBT001
    if not before or not after:
        return Told(field, before, after, is_material=material)
    found = list(_shortened(difference(before, after)))
    old = tuple(piece for piece in found if piece.kind != INSERTED)
    new = tuple(piece for piece in found if piece.kind != DELETED)
    return Told(field, before, after, old, new, material)


def _shortened(found: Sequence[Piece]) -> Iterable[Piece]:
    """Long unchanged runs keep only what stands beside a change, cut where no letter is torn."""
    for place, piece in enumerate(found):
        text = piece.text
        if piece.kind == SAME and len(text) > 3 * CONTEXT:
            head = pieces(text[: CONTEXT + 3])[:-1] if place else []
            tail = pieces(text[-CONTEXT - 3 :])[1:] if place < len(found) - 1 else []
            while tail and _sits(tail[0][0]):
                tail = tail[1:]
            text = f"{''.join(head)} … {''.join(tail)}"
        yield Piece(piece.kind, text)


def _sits(letter: str) -> bool:
    """A Thai vowel or sign that cannot begin a word."""
    return letter in "ะาๅ" or "\u0e31" <= letter <= "\u0e3a" or "\u0e47" <= letter <= "\u0e4e"


class Classes:
    """Names of categories, functions and sources that changes name by code; asked once."""

    def __init__(self, changes: Iterable[Mapping[str, list[Json]]] = ()) -> None:
        codes: dict[str, set[str]] = {}
        for changed in changes:
            for key, pair in changed.items():
                codes.setdefault(key, set()).update(code for code in pair if isinstance(code, str))
        self._names: dict[str, dict[str, str]] = {}
        for key, model in (
            ("category_id", ExpenditureCategory),
            ("work_id", FunctionNode),
            ("source_id", FundingSource),
        ):
            if key in codes:
                found = model.objects.in_bulk(list(codes[key]))  # type: ignore[attr-defined]
                self._names[key] = {code: named(one) for code, one in found.items()}

    def said(self, key: str, value: Json, year: int) -> str:
        if value is None:
            return ""
        if key in self._names:
            return self._names[key].get(value, str(value))
        if key in ("unit_price", "amount"):
            return baht(str(value))
        return said(key, value, year)


def baht(text: str) -> str:
    return format_baht(parse_number(text)) if text else ""


# --- A field's JSON as a reader's text -----------------------------------------------------------


def said(key: str, value: Json, year: int) -> str:
    """A field's JSON value as a reader's text; a list stands one part a line."""
    if key in ("first_month", "last_month") and isinstance(value, int):
        return month_and_year(FiscalYear(year).month(value))
    if isinstance(value, list):
        return "\n".join(_part(key, one, year) for one in value)
    if value is None or value == "":
        return ""
    return str(_words().get(value, NAMES.get(value, value)))


def _words() -> dict[Any, str]:
    """Codes of the form that have no name among states and steps."""
    return {
        "new": _("new"), "continuing": _("continuing"), "agency": _("the agency itself"),
        "governor": _("the governor's policy"), "community": _("a community plan"),
        "citizens": _("citizens' reports"), "council": _("the council"),
    }  # fmt: skip


def _part(key: str, one: Json, year: int) -> str:
    if isinstance(one, dict):
        return _PARTS.get(key, _named)(one, year)
    if isinstance(one, list):  # (code, Thai, English, …) or (Thai, English)
        if key == "districts":
            return f"{one[1]} ({one[3]})"
        return str(one[1] if key == "supporting" else one[0])
    return str(one)


def _in(one: dict[str, Json], name: str) -> str:
    """A part's text in the reader's language, Thai where there is no other."""
    english = one.get(f"{name}_en") if get_language() == "en" else ""
    return str(english or one.get(f"{name}_th", ""))


def _named(one: dict[str, Json], _year: int) -> str:
    return f"{one.get('number', '')} {_in(one, 'name')}".strip()


def _promise(one: dict[str, Json], year: int) -> str:
    start = month_and_year(FiscalYear(year).month(one["from_month"]))
    evidence = f" · {one['evidence_th']}" if one.get("evidence_th") else ""
    number = plain(Decimal(one["number"]))
    return f"{one['who_th']} {number} {one['unit_th']}: {one['change_th']} ({start}){evidence}"


def _activity(one: dict[str, Json], year: int) -> str:
    first, last = (FiscalYear(year).month(one[key]) for key in ("first_month", "last_month"))
    span = f"{month_and_year(first)}–{month_and_year(last)}"
    return f"{one['name_th']} ({span}) {one['weight_percent']}%"


def _risk(one: dict[str, Json], _year: int) -> str:
    return f"{one['event_th']} ({one['likelihood']} × {one['impact']}): {one['response_th']}"


def _indicator(one: dict[str, Json], _year: int) -> str:
    aim = one.get("target")
    target = f" · {_('target')} {plain(Decimal(aim))}" if aim is not None else ""
    return f"{_in(one, 'name')} ({_in(one, 'unit')}){target}"


_PARTS = {
    "promises": _promise,
    "activities": _activity,
    "risks": _risk,
    "indicators": _indicator,
}

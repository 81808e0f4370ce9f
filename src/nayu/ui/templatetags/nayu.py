"""Filters and tags for the screen: money (baht), dates (Buddhist Era), icons, marks, chips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.core.exceptions import DisallowedHost
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from nayu.core.dates import Language
from nayu.core.dates import month_name as core_month_name
from nayu.core.dates import thai_date as core_thai_date
from nayu.core.money import MINUS, format_baht, format_millions
from nayu.ui.components import Tile

register = template.Library()

NOTHING = "–"
STRATEGY_ICONS = (
    "route", "shield-check", "eye-check", "trees", "heartbeat",
    "school", "building-store", "users-group", "settings-cog",
)  # fmt: skip


@dataclass(frozen=True)
class Status:
    """A state's usual word, its icon and the look of its chip (`s-…` in components.css)."""

    label: str | Promise
    icon: str
    look: str


STATUSES = {
    # A project's procedure.
    "draft": Status(_("Draft"), "pencil", "draft"),
    "submitted": Status(_("Submitted"), "send", "submitted"),
    "returned": Status(_("Returned for changes"), "arrow-back-up", "returned"),
    "endorsed": Status(_("Endorsed by the agency"), "signature", "endorsed"),
    "reviewed": Status(_("Reviewed by the planning department"), "checkup-list", "reviewed"),
    "in_plan": Status(_("In the plan"), "book-2", "in_plan"),
    "rejected": Status(_("Not approved"), "ban", "rejected"),
    "requested": Status(_("Budget requested"), "report-money", "requested"),
    "allocated": Status(_("Allocated"), "circle-check", "allocated"),
    "published": Status(_("Published"), "world-check", "published"),
    # A budget request's procedure.
    "open": Status(_("Being prepared"), "pencil", "draft"),
    "proposed": Status(_("Proposed by the budget department"), "report-money", "requested"),
    "decided": Status(_("Decided by the governor"), "circle-check", "allocated"),
    "ordinance": Status(_("In the budget ordinance"), "world-check", "published"),
    # A change of what is published.
    "approved": Status(_("Approved, not published yet"), "circle-check", "allocated"),
    "refused": Status(_("Refused"), "x", "returned"),
    "applied": Status(_("Published"), "world-check", "published"),
    "minor": Status(_("Minor correction"), "pencil", "draft"),
    "material": Status(_("Material change"), "alert-triangle", "submitted"),
    # Conditions that stand beside a status.
    "over": Status(_("Over the ceiling"), "alert-triangle", "over"),
    "late": Status(_("Late"), "clock-exclamation", "late"),
}


def _language() -> Language:
    return "en" if (get_language() or "th").startswith("en") else "th"


def _span(text: str, css: str = "num") -> SafeString:
    return format_html('<span class="{}">{}</span>', css, text)


# --- money and people --------------------------------------------------------------------------


@register.filter
def baht(amount_baht: Decimal | None) -> str:
    """1,234.00; nothing is "–", zero is 0.00."""
    return NOTHING if amount_baht is None else format_baht(amount_baht, 2)


@register.filter
def baht_unit(amount_baht: Decimal | None) -> str:
    """1,234.00 บาท, never broken over two lines."""
    if amount_baht is None:
        return NOTHING
    return _span(f"{format_baht(amount_baht, 2)} {gettext('baht')}")


@register.filter
def page_address(request: HttpRequest) -> str:
    """The address for the printed page; its path alone when the asked host is not ours."""
    try:
        return request.build_absolute_uri()
    except DisallowedHost:
        return request.path


@register.filter
def millions(amount_baht: Decimal | None) -> str:
    """186.45, under a header that names the unit."""
    return NOTHING if amount_baht is None else format_millions(amount_baht)


@register.filter
def millions_unit(amount_baht: Decimal | None) -> str:
    """186.45 ล้านบาท, never broken over two lines."""
    if amount_baht is None:
        return NOTHING
    return _span(f"{format_millions(amount_baht)} {gettext('million baht')}")


@register.filter
def people(count: int | None) -> str:
    """38,000; whole numbers only."""
    return NOTHING if count is None else f"{count:,}".replace("-", MINUS)


@register.filter
def people_unit(count: int | None) -> str:
    """38,000 คน, never broken over two lines."""
    if count is None:
        return NOTHING
    unit = ngettext("person", "people", count)
    return _span(f"{people(count)} {unit}")


@register.filter
def quantity(amount: Decimal | int | None) -> str:
    """A quantity without needless zeros: 24.6, 118, 1,200.125."""
    if amount is None:
        return NOTHING
    text = f"{Decimal(amount):,f}".replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def percent(share: Decimal | None) -> str:
    """29.9%, one decimal always."""
    return NOTHING if share is None else f"{share:.1f}%".replace("-", MINUS)


# --- dates and years ---------------------------------------------------------------------------


def _local(day: date) -> date:
    """A moment is shown by the city's clock."""
    if isinstance(day, datetime) and timezone.is_aware(day):
        return timezone.localtime(day)
    return day


@register.filter
def thai_date(day: date | None) -> str:
    """16 สิงหาคม 2567."""
    if not day:
        return NOTHING
    return _span(core_thai_date(_local(day), form="full", language=_language()), "nowrap")


@register.filter
def short_date(day: date | None) -> str:
    """16 ส.ค. 2567."""
    if not day:
        return NOTHING
    return _span(core_thai_date(_local(day), form="short", language=_language()), "nowrap")


@register.filter
def clock_time(moment: datetime | None) -> str:
    """14:32 น."""
    if moment is None:
        return NOTHING
    text = f"{_local(moment):%H:%M}"
    return _span(f"{text} น." if _language() == "th" else text, "nowrap")


@register.filter
def month_name(month: date | int | None, form: str = "full") -> str:
    """มกราคม; with "short" ม.ค. Takes a day, or a month 1 = January … 12 = December."""
    if month is None:
        return NOTHING
    number = month if isinstance(month, int) else month.month
    return core_month_name(
        number, form="short" if form == "short" else "full", language=_language()
    )


@register.filter
def month_and_year(day: date | None) -> str:
    """ต.ค. 69, for axes and periods."""
    if day is None:
        return NOTHING
    year = (day.year + 543) % 100
    return f"{month_name(day, 'short')} {year:02d}"


@register.filter
def fiscal_year(year_be: int | None) -> str:
    """ปีงบประมาณ 2569."""
    if year_be is None:
        return NOTHING
    return _span(gettext("fiscal year %(year)s") % {"year": year_be}, "nowrap")


# --- text --------------------------------------------------------------------------------------


@register.filter
def nowrap(text: object) -> SafeString:
    """A name, an amount or a code that must not be broken over two lines."""
    return format_html('<span class="nowrap">{}</span>', text)


@register.filter
def named(thing: object) -> str:
    """The English name where the reader chose English and there is one, else the Thai name."""
    if thing is None or thing == "":
        return NOTHING
    english = getattr(thing, "name_en", "")
    if _language() == "en" and english:
        return str(english)
    return str(getattr(thing, "name_th", None) or thing)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The present address's query with some values changed; an empty value takes its name out."""
    request = context.get("request")
    values = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = str(value)
    text = values.urlencode()
    return f"?{text}" if text else "?"


# --- marks -------------------------------------------------------------------------------------


@register.filter
def lang(sheet: object, part: str) -> str:
    """`sheet|lang:"type"`: type_en for an English reader where there is one, else type_th."""
    english = str(getattr(sheet, f"{part}_en", "") or "")
    return english if get_language() == "en" and english else str(getattr(sheet, f"{part}_th"))


@register.simple_tag
def icon(name: str, css: str = "", label: str | Promise = "") -> SafeString:
    """An icon of the sprite; beside words it is hidden from readers, alone it takes a label."""
    href = f"{static('ui/vendor/icons.svg')}#{name}"
    classes = f"i {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes, label, href,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href
    )


def colour_of(position: int | None) -> int:
    """1–9 by position (beyond nine the colours repeat), 0 = no strategy named."""
    return (position - 1) % len(STRATEGY_ICONS) + 1 if position else 0


@register.filter
def strategy_class(position: int | None) -> str:
    """The classes that carry a strategy's four colours: "st st1"."""
    return f"st st{colour_of(position)}"


@register.filter
def strategy_icon(position: int | None) -> str:
    return STRATEGY_ICONS[colour_of(position) - 1] if position else "circle-dashed"


@register.inclusion_tag("ui/_strategy_mark.html")
def strategy_mark(
    position: int | None, name: object = "", kind: str = "tag", href: str = ""
) -> dict[str, object]:
    """A strategy as "tag" (icon, number, name) or "badge" (icon; its name for readers only)."""
    shown = named(name) if name else ""
    return {"position": position, "name": shown, "kind": kind, "href": href}


@register.inclusion_tag("ui/_chip.html")
def chip(code: object, text: object = "") -> dict[str, object]:
    """A status in a word, an icon and an edge; `text` replaces the usual word."""
    key = str(getattr(code, "value", code))
    status = STATUSES.get(key) or Status(key, "circle-dashed", "draft")
    return {"look": status.look, "icon_name": status.icon, "text": text or status.label}


@register.inclusion_tag("ui/_tile_map.html")
def tile_map(
    tiles: Sequence[Tile],
    title: str,
    value_header: str = "",
    labels: bool = True,  # noqa: FBT001, FBT002 - templates name it
    position: int | None = None,
    key: str = "map",
) -> dict[str, object]:
    """The districts as squares, with its table twin. `key` keeps two maps of a page apart."""
    first = next((tile.code for tile in tiles if tile.selected), tiles[0].code if tiles else "")
    return {
        "tiles": tiles,
        "title": title,
        "value_header": value_header,
        "labels": labels,
        "linked": any(tile.href for tile in tiles),
        "colour": strategy_class(position) if position else "",
        "first": first,
        "key": key,
    }


# --- forms -------------------------------------------------------------------------------------


@register.filter
def control(bound: BoundField) -> SafeString:
    """The field's widget with the look of the guide; hint and error are tied to it by Django."""
    widget = bound.field.widget
    kept = str(widget.attrs.get("class", ""))
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        css = f"choices {kept}"
    elif isinstance(widget, FileInput):
        css = f"in file {kept}"
    else:
        css = f"in {kept}"
    return bound.as_widget(attrs={"class": css.strip()})


@register.filter
def is_single_checkbox(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, CheckboxInput)


@register.simple_tag
def script_words() -> dict[str, str]:
    """The sentences app.js says, in the reader's language."""
    return {
        "baht": gettext("baht"),
        "million": gettext("million baht"),
        "reads": gettext("Read as {value}"),
        "not_a_number": gettext("This is not a number"),
        "inexact": gettext("Write quantity and unit so that the amount is exact to the satang"),
        "left": gettext("{value} million baht left"),
        "over": gettext("{value} million baht over"),
        "failed": gettext("The answer did not arrive. What you typed is still here. Try again"),
    }

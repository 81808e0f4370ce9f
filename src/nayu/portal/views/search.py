"""The search page: one box over all that the reader may see, in an address that can be shared."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from nayu.agencies.models import Agency
from nayu.core.fiscal_year import FIRST_BE, LAST_BE, FiscalYear
from nayu.core.thai import to_arabic_digits
from nayu.db.clock import today
from nayu.portal.queries.sight import sight_of
from nayu.portal.services import freshen
from nayu.search.domain import (
    AGENCY,
    DISTRICT,
    GOAL,
    INDICATOR,
    KINDS,
    LINE,
    LONGEST_QUERY,
    OPINION,
    PROJECT,
    WORKING,
    Mark,
)
from nayu.search.queries import Cursor, Found, Hit, search
from nayu.ui.components import Paging

PAGE = 20
KIND_NAMES: dict[str, str | Promise] = {
    PROJECT: _("Projects"),
    GOAL: _("Strategies and goals"),
    INDICATOR: _("Indicators"),
    AGENCY: _("Agencies"),
    DISTRICT: _("Districts"),
    LINE: _("Budget lines"),
    OPINION: _("Opinions"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: what it narrows to, how much would be found, and its address."""

    text: str | Promise
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class HitShown:
    """A hit as the page draws it; without an address its title is no link."""

    hit: Hit
    title: SafeString
    other_title: SafeString
    code: SafeString
    snippet: SafeString
    kind: str | Promise
    agency: str
    href: str

    @property
    def state(self) -> str:
        return self.hit.state if self.hit.kind == PROJECT else ""


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """`q` words, `year` Buddhist Era, `kind` one of `KINDS`, `after` the last hit's place."""
    words = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    year, kind = _year(request.GET.get("year", "")), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    after = Cursor.read(request.GET.get("after", ""))
    person = request.person  # type: ignore[attr-defined]
    found = Found()
    if words:
        freshen(person)
        found = search(
            words,
            visible=sight_of(person),
            fiscal_year_be=year,
            kinds=[kind] if kind else (),
            limit=PAGE,
            after=after,
        )
    page = {
        "q": words,
        "asked_year": year,
        "kind": kind,
        "after": after,
        "wider": href(words),
        "found": found,
        "hits": _shown(found.hits, year or FiscalYear.containing(today()).year_be),
        "kinds": _kind_choices(words, year, kind, found),
        "years": _year_choices(words, year, kind, found),
        "paging": Paging(
            "",
            href(words, year, kind, found.next_after) if found.next_after else "",
            len(found.hits),
            found.total,
        ),
    }
    return render(request, "portal/search.html", page)


def href(words: str, year: int | None = None, kind: str = "", after: Cursor | None = None) -> str:
    """The address of a search."""
    asked = {"q": words, "year": year, "kind": kind, "after": after and str(after)}
    query = {name: value for name, value in asked.items() if value}
    return reverse("portal:search", query=query)


def _year(text: str) -> int | None:
    digits = to_arabic_digits(text.strip())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):
        return None
    return int(digits) if FIRST_BE <= int(digits) <= LAST_BE else None


def _kind_choices(words: str, year: int | None, kind: str, found: Found) -> list[Choice]:
    if not found.by_kind:
        return []
    every = Choice(_("All kinds"), sum(found.by_kind.values()), href(words, year), not kind)
    return [every] + [
        Choice(name, found.by_kind.get(code, 0), href(words, year, code), code == kind)
        for code, name in KIND_NAMES.items()
        if code in found.by_kind or code == kind
    ]


def _year_choices(words: str, year: int | None, kind: str, found: Found) -> list[Choice]:
    shown = sorted({*found.by_year, *([year] if year else [])}, reverse=True)
    if not shown:
        return []
    every = Choice(_("All years"), found.in_all_years, href(words, kind=kind), year is None)
    return [every] + [
        Choice(str(y), found.by_year.get(y, found.without_year), href(words, y, kind), y == year)
        for y in shown
    ]


def _shown(hits: Iterable[Hit], year_of_frame: int) -> list[HitShown]:
    hits = list(hits)
    english = (get_language() or "th").startswith("en")
    agencies = Agency.objects.in_bulk({h.agency_code for h in hits if h.kind != AGENCY})
    shown = []
    for hit in hits:
        first, second = hit.title_th, hit.title_en
        if english and second:
            first, second = second, first
        agency = agencies.get(hit.agency_code)
        name = (agency.name_en if english else "") or agency.name_th if agency else ""
        shown.append(
            HitShown(
                hit,
                _marked(first),
                _marked(second if any(mark.is_hit for mark in second) else ()),
                _marked(hit.code),
                _marked(hit.snippet),
                KIND_NAMES[hit.kind],
                name,
                _address(hit, year_of_frame),
            )
        )
    return shown


def _marked(marks: Iterable[Mark]) -> SafeString:
    pieces = (format_html("<mark>{}</mark>", m.text) if m.is_hit else m.text for m in marks)
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _address(hit: Hit, year_of_frame: int) -> str:
    """Things of every year are shown in the year asked for, else in the present one."""
    if not hit.url_name:
        return ""
    address = reverse(hit.url_name, kwargs={"year": year_of_frame, **hit.url_args})
    if hit.kind == PROJECT and hit.audience != WORKING:
        address += "?view=published"
    return address

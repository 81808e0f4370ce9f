"""Windows of submission and their exceptions; acting for a post. Each by its own desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.agencies.models import Appointment, Post
from nayu.agencies.queries import budget_holders
from nayu.approvals.domain import PROJECT, REQUEST, may
from nayu.approvals.models import Window, WindowException
from nayu.approvals.services import allow_late, appoint_acting, set_window
from nayu.core.dates import parse_date
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.thai import normalise
from nayu.db.clock import now
from nayu.portal.forms import Choice, Drawing
from nayu.portal.views.sentences import sentences_of
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import lang, named

KINDS = (PROJECT, REQUEST)


def day_in(data: Mapping[str, str], name: str) -> date | None:
    """A typed date; nothing typed is None. Raises DateNotUnderstood, DateOfWrongEra."""
    text = normalise(data.get(name, ""))
    return parse_date(text) if text else None


def _names() -> dict[str, str]:
    return {PROJECT: _("Submission of projects"), REQUEST: _("Submission of budget requests")}


@login_required
@require_GET
def windows(request: HttpRequest, year: int) -> HttpResponse:
    return _page(request, year)


@login_required
@require_POST
def setting(request: HttpRequest, year: int, procedure: str) -> HttpResponse:
    """Set a window, or with `until` sent record an exception."""
    if procedure not in KINDS or not _set_by(request):
        raise NotVisible
    data: dict[str, str] = request.POST.dict()  # type: ignore[assignment]
    agency, person = data.get("agency", ""), request.person  # type: ignore[attr-defined]
    if agency and not budget_holders(year).filter(code=agency).exists():
        raise NotVisible
    try:
        if "until" in data:
            allow_late(
                procedure, year, agency, until=day_in(data, "until"),
                reason=data.get("reason", ""), allowed_by=data.get("allowed_by", ""),
                order_number=data.get("order_number", ""), actor=person, at=now(),
            )  # fmt: skip
        else:
            set_window(
                procedure, year, opens_on=day_in(data, "opens_on"),
                closes_on=day_in(data, "closes_on"), agency_code=agency, actor=person, at=now(),
            )  # fmt: skip
    except RuleBroken as broken:
        return _page(request, year, procedure, data, sentences_of(broken), status=409)
    messages.success(request, _("Saved."))
    return redirect("portal:windows", year)


def _set_by(request: HttpRequest) -> list[str]:
    person = request.person  # type: ignore[attr-defined]
    return [kind for kind in KINDS if may(person, f"{kind}_window.set")]


def _page(
    request: HttpRequest, year: int, refused: str = "", typed: Mapping[str, str] | None = None,
    sentences: list[str] | None = None, *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    kinds = _set_by(request)
    if not kinds:
        raise NotVisible
    agencies = [Choice(one.code, named(one)) for one in budget_holders(year)]
    name_of = {choice.code: choice.name for choice in agencies}
    names, parts = _names(), []
    for kind in kinds:
        sent = typed if typed and kind == refused else {}
        late = "until" in sent
        opening = Drawing({} if late else sent, {}, {}, prefix=kind)
        allowing = Drawing(sent if late else {}, {}, {}, prefix=f"late-{kind}")
        found = Window.objects.filter(procedure=kind, fiscal_year_be=year)
        allowed = WindowException.objects.filter(procedure=kind, fiscal_year_be=year)
        parts.append(
            {
                "kind": kind,
                "name": names[kind],
                "windows": [
                    (name_of.get(one.agency_code, _("every agency")), one)
                    for one in found.order_by("agency_code")
                ],
                "exceptions": [
                    (name_of.get(one.agency_code, one.agency_code), one)
                    for one in allowed.order_by("-id")
                ],
                "fields": _window_fields(opening, agencies),
                "late_fields": _exception_fields(allowing, agencies),
            }
        )
    page = {
        "year": year, "nav": "my_work", "parts": parts, "sentences": sentences or [],
        "crumbs": [Crumb(_("Windows of submission"))],
    }  # fmt: skip
    return render(request, "portal/windows.html", page, status=status)


def _window_fields(draw: Drawing, agencies: list[Choice]) -> list[Any]:
    hint = _("for example 14 ก.ค. 2568 or ๑๔/๗/๒๕๖๘")
    return [
        draw.choice("agency", _("Agency"), [Choice("", _("every agency")), *agencies]),
        draw.text("opens_on", _("Opens on"), most=40, hint=hint),
        draw.text("closes_on", _("Closes on, that day included"), most=40, hint=hint),
    ]


def _exception_fields(draw: Drawing, agencies: list[Choice]) -> list[Any]:
    return [
        draw.choice("agency", _("Agency"), agencies),
        draw.text("until", _("May submit until"), most=40),
        draw.area("reason", _("Why"), size=2),
        draw.text("allowed_by", _("Who allowed it"), most=200),
        draw.text("order_number", _("Order number"), most=60, optional=True),
    ]


# --- Acting for a post --------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def acting(request: HttpRequest) -> HttpResponse:
    """The administrator records who acts for a post, for which days, by which order."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "appointment.set"):
        raise NotVisible
    data: dict[str, str] = request.POST.dict()  # type: ignore[assignment]
    sentences: list[str] = []
    if request.method == "POST":
        try:
            appoint_acting(
                data.get("post", ""), data.get("username", ""),
                first_day=day_in(data, "first_day"), last_day=day_in(data, "last_day"),
                order_number=data.get("order_number", ""), order_date=day_in(data, "order_date"),
                actor=person, at=now(),
            )  # fmt: skip
        except RuleBroken as broken:
            sentences = sentences_of(broken)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:acting")
    draw = Drawing(data, {}, {})
    posts = [Choice(post.code, lang(post, "title")) for post in Post.objects.order_by("code")]
    found = Appointment.objects.filter(acting=True).select_related("post", "user")
    page = {
        "nav": "my_work", "sentences": sentences, "found": found.order_by("-first_day", "pk"),
        "fields": [
            draw.choice("post", _("Post acted for"), posts),
            draw.text("username", _("Sign-in name of who acts"), most=150),
            draw.text("first_day", _("First day"), most=40),
            draw.text("last_day", _("Last day, that day included"), most=40),
            draw.text("order_number", _("Order number"), most=60),
            draw.text("order_date", _("Date of the order"), most=40),
        ],
        "crumbs": [Crumb(_("Acting for a post"))],
    }  # fmt: skip
    return render(request, "portal/acting.html", page, status=409 if sentences else 200)

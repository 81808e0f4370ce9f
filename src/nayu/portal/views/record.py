"""The record of deeds: its published heads for everybody, the deeds for the auditor."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from nayu.accounts.models import User
from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.approvals.services import forget_person
from nayu.audit.domain import FORMAT, NoSuchPerson
from nayu.audit.models import Event
from nayu.audit.queries import events_found, last_seal, seals, unsealed_since, verbs
from nayu.core.dates import parse_date
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.thai import normalise
from nayu.db.clock import now, today
from nayu.portal.forms import Drawing
from nayu.portal.queries.record import PUBLICATION, published_heads, readable
from nayu.portal.views.frame import named_here
from nayu.portal.views.history import deeds
from nayu.portal.views.sentences import sentences_of
from nayu.ui.components import Crumb, Paging

PAGE, HEADS_SHOWN, SEALS_SHOWN = 40, 30, 10


def all_deeds() -> dict[str, str]:
    """Verbs of the whole record in words; a verb that is not here is shown as it is written."""
    return deeds() | {
        "request.open": _("opened the budget request"),
        "request.edit": _("changed the budget request"),
        "request.submit": _("submitted the budget request"),
        "request.return": _("returned the budget request"),
        "request.propose": _("proposed the budget"),
        "request.decide": _("decided on the budget"),
        "request.enact": _("entered the budget in the ordinance"),
        "ceiling.set": _("set a ceiling"),
        "lines.import": _("took in a file"),
        "plan.publish": _("published a version of the plan"),
        "change.begin": _("began a change request"),
        "change.edit": _("wrote at a change request"),
        "change.submit": _("submitted a change request"),
        "change.return": _("returned a change request"),
        "change.approve": _("recorded the approval of a change"),
        "change.refuse": _("recorded the refusal of a change"),
        "change.apply": _("published a change"),
        "consultation.open": _("opened a consultation"),
        "opinion.leave": _("left an opinion"),
        "opinion.moderate": _("moderated an opinion"),
        "opinion.answer": _("answered an opinion"),
        "template.keep": _("wrote a template"),
        "person.forget": _("took a person out of the record"),
    }


@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """What a stranger needs to hold the city to its record; it moves once a day."""
    person = request.person  # type: ignore[attr-defined]
    found = published_heads(today())[::-1]
    with_versions = {head.sequence for head in found if head.kind == PUBLICATION}
    shown = [h for h in found if h.kind == PUBLICATION or h.sequence not in with_versions]
    page = {
        "nav": "",
        "newest": found[0] if found else None,
        "heads": shown[:HEADS_SHOWN],
        "is_alarm": unsealed_since(timezone.now()).is_alarm,
        "may_view": may(person, "record.view"),
        "may_forget": may(person, "person.forget"),
    }
    return render(request, "portal/record.html", page)


@require_GET
def heads(request: HttpRequest) -> JsonResponse:
    """All published heads, for `nayu audit verify --heads` or anybody's own program."""
    return JsonResponse(
        {"record": FORMAT, "heads": [head.as_json() for head in published_heads(today())]},
        json_dumps_params={"indent": 1},
    )


@login_required
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Every deed, newest first; what it was done to is named where the reader may know of it."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "record.view"):
        raise NotVisible
    asked = {key: normalise(request.GET.get(key, "")) for key in ("agency", "verb", "day")}
    day, bad = _day(asked["day"])
    found = events_found(agency_code=asked["agency"], verb=asked["verb"], day=day)
    shown, paging = _page_of(request, found if not bad else found.none())
    seen, told = readable(shown, person), all_deeds()
    agencies = list(Agency.objects.order_by("code"))
    names = {agency.code: named_here(agency) for agency in agencies}
    page = {
        "nav": "",
        "asked": asked,
        "bad_day": bad,
        "rows": [
            {
                "event": event,
                "seal": getattr(event, "seal", None),
                "deed": told.get(event.verb, event.verb),
                "agency": names.get(event.agency_code, event.agency_code),
                "label": event.subject_label if event.pk in seen else "",
            }
            for event in shown
        ],
        "paging": paging,
        "agencies": list(names.items()),
        "verbs": [(verb, told.get(verb, verb)) for verb in verbs()],
        "last": last_seal(),
        "seals": list(seals()[:SEALS_SHOWN]),
        "waiting": unsealed_since(timezone.now()),
        "crumbs": [Crumb(_("Record of deeds"), reverse("portal:record")), Crumb(_("Deeds"))],
    }
    return render(request, "portal/audit.html", page)


def _day(text: str) -> tuple[date | None, bool]:
    """(day, whether it was not understood)."""
    if not text:
        return None, False
    try:
        return parse_date(text), False
    except (RuleBroken, ValueError):
        return None, True


def _page_of(request: HttpRequest, found: QuerySet[Event]) -> tuple[list[Event], Paging]:
    """A page before an event's key, so that new events shift nothing."""
    before = request.GET.get("before", "")
    query = request.GET.copy()
    query.pop("before", None)
    first = f"?{query.urlencode()}"
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    else:
        before = ""
    rows = list(found[: PAGE + 1])
    following = ""
    if len(rows) > PAGE:
        query["before"] = str(rows[PAGE - 1].pk)
        following = f"?{query.urlencode()}"
    return rows[:PAGE], Paging(first if before else "", following)


@login_required
@require_http_methods(["GET", "POST"])
def forgetting(request: HttpRequest) -> HttpResponse:
    """Take a person out of the record. The sign-in is typed, so that nobody is chosen by a slip."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "person.forget"):
        raise NotVisible
    typed = {key: request.POST.get(key, "").strip() for key in ("username", "also")}
    sentences: list[str] = []
    if request.method == "POST":
        try:
            withheld = _forget(typed, person)
        except RuleBroken as broken:
            sentences = sentences_of(broken)
        else:
            said = ngettext(
                "The person is forgotten. Texts of %(count)s event were withheld.",
                "The person is forgotten. Texts of %(count)s events were withheld.",
                withheld,
            )
            messages.success(request, said % {"count": withheld})
            return redirect("portal:forgetting")
    draw = Drawing(typed, {}, {})
    page: dict[str, Any] = {
        "nav": "",
        "sentences": sentences,
        "fields": [
            draw.text("username", _("Sign-in of the person"), most=150),
            draw.area(
                "also", _("Other words for this person, one a line"), optional=True,
                hint=_("An earlier name or a nickname. Texts of the record that hold one are withheld."),
            ),
        ],
        "crumbs": [
            Crumb(_("Record of deeds"), reverse("portal:record")), Crumb(_("Forget a person")),
        ],
    }  # fmt: skip
    return render(request, "portal/forgetting.html", page, status=409 if sentences else 200)


def _forget(typed: dict[str, str], person: Any) -> int:
    user = User.objects.filter(username=typed["username"]).first()
    if user is None:
        raise NoSuchPerson
    also = [line.strip() for line in typed["also"].splitlines() if line.strip()]
    return forget_person(user.pk, also=also, actor=person, at=now())

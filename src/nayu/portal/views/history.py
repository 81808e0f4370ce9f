"""What happened to a project, in words: deeds for those inside, published versions for all."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.approvals.domain import PROJECT
from nayu.approvals.messages import NAMES
from nayu.approvals.queries import decisions_of
from nayu.attachments.messages import KIND_NAMES
from nayu.audit.models import Event
from nayu.audit.queries import events_of
from nayu.core.errors import NotVisible
from nayu.core.fiscal_year import FiscalYear
from nayu.core.money import format_baht, parse_number
from nayu.portal.queries.plans import working_entry
from nayu.publication.models import FrozenEntry
from nayu.ui.components import Change, Crumb
from nayu.ui.templatetags.nayu import month_and_year, named

MOST_EVENTS, READ_EVENTS = 200, 1000
SITTING = timedelta(minutes=30)
Json = Any


def deeds() -> dict[str, str]:
    """Verbs of the record, as the past tense of whoever holds the post."""
    return {
        "project.create": _("began the project"),
        "project.edit": _("changed what is written"),
        "project.submit": _("submitted the project"),
        "project.endorse": _("endorsed the project for the agency"),
        "project.review": _("passed the project in review"),
        "project.include": _("put the project in the plan"),
        "project.return": _("returned the project for correction"),
        "project.report": _("said what came of a promise"),
        "project.refers": _("referred to a like project"),
        "project.joins": _("asked to join a like project"),
        "project.differs": _("said why it differs from a like project"),
        "project.reject": _("did not approve the project"),
        "comment.write": _("wrote a comment"),
        "comment.reply": _("answered a comment"),
        "comment.resolve": _("resolved a comment"),
        "comment.reopen": _("opened a comment again"),
        "reviewer.assign": _("asked somebody to review"),
        "reviewer.note": _("kept a review note"),
        "reviewer.done": _("finished a review"),
        "reviewer.delegate": _("handed a review on"),
        "project.coach_answer": _("answered a remark of the writing coach"),
        "line.add": _("added a budget line"),
        "line.change": _("changed a budget line"),
        "line.remove": _("removed a budget line"),
        "attachment.add": _("attached a file"),
        "attachment.remove": _("removed an attached file"),
    }


def field_names() -> dict[str, str]:
    own = {
        "name_th": _("Name"), "name_en": _("English name"), "first_month": _("First month"),
        "last_month": _("Last month"), "origin": _("Where the project comes from"),
        "novelty": _("New or continuing"), "districts": _("Districts"),
        "supporting": _("Supporting agencies"), "partners": _("Partner bodies"),
        "state": _("Status"), "amount": _("Amount (baht)"),
    }  # fmt: skip
    return {key: str(name) for key, name in NAMES.items()} | own


@require_GET
def history(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Deeds need sight of the working entry; published versions are everybody's."""
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    versions = _versions(year, code)
    if entry is None and not versions:
        raise NotVisible
    name = named(entry) if entry else named(versions[0]["frozen"])
    page = {
        "year": year,
        "nav": "projects",
        "code": code,
        "name": name,
        "entry": entry,
        "deeds": _deeds(entry.pk, year) if entry else [],
        "versions": versions,
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code])), Crumb(_("History")),
        ],
    }  # fmt: skip
    return render(request, "portal/history.html", page)


def _deeds(entry_id: int, year: int) -> list[dict[str, Any]]:
    told = deeds()
    meetings = {
        (row.step, row.at): (row.meeting_number, row.meeting_date)
        for row in decisions_of(PROJECT, entry_id)
        if row.meeting_number
    }
    return [
        {
            "event": event,
            "deed": told.get(event.verb, event.verb),
            "meeting": meetings.get((event.verb.removeprefix("project."), event.at)),
            "changes": _changes(event, year),
        }
        for event in _gathered(events_of(PROJECT, entry_id)[:READ_EVENTS])[:MOST_EVENTS]
    ]


def _gathered(events: Iterable[Event]) -> list[Event]:
    """Consecutive changes by one person within half an hour, told as one; newest first.

    A text saves itself every few seconds; readers want what it said before and after the sitting.
    """
    found: list[Event] = []
    for event in events:
        later = found[-1] if found else None
        if later is not None and _one_sitting(event, later):
            changed = dict(event.facts["changed"])
            for name, (before, after) in later.facts["changed"].items():
                changed[name] = [changed[name][0] if name in changed else before, after]
            later.facts = {
                **later.facts,
                "changed": {name: pair for name, pair in changed.items() if pair[0] != pair[1]},
            }
            continue
        found.append(event)
    return found


def _one_sitting(event: Event, later: Event) -> bool:
    return (
        event.verb == later.verb == "project.edit"
        and event.actor_id == later.actor_id
        and later.at - event.at <= SITTING
        and "changed" in event.facts
        and "changed" in later.facts
    )


def _changes(event: Event, year: int) -> list[Change]:
    facts = event.facts
    if "file" in facts:
        label = str(KIND_NAMES[facts["file_kind"]]) + (f" · {facts['on']}" if "on" in facts else "")
        gone = event.verb == "attachment.remove"
        return [Change(label, facts["file"] if gone else "", "" if gone else facts["file"])]
    if "item" in facts:
        before = facts.get("before", "") if event.verb != "line.remove" else facts["amount"]
        after = "" if event.verb == "line.remove" else facts["amount"]
        return [Change(str(facts["item"]), _baht(before), _baht(after))]
    return differences(facts.get("changed", {}), year)


def _baht(text: str) -> str:
    return format_baht(parse_number(text)) if text else ""


def differences(changed: dict[str, list[Json]], year: int) -> list[Change]:
    """Changed fields in words. `changed` holds [before, after] of the sheet's JSON by field."""
    names = field_names()
    return [
        Change(names.get(key, key), said(key, before, year), said(key, after, year))
        for key, (before, after) in changed.items()
    ]


def said(key: str, value: Json, year: int) -> str:
    """A field's JSON value as a reader's text; a list stands one part a line."""
    if key in ("first_month", "last_month") and isinstance(value, int):
        return month_and_year(FiscalYear(year).month(value))
    if isinstance(value, list):
        return "\n".join(_part(key, one, year) for one in value)
    return "" if value is None else str(NAMES.get(value, value))


def _part(key: str, one: Json, year: int) -> str:
    if isinstance(one, dict):
        return _PARTS.get(key, _named)(one, year)
    if isinstance(one, list):  # (code, Thai, English, …) or (Thai, English)
        return str(one[1] if key in ("districts", "supporting") else one[0])
    return str(one)


def _named(one: dict[str, Json], _year: int) -> str:
    return f"{one.get('number', '')} {one.get('name_th', '')}".strip()


def _promise(one: dict[str, Json], year: int) -> str:
    start = month_and_year(FiscalYear(year).month(one["from_month"]))
    return f"{one['who_th']} {one['number']} {one['unit_th']}: {one['change_th']} ({start})"


def _activity(one: dict[str, Json], year: int) -> str:
    first, last = (FiscalYear(year).month(one[key]) for key in ("first_month", "last_month"))
    span = f"{month_and_year(first)}–{month_and_year(last)}"
    return f"{one['name_th']} ({span}) {one['weight_percent']}%"


def _risk(one: dict[str, Json], _year: int) -> str:
    return f"{one['event_th']} ({one['likelihood']} × {one['impact']}): {one['response_th']}"


def _indicator(one: dict[str, Json], _year: int) -> str:
    return f"{one['name_th']} ({one['unit_th']})"


_PARTS = {
    "promises": _promise,
    "activities": _activity,
    "risks": _risk,
    "indicators": _indicator,
}


def _versions(year: int, code: str) -> list[dict[str, Any]]:
    """Published versions that hold the project, newest first, each against the one before."""
    found = list(
        FrozenEntry.objects.filter(project_code=code, version__fiscal_year_be=year)
        .select_related("version", "version__stage")
        .order_by("version__number")
    )
    shown = []
    for before, frozen in zip([None, *found], found, strict=False):
        changed = {}
        if before is not None:
            changed = {
                key: [before.sheet.get(key), value]
                for key, value in frozen.sheet.items()
                if before.sheet.get(key) != value and key not in ("state", "entry_id")
            }
        changes = differences(changed, year)
        if before is not None and before.amount != frozen.amount:
            amounts = format_baht(before.amount), format_baht(frozen.amount)
            changes.append(Change(field_names()["amount"], *amounts))
        shown.append({"frozen": frozen, "changes": changes, "is_first": before is None})
    return shown[::-1]

"""A field saves itself: what was read, what was typed, what stands now, merged field by field."""

import json
import re
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.approvals.domain import PROJECT
from nayu.audit.queries import events_of
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.merge import Merged, merge
from nayu.db.clock import now
from nayu.portal.forms import Typed, flat_of, same_text, sent_of
from nayu.portal.queries.linking import Linking
from nayu.portal.views.parts import (
    contents_of,
    entry_or_404,
    given_of,
    missing_of,
    names_of,
    part_of,
    parts,
)
from nayu.portal.views.sentences import sentences_of
from nayu.projects import services
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput, Writing

Flat = dict[str, str]
ROW = re.compile(r"((?:promise|activity|risk)-\d+)-\w+")


class Asked(NamedTuple):
    """What the form sends: by field, the text that was read and the text that was typed."""

    base: Flat
    typed: Flat


class Settled(NamedTuple):
    """What a merge comes to: input for the entry, problems by field, fields that cannot stand yet."""

    given: EntryInput | None
    problems: dict[str, str]
    waiting: frozenset[str]


@require_POST
def autosave(request: HttpRequest, year: int, code: str, section: str) -> HttpResponse:
    """Save the changed fields of a part; answers JSON, with 401 for somebody who is signed out."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True}, status=401)
    asked = _asked(request, section)
    if asked is None:
        return JsonResponse({"sentence": _("The form could not be read.")}, status=400)
    entry = entry_or_404(request, year, code)
    person, at = request.person, now()  # type: ignore[attr-defined]
    outcome: dict[str, Any] = {}

    def decide(locked: ProjectEntry) -> Writing:
        sent, linking = part_of(locked, section)
        stored = flat_of(sent)
        merged = merge(stored, asked.base, asked.typed, same=same_text)
        found = _settled(section, merged, stored, linking)
        outcome["answer"] = _answer(asked, merged, found, stored)
        unfinished = {name: (stored.get(name, ""), asked.typed[name]) for name in found.waiting}
        done = frozenset(asked.typed) - found.waiting - merged.conflicts.keys()
        return Writing(found.given, unfinished, done)

    try:
        saved = services.write(entry.pk, decide, actor=person, at=at)
    except RuleBroken as broken:
        sentences = sentences_of(broken)
        return JsonResponse({"sentence": " ".join(sentences)}, status=409)
    answer = outcome["answer"] | {"saved_at": _clock(at), "revision": saved.revision}
    if answer["conflicts"]:
        answer["who"] = _who(saved, request)
    return JsonResponse(answer)


def _asked(request: HttpRequest, section: str) -> Asked | None:
    """The JSON that was sent, only fields of this part; None if it is no such thing."""
    try:
        sent = json.loads(request.body)
        pairs = {str(name): (str(one["base"]), str(one["typed"])) for name, one in sent.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if section not in {part.code for part in parts()} - {"lines"}:
        raise NotVisible
    names = names_of(section, pairs)
    return Asked({name: pairs[name][0] for name in names}, {name: pairs[name][1] for name in names})


def _settled(section: str, merged: Merged, stored: Flat, linking: Linking | None) -> Settled:
    """Input of what can stand; a row or field with a problem stays as stored until it is whole."""
    typed = Typed()
    given = given_of(section, sent_of(merged.values), typed, linking)
    if not typed.problems:
        return Settled(given if merged.changed else None, {}, frozenset())
    groups = {_group(name) for name in typed.problems}
    waiting = frozenset(name for name in merged.changed if _group(name) in groups)
    values = {
        name: stored.get(name, "") if name in waiting else text
        for name, text in merged.values.items()
        if name not in waiting or name in stored
    }
    rest = merged.changed - waiting
    again = Typed()
    given = given_of(section, sent_of(values), again, linking)
    if again.problems:
        return Settled(None, dict(typed.problems), merged.changed)
    return Settled(given if rest else None, dict(typed.problems), waiting)


def _group(name: str) -> str:
    """Fields that are judged together: a row's, or the two ends of the period."""
    row = ROW.fullmatch(name)
    if row:
        return row[1]
    return "period" if name in ("first_month", "last_month") else name


def _answer(asked: Asked, merged: Merged, found: Settled, stored: Flat) -> dict[str, Any]:
    """`stored` are the texts that the fields are now read against; conflicts tell the other's."""
    whole = {
        name: merged.values.get(name, "")
        for name in asked.typed
        if name not in found.waiting and name not in merged.conflicts
    }
    return {
        "stored": whole,
        "problems": {name: text for name, text in found.problems.items() if name in asked.typed},
        "waiting": sorted(found.waiting),
        "conflicts": {name: one.stored for name, one in merged.conflicts.items()},
    }


def _who(entry: ProjectEntry, request: HttpRequest) -> str:
    """The post that saved last, and when; the reader's own other window says so."""
    event = events_of(PROJECT, entry.pk).filter(verb="project.edit").first()
    if event is None:
        return ""
    own = event.actor_id == request.user.pk
    post = _("You, in another window") if own else event.post_title_th
    if not own and request.LANGUAGE_CODE == "en" and event.post_title_en:  # type: ignore[attr-defined]
        post = event.post_title_en
    return f"{post} · {_clock(event.at)}"


def _clock(at: datetime) -> str:
    """14:32:08 in the city's time, as plain text for the script."""
    return f"{timezone.localtime(at):%H:%M:%S}"


@login_required
@require_GET
def contents(request: HttpRequest, year: int, code: str, section: str) -> HttpResponse:
    """The list of parts with their state, drawn again after a field was saved."""
    entry = entry_or_404(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    sheet = sheet_of(entry)
    rows = contents_of(sheet, missing_of(entry, sheet), year)
    done = sum(1 for row in rows if row["state"] == "ok")
    page = {
        "year": year,
        "sheet": sheet,
        "contents": rows,
        "done": done,
        "percent": done * 100 // len(rows),
        "missing_count": sum(len(row["missing"]) for row in rows),
        "part": next((part for part in parts() if part.code == section), None),
        "is_partial": True,
    }
    return render(request, "portal/_contents.html", page)

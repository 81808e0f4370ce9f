"""The lines of a project as a table: many cells at once, saved by itself or by its button."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nayu.approvals.domain import PROJECT
from nayu.audit.queries import events_of
from nayu.budget import services as budget
from nayu.budget.domain.prices import is_reason
from nayu.budget.models import Line
from nayu.budget.queries.prices import outside
from nayu.budget.services.grid import MOST_ROWS, Deeds, GridTooLong, write_rows
from nayu.core.errors import NotPermitted, RuleBroken
from nayu.core.fiscal_year import MONTHS
from nayu.core.merge import Merged, merge
from nayu.core.money import total as add_up
from nayu.db.clock import now
from nayu.portal.forms.grid import (
    COLUMNS,
    Flat,
    fields_in,
    flat_line,
    is_blank,
    row_of,
    rows_in,
    same_cell,
    settle,
)
from nayu.portal.queries.prices import prices_of_line
from nayu.portal.views.lines import (
    LineLists,
    line_lists,
    line_values,
    may_edit_lines,
    meters_of,
    promise_choices,
    usual_values,
)
from nayu.portal.views.parts import entry_or_404
from nayu.portal.views.sentences import sentences_of
from nayu.projects.models import ProjectEntry
from nayu.ui.components import Crumb

SPARE = 3  # blank rows below the last line


class Sent(NamedTuple):
    """By field, the text that was read and the text that was typed."""

    base: Flat
    typed: Flat


class Saved(NamedTuple):
    """What became of the cells."""

    merged: Merged
    problems: dict[str, str]
    lines: dict[str, int]


def _lists(entry: ProjectEntry) -> LineLists:
    return line_lists() | {"promise": promise_choices(entry)}


def _usual(entry: ProjectEntry) -> Flat:
    """What a new row starts with; the table does not ask for months."""
    months = {"first_month": str(MONTHS[0]), "last_month": str(MONTHS[-1])}
    return usual_values(entry.agency_id, entry.novelty) | months


def _save(request: HttpRequest, entry: ProjectEntry, sent: Sent, at: datetime) -> Saved:
    """Store every row that can stand; a cell that somebody else changed waits for a choice."""
    lists, usual = _lists(entry), _usual(entry)
    keys = [row.removeprefix("new-") for row in rows_in(sent.typed) if row.startswith("new-")]
    found: dict[str, Any] = {}

    def decide(lines: Sequence[Line], known: Mapping[str, Line]) -> Deeds:
        by_row = {row_of(line): line for line in lines}
        by_row |= {f"new-{key}": line for key, line in known.items()}
        texts = {row: _as_row(flat_line(line), line, row) for row, line in by_row.items()}
        stored = {name: text for some in texts.values() for name, text in some.items()}
        gone = {row for row in rows_in(sent.typed) if row not in by_row and row[:5] == "line-"}
        typed = {n: t for n, t in sent.typed.items() if n.rpartition("-")[0] not in gone}
        merged = merge(stored, sent.base, typed, same=same_cell)
        changed = {name.rpartition("-")[0] for name in merged.changed}
        rows = [
            row
            for row in rows_in(typed)  # in the order of the table
            if row in changed and not is_blank(row, merged.values, usual)
        ]
        full = {row: line_values(by_row[row]) if row in by_row else usual for row in rows}
        settled = settle(rows, merged.values, full, lists, year=entry.fiscal_year_be, judge=_judge)
        lost = {name: _("Somebody removed this line.") for name in sent.typed.keys() - typed.keys()}
        found.update(merged=merged, problems=settled.problems | lost)
        return Deeds(
            {by_row[row].pk: given for row, given in settled.given.items() if row in by_row},
            {row[4:]: given for row, given in settled.given.items() if row not in by_row},
            [by_row[row].pk for row in settled.removed if row in by_row],
        )

    person = request.person  # type: ignore[attr-defined]
    made = write_rows(entry.pk, keys, decide, actor=person, at=at)
    return Saved(found["merged"], found["problems"], {f"new-{key}": pk for key, pk in made.items()})


def _as_row(flat: Flat, line: Line, row: str) -> Flat:
    """A line's texts under the name that the sender knows its row by."""
    own = row_of(line)
    return flat if row == own else {row + name[len(own) :]: text for name, text in flat.items()}


def _judge(given: budget.LineInput) -> str:
    try:
        budget.line_amount(given.quantity, given.unit_price)
    except RuleBroken as broken:
        return " ".join(sentences_of(broken))
    return ""


@require_POST
def save_cells(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Save changed cells; answers JSON, with 401 for somebody who is signed out."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True}, status=401)
    sent = _read(request)
    if sent is None:
        return JsonResponse({"sentence": _("The table could not be read.")}, status=400)
    entry, at = entry_or_404(request, year, code), now()
    try:
        if len(rows_in(sent.typed)) > MOST_ROWS:
            raise GridTooLong(rows=len(rows_in(sent.typed)), limit=MOST_ROWS)
        saved = _save(request, entry, sent, at)
    except RuleBroken as broken:
        return JsonResponse({"sentence": " ".join(sentences_of(broken))}, status=409)
    waiting = {name.rpartition("-")[0] for name in saved.problems}
    answer: dict[str, Any] = {
        "stored": [
            name
            for name in sent.typed
            if name.rpartition("-")[0] not in waiting and name not in saved.merged.conflicts
        ],
        "problems": saved.problems,
        "conflicts": {name: one.stored for name, one in saved.merged.conflicts.items()},
        "lines": saved.lines,
        "sides": _sides(entry),
        "saved_at": f"{timezone.localtime(at):%H:%M:%S}",
    }
    if answer["conflicts"]:
        answer["who"] = _who(entry, request)
    return JsonResponse(answer)


def _read(request: HttpRequest) -> Sent | None:
    """The JSON that was sent, only cells of the table; None if it is no such thing."""
    try:
        cells = json.loads(request.body)
        pairs = {str(name): (str(one["base"]), str(one["typed"])) for name, one in cells.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    names = fields_in(dict.fromkeys(pairs, ""))
    return Sent({name: pairs[name][0] for name in names}, {name: pairs[name][1] for name in names})


def _sides(entry: ProjectEntry) -> dict[str, str]:
    """Rows whose price is outside the band and that give no reason."""
    lines = Line.objects.filter(entry=entry).order_by("order", "pk")
    return {
        f"line-{one.line_id}": one.side
        for one in outside(lines, entry.fiscal_year_be)
        if not is_reason(one.reason)
    }


def _who(entry: ProjectEntry, request: HttpRequest) -> str:
    """The post that changed a line last, and when."""
    verbs = ("line.add", "line.change", "line.remove")
    event = events_of(PROJECT, entry.pk).filter(verb__in=verbs).first()
    if event is None:
        return ""
    own = event.actor_id == request.user.pk
    post = _("You, in another window") if own else event.post_title_th
    if not own and request.LANGUAGE_CODE == "en" and event.post_title_en:  # type: ignore[attr-defined]
        post = event.post_title_en
    return f"{post} · {timezone.localtime(event.at):%H:%M:%S}"


@login_required
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The table; without a script its button sends all rows, which are saved together."""
    entry = entry_or_404(request, year, code)
    if not may_edit_lines(request, entry):
        raise NotPermitted(act="request.edit", state=entry.state)
    typed: Flat = {}
    saved: Saved | None = None
    sentences: list[str] = []
    if request.method == "POST":
        typed = fields_in(request.POST.dict())  # type: ignore[arg-type]
        try:
            saved = _save(request, entry, Sent(_base(request), typed), now())
        except RuleBroken as broken:
            sentences = sentences_of(broken)
        else:
            if not saved.problems and not saved.merged.conflicts:
                messages.success(request, _("The table is saved."))
                return redirect("portal:grid", year, code)
            sentences = [_("Some rows are not saved yet. What you typed is still here.")]
    page = _page(request, entry, year, typed, saved) | {"sentences": sentences}
    return render(request, "portal/grid.html", page, status=422 if sentences else 200)


def _base(request: HttpRequest) -> Flat:
    try:
        base = json.loads(request.POST.get("base", "{}"))
        return fields_in({str(name): str(text) for name, text in base.items()})
    except (ValueError, AttributeError):
        return {}


def _page(
    request: HttpRequest, entry: ProjectEntry, year: int, typed: Flat, saved: Saved | None
) -> dict[str, Any]:
    lines = list(
        Line.objects.filter(entry=entry)
        .select_related("category", "commitment", "entry")
        .order_by("order", "pk")
    )
    base = {name: text for line in lines for name, text in flat_line(line).items()}
    usual, sides = _usual(entry), _sides(entry)
    rows = [_row(row_of(line), line, base | typed, saved, sides) for line in lines]
    fresh = [row for row in rows_in(typed) if row.startswith("new-")]
    fresh = [row for row in fresh if not (saved and row in saved.lines)]
    fresh += [f"new-{uuid4().hex}" for _spare in range(max(SPARE - len(fresh), 1))]
    blank = {f"{row}-{name}": usual.get(name, "") for row in fresh for name in COLUMNS}
    rows += [_row(row, None, blank | typed, saved, {}) for row in fresh]
    person = request.person  # type: ignore[attr-defined]
    meters, drafts = meters_of(person, entry.agency_id, year, lines, _("this project"))
    crumbs = [
        Crumb(entry.project.code, reverse("portal:project", args=[year, entry.project.code])),
        Crumb(_("Budget lines"), reverse("portal:lines", args=[year, entry.project.code])),
        Crumb(_("Table")),
    ]
    return {
        "year": year, "nav": "projects", "entry": entry, "rows": rows,
        "blank": _row("new-0", None, {f"new-0-{n}": usual.get(n, "") for n in COLUMNS}, None, {}),
        "base_text": json.dumps(base, ensure_ascii=False), "usual": usual,
        "line_total": add_up(line.amount for line in lines), "line_count": len(lines),
        "lists": _lists(entry), "meters": meters, "with_drafts": drafts, "most_rows": MOST_ROWS,
        "grid_words": _words(), "crumbs": crumbs, **prices_of_line(lines[0] if lines else None, year),
    }  # fmt: skip


def _row(
    row: str, line: Line | None, values: Flat, saved: Saved | None, sides: dict[str, str]
) -> dict[str, Any]:
    """A row as drawn: cell by cell what stands in it, what is wrong, what another wrote."""
    cells = {}
    for name in COLUMNS:
        field = f"{row}-{name}"
        conflict = saved.merged.conflicts.get(field) if saved else None
        cells[name] = {
            "name": field, "value": values.get(field, ""),
            "bad": saved.problems.get(field, "") if saved else "",
            "theirs": conflict.stored if conflict else None,
        }  # fmt: skip
    return {
        "row": row, "line": line, "cells": cells, "side": sides.get(row, ""),
        "notes": [cell for cell in cells.values() if cell["bad"] or cell["theirs"] is not None],
    }  # fmt: skip


def _words() -> dict[str, str]:
    """The sentences of grid.js, in the reader's language."""
    return {
        "saving": _("Saving …"),
        "saved": _("Saved at {value}"),
        "all_saved": _("All is saved"),
        "unsaved": _("Not saved yet"),
        "waiting": _("Some cells must be corrected before their row is saved"),
        "conflict": _("Somebody else changed a cell. Choose below the table: {value}"),
        "offline": _("No connection. What you typed is kept in this browser"),
        "failed": _("Could not save. What you typed is kept in this browser; trying again"),
        "signed_out": _("You are signed out. What you typed is kept in this browser"),
        "sign_in": _("Sign in again"),
        "closed": _("Not saved."),
        "restored": _("What was not saved before is back in the table"),
        "pasted": _("{value} rows pasted"),
        "too_long": _("{value} rows are too many at once. Nothing was pasted; the most is {limit}"),
        "unknown": _("Row {row}: “{value}” is not in the list of “{column}”"),
        "undone": _("Undone"),
        "redone": _("Done again"),
        "nothing": _("Nothing to undo"),
        "filled": _("Filled down {value} cells"),
        "mine": _("Keep mine: {value}"),
        "theirs": _("Take theirs: {value}"),
        "empty": _("(empty)"),
        "row": _("row {value}"),
        "above": _("Dearer than the city paid before: say why"),
        "below": _("Cheaper than the city paid before: say why"),
        "removed": _("Row taken out; undo brings it back"),
    }

"""The writing desk: one part of a project at a time, its state in sight, nothing typed lost.

With a script every field saves itself (`autosave`); without one each part is saved by its button.
Both merge with what others saved since the form was drawn, field by field.
"""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nayu.approvals.domain import PROJECT
from nayu.audit.models import Event
from nayu.audit.queries import events_of
from nayu.coach.queries import entry_remarks
from nayu.core.errors import NotVisible, RuleBroken, Stale
from nayu.core.merge import merge
from nayu.db.clock import now
from nayu.portal.forms import (
    MORE_ROWS,
    SPARE_ROWS,
    Drawing,
    Sent,
    Typed,
    flat_of,
    same_text,
    sent_of,
    whole_or_zero,
)
from nayu.portal.queries.linking import Linking, linking_of
from nayu.portal.views.comments import comment_fields, comments_context
from nayu.portal.views.field_help import helps_of
from nayu.portal.views.last_year import last_year_of
from nayu.portal.views.parts import (
    contents_of,
    drawn,
    entry_or_404,
    given_of,
    missing_of,
    month_choices,
    names_of,
    parts,
    projects_crumb,
    stored_of,
)
from nayu.portal.views.sentences import sentences_of
from nayu.projects import services
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput, Writing
from nayu.ui.components import Change, Crumb


@login_required
@require_GET
def edit(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The form opens where something is missing."""
    entry = entry_or_404(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    sheet = sheet_of(entry)
    contents = contents_of(sheet, missing_of(entry, sheet), year)
    first = next((row for row in contents if row["state"] != "ok" and row["code"] != "lines"), None)
    return redirect("portal:edit_section", year, code, first["code"] if first else "basics")


@login_required
@require_http_methods(["GET", "POST"])
def edit_section(request: HttpRequest, year: int, code: str, section: str) -> HttpResponse:
    """Read or save one part; what cannot be saved comes back as it was typed."""
    entry = entry_or_404(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    if section not in {part.code for part in parts()} - {"lines"}:
        raise NotVisible
    linking = linking_of(entry)
    if request.method == "GET":
        return _opened(request, entry, section, linking)
    sent = Sent(request.POST.dict(), {key: request.POST.getlist(key) for key in request.POST})  # type: ignore[arg-type]
    if "more" in request.POST:
        return _page(request, entry, section, linking, sent=sent, spare=MORE_ROWS)
    typed = Typed()
    given = given_of(section, sent, typed, linking)
    if typed.problems:
        return _page(request, entry, section, linking, sent=sent, typed=typed, status=422)
    try:
        _save(request, entry, section, sent, given)
    except Stale as stale:
        return _stale(request, entry, section, sent, stale.facts.get("conflicts"))
    except RuleBroken as broken:
        return _page(
            request, entry, section, linking, sent=sent, sentences=sentences_of(broken), status=422
        )
    messages.success(request, _("Saved."))
    return redirect(_next_href(entry, section) if "next" in request.POST else request.path)


def _save(
    request: HttpRequest, entry: ProjectEntry, section: str, sent: Sent, given: EntryInput
) -> None:
    """Merge with what stands now; a form without its base is judged by its revision alone."""
    person, at = request.person, now()  # type: ignore[attr-defined]
    base = base_of(sent.data)
    if base is None:
        revision = whole_or_zero(sent.data.get("revision"))
        services.save_entry(entry.pk, given, revision=revision, actor=person, at=at)
        return
    typed = flat_of(sent)
    names = {name for name in base if name in names_of(section, typed | base)}
    shown = {name: typed.get(name, "") for name in names | names_of(section, typed)}

    def decide(locked: ProjectEntry) -> Writing:
        linking = linking_of(locked)
        merged = merge(flat_of(stored_of(locked, linking)), base, shown, same=same_text)
        if merged.conflicts:
            raise Stale(conflicts=merged.conflicts)
        settled = frozenset(shown)
        if not merged.changed:
            return Writing(settled=settled)
        values = given_of(section, sent_of(merged.values), Typed(), linking)
        return Writing(values, settled=settled)

    services.write(entry.pk, decide, actor=person, at=at)


def base_of(data: dict[str, str]) -> dict[str, str] | None:
    """What the form's fields held when it was drawn; None if it does not say."""
    try:
        base = json.loads(data["base"])
    except (KeyError, ValueError):
        return None
    if not isinstance(base, dict):
        return None
    return {str(name): str(text) for name, text in base.items()}


def _next_href(entry: ProjectEntry, section: str) -> str:
    year, code = entry.fiscal_year_be, entry.project.code
    order = [part.code for part in parts()]
    following = [*order[order.index(section) + 1 :], "decision"][0]
    if following == "lines":
        return reverse("portal:lines", args=[year, code])
    if following == "decision":
        return reverse("portal:decision", args=[year, code])
    return reverse("portal:edit_section", args=[year, code, following])


def _opened(
    request: HttpRequest, entry: ProjectEntry, section: str, linking: Linking
) -> HttpResponse:
    """The part as stored, and over it what this person typed that could not stand there yet."""
    person = request.person  # type: ignore[attr-defined]
    kept = {one.name: one for one in services.unfinished_of(entry.pk, person)}
    stored = flat_of(stored_of(entry, linking))
    mine = {name: one for name, one in kept.items() if name in names_of(section, {name: ""})}
    if not mine:
        return _page(request, entry, section, linking)
    sent = sent_of(stored | {name: one.text for name, one in mine.items()})
    base = stored | {name: one.base for name, one in mine.items()}
    typed = Typed()
    given_of(section, sent, typed, linking)
    latest = max(one.at for one in mine.values())
    return _page(
        request, entry, section, linking, sent=sent, typed=typed, base=base, kept_at=latest
    )


def _page(
    request: HttpRequest, entry: ProjectEntry, section: str, linking: Linking, *,
    sent: Sent | None = None, typed: Typed | None = None, sentences: list[str] | None = None,
    spare: int = SPARE_ROWS, status: int = 200, more: dict[str, Any] | None = None,
    base: dict[str, str] | None = None, kept_at: datetime | None = None,
) -> HttpResponse:  # fmt: skip
    """The desk with one part open, drawn from what was typed or else from what is stored."""
    sheet = sheet_of(entry)
    missing = missing_of(entry, sheet)
    contents = contents_of(sheet, missing, entry.fiscal_year_be)
    stored = stored_of(entry, linking, sheet)
    data, lists = sent or stored
    draw = Drawing(
        data, lists, typed.problems if typed else {}, month_choices(entry.fiscal_year_be)
    )
    part = next(part for part in parts() if part.code == section)
    done = sum(1 for row in contents if row["state"] == "ok")
    if base is None:
        base = base_of(data) if sent and not (more and "changes" in more) else None
    whole = flat_of(stored)
    base = base if base is not None else whole
    names = names_of(section, whole | flat_of(Sent(data, lists)))
    page = {
        "year": entry.fiscal_year_be,
        "nav": "projects",
        "entry": entry,
        "sheet": sheet,
        "part": part,
        "position": sheet.links[0].position if sheet.links else None,
        "contents": contents,
        "done": done,
        "percent": done * 100 // len(contents),
        "missing_count": sum(len(row["missing"]) for row in contents),
        "missing_here": next(row["missing"] for row in contents if row["code"] == section),
        "next_name": _next_name(section),
        "sentences": sentences or [],
        "bad": typed.problems if typed else {},
        "base": {name: text for name, text in base.items() if name in names},
        "base_text": json.dumps(
            {name: text for name, text in base.items() if name in names}, ensure_ascii=False
        ),
        "kept_at": kept_at,
        "helps": helps_of(section),
        "last_year": last_year_of(entry, request.person, section),  # type: ignore[attr-defined]
        "prompt": _prompt(entry, section),
        "remarks": [
            one
            for one in entry_remarks(entry, request.person, sheet)  # type: ignore[attr-defined]
            if one.remark.part == section
        ],
        "others": _others_here(request, entry),
        "desk_words": desk_words(),
        "crumbs": [
            projects_crumb(entry.fiscal_year_be),
            Crumb(sheet.project_code,
                  reverse("portal:project", args=[entry.fiscal_year_be, sheet.project_code])),
            Crumb(part.name),
        ],
        **drawn(section, draw, spare, linking),
        **comments_context(request.person, entry, comment_fields(part), section),  # type: ignore[attr-defined]
        **(more or {}),
    }  # fmt: skip
    return render(request, "portal/edit.html", page, status=status)


def _prompt(entry: ProjectEntry, section: str) -> str:
    """What the template that the entry began from asks of this part, in the reader's language."""
    if entry.template is None:
        return ""
    thai, english = entry.template.prompts.get(section, ("", ""))
    return str(english if get_language() == "en" and english else thai)


def _others_here(request: HttpRequest, entry: ProjectEntry) -> list[Event]:
    """The newest deeds on this entry by anybody else."""
    person = request.person  # type: ignore[attr-defined]
    return list(events_of(PROJECT, entry.pk).exclude(actor_id=person.user_id)[:3])


def desk_words() -> dict[str, str]:
    """What the script says of saving, in the reader's language."""
    return {
        "saving": _("Saving …"),
        "saved": _("Saved {value}"),
        "all_saved": _("All is saved"),
        "unsaved": _("Not saved yet, kept in this browser"),
        "failed": _("Could not save; kept in this browser. Trying again"),
        "offline": _("No connection; kept in this browser. Will save when it is back"),
        "signed_out": _("You are signed out; your text is kept in this browser."),
        "sign_in": _("Sign in and go on here"),
        "closed": _(
            "This project can no longer be changed here; your text is kept in this browser."
        ),
        "unfinished": _("Kept as typed, not in the project yet"),
        "restored": _("Text that this browser had kept was put back"),
        "conflict": _("{value} saved something else here"),
        "theirs": _("Saved now"),
        "mine": _("Typed by you"),
        "use_theirs": _("Use theirs"),
        "keep_mine": _("Keep mine"),
        "empty": _("(empty)"),
    }


def _next_name(section: str) -> str:
    order = parts()
    place = [part.code for part in order].index(section)
    return order[place + 1].name if place + 1 < len(order) else _("Check before submitting")


# --- Two people on one part ----------------------------------------------------------------------


def _stale(
    request: HttpRequest, entry: ProjectEntry, section: str, sent: Sent, conflicts: Any
) -> HttpResponse:
    """Somebody saved the same field since: who, when, and what stands now beside what was typed.

    The typed text stays in the fields; saving once more, now knowingly, puts it in place.
    """
    entry.refresh_from_db()
    linking = linking_of(entry)
    now_stored = flat_of(stored_of(entry, linking))
    typed = flat_of(sent)
    labels = _labels(section, sent, entry, linking)
    changes = [
        Change(label, now_stored.get(name, ""), typed.get(name, ""))
        for name, label in labels.items()
        if (conflicts is None or name in conflicts)
        and not same_text(now_stored.get(name, ""), typed.get(name, ""))
    ]
    more = {
        "stale_event": events_of(PROJECT, entry.pk).filter(verb="project.edit").first(),
        "changes": changes,
    }
    return _page(request, entry, section, linking, sent=sent, status=409, more=more)


def _labels(section: str, sent: Sent, entry: ProjectEntry, linking: Linking) -> dict[str, str]:
    """Names of all fields that the part shows, whichever of the two versions has them."""
    labels: dict[str, str] = {}
    for data, lists in (sent, stored_of(entry, linking)):
        shown = drawn(section, Drawing(data, lists, {}, ()), 0, linking)
        for one in shown.get("fields", []):
            labels[one.name] = one.label
        for legend, fields, hidden in shown.get("rows", []):
            labels |= {one.name: f"{legend}: {one.label}" for one in (*fields, *hidden)}
    return labels

"""Files on entries and lines: a page of shelves, a file for its readers, sending and removing.

The reader's rights are those of what the file hangs on; a file is never shown as a web page.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.attachments.domain import (
    LINE,
    MEDIA,
    PROJECT,
    FileMissing,
    clean_name,
    content_type_of,
)
from nayu.attachments.messages import KIND_NAMES
from nayu.attachments.models import Attachment
from nayu.attachments.queries import file_of
from nayu.attachments.services import Incoming, received
from nayu.budget import services as budget
from nayu.budget.domain import ROUTINE
from nayu.budget.models import Line
from nayu.budget.queries import visible_request
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken
from nayu.db.clock import now
from nayu.portal.forms import whole_or_zero
from nayu.portal.queries.attachments import Shelf, entry_shelf, line_shelves, routine_shelf
from nayu.portal.views.lines import may_edit_lines
from nayu.portal.views.parts import entry_or_404
from nayu.portal.views.sentences import sentences_of
from nayu.projects.models import ProjectEntry
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import named

# Nothing in a file may run or load anything; a browser's own PDF reader does not start in a
# sandbox, and runs nothing of ours.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
FOR_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
BACK = {"decision": "portal:decision", "": "portal:attachments"}

Attach = Callable[[Incoming, str], Attachment]


# --- Of a project --------------------------------------------------------------------------------


def _shelves(request: HttpRequest, entry: ProjectEntry) -> list[Shelf]:
    person = request.person  # type: ignore[attr-defined]
    edits = may(person, "project.edit", state=entry.state, agency_code=entry.agency_id)
    edits_lines = may_edit_lines(request, entry)
    return [entry_shelf(entry, may_edit=edits), *line_shelves(entry, may_edit=edits_lines)]


@login_required
@require_http_methods(["GET", "POST"])
def attachments(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """All that hangs on a project's entry and its lines; a file sent goes on the one it names."""
    entry = entry_or_404(request, year, code)
    person, sentences = request.person, []  # type: ignore[attr-defined]
    if request.method == "POST":
        line_id = whole_or_zero(request.POST.get("line"))
        shelf = next((s for s in _shelves(request, entry) if s.line_id == line_id), None)
        if shelf is None:
            raise NotVisible
        if not shelf.may_edit:
            raise NotPermitted(act="project.edit", state=entry.state)

        def attach(incoming: Incoming, kind: str) -> Attachment:
            deed, pk = (
                (budget.attach_to_line, line_id) if line_id else (budget.attach_to_entry, entry.pk)
            )
            return deed(pk, incoming, kind=kind, actor=person, at=now())

        sentences = _received(request, attach)
        if not sentences:
            return _back(request, year, code, shelf)
    page = {
        "year": year,
        "nav": "projects",
        "heading": named(entry),
        "state": entry.state,
        "code": code,
        "shelves": _shelves(request, entry),
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code])), Crumb(_("Attachments")),
        ],
    }  # fmt: skip
    return _page(request, page, sentences)


def _back(request: HttpRequest, year: int, code: str, shelf: Shelf) -> HttpResponse:
    came_from = request.POST.get("from", "")
    where = reverse(BACK.get(came_from, BACK[""]), args=[year, code])
    return redirect(f"{where}#attachments-{shelf.mark}")


def _of_project(
    request: HttpRequest, year: int, code: str, pk: int
) -> tuple[ProjectEntry, Attachment]:
    entry = entry_or_404(request, year, code)
    own = Q(owner_kind=PROJECT, owner_id=entry.pk) | Q(
        owner_kind=LINE, owner_id__in=entry.lines.values("pk")
    )
    return entry, _attachment(own, pk)


def _attachment(own: Q, pk: int) -> Attachment:
    found = Attachment.objects.filter(own, pk=pk).select_related("content").first()
    if found is None:
        raise NotVisible
    return found


@login_required
@require_safe
def attachment(request: HttpRequest, year: int, code: str, pk: int) -> FileResponse:
    """One file, for whoever may see the entry."""
    _entry, found = _of_project(request, year, code, pk)
    return _file(request, found)


@login_required
@require_POST
def removal(request: HttpRequest, year: int, code: str, pk: int) -> HttpResponse:
    """Take one file off the entry or its line."""
    entry, found = _of_project(request, year, code, pk)
    person = request.person  # type: ignore[attr-defined]
    if found.owner_kind == LINE:
        budget.remove_from_line(found.owner_id, found.pk, actor=person, at=now())
    else:
        budget.remove_from_entry(entry.pk, found.pk, actor=person, at=now())
    _tell_removed(request, found)
    line_id = found.owner_id if found.owner_kind == LINE else 0
    return _back(request, year, code, Shelf("", (), may_edit=True, line_id=line_id))


# --- Of a line of routine work -------------------------------------------------------------------


def _routine_line(request: HttpRequest, year: int, code: str, line_id: int) -> tuple[Line, bool]:
    """(the line, whether its files may be changed). Raises NotVisible."""
    person = request.person  # type: ignore[attr-defined]
    asked = visible_request(code, year, person)
    if asked is None:
        raise NotVisible
    line = Line.objects.filter(
        pk=line_id, agency_id=code, fiscal_year_be=year, kind=ROUTINE
    ).first()  # fmt: skip
    if line is None:
        raise NotVisible
    return line, may(person, "request.edit", state=asked.state, agency_code=code)


@login_required
@require_http_methods(["GET", "POST"])
def line_attachments(request: HttpRequest, year: int, code: str, line_id: int) -> HttpResponse:
    """What hangs on one line of routine work, for whoever may see the request."""
    line, may_edit = _routine_line(request, year, code, line_id)
    person, sentences = request.person, []  # type: ignore[attr-defined]
    if request.method == "POST":
        if not may_edit:
            raise NotPermitted(act="request.edit", state="-")

        def attach(incoming: Incoming, kind: str) -> Attachment:
            return budget.attach_to_line(line_id, incoming, kind=kind, actor=person, at=now())

        sentences = _received(request, attach)
        if not sentences:
            return redirect("portal:line_attachments", year, code, line_id)
    agency = get_object_or_404(Agency, code=code)
    page = {
        "year": year,
        "nav": "budget",
        "heading": line.item,
        "shelves": [routine_shelf(line, may_edit=may_edit)],
        "crumbs": [
            Crumb(named(agency), reverse("portal:request", args=[year, code])),
            Crumb(_("Attachments")),
        ],
    }
    return _page(request, page, sentences)


@login_required
@require_safe
def line_attachment(
    request: HttpRequest, year: int, code: str, line_id: int, pk: int
) -> FileResponse:
    """One file of a line of routine work."""
    _routine_line(request, year, code, line_id)
    return _file(request, _attachment(Q(owner_kind=LINE, owner_id=line_id), pk))


@login_required
@require_POST
def line_removal(request: HttpRequest, year: int, code: str, line_id: int, pk: int) -> HttpResponse:
    """Take one file off a line of routine work."""
    _routine_line(request, year, code, line_id)
    found = _attachment(Q(owner_kind=LINE, owner_id=line_id), pk)
    person = request.person  # type: ignore[attr-defined]
    budget.remove_from_line(line_id, found.pk, actor=person, at=now())
    _tell_removed(request, found)
    return redirect("portal:line_attachments", year, code, line_id)


# --- Common to both ------------------------------------------------------------------------------


def _page(request: HttpRequest, page: dict[str, Any], sentences: list[str]) -> HttpResponse:
    page |= {
        "sentences": sentences,
        "typed_kind": request.POST.get("kind", ""),
        "typed_line": whole_or_zero(request.POST.get("line")),
    }
    return render(request, "portal/attachments.html", page, status=422 if sentences else 200)


def _received(request: HttpRequest, attach: Attach) -> list[str]:
    """Take the sent file in; sentences tell why not, and then nothing was stored."""
    given = request.FILES.get("file")
    try:
        if given is None:
            raise FileMissing
        name = given.name or ""
        with received(given.chunks(), name=name, size=given.size or 0) as incoming:
            made = attach(incoming, request.POST.get("kind", ""))
    except RuleBroken as broken:
        return sentences_of(broken)
    messages.success(request, _told(clean_name(name), made))
    return []


def _told(sent: str, made: Attachment) -> str:
    kind = str(KIND_NAMES[made.kind])
    if made.name == sent:
        return _("“%(name)s” is attached as: %(kind)s.") % {"name": made.name, "kind": kind}
    return _(
        "“%(sent)s” contains %(media)s, so it is attached as “%(name)s” (%(kind)s)."
    ) % {
        "sent": sent, "media": MEDIA[made.content.media].name, "name": made.name, "kind": kind,
    }  # fmt: skip


def _tell_removed(request: HttpRequest, found: Attachment) -> None:
    messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})


def _file(request: HttpRequest, found: Attachment) -> FileResponse:
    """The bytes, as what they are; in the browser's page only if asked, and only what is safe."""
    media = MEDIA[found.content.media]
    shown = media.is_shown and request.GET.get("view") == "inline"
    response = FileResponse(
        file_of(found).open("rb"),
        as_attachment=not shown,
        filename=found.name,
        content_type=content_type_of(media, found.name),
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = FOR_PDF if media.code == "pdf" else SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response

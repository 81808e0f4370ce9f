"""Comments on a project: beside their headings on the writing desk, all of them on the decision's."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROJECT, may
from nayu.approvals.messages import NAMES
from nayu.approvals.models import Comment
from nayu.approvals.queries import threads_of
from nayu.approvals.services import Remark, answer_comment, settle_comment, write_comment
from nayu.budget.models import Line
from nayu.core.errors import NotVisible
from nayu.core.thai import normalise
from nayu.db.clock import now
from nayu.portal.forms import Choice, whole_or_zero
from nayu.portal.queries.plans import working_entry
from nayu.portal.views.parts import Part
from nayu.projects.models import ProjectEntry
from nayu.projects.services import subject_of

HEADINGS = (
    "name_th", "promises", "rationale", "objectives", "target_quantity", "method", "place_text",
    "activities", "risks", "links", "indicators",
)  # fmt: skip
REMARK_ROWS = 3
LINE = "line:"


def places(entry: ProjectEntry) -> list[Choice]:
    """Where a comment may stand: the whole, a heading, or a line of the entry."""
    lines = Line.objects.filter(entry=entry).order_by("order").values_list("pk", "item")
    return [
        Choice("", _("the whole project")),
        *(Choice(code, str(NAMES[code])) for code in HEADINGS),
        *(Choice(f"{LINE}{pk}", _("Line: %(item)s") % {"item": item[:80]}) for pk, item in lines),
    ]


def remark_at(entry: ProjectEntry, place: str, text: str) -> Remark:
    """The text on its place; a place that the entry does not have is the whole project."""
    if place.startswith(LINE):
        line = Line.objects.filter(entry=entry, pk=whole_or_zero(place.removeprefix(LINE))).first()
        if line is not None:
            return Remark(text, line_id=line.pk, line_item=line.item)
    return Remark(text, field=place if place in HEADINGS else "")


def remarks_of(data: Mapping[str, str], entry: ProjectEntry) -> tuple[Remark, ...]:
    """The reasons typed on parts of the project; empty rows are none."""
    return tuple(
        remark_at(entry, data.get(f"at-{n}", ""), data[f"text-{n}"])
        for n in range(REMARK_ROWS)
        if normalise(data.get(f"text-{n}", ""))
    )


def remark_rows(typed: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """(number, place, text) of each row of reasons, as typed."""
    return [(n, typed.get(f"at-{n}", ""), typed.get(f"text-{n}", "")) for n in range(REMARK_ROWS)]


def comments_context(
    person: Person, entry: ProjectEntry, fields: Collection[str] | None = None, back: str = ""
) -> dict[str, Any]:
    """What `portal/_comments.html` needs: threads on some headings (None: all), and where to write.

    `back` is the part of the writing desk that the reader returns to.
    """
    found = [
        thread
        for thread in threads_of(PROJECT, entry.pk)
        if fields is None or ("lines" in fields if thread.line_id else thread.field in fields)
    ]
    scope = {"state": entry.state, "agency_code": entry.agency_id}
    return {
        "threads": [(thread, _place_name(thread)) for thread in found],
        "open_comments": sum(1 for thread in found if not thread.is_resolved),
        "may_comment": may(person, "project.comment", **scope),
        "comment_places": [
            place
            for place in places(entry)
            if fields is None or place.code in fields
            or ("lines" in fields and place.code.startswith(LINE))
        ],
        "comment_back": back,
    }  # fmt: skip


def comment_fields(part: Part) -> tuple[str, ...]:
    """Places whose comments stand at a part of the desk; those on the whole at the first."""
    return (*part.fields, "") if part.code == "basics" else part.fields


def _place_name(thread: Comment) -> str:
    if thread.line_id:
        return _("Line: %(item)s") % {"item": thread.line_item}
    return str(NAMES[thread.field]) if thread.field in HEADINGS else _("the whole project")


def _entry(request: HttpRequest, year: int, code: str) -> ProjectEntry:
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    if entry is None:
        raise NotVisible
    return entry


@login_required
@require_POST
def writing(request: HttpRequest, year: int, code: str) -> HttpResponse:
    entry = _entry(request, year, code)
    remark = remark_at(entry, request.POST.get("at", ""), request.POST.get("text", ""))
    person = request.person  # type: ignore[attr-defined]
    comment = write_comment(subject_of(entry), remark, actor=person, at=now())
    return _back(request, entry, comment)


@login_required
@require_POST
def answer(request: HttpRequest, year: int, code: str, pk: int) -> HttpResponse:
    entry = _entry(request, year, code)
    person = request.person  # type: ignore[attr-defined]
    text = request.POST.get("text", "")
    reply = answer_comment(subject_of(entry), pk, text, actor=person, at=now())
    return _back(request, entry, reply)


@login_required
@require_POST
def resolution(request: HttpRequest, year: int, code: str, pk: int) -> HttpResponse:
    """Resolve a thread, or with `open` sent open it again."""
    entry = _entry(request, year, code)
    person, is_resolved = request.person, "open" not in request.POST  # type: ignore[attr-defined]
    thread = settle_comment(
        subject_of(entry), pk, is_resolved=is_resolved, actor=person, at=now()
    )  # fmt: skip
    return _back(request, entry, thread)


def _back(request: HttpRequest, entry: ProjectEntry, comment: Comment) -> HttpResponse:
    """To the page that the form stood on, at the thread."""
    at = [entry.fiscal_year_be, entry.project.code]
    back = request.POST.get("back", "")
    if back == "lines":
        href = reverse("portal:lines", args=at)
    elif back.isascii() and back.isalpha():
        href = reverse("portal:edit_section", args=[*at, back])
    else:
        href = reverse("portal:decision", args=at)
    return redirect(f"{href}#comment-{comment.thread_id or comment.pk}")

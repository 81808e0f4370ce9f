"""Reviewers of a project: whom a desk asked, who is done, and one's own note."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nayu.agencies.domain import HEAD, STRATEGIST, Person
from nayu.approvals.domain import PROJECT, may, right_of
from nayu.approvals.queries import reviewers_of
from nayu.approvals.services import assign_reviewer, candidates, delegate_review, write_note
from nayu.core.errors import NotVisible
from nayu.db.clock import now
from nayu.portal.forms import Choice, whole_or_zero
from nayu.portal.queries.plans import working_entry
from nayu.projects.models import ProjectEntry
from nayu.projects.services import subject_of
from nayu.ui.templatetags.nayu import lang


def reviewing_context(person: Person, entry: ProjectEntry) -> dict[str, Any]:
    """What `portal/_reviewers.html` needs: reviewers of the reader's desks, and what they may do."""
    scope = {"state": entry.state, "agency_code": entry.agency_id}
    desks = {
        role
        for role in (HEAD, STRATEGIST)
        if person.holding_for(role, entry.agency_id if role == HEAD else None)
    }
    found = reviewers_of(PROJECT, entry.pk, person, desks)
    own = next((one for one in reversed(found) if one.user_id == person.user_id), None)
    right = right_of(person, "project.assign", **scope)
    may_note = own is not None and may(person, "project.note", **scope)
    # The desk at which the project lies: only its own reviewers are waited for.
    here = [one for one in found if right is not None and one.desk == right.role]
    return {
        "reviewers": found,
        "reviewers_left": sum(1 for one in here if one.done_at is None),
        "own_review": own if may_note else None,
        "may_assign": right is not None,
        "reviewer_choices": _choices(entry, right.role, {one.user_id for one in here})
        if right
        else [],
        "delegate_choices": _choices(entry, own.desk, {one.user_id for one in found})
        if own is not None and may_note
        else [],
    }


def _choices(entry: ProjectEntry, desk: str, asked: set[int]) -> list[Choice]:
    found = candidates(subject_of(entry), desk, now())
    return [
        Choice(str(one.user_id), f"{one.user} · {lang(one.post, 'title')}")
        for one in found
        if one.user_id not in asked
    ]


@login_required
@require_POST
def reviewing(request: HttpRequest, year: int, code: str, deed: str) -> HttpResponse:
    """Ask somebody to review (`reviewers`), keep one's note (`note`), hand it on (`delegation`)."""
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    if entry is None:
        raise NotVisible
    person, subject = request.person, subject_of(entry)  # type: ignore[attr-defined]
    user_id = whole_or_zero(request.POST.get("user"))
    if deed == "reviewers":
        assign_reviewer(subject, user_id, actor=person, at=now())
    elif deed == "delegation":
        delegate_review(subject, user_id, actor=person, at=now())
    else:
        note = request.POST.get("note", "")
        write_note(subject, note, is_done="done" in request.POST, actor=person, at=now())
    messages.success(request, _("Saved."))
    return redirect("portal:decision", year, code)

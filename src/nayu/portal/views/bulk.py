"""One step for several projects: each judged by itself, in its own transaction."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROJECT, RIGHTS
from nayu.approvals.messages import NAMES
from nayu.budget import services as budget
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken
from nayu.db.clock import now
from nayu.portal.forms import Choice, meeting_of, whole_or_zero
from nayu.portal.queries.plans import working_entry
from nayu.portal.views.sentences import SENTENCES, sentences_of
from nayu.projects import services
from nayu.projects.models import ProjectEntry
from nayu.ui.components import Crumb

BULK_STEPS = ("submit", "endorse", "review", "include", "return")
MOST = 200


def bulk_choices(person: Person) -> list[Choice]:
    """The steps that this person's roles may take on some project."""
    roles = person.roles
    acts = {right.act for right in RIGHTS if right.role in roles}
    return [Choice(step, str(NAMES[step])) for step in BULK_STEPS if f"{PROJECT}.{step}" in acts]


@login_required
@require_POST
def steps(request: HttpRequest) -> HttpResponse:
    """Take one step on each ticked project; the answer lists what was done and what was refused.

    A ticked box carries year:code:mark, so a project that changed since is refused by itself.
    Pressed twice, the second time finds every step taken and refuses each.
    """
    person, act = request.person, request.POST.get("step", "")  # type: ignore[attr-defined]
    if act not in BULK_STEPS:
        raise NotVisible
    done: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for picked in list(dict.fromkeys(request.POST.getlist("pick")))[:MOST]:
        year, code, seen = [*picked.split(":"), "", ""][:3]
        entry = working_entry(person, whole_or_zero(year), code)
        row: dict[str, Any] = {"code": code, "entry": entry, "year": year}
        if entry is None:
            refused.append(row | {"said": [_("This project was not found.")]})
            continue
        try:
            _take(request, entry, act, whole_or_zero(seen))
        except NotPermitted as broken:
            facts = {"state": NAMES.get(entry.state, entry.state)}
            refused.append(row | {"said": [str(SENTENCES[broken.code]) % facts]})
        except NotVisible:
            refused.append(row | {"said": [_("This project was not found.")]})
        except RuleBroken as broken:
            refused.append(row | {"said": sentences_of(broken)})
        else:
            done.append(row)
    page = {
        "nav": "my_work", "step": NAMES[act], "done": done, "refused": refused,
        "crumbs": [Crumb(_("My work"), reverse("portal:my_work")), Crumb(_("Several at once"))],
    }  # fmt: skip
    return render(request, "portal/bulk.html", page, status=200 if done else 409)


def _take(request: HttpRequest, entry: ProjectEntry, act: str, seen: int) -> None:
    person = request.person  # type: ignore[attr-defined]
    if act == "submit":
        budget.submit_entry(entry.pk, actor=person, at=now(), seen=seen)
        return
    services.take_step(
        entry.pk, act, actor=person, at=now(), reason=request.POST.get("reason", ""),
        meeting=meeting_of(request.POST.dict()), seen=seen,  # type: ignore[arg-type]
    )  # fmt: skip

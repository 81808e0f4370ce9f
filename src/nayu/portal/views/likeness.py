"""Projects like the one being written: found while typing, and said how one stands to the other."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.core.errors import NotVisible, RuleBroken
from nayu.db.clock import now
from nayu.portal.forms import whole_or_zero
from nayu.portal.queries.likeness import (
    families_of,
    family_of,
    joint_work_asked,
    likes_of,
    relations_of,
)
from nayu.portal.services import freshen
from nayu.portal.views.parts import entry_or_404
from nayu.portal.views.sentences import sentences_of
from nayu.projects import services
from nayu.projects.domain import ACCEPTED, ASKED
from nayu.projects.models import ProjectEntry, Relation
from nayu.publication.services import relate
from nayu.search.domain.likeness import NAME, RATIONALE
from nayu.ui.components import Crumb

TYPED_AS = {"basics": (NAME, "name_th"), "rationale": (RATIONALE, "rationale")}


# --- while writing -------------------------------------------------------------------------------


@login_required
@require_POST
def likeness(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Projects like the text that was typed; without one, like the text as saved."""
    entry = _writable(request, year, code)
    return _likes(request, entry)


def _writable(request: HttpRequest, year: int, code: str) -> ProjectEntry:
    entry = entry_or_404(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    return entry


def _likes(
    request: HttpRequest, entry: ProjectEntry, *, sentences: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The list alone for a script, else a page of it. What was typed is nowhere in an address."""
    person = request.person  # type: ignore[attr-defined]
    section = request.POST.get("section", "basics")
    if section not in TYPED_AS:
        raise NotVisible
    freshen(person)
    text_field, name = TYPED_AS[section]
    typed = request.POST.get(name, getattr(entry, name))
    relations = relations_of(person, entry)
    said: dict[int, list[Relation]] = {}
    for relation in relations:
        said.setdefault(relation.other_id, []).append(relation)
    year, code = entry.fiscal_year_be, entry.project.code
    page: dict[str, Any] = {
        "year": year,
        "nav": "projects",
        "entry": entry,
        "section": section,
        "typed_name": name,
        "of_names": text_field == NAME,
        "likes": [(like, said.get(like.entry_id, [])) for like in likes_of(person, entry, text_field, typed)],
        "relations": relations,
        "sentences": sentences or [],
        "tried": whole_or_zero(request.POST.get("other")) if sentences else 0,
        "reason": request.POST.get("reason", "") if sentences else "",
        "crumbs": [
            Crumb(code, reverse("portal:edit_section", args=[year, code, section])),
            Crumb(_("Like projects")),
        ],
    }  # fmt: skip
    template = "portal/_likes.html" if request.headers.get("HX-Request") else "portal/likeness.html"
    return render(request, template, page, status=status)


@login_required
@require_POST
def relation(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Refer to another project, ask to join it, or say why this one is different."""
    entry = _writable(request, year, code)
    try:
        relate(
            entry.pk,
            whole_or_zero(request.POST.get("other")),
            request.POST.get("kind", ""),
            reason=request.POST.get("reason", ""),
            actor=request.person,  # type: ignore[attr-defined]
            at=now(),
        )
    except NotVisible:
        raise
    except RuleBroken as broken:
        return _likes(request, entry, sentences=sentences_of(broken), status=422)
    return _related(request, entry, _("Kept with the project."))


@login_required
@require_POST
def relation_removal(request: HttpRequest, year: int, code: str, pk: int) -> HttpResponse:
    entry = _writable(request, year, code)
    if not entry.relations.filter(pk=pk).exists():
        raise NotVisible
    services.remove_relation(pk, actor=request.person, at=now())  # type: ignore[attr-defined]
    return _related(request, entry, _("Taken back."))


def _related(request: HttpRequest, entry: ProjectEntry, said: str) -> HttpResponse:
    """With a script the list is drawn anew where it stands; else back to the form."""
    if request.headers.get("HX-Request"):
        return _likes(request, entry)
    messages.success(request, said)
    section = request.POST.get("section", "basics")
    place = section if section in TYPED_AS else "basics"
    return redirect("portal:edit_section", entry.fiscal_year_be, entry.project.code, place)


# --- asked to work together ----------------------------------------------------------------------


@login_required
@require_GET
def joint_work(request: HttpRequest) -> HttpResponse:
    return _joint_work(request)


def _joint_work(
    request: HttpRequest, *, sentences: list[str] | None = None, tried: int = 0, status: int = 200
) -> HttpResponse:
    found = joint_work_asked(request.person)  # type: ignore[attr-defined]
    page = {
        "nav": "my_work",
        "asked": found,
        "waiting_count": sum(1 for relation in found if relation.state == ASKED),
        "sentences": sentences or [],
        "tried": tried,
        "reason": request.POST.get("reason", ""),
        "crumbs": [Crumb(_("My work"), reverse("portal:my_work")), Crumb(_("Joint work"))],
    }
    return render(request, "portal/joint_work.html", page, status=status)


@login_required
@require_POST
def joint_work_answer(request: HttpRequest, pk: int) -> HttpResponse:
    accepts = request.POST.get("answer") == ACCEPTED
    try:
        services.answer_join(
            pk,
            accepts=accepts,
            reason=request.POST.get("reason", ""),
            actor=request.person,  # type: ignore[attr-defined]
            at=now(),
        )
    except NotVisible:
        raise
    except RuleBroken as broken:
        return _joint_work(request, sentences=sentences_of(broken), tried=pk, status=422)
    messages.success(
        request, _("Joint work is accepted.") if accepts else _("Joint work is declined.")
    )
    return redirect("portal:joint_work")


# --- one text in many places ---------------------------------------------------------------------


@login_required
@require_GET
def families(request: HttpRequest, year: int) -> HttpResponse:
    freshen(request.person)  # type: ignore[attr-defined]
    found = families_of(request.person, year)  # type: ignore[attr-defined]
    page = {
        "year": year,
        "nav": "projects",
        "families": found,
        "project_count": sum(row.projects for row in found),
        "crumbs": [
            Crumb(_("Projects %(year)s") % {"year": year}, reverse("portal:projects", args=[year])),
            Crumb(_("One text in many places")),
        ],
    }
    return render(request, "portal/families.html", page)


@login_required
@require_GET
def family(request: HttpRequest, year: int, code: str) -> HttpResponse:
    freshen(request.person)  # type: ignore[attr-defined]
    found = family_of(request.person, year, code)  # type: ignore[attr-defined]
    if found is None:
        raise NotVisible
    page = {
        "year": year,
        "nav": "projects",
        "family": found,
        "sheet": found.sheet,
        "otherwise": [(_heading(name), number) for name, number in found.differing],
        "crumbs": [
            Crumb(_("One text in many places"), reverse("portal:families", args=[year])),
            Crumb(found.code),
        ],
    }
    return render(request, "portal/family.html", page)


def _heading(name: str) -> str:
    return {
        "objectives": _("Objectives"),
        "target_quality": _("Targets"),
        "method": _("Nature of the project"),
    }[name]


@login_required
@require_POST
def family_template(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Share one template among those of the family that the reader may change."""
    person = request.person  # type: ignore[attr-defined]
    freshen(person)
    found = family_of(person, year, code)
    if found is None or not found.to_share:
        raise NotVisible
    # Whoever joins a family takes its name; a new one is named by the first project seen.
    keys = [place.family for place in found.places if place.family]
    key = max(sorted(set(keys)), key=keys.count) if keys else f"text-{found.code}"
    changed = services.share_template(
        [place.member.subject_id for place in found.to_share], key, actor=person, at=now()
    )
    messages.success(
        request,
        _("%(count)s projects now share one template.") % {"count": len(changed)}
        if changed
        else _("They shared this template already."),
    )
    return redirect("portal:family", year, found.code)

"""The coach's pages: all rules, all remarks on one entry, those of one part, and answers."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.coach.domain import FAMILIES, PART_OF, Draft, Rule, remarks
from nayu.coach.messages import (
    ADVICE,
    HEADINGS,
    KIND_NAMES,
    MESSAGES,
    SEVERITY_NAMES,
    sentence,
    source,
)
from nayu.coach.queries import entry_remarks
from nayu.coach.reading import words
from nayu.coach.services import AnswerMissing, AnswerTooLong, RemarkGone, answer
from nayu.core.errors import NotVisible
from nayu.db.clock import now
from nayu.projects.models import ProjectEntry
from nayu.projects.services import ensure_editable
from nayu.ui.components import Crumb


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its sentence, source and both examples; open to everybody."""
    families = [(name, [_drawn(rule) for rule in found]) for name, found in FAMILIES]
    count = sum(len(found) for _name, found in families)
    return render(request, "coach/rules.html", {"families": families, "count": count})


def _drawn(rule: Rule) -> dict[str, Any]:
    said = next(one for one in remarks(rule.fires, words()) if one.code == rule.code)
    return {
        "code": rule.code,
        "kind": KIND_NAMES[rule.kind],
        "severity": rule.severity,
        "severity_name": SEVERITY_NAMES[rule.severity],
        "headings": [HEADINGS[one] for one in rule.of],
        "sentence": sentence(rule.code, said.words),
        "advice": ADVICE[rule.code],
        "source": source(rule),
        "fires": _example(rule.fires),
        "quiet": _example(rule.quiet),
    }


def _example(draft: Draft) -> str:
    """The example's last text, and beside it the figures and texts it is judged with."""
    passage = draft.passages[-1]
    price, measure = passage.price, passage.measure
    beside = [
        *(f"{figure} {passage.unit}" for figure in [passage.number] if figure is not None),
        *([measure.unit] if measure.unit else []),
        *(f"{measure.last_actual} → {measure.target}" for _n in [1] if measure.last_actual),
        *([f"{price.unit_price:,f} {passage.unit}".strip()] if price else []),
        *([", ".join(f"{one:,f}" for one in price.like)] if price and price.like else []),
        *passage.used_elsewhere, *draft.objectives, *draft.activities,
    ]  # fmt: skip
    if len(draft.passages) > 1:
        beside = [draft.passages[0].text]
    return f"{passage.text} ({' · '.join(beside)})" if beside else passage.text


def _entry_or_404(request: HttpRequest, year: int, code: str) -> tuple[ProjectEntry, Person]:
    person: Person = request.person  # type: ignore[attr-defined]
    found = (
        ProjectEntry.objects.visible_to(person)
        .select_related("project", "agency")
        .filter(project__code=code, fiscal_year_be=year)
        .first()
    )
    if found is None:
        raise NotVisible
    return found, person


@login_required
@require_GET
def entry(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """All remarks on an entry by heading, to whoever may see the entry."""
    found, person = _entry_or_404(request, year, code)
    return _entry_page(request, found, person)


def _entry_page(
    request: HttpRequest, found: ProjectEntry, person: Person, *, status: int = 200, **more: Any
) -> HttpResponse:
    told = entry_remarks(found, person)
    year, code = found.fiscal_year_be, found.project.code
    page = {
        "year": year,
        "nav": "projects",
        "entry": found,
        "remarks": told,
        "parts": [
            (heading, list(rows)) for heading, rows in groupby(told, lambda one: one.heading)
        ],
        "may_answer": may(person, "project.edit", state=found.state, agency_code=found.agency_id),
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code])),
            Crumb(_("Remarks of the writing coach")),
        ],
        **more,
    }
    return render(request, "coach/entry.html", page, status=status)


@login_required
@require_GET
def part(request: HttpRequest, year: int, code: str, section: str) -> HttpResponse:
    """The remarks of one part, drawn again after a field was saved."""
    found, person = _entry_or_404(request, year, code)
    ensure_editable(found, person)
    if section not in PART_OF.values():
        told = []
    else:
        told = [one for one in entry_remarks(found, person) if one.remark.part == section]
    return render(request, "coach/_remarks.html", {"remarks": told, "year": year, "code": code})


@login_required
@require_POST
def answers(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Keep the author's reason; a refusal is told on the page, with what was typed."""
    found, person = _entry_or_404(request, year, code)
    sent = {name: request.POST.get(name, "") for name in ("rule", "field", "digest", "reason")}
    try:
        answer(
            found.pk, rule=sent["rule"], field=sent["field"], digest=sent["digest"],
            reason=sent["reason"], actor=person, at=now(),
        )  # fmt: skip
    except (AnswerMissing, AnswerTooLong, RemarkGone) as broken:
        told = str(MESSAGES[broken.code]) % broken.facts
        return _entry_page(request, found, person, status=422, refusal=told, typed=sent)
    messages.success(request, _("The answer is kept with the project, and reviewers see it."))
    return redirect("coach:entry", year, code)

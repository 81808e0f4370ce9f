"""What happened to a project, in words: deeds for those inside, published versions for all."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.attachments.messages import KIND_NAMES
from nayu.core.errors import NotVisible
from nayu.core.money import format_baht
from nayu.core.values import from_json
from nayu.portal.forms import whole_or_zero
from nayu.portal.queries.history import (
    Version,
    VersionTold,
    side_at,
    side_now,
    told,
    versions_of_entry,
)
from nayu.portal.queries.plans import working_entry
from nayu.portal.views.differing import (
    Classes,
    Told,
    baht,
    changes_told,
    field_names,
    told_between,
    told_fields,
    told_line,
)
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.publication.domain import MATERIAL, MINOR, between
from nayu.publication.models import FrozenEntry
from nayu.publication.queries import current_version, published_changes, published_project
from nayu.ui.components import Crumb, Paging
from nayu.ui.templatetags.nayu import named

PAGE, MOST_LISTED = 20, 60
SHOWN_WEIGHTS = ("", MATERIAL, MINOR)


def deeds() -> dict[str, str]:
    """Verbs of the record, as the past tense of whoever holds the post."""
    return {
        "project.create": _("began the project"),
        "project.edit": _("changed what is written"),
        "project.change": _("put an approved change in place"),
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


@require_GET
def history(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Deeds need sight of the working entry; published versions are everybody's."""
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    published = _published_versions(year, code)
    if entry is None and not published:
        raise NotVisible
    name = named(entry) if entry else named(published[0]["frozen"])
    page = {
        "year": year,
        "nav": "projects",
        "code": code,
        "name": name,
        "entry": entry,
        "deeds": [],
        "versions": published,
        "changes_made": changes_told(published_changes(year, code)),
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code])), Crumb(_("History")),
        ],
    }  # fmt: skip
    if entry:
        page |= _deeds_page(request, entry)
    return render(request, "portal/history.html", page)


def _deeds_page(request: HttpRequest, entry: ProjectEntry) -> dict[str, Any]:
    """One page of versions, newest first; a filter by weight reads them all."""
    versions = versions_of_entry(entry.pk)[::-1]
    weight = request.GET.get("weight", "")
    if weight in (MATERIAL, MINOR):
        rows = [one for one in told(entry.pk, versions) if _has_weight(one, weight)]
        start, shown_rows, paging = _part(request, rows)
        shown = shown_rows
    else:
        start, part, paging = _part(request, versions)
        shown = told(entry.pk, part)
    classes = Classes(row.changed for row in shown if row.version.verb == "line.change")
    return {
        "deeds": [_deed(row, entry.fiscal_year_be, classes) for row in shown],
        "paging": paging,
        "weight": weight if weight in SHOWN_WEIGHTS else "",
        "first_shown": start,
        "all_versions": versions,
        # A list of hundreds helps nobody, and takes longer to draw than all the rest.
        "few": len(versions) <= MOST_LISTED,
        "is_published": current_version(entry.fiscal_year_be) is not None,
    }


def _has_weight(row: VersionTold, weight: str) -> bool:
    return row.weighed is not None and row.weighed.weight == weight


def _part(request: HttpRequest, rows: list[Any]) -> tuple[int, list[Any], Paging]:
    start = max(0, whole_or_zero(request.GET.get("start")))
    query = request.GET.copy()

    def link(at: int) -> str:
        query["start"] = str(at)
        return f"?{query.urlencode()}"

    following = link(start + PAGE) if start + PAGE < len(rows) else ""
    before = link(max(0, start - PAGE)) if start else ""
    shown = rows[start : start + PAGE]
    return start, shown, Paging(before, following, len(shown), len(rows))


def _deed(row: VersionTold, year: int, classes: Classes) -> dict[str, Any]:
    return {
        "number": row.version.number,
        "event": row.event,
        "began": row.version.began if row.version.began != row.version.at else None,
        "deed": deeds().get(row.event.verb, row.event.verb),
        "meeting": row.meeting,
        "changes": _changes(row, year, classes),
        "weight": row.weighed.weight if row.weighed else "",
    }


def _changes(row: VersionTold, year: int, classes: Classes) -> list[Told]:
    facts = row.event.facts
    if "file" in facts:
        label = str(KIND_NAMES[facts["file_kind"]]) + (f" · {facts['on']}" if "on" in facts else "")
        gone = row.event.verb == "attachment.remove"
        return [Told(label, facts["file"] if gone else "", "" if gone else facts["file"])]
    if "result" in facts:
        order, before, after = facts["result"]
        label = _("Result of promise %(number)s") % {"number": order}
        return [Told(label, " · ".join(before), " · ".join(after))]
    if "item" not in facts:
        return told_fields(row.changed, year)
    if row.event.verb == "line.change" and row.changed:
        return told_line(str(facts["item"]), row.changed, year, classes)
    before = facts.get("before", "") if row.event.verb != "line.remove" else facts["amount"]
    after = "" if row.event.verb == "line.remove" else facts["amount"]
    return [Told(str(facts["item"]), baht(before), baht(after), is_material=True)]


# --- Two versions, side by side ------------------------------------------------------------------


@require_GET
def comparison(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Any two versions of an entry; without numbers, what is published against what stands now."""
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    if entry is None:
        raise NotVisible
    first, last = (whole_or_zero(request.GET.get(key)) for key in ("from", "to"))
    versions = versions_of_entry(entry.pk)
    page: dict[str, Any] = {
        "year": year,
        "nav": "projects",
        "code": code,
        "name": named(entry),
        "entry": entry,
        "all_versions": versions[::-1],
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code])),
            Crumb(_("History"), reverse("portal:history", args=[year, code])),
            Crumb(_("Side by side")),
        ],
    }
    if first or last:
        page |= _two(entry, versions, first, last or len(versions))
    else:
        page |= _published_and_working(entry)
    return render(request, "portal/comparison.html", page)


def _two(entry: ProjectEntry, versions: list[Version], first: int, last: int) -> dict[str, Any]:
    numbered = {version.number: version for version in versions}
    if first not in numbered or last not in numbered:
        raise NotVisible
    one, other = (side_at(entry, numbered[number]) for number in (first, last))
    found = between(one.sheet, one.lines, other.sheet, other.lines)
    changes = told_between(found, entry.fiscal_year_be)
    if one.sheet.state != other.sheet.state:
        pair = {"state": [one.sheet.state, other.sheet.state]}
        changes += told_fields(pair, entry.fiscal_year_be)
    return {
        "first": numbered[first],
        "last": numbered[last],
        "changes": changes,
        "weight": found.weighed.weight if not found.is_none else "",
        "before_title": _("Version %(number)s") % {"number": first},
        "after_title": _("Version %(number)s") % {"number": last},
    }


def _published_and_working(entry: ProjectEntry) -> dict[str, Any]:
    version = current_version(entry.fiscal_year_be)
    page: dict[str, Any] = {"published": version, "changes": [], "missing": True}
    if version is None:
        return page
    try:
        frozen = published_project(version, entry.project.code)
    except NotVisible:
        return page
    now = side_now(entry)
    found = between(frozen.sheet, frozen.lines, now.sheet, now.lines)
    return page | {
        "missing": False,
        "changes": told_between(found, entry.fiscal_year_be),
        "weight": found.weighed.weight if not found.is_none else "",
        "before_title": _("Published, version %(number)s") % {"number": version.number},
        "after_title": _("Working entry"),
    }


# --- Published versions --------------------------------------------------------------------------


def _published_versions(year: int, code: str) -> list[dict[str, Any]]:
    """Published versions that hold the project, newest first, each against the one before."""
    found = list(
        FrozenEntry.objects.filter(project_code=code, version__fiscal_year_be=year)
        .select_related("version", "version__stage")
        .order_by("version__number")
    )
    shown = []
    for before, frozen in zip([None, *found], found, strict=False):
        changes: list[Told] = []
        if before is not None:
            changes = told_between(
                between(
                    from_json(EntrySheet, before.sheet), (), from_json(EntrySheet, frozen.sheet), ()
                ),
                year,
            )
            if before.amount != frozen.amount:
                amounts = format_baht(before.amount), format_baht(frozen.amount)
                changes.append(Told(field_names()["amount"], *amounts, is_material=True))
        shown.append({"frozen": frozen, "changes": changes, "is_first": before is None})
    return shown[::-1]

"""How an entry begins: from a name, from a template, or as the next year of a project.

What goes on brings its facts. Why it is needed, and what it promises, is asked afresh.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import PLANNER, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import PROJECT, may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted
from nayu.core.thai import match_key, normalise
from nayu.projects.domain import CARRIED_TEXTS
from nayu.projects.models import Project, ProjectEntry, Template
from nayu.projects.queries import sheet_of
from nayu.projects.services.entries import EntryInput, NameMissing, label_of, write_into
from nayu.projects.services.templates import input_of, template_for


@transaction.atomic
def open_project(
    *,
    agency_code: str,
    fiscal_year_be: int,
    last_fy: int,
    name_th: str,
    name_en: str = "",
    code: str = "",
    family: str = "",
    after: int | None = None,
    template_code: str = "",
    actor: Person,
    at: datetime,
) -> ProjectEntry:
    """A new project with a draft entry in its first year's plan.

    Raises NotPermitted, NameMissing, TemplateGone. Without a code the next free number of the
    agency is used. `after` is the newest entry that the form knew: one of the same agency, year
    and name that came since is the same form sent twice, and is returned instead of beginning
    another. `template_code` names a template of the agency's kind to begin from.
    """
    if not may(actor, "project.create", agency_code=agency_code):
        raise NotPermitted(act="project.create", state="-")
    name = normalise(name_th)
    if not name:
        raise NameMissing
    agency = Agency.objects.select_for_update().get(code=agency_code)
    if after is not None:
        twin = ProjectEntry.objects.filter(
            pk__gt=after, agency=agency, fiscal_year_be=fiscal_year_be, project__name_th=name[:500]
        ).first()
        if twin:
            return twin
    template = template_for(agency, template_code) if template_code else None
    project = Project.objects.create(
        code=code or next_code(agency_code),
        name_th=name[:500],
        name_en=normalise(name_en)[:500],
        agency=agency,
        first_fy=fiscal_year_be,
        last_fy=max(last_fy, fiscal_year_be),
        family=family,
        match_key=match_key(name)[:500],
    )
    entry = _open_entry(project, fiscal_year_be, template=template, actor=actor, at=at)
    if template is not None:
        write_into(entry, input_of(template), actor=actor, at=at)
    return entry


def next_code(agency_code: str) -> str:
    """The agency's code and the next running number: 23000000-0001."""
    newest = Project.objects.filter(
        agency_id=agency_code, code__startswith=f"{agency_code}-"
    ).aggregate(newest=Max("code"))["newest"]
    running = int(newest.rsplit("-", 1)[1]) + 1 if newest else 1
    return f"{agency_code}-{running:04d}"


def _open_entry(
    project: Project,
    fiscal_year_be: int,
    *,
    continues: ProjectEntry | None = None,
    template: Template | None = None,
    actor: Person,
    at: datetime,
) -> ProjectEntry:
    holding = actor.holding_for(PLANNER, project.agency_id)
    entry = ProjectEntry.objects.create(
        project=project,
        agency_id=project.agency_id,
        fiscal_year_be=fiscal_year_be,
        name_th=project.name_th,
        name_en=project.name_en,
        novelty="new" if fiscal_year_be == project.first_fy else "continuing",
        continues=continues,
        template=template,
        author_id=actor.user_id,
        author_post_code=holding.post_code if holding else "",
        state_since=at,
    )
    record(
        "project.create",
        subject=(PROJECT, str(entry.pk), label_of(entry)),
        actor=actor,
        at=at,
        holding=holding,
        agency_code=project.agency_id,
        fiscal_year_be=fiscal_year_be,
        facts={"continues": continues.fiscal_year_be} if continues else None,
    )
    return entry


@transaction.atomic
def continue_project(
    project_id: int, fiscal_year_be: int, *, actor: Person, at: datetime
) -> tuple[ProjectEntry, bool]:
    """(the entry of a continuing project in a later year, whether it was made now).

    A new one brings the facts of the newest earlier entry; its justification is empty.
    """
    project = Project.objects.select_for_update().get(pk=project_id)
    if not may(actor, "project.create", agency_code=project.agency_id):
        raise NotPermitted(act="project.create", state="-")
    present = ProjectEntry.objects.filter(project=project, fiscal_year_be=fiscal_year_be).first()
    if present is not None:
        return present, False
    if fiscal_year_be > project.last_fy:
        Project.objects.filter(pk=project.pk).update(last_fy=fiscal_year_be)
        project.last_fy = fiscal_year_be
    earlier = (
        ProjectEntry.objects.filter(project=project, fiscal_year_be__lt=fiscal_year_be)
        .order_by("-fiscal_year_be")
        .first()
    )
    entry = _open_entry(project, fiscal_year_be, continues=earlier, actor=actor, at=at)
    if earlier is not None:
        write_into(entry, _facts_of(earlier, fiscal_year_be), actor=actor, at=at)
    return entry, True


def _facts_of(earlier: ProjectEntry, fiscal_year_be: int) -> EntryInput:
    """What is so whoever asks: where, when, with whom, how, what it is linked to."""
    sheet = sheet_of(earlier)
    links = earlier.links.filter(
        framework__first_fy__lte=fiscal_year_be, framework__last_fy__gte=fiscal_year_be
    )
    return EntryInput(
        texts={name: getattr(earlier, name) for name in CARRIED_TEXTS},
        first_month=earlier.first_month,
        last_month=earlier.last_month,
        origin=earlier.origin,
        activities=sheet.activities,
        risks=sheet.risks,
        primary_element_ids=tuple(
            links.filter(is_primary=True, element__level__is_linkable=True)
            .order_by("pk")
            .values_list("element_id", flat=True)
        ),
        other_element_ids=tuple(
            links.filter(is_primary=False).order_by("pk").values_list("element_id", flat=True)
        ),
        indicator_ids=tuple(
            earlier.indicator_links.order_by("pk").values_list("indicator_id", flat=True)
        ),
        district_weights={code: weight for code, _th, _en, weight in sheet.districts},
        supporting_codes=tuple(code for code, _th, _en in sheet.supporting),
        partner_names=tuple(thai for thai, _en in sheet.partners),
    )

"""Questions about entries: whole sheets as values, with a constant number of queries."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Prefetch

from nayu.projects.domain import (
    ActivityValues,
    EntrySheet,
    IndicatorValues,
    LinkValues,
    Problem,
    PromiseValues,
    RiskValues,
    problems_of,
)
from nayu.projects.models import (
    Activity,
    DistrictShare,
    EntryIndicator,
    EntryLink,
    ProjectEntry,
    Promise,
    Result,
    Risk,
    Template,
)
from nayu.strategy.models import Element
from nayu.strategy.queries import YearTarget, frameworks_in_force, year_targets

Paths = dict[int, tuple[tuple[str, str, str], ...]]


def sheets(entries: Iterable[ProjectEntry]) -> list[EntrySheet]:
    """Sheets of entries of one fiscal year, in the order given."""
    wanted = [entry.pk for entry in entries]
    loaded = {
        entry.pk: entry
        for entry in ProjectEntry.objects.filter(pk__in=wanted)
        .select_related("project", "agency", "continues")
        .prefetch_related(
            Prefetch(
                "promises",
                Promise.objects.select_related("indicator")
                .prefetch_related("districts")
                .order_by("order"),
            ),
            Prefetch("activities", Activity.objects.order_by("order")),
            Prefetch("risks", Risk.objects.order_by("order")),
            Prefetch(
                "links",
                EntryLink.objects.select_related("framework", "element", "element__level").order_by(
                    "-is_primary", "framework__order", "element__sort_key"
                ),
            ),
            Prefetch(
                "indicator_links",
                EntryIndicator.objects.select_related("indicator", "indicator__element").order_by(
                    "indicator__code"
                ),
            ),
            Prefetch(
                "district_shares",
                DistrictShare.objects.select_related("district").order_by("district__plan_code"),
            ),
            "supporting_agencies",
            "partners",
        )
    }
    indicator_ids = [
        link.indicator_id for entry in loaded.values() for link in entry.indicator_links.all()
    ]
    years = {entry.fiscal_year_be for entry in loaded.values()}
    targets = {year: year_targets(indicator_ids, year) for year in sorted(years)}
    paths = _paths(loaded.values())
    return [_sheet(loaded[pk], targets[loaded[pk].fiscal_year_be], paths) for pk in wanted]


def sheet_of(entry: ProjectEntry) -> EntrySheet:
    return sheets([entry])[0]


ROW_PARTS = ("promises", "activities", "risks")
Rows = tuple[PromiseValues, ...] | tuple[ActivityValues, ...] | tuple[RiskValues, ...]


def rows_of(entry: ProjectEntry, part: str) -> Rows:
    """One of the repeated parts alone, in three queries at most: a whole sheet takes a dozen."""
    if part == "promises":
        promises = entry.promises.select_related("indicator").prefetch_related("districts")
        return tuple(_promise(promise) for promise in promises.order_by("order"))
    if part == "activities":
        return tuple(_activity(activity) for activity in entry.activities.order_by("order"))
    if part == "risks":
        return tuple(_risk(risk) for risk in entry.risks.order_by("order"))
    raise KeyError(part)


def _paths(entries: Iterable[ProjectEntry]) -> Paths:
    """(number, Thai, English) from the top element down, for every linked element."""
    frameworks = {link.framework_id for entry in entries for link in entry.links.all()}
    elements = {
        element.pk: element for element in Element.objects.filter(framework_id__in=frameworks)
    }
    paths: Paths = {}
    for pk, element in elements.items():
        path = []
        step: Element | None = element
        while step is not None:
            path.append((step.number, step.name_th, step.name_en))
            step = elements.get(step.parent_id) if step.parent_id else None
        paths[pk] = tuple(reversed(path))
    return paths


def _sheet(entry: ProjectEntry, targets: dict[int, YearTarget], paths: Paths) -> EntrySheet:
    project, agency = entry.project, entry.agency
    return EntrySheet(
        entry_id=entry.pk,
        project_code=project.code,
        name_th=entry.name_th,
        name_en=entry.name_en,
        agency_code=agency.code,
        agency_name_th=agency.name_th,
        agency_name_en=agency.name_en,
        fiscal_year_be=entry.fiscal_year_be,
        state=entry.state,
        first_fy=project.first_fy,
        last_fy=project.last_fy,
        origin=entry.origin,
        novelty=entry.novelty,
        rationale=entry.rationale,
        objectives=tuple(line for line in entry.objectives.split("\n") if line.strip()),
        target_quantity=entry.target_quantity,
        target_quality=entry.target_quality,
        method=entry.method,
        place_text=entry.place_text,
        first_month=entry.first_month,
        last_month=entry.last_month,
        districts=tuple(
            (
                share.district.plan_code,
                share.district.name_th,
                share.district.name_en,
                share.weight,
            )
            for share in entry.district_shares.all()
        ),
        supporting=tuple(
            sorted((a.code, a.name_th, a.name_en) for a in entry.supporting_agencies.all())
        ),
        partners=tuple(
            (p.name_th, p.name_en) for p in sorted(entry.partners.all(), key=lambda p: p.code)
        ),
        promises=tuple(_promise(promise) for promise in entry.promises.all()),
        activities=tuple(_activity(activity) for activity in entry.activities.all()),
        risks=tuple(_risk(risk) for risk in entry.risks.all()),
        links=tuple(_link(link, paths) for link in entry.links.all()),
        indicators=tuple(
            _indicator(link, targets.get(link.indicator_id)) for link in entry.indicator_links.all()
        ),
        family=project.family,
        continues_fy=entry.continues.fiscal_year_be if entry.continues else 0,
    )


def _promise(promise: Promise) -> PromiseValues:
    return PromiseValues(
        order=promise.order,
        who_th=promise.who_th,
        who_en=promise.who_en,
        number=promise.number,
        unit_th=promise.unit_th,
        unit_en=promise.unit_en,
        districts=tuple(sorted(d.plan_code for d in promise.districts.all())),
        change_th=promise.change_th,
        change_en=promise.change_en,
        from_month=promise.from_month,
        lasts_th=promise.lasts_th,
        indicator_code=promise.indicator.code if promise.indicator else "",
        evidence_th=promise.evidence_th,
        evidence_en=promise.evidence_en,
        share_percent=promise.share_percent,
        group=promise.group,
        levels=tuple((int(percent), Decimal(text)) for percent, text in promise.levels),
    )


def _activity(row: Activity) -> ActivityValues:
    return ActivityValues(
        row.order, row.name_th, row.first_month, row.last_month, row.weight_percent
    )


def _risk(row: Risk) -> RiskValues:
    return RiskValues(row.event_th, row.likelihood, row.impact, row.response_th, row.order)


def _link(link: EntryLink, paths: Paths) -> LinkValues:
    element, framework = link.element, link.framework
    return LinkValues(
        framework_code=framework.code,
        framework_name_th=framework.name_th,
        framework_name_en=framework.name_en,
        level_name_th=element.level.name_th,
        level_name_en=element.level.name_en,
        number=element.number,
        name_th=element.name_th,
        name_en=element.name_en,
        position=element.position,
        is_primary=link.is_primary,
        path=paths[element.pk],
    )


def _indicator(link: EntryIndicator, target: YearTarget | None) -> IndicatorValues:
    indicator = link.indicator
    return IndicatorValues(
        code=indicator.code,
        name_th=indicator.name_th,
        name_en=indicator.name_en,
        unit_th=indicator.unit_th,
        unit_en=indicator.unit_en,
        direction=indicator.direction,
        result_level=indicator.result_level,
        formula_th=indicator.formula_th,
        data_source_th=indicator.data_source_th,
        baseline=indicator.baseline,
        target=target.value if target else None,
        mark=indicator.mark,
        element_number=indicator.element.number if indicator.element else "",
    )


def problems(sheet: EntrySheet, *, lines: int) -> list[Problem]:
    """What keeps this entry from being submitted."""
    in_force = frozenset(f.code for f in frameworks_in_force(sheet.fiscal_year_be))
    return problems_of(sheet, frameworks_in_force=in_force, lines=lines)


def templates_for(kinds: Sequence[str]) -> list[Template]:
    """Those in use for any of these kinds of agency, by name."""
    found = Template.objects.filter(is_retired=False).order_by("name_th")
    return [template for template in found if set(kinds) & set(template.kinds)]


def results_of(entry_id: int) -> dict[int, Result]:
    """What came of the promises of an entry, by the promise's number."""
    return {result.order: result for result in Result.objects.filter(entry_id=entry_id)}

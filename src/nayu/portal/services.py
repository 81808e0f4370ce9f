"""What search may find: published plans, working entries and the city's frame.

Nothing has to call these for a search to be right: `freshen` brings the index up to date before
each. Whoever publishes or loads much at once calls them so that no reader waits for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency, District
from nayu.agencies.queries import place_names
from nayu.budget.domain import LineSheet
from nayu.core.values import from_json
from nayu.projects.domain import EntrySheet
from nayu.projects.models import Activity, DistrictShare, ProjectEntry, Promise
from nayu.projects.services import keep_likeness
from nayu.publication.models import OFFICIAL, FrozenLine, PlanVersion
from nayu.publication.queries import current_version
from nayu.search import services as search
from nayu.search.domain import (
    AGENCY,
    DISTRICT,
    GOAL,
    INDICATOR,
    LINE,
    PROJECT,
    PUBLIC,
    WORKING,
    Document,
)
from nayu.search.domain.likeness import NAME, RATIONALE, plain
from nayu.search.models import SearchEntry
from nayu.search.services import likeness
from nayu.search.services.likeness import LikeInput
from nayu.strategy.models import Element, Indicator

_FRAME = (AGENCY, DISTRICT, GOAL, INDICATOR)
_PUBLISHED = (PROJECT, LINE)
_BATCH = 500


# --- published plans ---------------------------------------------------------------------------


def index_published(version: PlanVersion) -> int:
    """Index what stands for the plan of the version's year; older versions are not found.

    Answers how many documents there are.
    """
    return _index_year(version.fiscal_year_be)


def _index_year(fiscal_year_be: int) -> int:
    version = current_version(fiscal_year_be)
    _keep_published_texts(version, fiscal_year_be)
    return search.rebuild(
        _published_documents(version) if version else (),
        audience=PUBLIC,
        kinds=_PUBLISHED,
        fiscal_year_be=fiscal_year_be,
    )


def _keep_published_texts(
    version: PlanVersion | None, fiscal_year_be: int, *, with_near: bool = True
) -> int:
    """What likeness may tell everybody of: names and rationales as published."""
    rows = version.entries.values_list(
        "entry_id", "agency_id", "project_code", "name_th", "sheet__rationale"
    ) if version else ()  # fmt: skip
    names, kept = place_names(), set()
    texts = []
    for entry_id, agency, code, name, rationale in rows:
        kept.add(entry_id)
        for field, text in ((NAME, name), (RATIONALE, rationale or "")):
            texts.append(
                LikeInput(
                    PUBLIC, field, entry_id, fiscal_year_be, agency, code, plain(text, names),
                    version.pk if version else None,
                )
            )  # fmt: skip
    likeness.drop(audience=PUBLIC, keep=kept, fiscal_year_be=fiscal_year_be)
    return likeness.put(texts, with_near=with_near)


def _published_documents(version: PlanVersion) -> Iterator[Document]:
    items: dict[int, list[str]] = defaultdict(list)
    of_projects = FrozenLine.objects.filter(version=version, frozen__isnull=False)
    for frozen_id, item in of_projects.order_by("order").values_list("frozen_id", "item"):
        items[frozen_id or 0].append(item)
    for pk, entry_id, data in version.entries.values_list("pk", "entry_id", "sheet").iterator():
        sheet = from_json(EntrySheet, data)
        yield Document(
            PROJECT,
            str(entry_id),
            sheet.name_th,
            fiscal_year_be=version.fiscal_year_be,
            title_en=sheet.name_en,
            code=sheet.project_code,
            body=_lines(
                _texts_of(sheet) + items[pk] + [sheet.agency_name_th, sheet.agency_name_en]
            ),
            agency_code=sheet.agency_code,
            state="published" if version.kind == OFFICIAL else "",
            version_id=version.pk,
            url_name="portal:project",
            url_args={"year": version.fiscal_year_be, "code": sheet.project_code},
        )
    yield from _standing_lines(version)


def _texts_of(sheet: EntrySheet) -> list[str]:
    """What the sheet says in words, as people would look for it."""
    promises = [
        text
        for p in sheet.promises
        for text in (p.who_th, p.change_th, p.who_en, p.change_en, p.evidence_th)
    ]
    return [
        *promises,
        sheet.rationale,
        *sheet.objectives,
        sheet.target_quantity,
        sheet.target_quality,
        sheet.method,
        sheet.place_text,
        *(activity.name_th for activity in sheet.activities),
        *(name for _code, th, en, _weight in sheet.districts for name in (th, en)),
    ]


def _standing_lines(version: PlanVersion) -> Iterator[Document]:
    """Lines of routine work and the central fund; those of projects are found by their project."""
    lines = FrozenLine.objects.filter(version=version, frozen=None).select_related("agency")
    for line in lines.order_by("pk"):
        sheet = from_json(LineSheet, line.sheet)
        yield Document(
            LINE,
            f"{version.fiscal_year_be}:{line.line_id or line.pk}",
            line.item,
            fiscal_year_be=version.fiscal_year_be,
            body=_lines([sheet.work_th, sheet.category_th, line.agency.name_th]),
            agency_code=line.agency_id,
            version_id=version.pk,
            url_name="portal:line",
            url_args={"year": version.fiscal_year_be, "pk": line.pk},
        )


# --- working entries ---------------------------------------------------------------------------


def index_entry(entry_id: int) -> int:
    """Index a working entry as it now is; one that is gone is taken out."""
    entries = ProjectEntry.objects.filter(pk=entry_id)
    return _index_entries(entries) or search.drop(PROJECT, [str(entry_id)], audience=WORKING)


def _index_entries(entries: QuerySet[ProjectEntry]) -> int:
    ids = list(entries.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), _BATCH):
        some = ProjectEntry.objects.filter(pk__in=ids[first : first + _BATCH])
        keep_likeness(some.select_related("project"))
    return sum(
        search.put(_working_documents(ids[first : first + _BATCH]))
        for first in range(0, len(ids), _BATCH)
    )


def _working_documents(ids: list[int]) -> Iterator[Document]:
    """Only what a save of the entry itself changes: budget lines have saves of their own."""
    texts = _texts_by_entry(ids)
    entries = ProjectEntry.objects.filter(pk__in=ids).select_related("project", "agency")
    for entry in entries.order_by("pk"):
        code, agency = entry.project.code, entry.agency
        written = [
            entry.rationale,
            entry.objectives,
            entry.target_quantity,
            entry.target_quality,
            entry.method,
            entry.place_text,
        ]
        yield Document(
            PROJECT,
            str(entry.pk),
            entry.name_th,
            audience=WORKING,
            fiscal_year_be=entry.fiscal_year_be,
            title_en=entry.name_en,
            code=code,
            body=_lines([*texts[entry.pk], *written, agency.name_th, agency.name_en]),
            agency_code=agency.code,
            state=entry.state,
            subject_id=entry.pk,
            revision=entry.revision,
            url_name="portal:project",
            url_args={"year": entry.fiscal_year_be, "code": code},
        )


def _texts_by_entry(ids: list[int]) -> dict[int, list[str]]:
    """Promises, activities and districts of entries, in three queries."""
    texts: dict[int, list[str]] = defaultdict(list)
    sources: Iterable[Iterable[Any]] = (
        Promise.objects.filter(entry__in=ids)
        .order_by("entry", "order")
        .values_list("entry_id", "who_th", "change_th", "who_en", "change_en", "evidence_th"),
        Activity.objects.filter(entry__in=ids)
        .order_by("entry", "order")
        .values_list("entry_id", "name_th"),
        DistrictShare.objects.filter(entry__in=ids)
        .order_by("entry", "district__plan_code")
        .values_list("entry_id", "district__name_th", "district__name_en"),
    )
    for rows in sources:
        for entry_id, *parts in rows:
            texts[entry_id] += parts
    return texts


# --- the city's frame --------------------------------------------------------------------------


def index_frame() -> int:
    """Index agencies, districts, elements of frameworks and indicators, for all years."""
    return search.rebuild(_frame_documents(), audience=PUBLIC, kinds=_FRAME)


def _frame_documents() -> Iterator[Document]:
    for agency in Agency.objects.order_by("code"):
        yield Document(
            AGENCY,
            agency.code,
            agency.name_th,
            title_en=agency.name_en,
            code=agency.code,
            body=_lines([agency.abbreviation_th, agency.mandate_th, agency.mandate_en]),
            agency_code=agency.code,
            url_name="portal:agency",
            url_args={"code": agency.code},
        )
    for district in District.objects.select_related("group").order_by("plan_code"):
        yield Document(
            DISTRICT,
            district.plan_code,
            f"เขต{district.name_th.removeprefix('เขต')}",
            title_en=district.name_en,
            code=district.plan_code,
            body=_lines([district.group.name_th, district.group.name_en]),
            url_name="portal:district",
            url_args={"plan_code": district.plan_code},
        )
    elements = Element.objects.select_related("framework", "level").order_by("pk")
    for element in elements:
        yield Document(
            GOAL,
            str(element.pk),
            element.name_th,
            title_en=element.name_en,
            code=element.number,
            body=_lines([f"{element.level.name_th} {element.framework.name_th}"]),
            url_name="portal:element",
            url_args={"code": element.framework.code, "number": element.number},
        )
    indicators = Indicator.objects.select_related("element", "element__framework").order_by("pk")
    for indicator in indicators:
        of = indicator.element
        yield Document(
            INDICATOR,
            str(indicator.pk),
            indicator.name_th,
            title_en=indicator.name_en,
            code=indicator.code,
            body=_lines([indicator.definition_th, of.name_th if of else "", indicator.unit_th]),
            url_name="portal:element" if of else "",
            url_args={"code": of.framework.code, "number": of.number} if of else {},
        )


# --- all of it ---------------------------------------------------------------------------------


def reindex_all() -> int:
    """Index everything anew; answers how many documents there are."""
    done = index_frame()
    for year in sorted(_published_versions().keys() | _indexed_versions().keys()):
        done += _index_year(year)
    live = ProjectEntry.objects.filter(pk=OuterRef("subject_id"))
    SearchEntry.objects.filter(~Exists(live), audience=WORKING, kind=PROJECT).delete()
    return done + _index_entries(ProjectEntry.objects.all())


def rebuild_likeness() -> tuple[int, int]:
    """Keep all texts that likeness is asked of anew; (texts, pairs that are near but not equal)."""
    ids = list(ProjectEntry.objects.order_by("pk").values_list("pk", flat=True))
    texts = 0
    for first in range(0, len(ids), _BATCH):
        some = ProjectEntry.objects.filter(pk__in=ids[first : first + _BATCH])
        texts += keep_likeness(some.select_related("project"), with_near=False)
    likeness.drop(audience=WORKING, keep=ids)
    for year in sorted(_published_versions()):
        texts += _keep_published_texts(current_version(year), year, with_near=False)
    return texts, likeness.find_near()


def freshen(person: Person) -> int:
    """Index what changed since it was indexed and this person may find; answers how many.

    Published plans and frame for everybody, and the working entries the person sees.
    """
    done = index_frame() if _frame_changed() else 0
    published, indexed = _published_versions(), _indexed_versions()
    for year in sorted(published.keys() | indexed.keys()):
        if indexed.get(year) != ({published[year]} if year in published else None):
            done += _index_year(year)
    if person.is_signed_in:
        done += _index_entries(_stale_entries(person))
    return done


def _stale_entries(person: Person) -> QuerySet[ProjectEntry]:
    """Entries the person sees of which the index holds no copy, or one of another revision."""
    copy = SearchEntry.objects.filter(
        audience=WORKING,
        kind=PROJECT,
        subject_id=OuterRef("pk"),
        revision=OuterRef("revision"),
        state=OuterRef("state"),
    )
    return ProjectEntry.objects.visible_to(person).filter(~Exists(copy))


def _published_versions() -> dict[int, int]:
    """The version that stands for each year's plan."""
    years = PlanVersion.objects.order_by().values_list("fiscal_year_be", flat=True).distinct()
    found = {year: current_version(year) for year in years}
    return {year: version.pk for year, version in found.items() if version}


def _indexed_versions() -> dict[int, set[int | None]]:
    indexed: dict[int, set[int | None]] = defaultdict(set)
    rows = SearchEntry.objects.filter(audience=PUBLIC, kind__in=_PUBLISHED)
    for year, version_id in rows.order_by().values_list("fiscal_year_be", "version_id").distinct():
        indexed[year or 0].add(version_id)
    return dict(indexed)


def _frame_changed() -> bool:
    """Whether things of the frame came or went; a changed name is told by `index_frame`."""
    rows = SearchEntry.objects.filter(audience=PUBLIC, kind__in=_FRAME).order_by()
    indexed = dict(rows.values_list("kind").annotate(documents=Count("pk")))
    live = {
        AGENCY: Agency.objects.count(),
        DISTRICT: District.objects.count(),
        GOAL: Element.objects.count(),
        INDICATOR: Indicator.objects.count(),
    }
    return any(indexed.get(kind, 0) != count for kind, count in live.items())


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text.strip()))

"""Projects like one that is written, relations between projects, and families of one text.

Everything here is asked by a person, and what that person may not see is not in the answer.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from nayu.agencies.domain import PLANNER, Person
from nayu.agencies.models import Agency
from nayu.agencies.queries import place_names
from nayu.approvals.domain import may, states_seen
from nayu.budget.domain import LineSheet
from nayu.budget.models import Line
from nayu.budget.queries import line_sheets
from nayu.core.money import total as add_up
from nayu.portal.queries.sight import sight_of_likes
from nayu.projects.domain import ASKED, JOINS, EntrySheet
from nayu.projects.models import Project, ProjectEntry, Relation
from nayu.projects.queries import sheets
from nayu.publication.models import FrozenEntry
from nayu.publication.queries import current_version, published_projects
from nayu.search.domain import PUBLIC, Mark
from nayu.search.domain.likeness import (
    NAME,
    RUN,
    Plain,
    common_runs,
    likeness,
    marked,
    pieces,
    plain,
)
from nayu.search.queries.likeness import Like, Member, like_names, like_rationales
from nayu.search.queries.likeness import families as families_seen

NAME_RUN = 5  # letters of a run that is marked in a name
PERSON_UNIT = "คน"
MOST_TYPED = 20_000
_FAMILIES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class LikeShown:
    """A like project on the page: what is alike is marked in the text typed and in its own."""

    field: str
    entry_id: int
    code: str
    name_th: str
    name_en: str
    agency_th: str
    agency_en: str
    year: int
    is_published: bool
    percent: int
    copies: int
    mine: tuple[Mark, ...]
    theirs: tuple[Mark, ...]


# --- likes -------------------------------------------------------------------------------------


def likes_of(
    person: Person, entry: ProjectEntry, text_field: str, typed: str, *, most: int = 6
) -> list[LikeShown]:
    """Projects of this year and before whose name or rationale is like what is typed."""
    names = place_names()
    text = plain(typed[:MOST_TYPED], names)
    ask = like_names if text_field == NAME else like_rationales
    found = ask(
        text,
        visible=sight_of_likes(person),
        upto_year=entry.fiscal_year_be,
        not_code=entry.project.code,
        most=most,
    )
    return _shown(found, text, names)


def _shown(found: list[Like], text: Plain, names: tuple[str, ...]) -> list[LikeShown]:
    agencies = Agency.objects.in_bulk({like.agency_code for like in found})
    live = ProjectEntry.objects.in_bulk(
        {like.subject_id for like in found if like.audience != PUBLIC}
    )
    published = {
        (int(row[0]), int(row[1])): row[2:]
        for row in FrozenEntry.objects.filter(
            version__in={like.version_id for like in found if like.audience == PUBLIC},
            entry__in={like.subject_id for like in found},
        ).values_list("version_id", "entry_id", "name_th", "name_en", "sheet__rationale")
    }
    shown = []
    for like in found:
        if like.audience == PUBLIC:
            row = published.get((like.version_id or 0, like.subject_id))
        else:
            entry = live.get(like.subject_id)
            row = (entry.name_th, entry.name_en, entry.rationale) if entry else None
        if row is not None:
            shown.append(_like_shown(like, text, names, row, agencies[like.agency_code]))
    return shown


def _like_shown(
    like: Like, text: Plain, names: tuple[str, ...], row: Collection[str], agency: Agency
) -> LikeShown:
    name_th, name_en, rationale = row
    other = plain(name_th if like.field == NAME else rationale or "", names)
    runs = common_runs(text.letters, other.letters, NAME_RUN if like.field == NAME else RUN)
    return LikeShown(
        like.field,
        like.subject_id,
        like.code,
        name_th,
        name_en,
        agency.name_th,
        agency.name_en,
        like.fiscal_year_be,
        like.audience == PUBLIC,
        like.percent,
        like.copies,
        marked(text, [(start, length) for start, _other, length in runs]),
        marked(other, [(start, length) for _one, start, length in runs]),
    )


# --- relations ---------------------------------------------------------------------------------


def readable(person: Person, entries: Iterable[ProjectEntry]) -> set[int]:
    """Those of these entries that the person sees as they stand, or that everybody can read."""
    listed = {entry.pk: entry for entry in entries}
    seen = {
        pk
        for pk, e in listed.items()
        if may(person, "project.view", state=e.state, agency_code=e.agency_id)
    }
    versions = [current_version(year) for year in {e.fiscal_year_be for e in listed.values()}]
    seen |= set(
        FrozenEntry.objects.filter(
            version__in=[version.pk for version in versions if version], entry__in=listed
        ).values_list("entry_id", flat=True)
    )
    return seen


def relations_of(person: Person, entry: ProjectEntry) -> list[Relation]:
    """What the entry says of others, as far as the reader may see those."""
    found = list(
        entry.relations.select_related("other__project", "other__agency").order_by("at", "pk")
    )
    seen = readable(person, [relation.other for relation in found])
    return [relation for relation in found if relation.other_id in seen]


def said_of(person: Person, entry: ProjectEntry) -> list[Relation]:
    """What other entries say of this one, as far as the reader may see those."""
    found = list(
        entry.related_by.select_related("entry__project", "entry__agency").order_by("at", "pk")
    )
    seen = readable(person, [relation.entry for relation in found])
    return [relation for relation in found if relation.entry_id in seen]


def joint_work_asked(person: Person, *, only_waiting: bool = False) -> list[Relation]:
    """Joint work that others ask of the agencies the person plans for, newest first.

    Whoever asks shows name, agency and reason; of the entry itself nothing more is told.
    """
    own = [h.agency_code for h in person.holdings if h.role == PLANNER and h.agency_code]
    _any, states, _agencies = states_seen(person, "project.answer")
    found = Relation.objects.filter(kind=JOINS, other__agency__in=own, other__state__in=states)
    if only_waiting:
        found = found.filter(state=ASKED)
    return list(
        found.select_related(
            "entry__project", "entry__agency", "other__project", "other__agency"
        ).order_by("-at", "-pk")[:100]
    )


# --- families ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """What one project of a family says for itself."""

    member: Member
    sheet: EntrySheet
    lines: tuple[LineSheet, ...]
    baht: Decimal
    people: int
    percent: int  # likeness of the rationale with the one that is shown
    family: str
    may_share: bool


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in the list."""

    code: str
    name_th: str
    name_en: str
    projects: int
    agencies: int
    is_shared: bool


@dataclass
class Family:
    """Projects of one text: the text once, and what each place says for itself."""

    code: str
    sheet: EntrySheet
    places: list[Place]
    differing: list[tuple[str, int]] = field(default_factory=list)  # (heading, projects)

    @property
    def baht(self) -> Decimal:
        return add_up(place.baht for place in self.places)

    @property
    def people(self) -> int:
        return sum(place.people for place in self.places)

    @property
    def shared_as(self) -> str:
        """The template that all of them share already, or none."""
        keys = {place.family for place in self.places}
        return keys.pop() if len(keys) == 1 else ""

    @property
    def to_share(self) -> list[Place]:
        return [place for place in self.places if place.may_share]


def families_of(person: Person, fiscal_year_be: int) -> list[FamilyRow]:
    """Texts that stand in several agencies' projects of a year, the most frequent first."""
    found = families_seen(visible=sight_of_likes(person), fiscal_year_be=fiscal_year_be)
    found = found[:_FAMILIES_SHOWN]
    codes = [member.code for group in found for member in group]
    projects = {p.code: p for p in Project.objects.filter(code__in=codes)}
    firsts = _names_of([group[0] for group in found])
    return [
        FamilyRow(
            group[0].code,
            *firsts[group[0].subject_id],
            len(group),
            len({member.agency_code for member in group}),
            len({projects[m.code].family for m in group} | {""}) == 2
            and all(projects[m.code].family for m in group),
        )
        for group in found
        if group[0].subject_id in firsts
    ]


def _names_of(members: list[Member]) -> dict[int, tuple[str, str]]:
    """Names as the reader may see them: of the working entry, or as published."""
    working = [m.subject_id for m in members if m.audience != PUBLIC]
    public = [m.subject_id for m in members if m.audience == PUBLIC]
    found = {
        pk: (th, en)
        for pk, th, en in FrozenEntry.objects.filter(entry__in=public)
        .order_by("version__number")
        .values_list("entry_id", "name_th", "name_en")
    }
    found |= {
        pk: (th, en)
        for pk, th, en in ProjectEntry.objects.filter(pk__in=working).values_list(
            "pk", "name_th", "name_en"
        )
    }
    return found


def family_of(person: Person, fiscal_year_be: int, code: str) -> Family | None:
    """The family that a project stands in, by its code, as far as the reader sees it."""
    found = families_seen(visible=sight_of_likes(person), fiscal_year_be=fiscal_year_be)
    group = next((g for g in found if any(member.code == code for member in g)), None)
    if group is None:
        return None
    drawn = _sheets_of(group, fiscal_year_be)
    group = [member for member in group if member.subject_id in drawn]
    if not group:
        return None
    names = place_names()
    first = drawn[group[0].subject_id][0]
    projects = Project.objects.in_bulk([m.code for m in group], field_name="code")
    states = dict(
        ProjectEntry.objects.visible_to(person)
        .filter(pk__in=[m.subject_id for m in group])
        .values_list("pk", "state")
    )
    common = pieces(plain(first.rationale, names).letters)
    places = [
        Place(
            member,
            sheet,
            lines,
            baht,
            int(sum(p.number for p in sheet.promises if p.unit_th == PERSON_UNIT)),
            likeness(common, pieces(plain(sheet.rationale, names).letters)),
            projects[member.code].family,
            may(
                person,
                "project.family",
                state=states.get(member.subject_id, ""),
                agency_code=member.agency_code,
            ),
        )
        for member in group
        for sheet, lines, baht in [drawn[member.subject_id]]
    ]
    return Family(group[0].code, first, places, _differing(places, names))


HEADINGS = ("objectives", "target_quality", "method")


def _differing(places: list[Place], names: tuple[str, ...]) -> list[tuple[str, int]]:
    """(heading, how many projects write it otherwise than the first, numbers and names apart)."""
    found = []
    for heading in HEADINGS:
        written = []
        for place in places:
            value = getattr(place.sheet, heading)
            text = value if isinstance(value, str) else "\n".join(value)
            written.append(plain(text, names).letters)
        otherwise = sum(1 for letters in written if letters != written[0])
        if otherwise:
            found.append((heading, otherwise))
    return found


def _sheets_of(
    group: list[Member], fiscal_year_be: int
) -> dict[int, tuple[EntrySheet, tuple[LineSheet, ...], Decimal]]:
    """(sheet, lines, baht) of each: as it stands where the reader sees that, else as published."""
    working = [m.subject_id for m in group if m.audience != PUBLIC]
    public = [m.subject_id for m in group if m.audience == PUBLIC]
    lines: dict[int, list[LineSheet]] = {pk: [] for pk in working}
    for line in line_sheets(Line.objects.filter(entry__in=working)):
        lines[line.entry_id or 0].append(line)
    found = {
        sheet.entry_id: (
            sheet,
            tuple(lines[sheet.entry_id]),
            add_up(line.amount for line in lines[sheet.entry_id]),
        )
        for sheet in sheets(ProjectEntry.objects.filter(pk__in=working))
    }
    version = current_version(fiscal_year_be)
    if version is not None and public:
        amounts = dict(version.entries.filter(entry__in=public).values_list("entry_id", "amount"))
        for one in published_projects(version, entry__in=public):
            pk = one.sheet.entry_id
            found[pk] = (one.sheet, one.lines, amounts[pk])
    return found

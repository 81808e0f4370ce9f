"""The one door of search: ranked, marked, counted, and only what the caller lets the reader see."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, Length, Replace

from nayu.search.domain import (
    PUBLIC,
    WORKING,
    Mark,
    Query,
    Word,
    clusters,
    code_key,
    excerpt,
    mark,
    mark_code,
    parse,
    token_of,
)
from nayu.search.models import SearchEntry
from nayu.search.queries import postgres, sqlite
from nayu.search.queries.words import holds_as_typed, within

EVERYONE = Q(audience=PUBLIC)
_OTHER_TONES = 4  # added to the tier of a row that has a word with other tone marks only
_MOST_TIMES, _LAST_YEAR = 999, 2700


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a hit in the order of relevance; the next page begins after it."""

    place: int
    pk: int

    def __str__(self) -> str:
        return f"{self.place}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """From an address; anything else than a cursor is none."""
        place, _, pk = text.partition("-")
        if not (place.isascii() and place.isdigit() and pk.isascii() and pk.isdigit()):
            return None
        if len(place) > 12 or len(pk) > 18:
            return None
        return cls(int(place), int(pk))


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, its words marked. `has_other_tones`: found only by other tone marks."""

    kind: str
    key: str
    audience: str
    fiscal_year_be: int | None
    agency_code: str
    state: str
    url_name: str
    url_args: Mapping[str, Any]
    title_th: tuple[Mark, ...]
    title_en: tuple[Mark, ...]
    code: tuple[Mark, ...]
    snippet: tuple[Mark, ...]
    has_other_tones: bool
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. Counts by kind keep the year asked for, counts by year keep the kinds.

    What belongs to every year (`without_year` of it) is counted in each.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    next_after: Cursor | None = None
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_year: Mapping[int, int] = field(default_factory=dict)
    in_all_years: int = 0
    without_year: int = 0


def search(
    words: str,
    *,
    visible: Q = EVERYONE,
    fiscal_year_be: int | None = None,
    kinds: Collection[str] = (),
    limit: int = 20,
    after: Cursor | None = None,
) -> Found:
    """What holds all the words, best first: title, beginning of title, inside title, text.

    `visible` is the condition on `SearchEntry` under which the reader may see a row; the
    default is what everyone may. Documents without a year belong to every year. Rows that have
    a word with other tone marks only come last; a word that is too short for that without its
    tones is taken as typed, unless nothing at all is found.
    """
    query = parse(words)
    if not query.words:
        return Found()
    found = _search(query, visible, fiscal_year_be, kinds, limit, after)
    if not found.in_all_years and not found.by_kind and not query.is_wholly_loose:
        found = _search(query.loosened(), visible, fiscal_year_be, kinds, limit, after)
    return found


def _search(
    query: Query,
    visible: Q,
    fiscal_year_be: int | None,
    kinds: Collection[str],
    limit: int,
    after: Cursor | None,
) -> Found:
    rows = _rows(query, visible)
    counts = list(rows.order_by().values_list("kind", "fiscal_year_be").annotate(hits=Count("pk")))
    found = _counted(counts, fiscal_year_be, kinds)
    if not found.total:
        return found
    of_year = Q(fiscal_year_be=None) | Q(fiscal_year_be=fiscal_year_be) if fiscal_year_be else Q()
    of_kinds = Q(kind__in=kinds) if kinds else Q()
    page = rows.filter(of_year, of_kinds).annotate(place=_place(query)).order_by("place", "pk")
    if after is not None:
        page = page.filter(Q(place__gt=after.place) | Q(place=after.place, pk__gt=after.pk))
    shown = list(page[: limit + 1])
    hits = tuple(_hit(row, query) for row in shown[:limit])
    return replace(found, hits=hits, next_after=hits[-1].cursor if len(shown) > limit else None)


def _counted(
    counts: Iterable[tuple[str, int | None, int]], asked: int | None, kinds: Collection[str]
) -> Found:
    """All counts of an answer, from hits by kind and year."""
    by_kind: Counter[str] = Counter()
    by_year: Counter[int | None] = Counter()
    total = 0
    for kind, year, hits in counts:
        in_year, in_kinds = asked is None or year in (None, asked), not kinds or kind in kinds
        by_kind[kind] += hits if in_year else 0
        by_year[year] += hits if in_kinds else 0
        total += hits if in_year and in_kinds else 0
    in_all, without = by_year.total(), by_year.pop(None, 0)
    return Found(
        total=total,
        by_kind={kind: by_kind[kind] for kind in sorted(by_kind) if by_kind[kind]},
        by_year={
            year: by_year[year] + without
            for year in sorted((y for y in by_year if y), reverse=True)
            if by_year[year]
        },
        in_all_years=in_all,
        without_year=without,
    )


def _rows(query: Query, visible: Q) -> QuerySet[SearchEntry]:
    """Matching rows the reader may see; a published twin gives way to the working one."""
    back_end = postgres if connection.vendor == "postgresql" else sqlite
    rows = SearchEntry.objects.filter(visible, back_end.holds(query.words))
    twin = rows.filter(audience=WORKING, kind=OuterRef("kind"), key=OuterRef("key"))
    return rows.exclude(Q(audience=PUBLIC) & Q(Exists(twin)))


# --- order -------------------------------------------------------------------------------------


def _place(query: Query) -> Expression:
    """One number to order by: tier, whole clusters, how often, newest year. Same on any database."""
    whole = Case(When(_whole(query.words), then=Value(0)), default=Value(1))
    often = Least(_times(query.words), Value(_MOST_TIMES))
    age = Value(_LAST_YEAR) - Coalesce(F("fiscal_year_be"), Value(_LAST_YEAR))
    place = (_tier(query) * 2 + whole) * 1_000_000 + (Value(_MOST_TIMES) - often) * 1_000 + age
    place.output_field = IntegerField()
    return place


def _tier(query: Query) -> Expression:
    """0 the title or code itself, 1 begins with it, 2 all words in the title, 3 in the text."""
    as_typed = reduce(and_, (holds_as_typed(word) for word in query.words))
    typed = _title_tiers("titles", query.phrase, query, [word.text for word in query.words])
    toneless = query.loosened()
    phrase = Word(query.phrase).toneless
    texts = [word.toneless for word in toneless.words]
    other = _title_tiers("titles_toneless", phrase, toneless, texts) + _OTHER_TONES
    return Case(When(as_typed, then=typed), default=other, output_field=IntegerField())


def _title_tiers(column: str, phrase: str, query: Query, texts: list[str]) -> Expression:
    exact = Q(**{f"{column}__contains": f"\n{phrase}\n"})
    if any(letter.isdigit() for letter in phrase):
        exact |= Q(**{f"{column}__contains": f"\n{token_of(code_key(phrase))}\n"})
    inside = reduce(
        and_,
        (within(column, text, w.token) for text, w in zip(texts, query.words, strict=True)),
    )
    return Case(
        When(exact, then=Value(0)),
        When(Q(**{f"{column}__contains": f"\n{phrase}"}), then=Value(1)),
        When(inside, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _whole(words: tuple[Word, ...]) -> Q:
    """No word is the middle of another syllable or figure."""
    return reduce(and_, (Q(clusters__contains=clusters(word.text)) for word in words))


def _times(words: tuple[Word, ...]) -> Expression:
    """How often the words stand in the text, as typed."""
    times: Any = Value(0)
    for word in words:
        without = Replace(F("text"), Value(word.text, CharField()), Value("", CharField()))
        times = times + (Length(F("text")) - Length(without)) / Value(len(word.text))
    return times  # type: ignore[no-any-return]


def _hit(row: Any, query: Query) -> Hit:
    words = query.words
    return Hit(
        row.kind,
        row.key,
        row.audience,
        row.fiscal_year_be,
        row.agency_code,
        row.state,
        row.url_name,
        row.url_args,
        mark(row.title_th, words),
        mark(row.title_en, words),
        mark_code(row.code, words),
        excerpt(row.body, words),
        row.place >= _OTHER_TONES * 2 * 1_000_000,
        Cursor(row.place, row.pk),
    )

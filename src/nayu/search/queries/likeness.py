"""Texts like one that is typed. What the reader may not see is left out before anything is told."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from nayu.search.domain import PUBLIC
from nayu.search.domain.likeness import (
    LEAST_SHARED,
    NAME,
    NEAR_PERCENT,
    RATIONALE,
    SURE_RUN,
    Plain,
    clusters,
    common_runs,
    covered_percent,
    fingerprints,
    least_shared,
    likeness,
    percent_of,
    pieces,
)
from nayu.search.models import LikeDocument, LikePiece, LikeText, NearText

LIKE_NAME_PERCENT = 40  # below, names share little but the words of all projects
_COMPARED = 40  # rationales that are compared letter by letter; the rest share less
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Like:
    """An entry's text that is like the one asked about.

    `percent` of a name is the likeness of the two; of a rationale, how much of the text asked
    about stands in the other in runs. `copies` is how many more projects have the very same text.
    """

    field: str
    subject_id: int
    audience: str
    fiscal_year_be: int
    agency_code: str
    code: str
    version_id: int | None
    percent: int
    text_id: int
    copies: int = 0


def like_names(
    text: Plain, *, visible: Q, upto_year: int, not_code: str = "", most: int = 8
) -> list[Like]:
    """Entries whose names are at least `LIKE_NAME_PERCENT` like, the most alike first.

    All there are among what is visible are compared, none is guessed.
    """
    wanted = pieces(text.letters)
    if len(wanted) < 3:
        return []
    shared = _holding(wanted, least=least_shared(len(wanted), LIKE_NAME_PERCENT))
    sizes = dict(LikeText.objects.filter(pk__in=shared).values_list("pk", "size"))
    percents = {pk: percent_of(shared[pk], len(wanted), size) for pk, size in sizes.items()}
    good = {pk: share for pk, share in percents.items() if share >= LIKE_NAME_PERCENT}
    return _told(NAME, good, visible, upto_year, not_code, most)


def like_rationales(
    text: Plain, *, visible: Q, upto_year: int, not_code: str = "", most: int = 8
) -> list[Like]:
    """Entries whose rationale has a run of at least `SURE_RUN` letters of this text, or by luck
    a shorter one; the one that holds most of this text first."""
    shared = _holding(fingerprints(text.letters))
    found = _told(RATIONALE, shared, visible, upto_year, not_code, _COMPARED)
    letters = dict(
        LikeText.objects.filter(pk__in=[like.text_id for like in found]).values_list(
            "pk", "letters"
        )
    )
    compared = [
        replace(like, percent=covered_percent(common_runs(text.letters, other), text.letters))
        for like in found
        if (other := letters.get(like.text_id))
    ]
    alike = [like for like in compared if like.percent]
    return sorted(alike, key=lambda like: (-like.percent, -like.fiscal_year_be, like.code))[:most]


def _holding(values: Collection[int], *, least: int = 1) -> dict[int, int]:
    """How many of the values each text is found by, if at least so many."""
    return dict(
        LikePiece.objects.filter(value__in=values)
        .order_by()
        .values_list("text_id")
        .annotate(shared=Count("pk"))
        .filter(shared__gte=least)
    )


def _told(
    field: str, weights: dict[int, int], visible: Q, upto_year: int, not_code: str, enough: int
) -> list[Like]:
    """What may be told of these texts, heaviest first: one entry a project, one project a text.

    Texts are asked after in turns, the heaviest first, until enough projects may be told of.
    """
    best: dict[str, Like] = {}
    heaviest = sorted(weights, key=lambda pk: (-weights[pk], pk))
    for first in range(0, len(heaviest), _AT_ONCE):
        some = heaviest[first : first + _AT_ONCE]
        likes = _standing(field, {pk: weights[pk] for pk in some}, visible, upto_year, not_code)
        for like in sorted(likes, key=lambda one: (-one.percent, -one.fiscal_year_be, one.code)):
            best.setdefault(like.code, like)
        if len(best) >= enough:
            break
    return list(best.values())[:enough]


def _standing(
    field: str, weights: dict[int, int], visible: Q, upto_year: int, not_code: str
) -> Iterator[Like]:
    """For each text the newest entry that has it and may be told of."""
    rows = LikeDocument.objects.filter(
        visible, field=field, text_id__in=list(weights), fiscal_year_be__lte=upto_year
    ).exclude(code=not_code)
    by_text: dict[int, dict[str, LikeDocument]] = defaultdict(dict)
    for row in rows.order_by("fiscal_year_be", "audience", "code"):
        by_text[row.text_id][row.code] = row
    for pk, documents in by_text.items():
        row = max(documents.values(), key=lambda d: (d.fiscal_year_be, d.audience != PUBLIC))
        yield Like(
            field, row.subject_id, row.audience, row.fiscal_year_be, row.agency_code, row.code,
            row.version_id, weights[pk], pk, len(documents) - 1,
        )  # fmt: skip


# --- one text in many places -------------------------------------------------------------------


def is_shared_text(one: str, other: str) -> bool:
    """Whether two near texts also have a run of `SURE_RUN` letters in common, as a template has."""
    if fingerprints(one).isdisjoint(fingerprints(other)):
        return False
    return bool(common_runs(one, other, SURE_RUN))


def near_texts(letters: str) -> list[tuple[int, int]]:
    """(text, percent) of the kept rationales that are this text with other names and numbers."""
    wanted = pieces(letters)
    if len(wanted) < LEAST_SHARED:
        return []
    rows = LikeText.objects.filter(
        pk__in=_holding(fingerprints(letters)),
        size__gte=max(LEAST_SHARED, len(wanted) * NEAR_PERCENT // 100),
        size__lte=len(wanted) * 100 // NEAR_PERCENT + 1,
    ).values_list("pk", "letters")
    found = []
    for pk, other in rows:
        percent = likeness(wanted, pieces(other))
        if percent >= NEAR_PERCENT and is_shared_text(letters, other):
            found.append((pk, percent))
    return found


@dataclass(frozen=True, slots=True)
class Member:
    """An entry whose rationale is one of a cluster's."""

    subject_id: int
    audience: str
    agency_code: str
    code: str
    text_id: int


def families(*, visible: Q, fiscal_year_be: int, least_agencies: int = 2) -> list[list[Member]]:
    """Entries of a year with one text between them, of several agencies; the largest first.

    Only visible entries are joined, and only visible texts join them: a text that the reader may
    not see makes no two others one family.
    """
    members: dict[int, Member] = {}
    rows = LikeDocument.objects.filter(
        visible, field=RATIONALE, fiscal_year_be=fiscal_year_be, text__size__gte=LEAST_SHARED
    )
    for row in rows.order_by("audience").values_list(
        "subject_id", "audience", "agency_code", "code", "text_id"
    ):
        members[row[0]] = Member(*row)  # the working entry comes after the published one
    texts = {member.text_id for member in members.values()}
    pairs = [
        pair
        for pair in NearText.objects.filter(percent__gte=NEAR_PERCENT)
        .filter(low__documents__fiscal_year_be=fiscal_year_be)
        .values_list("low_id", "high_id")
        .distinct()
        if texts.issuperset(pair)
    ]
    groups = clusters([*((pk, pk) for pk in texts), *pairs])
    of_text: dict[int, list[Member]] = defaultdict(list)
    for member in members.values():
        of_text[member.text_id].append(member)
    found = [
        sorted((m for pk in group for m in of_text[pk]), key=lambda m: m.code) for group in groups
    ]
    several = [group for group in found if len({m.agency_code for m in group}) >= least_agencies]
    return sorted(several, key=lambda group: (-len(group), group[0].code))

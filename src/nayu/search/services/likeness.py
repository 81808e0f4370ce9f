"""Keeping the texts that likeness is asked of: put when written, rebuilt by a command."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from nayu.search.domain.likeness import (
    LEAST_SHARED,
    NAME,
    NEAR_PERCENT,
    RATIONALE,
    Plain,
    all_pairs,
    fingerprints,
    pieces,
)
from nayu.search.models import LikeDocument, LikePiece, LikeText, NearText
from nayu.search.queries.likeness import is_shared_text, near_texts

_BATCH = 500


@dataclass(frozen=True, slots=True)
class LikeInput:
    """A text of an entry, as it is compared, and where it stands."""

    audience: str
    field: str
    subject_id: int
    fiscal_year_be: int
    agency_code: str
    code: str
    text: Plain
    version_id: int | None = None


def put(documents: Iterable[LikeInput], *, with_near: bool = True) -> int:
    """Keep these texts, each in the place of its former self; answers how many.

    Without `with_near` the near texts are left for `find_near` to find, all at once.
    """
    count = 0
    waiting = iter(documents)
    while batch := list(islice(waiting, _BATCH)):
        count += len(batch)
        with transaction.atomic():
            _put_batch(batch, with_near=with_near)
    return count


def _put_batch(batch: list[LikeInput], *, with_near: bool) -> None:
    before = _texts_of(batch)
    named = {
        (audience, field, subject): text
        for audience, field, subject, text in LikeDocument.objects.filter(
            subject_id__in=[d.subject_id for d in batch]
        ).values_list("audience", "field", "subject_id", "text_id")
    }
    new = {(d.field, d.text.digest): d.text for d in batch}
    new = {key: text for key, text in new.items() if key not in before}
    texts = before | _written(new)
    LikeDocument.objects.bulk_create(
        [
            LikeDocument(
                audience=d.audience, field=d.field, subject_id=d.subject_id,
                fiscal_year_be=d.fiscal_year_be, agency_code=d.agency_code, code=d.code,
                version_id=d.version_id, text_id=texts[d.field, d.text.digest],
            )
            for d in batch
        ],
        update_conflicts=True,
        unique_fields=["audience", "field", "subject_id"],
        update_fields=["fiscal_year_be", "agency_code", "code", "version_id", "text"],
    )  # fmt: skip
    if with_near:
        for field, digest in new:
            if field == RATIONALE:
                _keep_near(texts[field, digest], new[field, digest].letters)
    left = {named.get((d.audience, d.field, d.subject_id), 0) for d in batch} - {0}
    _sweep(left - set(texts.values()))


def _texts_of(batch: Iterable[LikeInput]) -> dict[tuple[str, str], int]:
    return {
        (field, digest): pk
        for field, digest, pk in LikeText.objects.filter(
            digest__in={d.text.digest for d in batch}
        ).values_list("field", "digest", "pk")
    }


def _written(new: dict[tuple[str, str], Plain]) -> dict[tuple[str, str], int]:
    """Write texts with what they are found by; somebody may write the same at the same time."""
    if not new:
        return {}
    LikeText.objects.bulk_create(
        [
            LikeText(
                field=field, digest=digest, letters=text.letters, size=len(pieces(text.letters))
            )
            for (field, digest), text in new.items()
        ],
        ignore_conflicts=True,
    )
    rows = LikeText.objects.filter(digest__in={digest for _field, digest in new})
    found = {(field, digest): pk for field, digest, pk in rows.values_list("field", "digest", "pk")}
    LikePiece.objects.bulk_create(
        (
            LikePiece(text_id=found[key], value=value)
            for key, text in new.items()
            for value in sorted(found_by(key[0], text.letters))
        ),
        ignore_conflicts=True,
        batch_size=5_000,
    )
    return {key: found[key] for key in new}


def found_by(field: str, letters: str) -> frozenset[int]:
    """What a text is looked up by: all pieces of a name, fingerprints of anything longer."""
    return pieces(letters) if field == NAME else fingerprints(letters)


def _keep_near(text_id: int, letters: str) -> None:
    pairs = [(*sorted((text_id, other)), percent) for other, percent in near_texts(letters)]
    NearText.objects.bulk_create(
        [
            NearText(low_id=low, high_id=high, percent=percent)
            for low, high, percent in pairs
            if low != high
        ],
        ignore_conflicts=True,
    )


def drop(*, audience: str, keep: Collection[int], fiscal_year_be: int | None = None) -> int:
    """Take out the texts of all entries but these, of one year or of all; answers how many."""
    part = LikeDocument.objects.filter(audience=audience)
    if fiscal_year_be is not None:
        part = part.filter(fiscal_year_be=fiscal_year_be)
    kept = set(keep)
    gone = [pk for pk, subject in part.values_list("pk", "subject_id") if subject not in kept]
    for some in _batches(gone):
        LikeDocument.objects.filter(pk__in=some).delete()
    return len(gone)


def find_near() -> int:
    """Compare all rationales with each other anew, and sweep out texts that nobody has any more.

    Answers how many pairs are near without being equal.
    """
    _sweep(None)
    texts = LikeText.objects.filter(field=RATIONALE, size__gte=LEAST_SHARED)
    rows = list(texts.order_by("pk").values_list("pk", "letters"))
    sets = [pieces(letters) for _pk, letters in rows]
    near = [
        NearText(low_id=rows[one][0], high_id=rows[other][0], percent=percent)
        for one, other, percent in all_pairs(sets, NEAR_PERCENT)
        if is_shared_text(rows[one][1], rows[other][1])
    ]
    with transaction.atomic():
        NearText.objects.all().delete()
        NearText.objects.bulk_create(near, ignore_conflicts=True, batch_size=5_000)
    return len(near)


def _sweep(only: Collection[int] | None) -> None:
    """Delete texts without a document: all such, or of these."""
    of_text = Q() if only is None else Q(pk__in=only)
    if only is not None and not only:
        return
    has_document = Exists(LikeDocument.objects.filter(text=OuterRef("pk")))
    orphans = list(LikeText.objects.filter(of_text, ~has_document).values_list("pk", flat=True))
    for some in _batches(orphans):
        LikeText.objects.filter(pk__in=some).delete()


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(ids), _BATCH):
        yield ids[first : first + _BATCH]

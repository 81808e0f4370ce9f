"""Keeping the index: apps put what may be found, and take it out again.

It is a copy, so it is written in short transactions: a break half-way is mended by the next
indexing, and nobody waits for a long lock. The trigram table follows by itself.
"""

from collections.abc import Collection, Iterable
from itertools import islice

from nayu.core.thai import normalise, without_tones
from nayu.search.domain import (
    LONGEST_BODY,
    PUBLIC,
    Document,
    clusters,
    code_tokens,
    fold_normalised,
    running_number_token,
)
from nayu.search.models import SearchEntry

_BATCH = 500
_NAMED_BY = ["audience", "kind", "key"]
_WRITTEN = [
    field.name
    for field in SearchEntry._meta.concrete_fields
    if field.name not in ("id", *_NAMED_BY)
]


def put(documents: Iterable[Document]) -> int:
    """Index documents, each in the place of its former self; answers how many."""
    return len(_put(documents))


def drop(kind: str, keys: Collection[str], *, audience: str = PUBLIC) -> int:
    """Take documents out; answers how many there were."""
    listed, dropped = sorted(keys), 0
    for first in range(0, len(listed), _BATCH):
        found = SearchEntry.objects.filter(
            audience=audience, kind=kind, key__in=listed[first : first + _BATCH]
        )
        dropped += found.delete()[0]
    return dropped


def rebuild(
    documents: Iterable[Document],
    *,
    audience: str,
    kinds: Collection[str],
    fiscal_year_be: int | None = None,
) -> int:
    """Make a part of the index hold these documents and no others; answers how many.

    The part is an audience's kinds in a fiscal year, or without one in all years.
    """
    wanted = _put(documents)
    part = SearchEntry.objects.filter(audience=audience, kind__in=kinds)
    if fiscal_year_be is not None:
        part = part.filter(fiscal_year_be=fiscal_year_be)
    old = [
        pk
        for pk, kind, key in part.values_list("pk", "kind", "key")
        if (audience, kind, key) not in wanted
    ]
    for first in range(0, len(old), _BATCH):
        SearchEntry.objects.filter(pk__in=old[first : first + _BATCH]).delete()
    return len(wanted)


def _put(documents: Iterable[Document]) -> set[tuple[str, str, str]]:
    """Write documents in short transactions; answers what they are named by."""
    named: set[tuple[str, str, str]] = set()
    waiting = iter(documents)
    while rows := [_row(document) for document in islice(waiting, _BATCH)]:
        SearchEntry.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=_NAMED_BY,
            update_fields=_WRITTEN,
        )
        named.update((row.audience, row.kind, row.key) for row in rows)
    return named


def _row(document: Document) -> SearchEntry:
    title_th, title_en = normalise(document.title_th), normalise(document.title_en)
    body = normalise(document.body, keep_lines=True)[:LONGEST_BODY]
    named = [title_th, title_en, normalise(document.code)]
    lines = [fold_normalised(part) for part in named if part] + list(code_tokens(document.code))
    titles = "\n" + "\n".join(lines) + "\n"
    text = f"{titles}{running_number_token(document.code)}\n{fold_normalised(body)}"
    return SearchEntry(
        audience=document.audience,
        kind=document.kind,
        key=document.key,
        fiscal_year_be=document.fiscal_year_be,
        agency_code=document.agency_code,
        state=document.state,
        version_id=document.version_id,
        subject_id=document.subject_id,
        revision=document.revision,
        code=document.code,
        title_th=title_th,
        title_en=title_en,
        body=body,
        url_name=document.url_name,
        url_args=dict(document.url_args),
        titles=titles,
        titles_toneless=without_tones(titles),
        text=text,
        toneless=without_tones(text),
        clusters=clusters(text),
    )

"""Deeds on attachments, and the files behind them.

A file first lies whole among the incoming ones; within the transaction it is put under its hash
and then gets its row. Whoever is killed between leaves a file without a row, which `sweep` takes
away, and never a row without a file. Rights are asked by the app of the owner, which also holds
the owner's lock.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from nayu.agencies.domain import PLANNER, Person
from nayu.attachments.domain import (
    KINDS,
    KindUnknown,
    Media,
    Owner,
    check_room,
    check_size,
    clean_name,
)
from nayu.attachments.models import Attachment, Content
from nayu.attachments.queries import path_of, root
from nayu.attachments.reading import media_of
from nayu.audit.services import record
from nayu.core.errors import NotVisible

MOST_TURNS = 20
UNFINISHED_AFTER = timedelta(days=1)  # an upload that is older was given up


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that lies whole on the disk and is of a kind that is kept; not yet anybody's."""

    path: Path
    name: str
    media: Media
    size: int
    digest: str


@contextmanager
def received(chunks: Iterable[bytes], *, name: str, size: int) -> Iterator[Incoming]:
    """Write an upload down piece by piece and judge it; afterwards what nobody attached is gone.

    `size` is what the sender states, looked at before anything is read. Raises FileEmpty,
    FileTooLarge, and as `media_of`.
    """
    check_size(name, size)
    folder = root() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}.part"
    try:
        written, digest = _write(path, chunks, name)
        media = media_of(path, clean_name(name))
        yield Incoming(path, clean_name(name, media), media, written, digest)
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, chunks: Iterable[bytes], name: str) -> tuple[int, str]:
    """(bytes, SHA-256) of what was written, on the disk for good."""
    written, hashed = 0, hashlib.sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            written += len(chunk)
            check_size(name, max(written, 1))
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    check_size(name, written)
    return written, hashed.hexdigest()


@transaction.atomic
def attach(
    owner: Owner, incoming: Incoming, *, kind: str, actor: Person, at: datetime
) -> Attachment:
    """Hang a received file on a thing; the same file sent again is the one that is there.

    Raises KindUnknown, TooManyFiles, TooMuchTogether; then nothing is written.
    """
    if kind not in KINDS:
        raise KindUnknown
    own = Attachment.objects.filter(owner_kind=owner.kind, owner_id=owner.pk)
    same = own.filter(content_id=incoming.digest, name=incoming.name, kind=kind).first()
    if same:
        return same
    held = own.aggregate(files=Count("pk"), together=Sum("content__size"))
    check_room(held["files"], held["together"] or 0, incoming.size)
    content = _locked_content(incoming.digest, incoming.size, incoming.media.code)
    _put(incoming)
    assert actor.user_id is not None
    holding = actor.holding_for(PLANNER, owner.agency_code)
    made = Attachment.objects.create(
        owner_kind=owner.kind,
        owner_id=owner.pk,
        content=content,
        name=incoming.name,
        kind=kind,
        added_by_id=actor.user_id,
        post_code=holding.post_code if holding else "",
        post_title_th=holding.title_th if holding else "",
        post_title_en=holding.title_en if holding else "",
        at=at,
    )
    _record("attachment.add", owner, made, actor=actor, at=at)
    return made


def _locked_content(digest: str, size: int, media: str) -> Content:
    """The row of a content, made if there is none, and its lock.

    Another process may make the row and take it away again between our looking and our making it
    (PostgreSQL); then we look once more.
    """
    for turn in range(MOST_TURNS):
        try:
            with transaction.atomic():
                content, _new = Content.objects.select_for_update().get_or_create(
                    digest=digest, defaults={"size": size, "media": media}
                )
                return content
        except IntegrityError:
            if turn == MOST_TURNS - 1:
                raise
    raise AssertionError("the loop above returns or raises")


def _put(incoming: Incoming) -> None:
    """The file under its hash, whole or not at all; equal bytes take each other's place."""
    path = path_of(incoming.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    incoming.path.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@transaction.atomic
def remove(attachment_id: int, owner: Owner, *, actor: Person, at: datetime) -> None:
    """Take an attachment off its thing; its bytes go when nothing else shows them.

    Raises NotVisible if it does not hang there.
    """
    found = (
        Attachment.objects.select_for_update(of=("self",))
        .select_related("content")
        .filter(pk=attachment_id, owner_kind=owner.kind, owner_id=owner.pk)
        .first()
    )
    if found is None:
        raise NotVisible
    _record("attachment.remove", owner, found, actor=actor, at=at)
    found.delete()
    transaction.on_commit(partial(drop_if_unused, found.content_id))


@transaction.atomic
def remove_all_of(kind: str, pk: int) -> list[dict[str, Any]]:
    """Take off all that hangs on a thing which goes itself; facts for the event of that deed."""
    found = list(
        Attachment.objects.select_for_update(of=("self",))
        .select_related("content")
        .filter(owner_kind=kind, owner_id=pk)
        .order_by("pk")
    )
    for one in found:
        one.delete()
        transaction.on_commit(partial(drop_if_unused, one.content_id))
    return [_facts(one) for one in found]


def _facts(found: Attachment) -> dict[str, Any]:
    return {
        "file": found.name,
        "file_kind": found.kind,
        "sha256": found.content_id,
        "size": found.content.size,
    }


def _record(verb: str, owner: Owner, found: Attachment, *, actor: Person, at: datetime) -> None:
    record(
        verb,
        subject=owner.subject,
        actor=actor,
        at=at,
        holding=actor.holding_for(PLANNER, owner.agency_code),
        agency_code=owner.agency_code,
        fiscal_year_be=owner.fiscal_year_be,
        facts={**_facts(found), **({"on": owner.part} if owner.part else {})},
    )


# --- Files without a row ------------------------------------------------------------------------


@transaction.atomic
def drop_if_unused(digest: str) -> bool:
    """Take away a content that nothing shows, file first and then row; answers whether it was one.

    The row is made if there is none, and its lock held: whoever attaches the same bytes at this
    moment has either finished, and then they stay, or puts its file there afterwards.
    """
    content = _locked_content(digest, 1, "txt")
    if content.attachments.exists():
        return False
    path_of(digest).unlink(missing_ok=True)
    content.delete()
    return True


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away, and the hashes of rows whose file is not there."""

    contents: int
    unfinished: int
    lost: tuple[str, ...]


def sweep(*, at: datetime) -> Swept:
    """Take away files that no attachment shows and uploads given up a day ago; `at` is real time.

    Safe beside people at work and beside another sweep.
    """
    used = set(Attachment.objects.values_list("content_id", flat=True))
    unused = (_digests_on_disk() | set(Content.objects.values_list("pk", flat=True))) - used
    dropped = sum(drop_if_unused(digest) for digest in sorted(unused))
    unfinished = sum(_drop_if_given_up(path, at) for path in (root() / "incoming").glob("*.part"))
    lost = tuple(digest for digest in sorted(used) if _is_lost(digest))
    return Swept(dropped, unfinished, lost)


def _drop_if_given_up(path: Path, at: datetime) -> bool:
    try:
        if path.stat().st_mtime >= (at - UNFINISHED_AFTER).timestamp():
            return False
        path.unlink()
    except FileNotFoundError:  # its upload has just ended
        return False
    return True


def _is_lost(digest: str) -> bool:
    """Whether something shows a content that is not there, and not just because it is going."""
    if path_of(digest).is_file():
        return False
    with transaction.atomic():
        content = Content.objects.select_for_update().filter(pk=digest).first()
        return bool(content and content.attachments.exists() and not path_of(digest).is_file())


def _digests_on_disk() -> set[str]:
    return {path.name for path in root().glob("[0-9a-f][0-9a-f]/*") if len(path.name) == 64}

"""Reading attachments. Who may see them is asked by the app of the thing they hang on."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from nayu.attachments.domain import FileLost
from nayu.attachments.models import Attachment


def attachments_of(kind: str, owner_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Attachments of each thing, oldest first, in one query; things without any have no key."""
    found: dict[int, list[Attachment]] = {}
    rows = Attachment.objects.filter(owner_kind=kind, owner_id__in=list(owner_ids))
    for row in rows.select_related("content").order_by("pk"):
        found.setdefault(row.owner_id, []).append(row)
    return found


def attachment_counts(kind: str, owner_ids: Iterable[int]) -> dict[int, int]:
    """How many hang on each thing that has any, in one query."""
    rows = Attachment.objects.filter(owner_kind=kind, owner_id__in=list(owner_ids))
    counted = rows.order_by().values("owner_id").annotate(number=Count("pk"))
    return {row["owner_id"]: row["number"] for row in counted}


def root() -> Path:
    """The folder of all contents."""
    return Path(settings.MEDIA_ROOT) / "attachments"


def path_of(digest: str) -> Path:
    """Where a content lies: by its hash alone, so no name leads anywhere else."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(digest)
    return root() / digest[:2] / digest


def file_of(attachment: Attachment) -> Path:
    """The file, ready to be read. Raises FileLost."""
    path = path_of(attachment.content_id)
    if not path.is_file():
        raise FileLost(name=attachment.name)
    return path

"""Kill the attaching and the removing of a file at every statement and around every file on the disk.

    python -m faults.attached

One JSON object: of each point what was left (a row without its file never), and what stands after
the same deed is done again and the store is swept.
"""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.utils import timezone

from faults import base, kill
from nayu.attachments.models import Attachment, Content
from nayu.attachments.queries import file_of, path_of, root
from nayu.attachments.services import received, sweep
from nayu.budget.models import Line
from nayu.budget.services import (
    attach_to_entry,
    attach_to_line,
    remove_from_entry,
    remove_from_line,
)
from nayu.projects.models import ProjectEntry

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 400
DIGEST = hashlib.sha256(PDF).hexdigest()
HANGING = "hanging"


def attach() -> None:
    entry = ProjectEntry.objects.get(name_th=base.DRAFT_NAME)
    with received([PDF[:5000], PDF[5000:]], name="แบบ.pdf", size=len(PDF)) as incoming:
        attach_to_entry(entry.pk, incoming, kind="drawing", actor=base.cast.anong, at=base.NOON)


def remove() -> None:
    made = Attachment.objects.filter(content_id=DIGEST).first()
    if made is not None:
        remove_from_entry(made.owner_id, made.pk, actor=base.cast.anong, at=base.NOON)


def watch_files(killer: kill.Killer) -> None:
    """What is done to files counts as statements do: pieces written, moved and taken away."""
    for name in ("replace", "unlink"):
        done = getattr(Path, name)
        setattr(
            Path, name, lambda *given, done=done, **named: killer(partial(done, **named), *given)
        )
    sync = os.fsync
    os.fsync = lambda number: killer(sync, number)


def left() -> dict[str, object]:
    """How rows and files agree; only whole files lie under a hash."""
    whole = path_of(DIGEST).is_file()
    return {
        "row": Attachment.objects.exists(),
        "file": whole,
        "damaged": whole and path_of(DIGEST).read_bytes() != PDF,
        "foreign": [p.name for p in root().glob("??/*") if p.name != DIGEST],
    }


def forget_uploads() -> None:
    """The sweeper takes an unfinished upload once it is a day old."""
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for path in (root() / "incoming").glob("*.part"):
        os.utime(path, (long_ago, long_ago))


def prepare(hanging: bool) -> None:
    """Files are no part of the copies of the city, so what hangs is hung anew."""
    base.put_back()
    if hanging:
        attach()


def points(deed: Callable[[], None], *, hanging: bool) -> list[dict[str, object]]:
    """The deed, killed before and after each of its steps in turn."""
    counted = base.VAR / "counted"

    def count() -> None:
        killer = kill.Killer()
        killer.watch()
        watch_files(killer)
        deed()
        counted.write_text(str(killer.count))

    prepare(hanging)
    assert base.in_a_process(count)() == 0
    found = []
    for k in range(1, int(counted.read_text()) + 1):
        for after in (False, True):
            prepare(hanging)

            def killed(k: int = k, after: bool = after) -> None:
                killer = kill.Killer(k, after=after)
                killer.watch()
                watch_files(killer)
                deed()

            code = base.in_a_process(killed)()
            base.wait_until_nobody_is_connected()
            then = left()
            forget_uploads()
            swept = sweep(at=timezone.now())
            clean = left()
            parts = len(list((root() / "incoming").glob("*.part")))
            again = base.in_a_process(deed)()
            found.append(
                {
                    "k": k, "after": after, "code": code, "left": then, "lost": swept.lost,
                    "swept": clean, "parts": parts, "again": again, "end": left(),
                    "contents": Content.objects.count(),
                }
            )  # fmt: skip
    return found


# --- Side by side -----------------------------------------------------------------------------

ROUNDS = 60


def hang_and_remove(line_id: int) -> None:
    """The same bytes on one's own line, again and again; they must lie there as long as they hang."""
    for _ in range(ROUNDS):
        with received([PDF], name="แบบ.pdf", size=len(PDF)) as incoming:
            made = attach_to_line(
                line_id, incoming, kind="drawing", actor=base.cast.anong, at=base.NOON
            )
        assert file_of(made).read_bytes() == PDF
        remove_from_line(line_id, made.pk, actor=base.cast.anong, at=base.NOON)


def sweep_all_the_time() -> None:
    for _ in range(ROUNDS):
        assert sweep(at=timezone.now()).lost == ()


def together() -> dict[str, object]:
    """Two who hang and remove the same bytes, and two sweepers beside them."""
    base.put_back()
    lines = Line.objects.filter(kind="routine").order_by("pk").values_list("pk", flat=True)[:2]
    deeds = [partial(hang_and_remove, pk) for pk in lines]
    ends = [base.in_a_process(deed) for deed in (*deeds, sweep_all_the_time, sweep_all_the_time)]
    return {"codes": [end() for end in ends], "left": left(), "contents": Content.objects.count()}


if __name__ == "__main__":
    base.say(
        {
            "attach": points(attach, hanging=False),
            "remove": points(remove, hanging=True),
            "together": together(),
        }
    )

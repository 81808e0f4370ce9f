"""Files and rows together: attached whole or not at all, kept as long as something shows them."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conftest import DRAINAGE, NOON
from nayu.attachments import services
from nayu.attachments.domain import (
    LARGEST_FILE_BYTES,
    MEGABYTE,
    MOST_FILES,
    FileEmpty,
    FileLost,
    FileTooLarge,
    IsProgram,
    KindUnknown,
    Owner,
    TooManyFiles,
    TooMuchTogether,
)
from nayu.attachments.models import Attachment, Content
from nayu.attachments.queries import (
    attachment_counts,
    attachments_of,
    file_of,
    path_of,
    root,
)
from nayu.attachments.services import (
    attach,
    drop_if_unused,
    received,
    remove,
    remove_all_of,
    sweep,
)
from nayu.attachments.tests import samples
from nayu.audit.models import Event
from nayu.config import cli
from nayu.core.errors import NotVisible

pytestmark = pytest.mark.django_db
PDF = samples.pdf()
DIGEST = hashlib.sha256(PDF).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "attachments"


def owner(pk=7, kind="project", part=""):
    return Owner(kind, pk, DRAINAGE, 2570, ("project", str(pk), "P-1 ลอกคลอง"), part)


def hang(cast, content=PDF, name="ใบเสนอราคา.pdf", kind="quotation", to=None):
    with received([content[:3], content[3:]], name=name, size=len(content)) as incoming:
        return attach(to or owner(), incoming, kind=kind, actor=cast.anong, at=NOON)


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_hash_with_its_row_and_one_event(cast, folder):
    made = hang(cast)

    assert files(folder) == [DIGEST]
    assert file_of(made).read_bytes() == PDF
    assert (made.content_id, made.content.size, made.content.media) == (DIGEST, len(PDF), "pdf")
    assert made.post_code == f"planner-{DRAINAGE}"
    event = Event.objects.get()
    assert (event.verb, event.subject_kind, event.subject_id) == ("attachment.add", "project", "7")
    assert (event.actor_id, event.agency_code, event.fiscal_year_be) == (
        cast.anong.user_id, DRAINAGE, 2570,
    )  # fmt: skip
    assert event.facts == {
        "file": "ใบเสนอราคา.pdf", "file_kind": "quotation", "sha256": DIGEST, "size": len(PDF),
    }  # fmt: skip


def test_the_event_of_a_lines_file_says_on_which_line(cast):
    hang(cast, to=owner(9, "line", "เครื่องสูบน้ำ"))
    assert Event.objects.get().facts["on"] == "เครื่องสูบน้ำ"


def test_pressing_twice_attaches_once(cast):
    assert hang(cast) == hang(cast)
    assert (Attachment.objects.count(), Event.objects.count()) == (1, 1)


def test_another_name_type_or_owner_is_another_attachment_of_the_same_file(cast, folder):
    hang(cast)
    hang(cast, name="ใบเสนอราคา 2.pdf")
    hang(cast, kind="other")
    hang(cast, to=owner(8))
    hang(cast, to=owner(7, "line"))

    assert Attachment.objects.count() == 5
    assert files(folder) == [DIGEST]


def test_the_database_itself_keeps_the_same_file_from_hanging_twice(cast):
    made = hang(cast)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "ว่าง.pdf", FileEmpty),
        (samples.exe(), "ใบเสนอราคา.pdf", IsProgram),
        (b"%PDF-" + b" " * LARGEST_FILE_BYTES, "ใหญ่.pdf", FileTooLarge),
    ],
)
def test_a_refused_file_leaves_nothing(cast, folder, content, name, refusal):
    with pytest.raises(refusal) as told:
        hang(cast, content, name)

    assert told.value.facts["name"] == name
    assert files(folder) == []
    assert not Attachment.objects.exists()
    assert not Event.objects.exists()


def test_a_file_of_300_megabytes_is_refused_by_its_stated_size_and_not_read(folder):
    def never():
        raise AssertionError
        yield b""

    with (
        pytest.raises(FileTooLarge) as refusal,
        received(never(), name="ใหญ่.pdf", size=300 * MEGABYTE),
    ):
        pass
    assert refusal.value.facts == {"name": "ใหญ่.pdf", "megabytes": 300, "limit": 20}
    assert files(folder) == []


def test_whoever_states_too_small_a_size_is_stopped_at_the_limit(folder):
    read = 0

    def endless():
        nonlocal read
        while True:
            read += MEGABYTE
            yield b"a" * MEGABYTE

    with pytest.raises(FileTooLarge), received(endless(), name="ก.txt", size=5):
        pass
    assert read == LARGEST_FILE_BYTES + MEGABYTE
    assert files(folder) == []


def test_a_file_that_nobody_attached_is_gone_afterwards(cast, folder):
    with (
        pytest.raises(KindUnknown),
        received([PDF], name="ก.pdf", size=len(PDF)) as incoming,
    ):
        attach(owner(), incoming, kind="no such", actor=cast.anong, at=NOON)
    assert files(folder) == []


def test_room_is_counted_for_each_thing(cast):
    for n in range(MOST_FILES):
        hang(cast, name=f"{n}.pdf")
    with pytest.raises(TooManyFiles):
        hang(cast, name="อีก.pdf")
    hang(cast, to=owner(8))
    hang(cast, name="3.pdf")  # the one that is there

    Content.objects.update(size=LARGEST_FILE_BYTES)
    for n in range(9):
        hang(cast, name=f"{n}.pdf", to=owner(8))
    with pytest.raises(TooMuchTogether) as refusal:
        hang(cast, name="อีก.pdf", to=owner(8))
    assert refusal.value.facts == {"held": 200, "megabytes": 1, "limit": 200}


def test_a_removed_file_goes_and_the_event_keeps_its_hash(
    cast, folder, django_capture_on_commit_callbacks
):
    made = hang(cast)
    with django_capture_on_commit_callbacks(execute=True):
        remove(made.pk, owner(), actor=cast.anong, at=NOON)

    assert files(folder) == []
    assert not Content.objects.exists()
    event = Event.objects.get(verb="attachment.remove")
    assert event.facts["sha256"] == DIGEST


def test_a_file_that_something_else_shows_stays(cast, folder, django_capture_on_commit_callbacks):
    made, other = hang(cast), hang(cast, to=owner(8))
    with django_capture_on_commit_callbacks(execute=True):
        remove(made.pk, owner(), actor=cast.anong, at=NOON)
    assert file_of(other).read_bytes() == PDF

    with django_capture_on_commit_callbacks(execute=True):
        remove(other.pk, owner(8), actor=cast.anong, at=NOON)
    assert files(folder) == []


def test_what_hangs_elsewhere_is_not_removed_here(cast):
    made = hang(cast)
    for elsewhere in (owner(8), owner(7, "line")):
        with pytest.raises(NotVisible):
            remove(made.pk, elsewhere, actor=cast.anong, at=NOON)
    assert Attachment.objects.filter(pk=made.pk).exists()


def test_a_thing_that_goes_takes_its_own_files_along(
    cast, folder, django_capture_on_commit_callbacks
):
    hang(cast)
    hang(cast, samples.png(), "ภาพ.png", "photo")
    stays = hang(cast, to=owner(8))
    with django_capture_on_commit_callbacks(execute=True):
        told = remove_all_of("project", 7)

    assert [facts["file"] for facts in told] == ["ใบเสนอราคา.pdf", "ภาพ.png"]
    assert files(folder) == [DIGEST]
    assert list(Attachment.objects.all()) == [stays]


def test_lists_and_counts(cast):
    first, second = hang(cast), hang(cast, name="2.pdf")
    third = hang(cast, to=owner(8))
    hang(cast, to=owner(7, "line"))

    assert attachments_of("project", [7, 8, 9]) == {7: [first, second], 8: [third]}
    assert attachment_counts("project", [7, 8, 9]) == {7: 2, 8: 1}


def test_a_row_whose_file_was_not_restored_says_so(cast):
    made = hang(cast)
    path_of(DIGEST).unlink()
    with pytest.raises(FileLost):
        file_of(made)
    assert sweep(at=timezone.now()).lost == (DIGEST,)
    hang(cast, to=owner(8))  # the same bytes again mend it
    assert file_of(made).read_bytes() == PDF


# --- The sweeper --------------------------------------------------------------------------------


def orphan(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    path_of(digest).parent.mkdir(parents=True, exist_ok=True)
    path_of(digest).write_bytes(content)
    return digest


def test_the_sweeper_takes_what_no_row_shows_and_leaves_what_one_does(cast, folder):
    hang(cast)
    orphan(b"left behind")
    Content.objects.create(digest="f" * 64, size=1, media="txt")

    swept = sweep(at=timezone.now())

    assert (swept.contents, swept.unfinished, swept.lost) == (2, 0, ())
    assert files(folder) == [DIGEST]
    assert [content.pk for content in Content.objects.all()] == [DIGEST]
    assert sweep(at=timezone.now()).contents == 0


def test_uploads_under_way_are_left_for_a_day(folder):
    (root() / "incoming").mkdir(parents=True)
    young, old = root() / "incoming/a.part", root() / "incoming/b.part"
    for path in (young, old):
        path.write_bytes(b"half")
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(old, (long_ago, long_ago))

    assert sweep(at=timezone.now()).unfinished == 1
    assert files(folder) == ["a.part"]


def test_a_sweep_of_an_empty_store_does_nothing():
    assert sweep(at=timezone.now()) == services.Swept(0, 0, ())


def test_a_content_in_use_is_not_dropped(cast, folder):
    hang(cast)
    assert not drop_if_unused(DIGEST)
    assert files(folder) == [DIGEST]


def test_a_deed_that_fails_after_the_file_leaves_an_orphan_that_the_sweeper_takes(
    cast, folder, monkeypatch
):
    monkeypatch.setattr(services, "record", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hang(cast)

    assert not Attachment.objects.exists()
    assert not Content.objects.exists()
    assert files(folder) == [DIGEST]
    sweep(at=timezone.now())
    assert files(folder) == []


def test_the_command_sweeps_and_fails_when_a_file_is_lost(cast, capsys):
    orphan(b"left behind")
    hang(cast)
    assert cli.main(["sweep"]) == 0
    assert capsys.readouterr().out.startswith("1 contents and 0 unfinished uploads")

    path_of(DIGEST).unlink()
    assert cli.main(["sweep"]) == 1
    assert capsys.readouterr().err == f"lost: {DIGEST}\n"

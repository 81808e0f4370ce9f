"""Attachments on pages: sent, shown, handed out, refused with a sentence, and kept inside."""

# ruff: noqa: F811 - fixtures come by name

import hashlib
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from conftest import DRAINAGE, NOON
from nayu.attachments.models import Attachment
from nayu.attachments.queries import path_of
from nayu.attachments.tests import samples
from nayu.audit.models import Event
from nayu.budget import services as budget
from nayu.config.middleware import body_limit
from nayu.documents.services import Choice, content_of
from nayu.portal.tests.attached import (  # noqa: F401 - fixtures
    NAME,
    PDF,
    YEAR,
    address_of,
    clients,
    entry,
    folder,
    hung,
    line,
    put_request,
    routine,
    send,
    stored,
    text,
)  # fmt: skip
from nayu.publication.services import publish

pytestmark = pytest.mark.django_db


# --- Handing out --------------------------------------------------------------------------------


def test_a_file_is_handed_out_under_its_thai_name_and_never_guessed_at(clients, cast, entry):
    made = hung(cast, entry)
    answer = clients["anong"].get(f"{address_of(entry)}{made.pk}/")

    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(NAME)}"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("code", samples.KEPT)
def test_only_pictures_and_pdf_are_shown_in_a_page_and_only_when_asked(clients, entry, code):
    anong = clients["anong"]
    assert send(anong, entry, samples.KEPT[code], f"แบบ.{code}").status_code == 302
    made = Attachment.objects.get()
    plain = anong.get(f"{address_of(entry)}{made.pk}/")
    asked = anong.get(f"{address_of(entry)}{made.pk}/", {"view": "inline"})

    assert plain.headers["Content-Disposition"].startswith("attachment")
    shown = code in ("pdf", "png", "jpg", "webp")
    assert asked.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    for answer in (plain, asked):
        policy = answer.headers["Content-Security-Policy"]
        assert ("sandbox" in policy) is (code != "pdf")
        assert "script-src" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()


# --- Sending ------------------------------------------------------------------------------------


def test_a_sent_file_is_on_the_page_with_type_size_hash_and_post(clients, entry):
    answer = send(clients["anong"], entry, **{"from": "decision"})

    code = entry.project.code
    assert answer.headers["Location"] == f"/{YEAR}/projects/{code}/decision/#attachments-entry"
    page = text(clients["anong"].get(answer.headers["Location"]))
    digest = hashlib.sha256(PDF).hexdigest()
    for words in (
        NAME,
        "ใบเสนอราคา",
        "PDF",
        digest,
        digest[:12],
        Attachment.objects.get().post_title_th,
    ):
        assert words in page, words
    table = page[page.index('class="cards files"') :]
    assert "Anong" not in table[: table.index("</table>")]


def test_the_limits_stand_on_the_page_before_anything_is_sent(clients, entry, line):
    page = text(clients["anong"].get(address_of(entry)))
    assert page.count("ไม่เกินไฟล์ละ 20 เมกะไบต์ รวมไม่เกิน 50 ไฟล์และ 200 เมกะไบต์") == 2
    assert page.count('enctype="multipart/form-data"') == 2
    assert f'name="line" value="{line.pk}"' in page


REFUSED = {
    "a program named .pdf": ("ใบเสนอราคา.pdf", samples.exe(), "เป็นโปรแกรม", "is a program"),
    "a web page named .pdf": ("ข่าว.pdf", b"<html><script>x</script>", "หน้าเว็บ", "a web page"),
    "a drawing for the web": ("โลโก้.svg", b"<svg onload='x'/>", "SVG", "SVG"),
    "macros": ("ราคา.xlsx", samples.with_macros(), "แมโคร", "macros"),
    "a password": ("ลับ.docx", samples.ole("EncryptedPackage"), "รหัสผ่าน", "password"),
    "an archive": ("รวม.zip", samples.zipped(a=b"x"), "บีบอัด", "an archive"),
    "nothing in it": ("ว่าง.pdf", b"", "0 ไบต์", "0 bytes"),
    "21 MB": ("ใหญ่.pdf", PDF + b" " * (20 * 1024 * 1024), "21 เมกะไบต์", "21 MB"),
}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_names_the_file_and_what_it_is_and_stores_nothing(
    clients, entry, folder, what, language
):
    name, content, thai, english = REFUSED[what]
    anong, before = clients["anong"], stored()
    anong.cookies["django_language"] = language
    answer = send(anong, entry, content, name)

    assert answer.status_code == 422
    alert = text(answer).split('role="alert"')[1].split("</div>")[0]
    assert name in alert
    assert (thai if language == "th" else english) in alert
    assert stored() == before
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_form_without_a_file_or_with_an_unknown_type_says_so(clients, entry):
    anong = clients["anong"]
    assert "กรุณาเลือกไฟล์ก่อน" in text(anong.post(address_of(entry), {"kind": "map"}))
    assert "กรุณาเลือกประเภท" in text(send(anong, entry, kind="no such"))


def test_a_picture_named_pdf_is_kept_as_the_picture_it_is_and_that_is_said(clients, entry):
    anong = clients["anong"]
    answer = anong.post(
        address_of(entry),
        {"file": SimpleUploadedFile("แผนที่.pdf", samples.png()), "kind": "map"},
        follow=True,
    )

    assert Attachment.objects.get().name == "แผนที่.png"
    assert "เนื้อหาของ “แผนที่.pdf” เป็น PNG จึงแนบไว้ในชื่อ “แผนที่.png”" in text(answer)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("น้ำ" * 100 + ".pdf", "น้ำ"),
        ("../../../etc/แบบ.pdf", "แบบ.pdf"),
        ("แบบ\u202efdp.exe", "แบบfdp.exe.pdf"),
        ("แบบ\t\x07.pdf", "แบบ.pdf"),
    ],
)
def test_odd_names_are_cleaned_and_stay_in_thai(clients, entry, folder, sent, kept):
    send(clients["anong"], entry, name=sent)

    made = Attachment.objects.get()
    assert made.name.startswith(kept)
    assert made.name.endswith(".pdf")
    assert path_of(made.content_id).is_relative_to(folder)
    assert path_of(made.content_id).read_bytes() == PDF


def test_pressing_twice_is_one_attachment(clients, entry):
    for _ in range(2):
        assert send(clients["anong"], entry).status_code == 302
    assert Attachment.objects.count() == 1
    assert Event.objects.filter(verb="attachment.add").count() == 1


class Unread:
    """A body that nobody may read."""

    def read(self, *_args):
        raise AssertionError("the body was read")

    readline = read


def test_300_megabytes_are_refused_by_their_length_and_not_read(users):
    request = RequestFactory().post(
        f"/{YEAR}/projects/x/attachments/", CONTENT_LENGTH=str(300 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x", **{"wsgi.input": Unread()},
    )  # fmt: skip

    def never(_request):
        raise AssertionError

    answer = body_limit(never)(request)
    assert answer.status_code == 413
    assert "300 เมกะไบต์" in text(answer)
    assert "64 เมกะไบต์" in text(answer)


def test_the_refusal_of_300_megabytes_comes_before_the_form_is_checked(clients, entry):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = clients["anong"].cookies
    answer = strict.post(
        address_of(entry), b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(300 * 1024 * 1024),
    )  # fmt: skip
    assert answer.status_code == 413


# --- Beside the rest ----------------------------------------------------------------------------


def test_history_tells_who_attached_and_removed_what(clients, cast, entry, line):
    made = hung(cast, entry)
    hung(cast, line, "แบบ.pdf")
    clients["anong"].post(f"{address_of(entry)}{made.pk}/removal/")
    page = text(clients["anong"].get(f"/{YEAR}/projects/{entry.project.code}/history/"))

    assert "แนบไฟล์" in page
    assert "นำไฟล์แนบออก" in page
    assert NAME in page
    assert f"ใบเสนอราคา · {line.item}" in page


def test_a_removed_line_takes_its_files_along_and_the_record_keeps_them(
    cast, line, folder, django_capture_on_commit_callbacks
):
    hung(cast, line)
    with django_capture_on_commit_callbacks(execute=True):
        budget.remove_line(line.pk, actor=cast.anong, at=NOON)

    assert not Attachment.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    told = Event.objects.get(verb="line.remove").facts["files"]
    assert [(one["file"], one["sha256"]) for one in told] == [
        (NAME, hashlib.sha256(PDF).hexdigest())
    ]


def test_the_lines_page_lists_the_files_of_its_lines(clients, cast, line):
    hung(cast, line)
    page = text(clients["anong"].get(f"/{YEAR}/projects/{line.entry.project.code}/lines/"))
    assert NAME in page
    assert address_of(line) in page


def test_the_request_leads_to_the_files_of_routine_lines(clients, cast, routine):
    anong, ganda = clients["anong"], clients["ganda"]
    address = f"/{YEAR}/requests/{DRAINAGE}/"
    assert address_of(routine) in text(anong.get(address))
    put_request("submitted")
    assert address_of(routine) not in text(ganda.get(address))
    put_request("open")
    hung(cast, routine)
    put_request("submitted")
    assert address_of(routine) in text(ganda.get(address))
    assert "เอกสารแนบ 1 ไฟล์" in text(ganda.get(address))


def test_nothing_published_or_printed_speaks_of_attachments(clients, cast, make, entry, line):
    hung(cast, entry)
    hung(cast, line)
    make.move(entry.pk, "in_plan")
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    code = entry.project.code
    for address in (
        f"/{YEAR}/", f"/{YEAR}/projects/{code}/", f"/{YEAR}/projects/{code}/history/",
        f"/{YEAR}/projects/", f"/{YEAR}/money/", "/search/?q=ใบเสนอราคา",
    ):  # fmt: skip
        page = text(clients["stranger"].get(address))
        assert NAME not in page, address
        assert "attachments" not in page, address
    for kind in ("project-form", "agency-plan"):
        choice = Choice(kind, YEAR, agency_code=DRAINAGE, project_code=code)
        assert NAME not in repr(content_of(choice, person=cast.anong))
    own = clients["anong"].get(f"/{YEAR}/projects/{code}/", {"view": "published"})
    assert NAME not in text(own)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_files_ask_the_same_questions_for_any_number(
    clients, cast, entry, line, count, django_assert_max_num_queries
):
    for n in range(count):
        hung(cast, entry, f"{n}.pdf")
        hung(cast, line, f"{n}.pdf")
    clients["anong"].get(address_of(entry))
    with django_assert_max_num_queries(12):
        clients["anong"].get(address_of(entry))

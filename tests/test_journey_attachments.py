"""Attachments in a real browser: hung, seen, downloaded under the Thai name, refused, removed."""

import pytest

from nayu.attachments.tests import samples

pytestmark = pytest.mark.browser
NAME = "ใบเสนอราคาเครื่องสูบน้ำ ๒๕๗๐.pdf"


def begin_project(who) -> str:
    """A new draft of 2570; its code."""
    who.open("/2570/projects/new/")
    who.page.fill("input[name=name_th]", "ลอกคลองทดสอบเอกสารแนบ")
    who.click("main form button.pri")
    return who.page.url.split("/")[5]


def send(who, name: str, content: bytes, kind: str = "quotation") -> None:
    section = who.page.locator("#attachments-entry")
    if section.locator("details.panel").get_attribute("open") != "":
        section.locator("details.panel > summary").click()
    section.locator("select[name=kind]").select_option(kind)
    section.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


@pytest.mark.parametrize(("language", "width"), [("th", 1280), ("en", 360)])
def test_a_file_is_attached_seen_downloaded_refused_and_removed(reader, language, width):
    anong = reader(language, width).sign_in("anong")
    code = begin_project(anong)
    anong.open(f"/2570/projects/{code}/decision/")

    send(anong, NAME, samples.pdf())
    anong.click("#attachments-entry form[enctype] button.pri")
    assert NAME in anong.text()
    assert anong.page.url.endswith("/decision/#attachments-entry")

    row = anong.page.locator("#attachments-entry table tr", has_text=NAME)
    row.locator("summary").click()
    assert len(row.locator("code").inner_text()) == 64
    anong.look()
    with anong.page.expect_download() as download:
        row.locator("th a").click()
    assert download.value.suggested_filename == NAME
    assert download.value.path().read_bytes() == samples.pdf()

    anong.open(f"/2570/projects/{code}/attachments/")
    send(anong, "ใบเสนอราคา ฉบับใหม่.pdf", samples.exe())
    anong.click("#attachments-entry form[enctype] button.pri")
    said = anong.page.inner_text("[role=alert]")
    assert "ใบเสนอราคา ฉบับใหม่.pdf" in said
    assert ("เป็นโปรแกรม" if language == "th" else "is a program") in said
    assert anong.page.locator("#attachments-entry tbody tr").count() == 1

    send(anong, "ภาพหน้างาน.pdf", samples.png(), "photo")
    anong.click("#attachments-entry form[enctype] button.pri")
    assert "ภาพหน้างาน.png" in anong.text()
    shown = anong.page.locator("#attachments-entry a[href$='?view=inline']").last
    picture = anong.page.request.get(anong.url + shown.get_attribute("href"))
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"].startswith("inline")

    stranger = reader(language, width).open(f"/2570/projects/{code}/attachments/")
    assert NAME not in stranger.text()
    chai = reader(language, width).sign_in("chai").open(f"/2570/projects/{code}/attachments/")
    assert NAME not in chai.text()

    for left in (1, 0):
        anong.page.locator("#attachments-entry form[action$='/removal/'] button").first.click()
        anong.look()
        assert anong.page.locator("#attachments-entry tbody tr").count() == left


def test_a_file_above_the_limit_is_told_before_it_is_sent(reader):
    anong = reader().sign_in("anong")
    code = begin_project(anong)
    anong.open(f"/2570/projects/{code}/attachments/")

    send(anong, "ใหญ่.pdf", samples.pdf() + b" " * (20 * 1024 * 1024))

    field = anong.page.locator("#attachments-entry input[type=file]")
    assert "20 เมกะไบต์" in field.evaluate("field => field.validationMessage")
    anong.page.locator("#attachments-entry form[enctype] button.pri").click()
    assert anong.page.locator("#attachments-entry tbody tr").count() == 0


def test_pictures_and_pdf_open_in_the_browser(reader):
    """What the browser itself makes of the policy that comes with a file."""
    anong = reader().sign_in("anong")
    code = begin_project(anong)
    anong.open(f"/2570/projects/{code}/attachments/")
    send(anong, "ภาพ.png", samples.png(), "photo")
    anong.click("#attachments-entry form[enctype] button.pri")
    address = anong.page.locator("a[href$='?view=inline']").get_attribute("href")

    anong.page.goto(anong.url + address)

    assert anong.page.evaluate("document.images[0].naturalWidth") == 1
    assert anong.page.evaluate("window.origin") == "null"  # in a sandbox

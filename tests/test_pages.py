"""Every public page in a real browser: axe and width, on a desk and on a phone, in both languages."""

import re

import pytest

pytestmark = pytest.mark.browser
LANGUAGES = ["th", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/", "/2570/", "/2566/", "/2569/framework/", "/2569/framework/nine/1.4.1/", "/2569/projects/",
        "/2569/agencies/", "/2569/agencies/11000000/", "/2569/districts/50010000/", "/2569/versions/1/",
        "/how-we-count/", "/privacy/", "/documents/", "/opinions/", "/opinions/2570/",
        "/search/?q=น้ำ", "/2568/ledger/group/", "/accounts/login/", "/nothing-here/", "/record/",
    ],
)  # fmt: skip
def test_every_public_page_is_accessible_and_fits(reader, language, path):
    who = reader(language, 1280).open(path)
    who.page.set_viewport_size({"width": 360, "height": 900})
    who.look()
    if language == "en":
        frame = who.page.inner_text("header.top") + who.page.inner_text("footer")
        assert not re.search("[ก-๙]", frame.replace("ไทย", "")), frame


@pytest.mark.parametrize(("language", "width"), [("th", 360), ("en", 1280)])
def test_the_auditor_reads_the_deeds_behind_a_published_head(reader, language, width):
    who = reader(language, width).sign_in("itsara").open("/record/")
    who.click("main a[href='/audit/']")
    who.page.select_option("#verb", "project.include")
    who.click("form.filters button")
    assert who.page.locator("tbody tr").count() >= 40
    who.page.click("details summary")
    who.look()
    who.click("a[rel=next]")
    reader(language, width).sign_in("kwan").open("/audit/forgetting/")

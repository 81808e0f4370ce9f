"""My work and notices in a real browser, by each of the city's people; axe looks at every page."""

import time

import pytest

pytestmark = pytest.mark.browser
PEOPLE = ["anong", "boonmee", "fah", "lamai", "ganda", "hathai", "itsara", "jira", "kwan"]
PATIENCE_SECONDS = 30


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("username", PEOPLE)
def test_everybodys_work_and_notices_are_accessible_and_fit(reader, username, width):
    who = reader("th" if width == 360 else "en", width).sign_in(username)
    who.open("/my-work/").open("/notices/")
    if username == "kwan":
        who.open("/notices/mails/")


def test_a_return_is_told_to_the_planner_who_follows_it_and_chooses_mail(reader):
    reason = "ขอวิธีนับผู้ได้รับประโยชน์ในพื้นที่ทำจริง"
    head = reader().sign_in("boonmee").open("/my-work/")
    head.click("table a[href*='/decision/']")
    head.page.fill("textarea[name=reason]", reason)
    head.click("form[action$='/return/'] button")

    planner = reader().sign_in("anong")
    end = time.monotonic() + PATIENCE_SECONDS
    while reason not in planner.open("/notices/").text():
        assert time.monotonic() < end, "the worker told nobody"
    planner.click("main th a:has(b)")
    assert "/edit/" in planner.page.url

    planner.open("/notices/")
    planner.page.select_option("select[name=opinions]", "never")
    planner.click("form[action$='/wishes/'] button")
    assert planner.page.input_value("select[name=opinions]") == "never"


def test_a_made_up_link_of_a_mail_is_refused_in_a_sentence(reader):
    assert "ลิงก์นี้ไม่ครบ" in reader().open("/notices/stop/abc/").text()

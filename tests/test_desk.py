"""The writing desk in a browser: every field saves itself, and nothing typed is ever lost."""

import re

import pytest
from tools.served import PASSWORD

CODE, YEAR = "11000000-0002", 2570
AT = f"/{YEAR}/projects/{CODE}/edit"
SAVED = re.compile(r"(บันทึกแล้ว|Saved) \d\d:\d\d")


@pytest.fixture
def desk(reader):
    """A planner at one part of a draft, in a window of their own."""

    def open_part(section, language="th", **window):
        return reader(language, **window).sign_in("anong").open(f"{AT}/{section}/")

    return open_part


def state(who) -> str:
    return who.page.inner_text("#save-state")


def saved(who) -> None:
    who.page.wait_for_function(
        "() => /(บันทึกแล้ว|Saved) \\d\\d/.test(document.getElementById('save-state').textContent)",
        timeout=15_000,
    )


def field(name: str) -> str:
    return f"[name='{name}']"


def test_a_field_saves_itself_after_a_pause(desk):
    who = desk("method")
    text = "โครงการต่อเนื่อง ทีมสี่ทีมออกทุกสัปดาห์"
    who.page.fill(field("method"), text)
    saved(who)
    who.look()
    who.page.reload()
    assert who.page.input_value(field("method")) == text


def test_two_windows_on_one_field_ask_and_nobody_is_overwritten(desk):
    one, two = desk("objectives"), desk("objectives", "en")
    one.page.fill(field("objectives"), "ข้อของหน้าต่างแรก")
    saved(one)
    two.page.fill(field("objectives"), "ข้อของหน้าต่างที่สอง")
    two.page.wait_for_selector("[data-conflict]")
    two.look()
    told = two.page.inner_text("[data-conflict]")
    assert "ข้อของหน้าต่างแรก" in told
    assert "ข้อของหน้าต่างที่สอง" in told

    two.page.click("[data-conflict] button:has-text('Keep mine')")
    saved(two)
    one.page.reload()
    assert one.page.input_value(field("objectives")) == "ข้อของหน้าต่างที่สอง"

    two.page.fill(field("objectives"), "แก้อีกครั้ง")
    saved(two)
    one.page.fill(field("objectives"), "ไม่ใช้แล้ว")
    one.page.wait_for_selector("[data-conflict]")
    one.page.click("[data-conflict] button:first-of-type")
    assert one.page.input_value(field("objectives")) == "แก้อีกครั้ง"
    saved(one)


def test_without_a_connection_the_text_stays_and_is_saved_when_it_is_back(desk):
    who = desk("targets")
    who.page.context.set_offline(True)
    who.page.fill(field("target_quality"), "พิมพ์ตอนเน็ตหลุด")
    who.page.wait_for_function(
        "() => document.getElementById('save-state').classList.contains('bad')", timeout=15_000
    )
    who.page.context.set_offline(False)
    saved(who)
    who.page.reload()
    assert who.page.input_value(field("target_quality")) == "พิมพ์ตอนเน็ตหลุด"


def test_a_closed_window_before_saving_loses_nothing(desk):
    who = desk("targets")
    who.page.route("**/autosave/", lambda route: route.abort())
    who.page.fill(field("target_quantity"), "พิมพ์แล้วปิดหน้าต่าง")
    who.page.wait_for_function(
        "() => document.getElementById('save-state').classList.contains('bad')", timeout=15_000
    )
    context = who.page.context
    who.page.close(run_before_unload=False)
    who.page = context.new_page()
    who.open(f"{AT}/targets/")
    assert who.page.input_value(field("target_quantity")) == "พิมพ์แล้วปิดหน้าต่าง"
    who.page.wait_for_function("() => localStorage.length === 0", timeout=15_000)
    assert desk("targets").page.input_value(field("target_quantity")) == "พิมพ์แล้วปิดหน้าต่าง"


def test_an_expired_session_returns_to_the_same_half_written_form(desk):
    who = desk("rationale")
    text = "น้ำท่วมปีละ 14 วัน ชาวบ้าน 1,200 คนเดินทางไม่ได้"
    keep = [c for c in who.page.context.cookies() if c["name"] == "django_language"]
    who.page.context.clear_cookies()
    who.page.context.add_cookies(keep)
    who.page.fill(field("rationale"), text)
    who.page.wait_for_selector("#save-state a", timeout=15_000)
    who.look()
    who.page.click("#save-state a")
    who.page.fill("input[name=login]", "anong")
    who.page.fill("input[name=password]", "nayu-2568")
    who.page.click("form.narrow button[type=submit]")
    who.page.wait_for_url(f"**{AT}/rationale/")
    assert who.page.input_value(field("rationale")) == text
    saved(who)


def test_a_row_that_is_not_whole_waits_and_is_there_tomorrow(desk):
    who = desk("risks")
    spare = who.page.locator("textarea[name$='-event_th']").last.get_attribute("name")
    who.page.fill(field(spare), "ผู้รับจ้างมีรายเดียว")
    who.page.wait_for_function(
        "() => document.getElementById('save-state').classList.contains('warn')", timeout=15_000
    )
    who.look()
    who.page.reload()
    assert who.page.input_value(field(spare)) == "ผู้รับจ้างมีรายเดียว"
    who.page.fill(field(spare.replace("event_th", "response_th")), "สืบราคาตั้งแต่เดือนพฤศจิกายน")
    saved(who)
    who.look()


@pytest.mark.parametrize("language", ["th", "en"])
def test_help_belongs_to_the_field_in_hand_also_on_a_phone(desk, language):
    who = desk("promises", language, width=360)
    who.page.focus("textarea[name='promise-0-change_th']")
    assert who.page.locator(".help:visible").count() == 1
    box = who.page.locator(".field:has(textarea[name='promise-0-change_th']) .help")
    assert box.is_visible()
    who.look()


def test_the_desk_at_200_percent_scrolls_one_way_only_and_hides_nothing(desk):
    who = desk("promises", width=640)  # 1280 points at 200 %
    page = who.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    for seen in (
        "#save-state",
        ".toc",
        field("promise-0-change_th"),
        "[data-decision]",
        "a[target]",
    ):
        box = page.locator(seen).first.bounding_box()
        assert box is not None, seen
        assert 0 <= box["x"] <= 640 - box["width"], seen
    assert "show=inline" in page.locator("a[target='_blank']").get_attribute("href")
    who.look()


def test_the_desk_works_by_keyboard_alone(desk):
    who = desk("basics")
    who.page.focus(field("name_en"))
    who.page.keyboard.press("Control+A")
    who.page.keyboard.type("Pumping power on the east bank")
    who.page.keyboard.press("Tab")
    saved(who)
    assert who.page.evaluate("document.activeElement.name") == "first_month"


def test_a_line_typed_before_the_session_ended_is_in_its_form_after_sign_in(reader):
    who = reader("th", 1280).sign_in("anong").open(f"/{YEAR}/projects/{CODE}/lines/")
    who.page.fill("input[name=item]", "เครื่องสูบน้ำสำรอง ๒ เครื่อง")
    who.page.fill("input[name=quantity]", "๒")
    who.page.context.clear_cookies(name="sessionid")
    who.page.click("form[data-lines] button.pri")
    who.page.fill("input[name=login]", "anong")
    who.page.fill("input[name=password]", PASSWORD)
    who.click("form.narrow button[type=submit]")
    assert who.page.url.endswith("/lines/")
    assert who.page.input_value("input[name=item]") == "เครื่องสูบน้ำสำรอง ๒ เครื่อง"
    assert who.page.is_visible("[data-kept]")
    who.page.fill("input[name=unit_price]", "1000")
    who.page.fill("input[name=unit]", "เครื่อง")
    who.click("form[data-lines] button.pri")
    assert who.page.input_value("input[name=item]") == ""
    who.page.reload()
    assert who.page.input_value("input[name=item]") == ""
    assert not who.page.is_visible("[data-kept]")
    who.page.click("table a:has-text('เครื่องสูบน้ำสำรอง ๒ เครื่อง')")
    who.click("form[data-lines] button[name=remove]")
    assert "เครื่องสูบน้ำสำรอง ๒ เครื่อง" not in who.text()


def test_what_a_refused_line_said_is_still_kept_when_one_field_is_mended(reader):
    who = reader("th", 1280).sign_in("anong").open(f"/{YEAR}/projects/{CODE}/lines/")
    who.page.fill("input[name=item]", "ประตูระบายน้ำทดลอง")
    who.page.fill("input[name=quantity]", "-1")
    who.click("form[data-lines] button.pri")
    assert who.page.locator(".problems").count() == 1
    who.page.fill("input[name=quantity]", "4")
    who.open(f"/{YEAR}/projects/{CODE}/lines/")
    assert who.page.input_value("input[name=item]") == "ประตูระบายน้ำทดลอง"
    assert who.page.input_value("input[name=quantity]") == "4"
    who.page.set_viewport_size({"width": 360, "height": 800})
    who.look()
    who.page.click("[data-forget]")
    who.page.wait_for_function("() => document.querySelector('input[name=item]').value === ''")
    assert not who.page.is_visible("[data-kept]")


def test_a_saved_line_of_routine_work_does_not_come_back_in_the_next_form(reader):
    form = "/2569/requests/11000000/line/"
    who = reader("th", 1280).sign_in("anong").open(form)
    for name, text in (("item", "ค่าจ้างทำความสะอาดทดลอง"), ("quantity", "12"), ("unit", "เดือน"),
                       ("unit_price", "1000")):  # fmt: skip
        who.page.fill(f"input[name={name}]", text)
    who.click("form[data-lines] button.pri")
    assert who.page.url.endswith("/requests/11000000/")
    assert who.open(form).page.input_value("input[name=item]") == ""
    assert not who.page.is_visible("[data-kept]")
    who.open("/2569/requests/11000000/").page.click("a:has-text('ค่าจ้างทำความสะอาดทดลอง')")
    who.click("form[data-lines] button[name=remove]")
    assert "ค่าจ้างทำความสะอาดทดลอง" not in who.text()

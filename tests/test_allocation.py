"""From a question to adopted amounts, in a real browser: the analyst, the executive, the agency."""

import re

YEAR = 2569


def answered(who) -> None:
    who.page.wait_for_url(re.compile(rf"/allocation/{YEAR}/\d+/\d+/"))
    who.page.wait_for_selector(".trio", timeout=90_000)
    who.look()


def test_the_sample_s_answers_read_well_in_both_languages_and_widths(reader):
    for language, width in (("th", 1280), ("en", 360)):
        who = reader(language, width).sign_in("fah").open(f"/allocation/{YEAR}/")
        result = who.page.locator("table a[href*='/allocation/']").nth(3).get_attribute("href")
        for address in (f"/allocation/{YEAR}/2/", f"/allocation/{YEAR}/compare/?of=1&of=2&of=3"):
            who.open(address)
        who.open(f"/allocation/{YEAR}/")
        assert result
        who.open(who.page.locator(f"a[href^='/allocation/{YEAR}/2/'].num").get_attribute("href"))
        assert "Σ" in who.text()
        who.open(f"{who.page.url.removeprefix(who.url)}page/")
        who.page.go_back()
        who.open(who.page.locator("table.res th a").first.get_attribute("href"))


def test_from_a_question_to_the_amounts_and_back(reader):
    who = reader("th", 1280).sign_in("ganda").open(f"/allocation/{YEAR}/new/")
    who.page.fill("#id_name_th", "ลองในเบราว์เซอร์")
    who.page.fill("#id_reason", "ดูว่าถ้าเพิ่มขั้นต่ำเขตแล้วใครออก")
    who.page.fill("#id_floor", "๕๐,๐๐๐,๐๐๐")
    who.click("form.panel button.pri")
    number = re.search(r"/(\d+)/$", who.page.url).group(1)
    # A change in the form is answered at once, roughly, and saves nothing.
    who.page.fill("#id_floor", "40,000,000")
    who.page.wait_for_selector("#estimate dl.cert", timeout=30_000)
    who.look()
    # Weights that do not add up are told; what was typed stays.
    who.page.evaluate("document.getElementById('id_weight_people').value = 45")
    who.click("form.panel[data-estimate] button.pri")
    assert "105" in who.page.locator(".problems").inner_text()
    assert who.page.input_value("#id_floor") == "40,000,000"
    who.page.evaluate("document.getElementById('id_weight_people').value = 40")
    who.click("form.panel[data-estimate] button[name=ask]")
    answered(who)
    address = who.page.url.removeprefix(who.url)
    who.page.click("#steps button.btn")
    who.page.wait_for_selector("#steps table", timeout=90_000)
    who.look()
    # One project that is out: asked again exactly, and its points opened.
    who.page.click("table.res th a >> nth=0")
    who.page.click("form[action$='/study/'] button")
    who.page.wait_for_selector("text=ถามใหม่และแก้โจทย์แล้ว", timeout=90_000)
    who.look()
    # Forced in by hand it breaks the total, and cannot be proposed.
    who.page.select_option("#id_level", "full")
    who.page.fill("#id_hand_reason", "ทดลองใส่")
    who.click("form[action$='/hand/'] button")
    assert who.page.locator(".note.bad").count() == 1
    scenario = f"/allocation/{YEAR}/{number}/"
    who.open(scenario).click("form[action$='/step/'] button")
    assert who.page.locator(".messages .note.bad").count() == 1
    who.open(address).page.click("section:has(h2:text('ปรับด้วยมือ')) a")
    who.click("button[name=back]")
    who.open(scenario).click("form[action$='/step/'] button")
    assert "เสนอ" in who.page.locator(".messages .note.good").inner_text()

    executive = reader("th", 360).sign_in("hathai").open("/my-work/")
    executive.page.click(f"a[href='{scenario}']")
    executive.look()
    executive.page.fill("#r-adopt", "เห็นชอบตามที่เสนอ")
    executive.click("button[value=adopt]")
    assert executive.page.locator(".messages .note.good").count() == 1

    planner = reader("en", 1280).sign_in("anong").open("/my-work/")
    outcomes = planner.page.locator("a[href*='/outcome/']")
    if outcomes.count():  # her request was still open, so it was not asked about
        planner.open(outcomes.first.get_attribute("href"))

    executive.open(scenario).page.fill("#r-undo", "ทบทวนใหม่")
    executive.click("button.bad")
    assert executive.page.locator(".messages .note.good").count() == 1

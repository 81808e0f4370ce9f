"""The writing coach in a browser: remarks beside the field after a save, answered, read by others."""

CODE, YEAR = "11000000-0002", 2570
VAGUE = "ชาวบ้านจำนวนมากเดือดร้อน จึงเห็นควรดำเนินการอีก"
REASON = "ตัวเลขอยู่ในรายงานสำรวจของสำนัก"
FIELD = "[name='rationale']"
BESIDE = ".coachside [data-coach-field='rationale']"
BELOW = ".field:has([name='rationale']) [data-coach-field='rationale']"


def test_a_remark_comes_beside_the_field_is_answered_and_stands_before_the_decision(reader):
    who = reader("th", 1280).sign_in("anong").open(f"/{YEAR}/projects/{CODE}/edit/rationale/")
    written = who.page.input_value(FIELD)
    who.page.fill(FIELD, VAGUE)
    who.page.wait_for_selector(BESIDE, timeout=15_000)
    who.look()
    assert who.page.evaluate("document.activeElement.name") == "rationale"
    assert "จำนวนมาก" in who.page.inner_text(".coachside")
    assert who.page.inner_text("#coach-said")

    who.page.set_viewport_size({"width": 360, "height": 800})
    who.page.wait_for_selector(BELOW)
    who.look()

    who.open(f"/coach/{YEAR}/{CODE}/")
    who.page.locator("details:has([name='field'][value='rationale']) summary").first.click()
    who.page.locator("details[open] textarea").fill(REASON)
    who.click("details[open] button")
    assert REASON in who.text()

    who.page.set_viewport_size({"width": 1280, "height": 900})
    who.open(f"/{YEAR}/projects/{CODE}/decision/")
    if not who.page.locator(".coachsum details[open]").count():
        who.click(".coachsum summary")
    assert REASON in who.text()

    who.open(f"/{YEAR}/projects/{CODE}/edit/rationale/")
    who.page.fill(FIELD, written)
    who.page.wait_for_function(
        "() => /บันทึกแล้ว \\d\\d/.test(document.getElementById('save-state').textContent)"
    )
    reader("en", 360).open("/coach/")

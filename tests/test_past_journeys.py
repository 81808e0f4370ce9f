"""A published project is changed by request, seen by the public, and read as it was before."""

CODE, YEAR = "11000000-0001", 2569
AT = f"/{YEAR}/projects/{CODE}/"
WHY = "สำรวจครัวเรือนริมคลองใหม่ พบจุดที่ต้องตรวจรับเพิ่ม"
ADDED = "ตรวจรับงานทุกเดือนโดยผู้แทนชุมชน"


def test_a_change_is_asked_submitted_decided_published_and_told_to_everybody(reader):
    anong = reader().sign_in("anong").open(AT)
    anong.click("form[action$='/change/'] button")
    at = anong.page.url.replace(anong.url, "")
    anong.open(f"{at}parts/method/")
    text = anong.page.input_value("[name=method]")
    anong.page.fill("[name=method]", f"{text} {ADDED}")
    anong.click("button[name=save]")
    assert ADDED in anong.page.inner_text("table.diff ins")
    anong.page.fill("[name=why]", WHY)
    anong.click("form:has([name=why]) button")

    reader(width=360).sign_in("boonmee").open(at).click("form[action$='/submission/'] button")
    fah = reader("en").sign_in("fah").open(at)
    fah.page.select_option("[name=body]", "subcommittee")
    fah.page.fill("[name=meeting_number]", "5/2568")
    fah.page.fill("[name=meeting_date]", "14 ก.ค. 2568")
    fah.click("form[action$='/approval/'] button.pri")
    assert ADDED not in reader().open(AT).text()
    fah.click("form[action$='/publication/'] button")

    public = reader(width=360).open(AT)
    for said in (ADDED, WHY, "คณะอนุกรรมการกำหนดยุทธศาสตร์", "5/2568"):
        assert said in public.text(), said
    assert WHY in public.open(f"/{YEAR}/projects/{CODE}/history/").text()
    then = public.open(f"{AT}?as_at=2568-07-14")
    assert "ณ วันที่" in then.text()
    assert ADDED not in then.text()


def test_versions_are_compared_and_a_past_day_shown_by_keyboard_and_on_a_phone(reader):
    who = reader(width=360).sign_in("anong").open("/2570/projects/11000000-0003/history/")
    who.page.select_option("#from", index=0)
    who.page.focus("#to")
    who.page.keyboard.press("Tab")
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    who.look()
    assert "ทั้งสองฝ่ายตรงกัน" in who.text()
    who.open("/2570/projects/11000000-0003/history/")
    who.page.fill("#as_at", "๑/๗/๒๕๖๘")
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    who.look()
    assert "ณ วันที่ 1 กรกฎาคม 2568" in who.text().replace("\u00a0", " ")
    who.open("/2570/money/?as_at=2568-06-01")
    who.open("/how-we-count/?as_at=2568-06-01")
    assert "หน้านี้แสดงข้อมูลย้อนหลังไม่ได้" in who.text()

"""The year walked through in a real browser, by each of its people; axe looks after every step."""

import re

import pytest

pytestmark = pytest.mark.browser
LANGUAGES = ["th", "en"]


def amount(text: str) -> str:
    found = re.search(r"[\d,]+\.\d\d", text)
    assert found, text
    return found.group()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_drills_from_the_biggest_number_to_a_line(reader, language):
    who = reader(language).open("/2568/money/")
    grand = amount(who.page.inner_text("h1"))
    assert grand == "92,000,000,000.00"
    totals = who.page.eval_on_selector_all(
        "tfoot td.r", "cells => cells.map(c => c.textContent.trim())"
    )
    assert set(totals) == {grand}

    who.click("#expenditure ~ details tbody tr:nth-child(3) a")
    assert amount(who.page.inner_text("p.lead")) == amount(who.page.inner_text("tfoot td.r"))
    who.open("/2568/money/element/projects/")
    assert amount(who.page.inner_text("p.lead")) == amount(who.page.inner_text("tfoot td.r"))
    first = who.page.locator("tbody tr").first
    project_baht = amount(first.locator("td.r").inner_text())
    first.locator("th a").click()
    who.look()
    assert project_baht in who.text()
    assert who.page.locator("article.promise").count() >= 1
    who.open("/2568/money/agency/01000000/")
    assert amount(who.page.inner_text("p.lead")) == amount(who.page.inner_text("tfoot td.r"))
    who.click("tbody a[href*='/money/lines/']")
    assert "×" in who.text()


def test_the_language_switch_keeps_the_page(reader):
    who = reader("th").open("/2569/projects/?sort=money")
    who.page.locator("form[action='/language/'] button:visible").first.click()
    who.look()
    assert who.page.url.endswith("/2569/projects/?sort=money")
    assert who.page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_leaves_an_opinion_and_reads_the_answer(reader, language):
    text = f"อยากให้บอกกำหนดเสร็จของแต่ละโครงการเป็นเดือน ฉบับ {language}"
    stranger = reader(language).open("/opinions/2570/new/?about=plan")
    stranger.page.fill("textarea[name=text]", text)
    stranger.click("main form button[type=submit]")
    stranger.open("/opinions/2570/")
    assert text in stranger.text()

    strategist = reader(language).sign_in("fah").open("/opinions/2570/")
    where = strategist.page.locator("article", has_text=text).locator("a").first
    address = where.get_attribute("href")
    strategist.open(address)
    strategist.page.check("input[name=outcome][value=in_part]")
    strategist.page.fill("textarea[name=reason]", f"จะระบุเดือนในฉบับหน้า {language}")
    strategist.page.fill("textarea[name=change]", "เพิ่มเดือนกำหนดเสร็จในแผนปฏิบัติการ")
    strategist.click("form[action$='/answer/'] button[type=submit]")

    said = stranger.open(address).text()
    assert text in said
    assert f"จะระบุเดือนในฉบับหน้า {language}" in said


def test_a_project_is_written_returned_corrected_endorsed_reviewed_and_included(reader):
    anong, boonmee, fah = (
        reader().sign_in("anong"),
        reader("en").sign_in("boonmee"),
        reader("en").sign_in("fah"),
    )
    code = write_project(anong)
    chai = reader().sign_in("chai")
    chai.open(f"/2570/projects/{code}/")
    assert chai.page.title().startswith("ไม่พบ") or chai.page.locator("h1").count()
    assert "ลอกคลองทดสอบ" not in chai.text()

    anong.open(f"/2570/projects/{code}/decision/").click("form[action$='/submission/'] button")
    boonmee.open(f"/2570/projects/{code}/decision/")
    boonmee.page.fill("textarea[name=reason]", "ขอวิธีนับจำนวนคน")
    boonmee.click("form[action$='/return/'] button")
    anong.open("/my-work/")
    assert "ขอวิธีนับจำนวนคน" in anong.text()
    anong.open(f"/2570/projects/{code}/decision/").click("form[action$='/submission/'] button")
    boonmee.open(f"/2570/projects/{code}/decision/").click("form[action$='/endorsement/'] button")
    fah.open(f"/2570/projects/{code}/decision/").click("form[action$='/review/'] button")
    assert fah.page.locator("form[action$='/inclusion/']").count() == 0
    lamai = reader("en").sign_in("lamai").open(f"/2570/projects/{code}/decision/")
    lamai.page.fill("input[name=meeting_number]", "3/2568")
    lamai.page.fill("input[name=meeting_date]", "๑๔ ก.ค. ๒๕๖๘")
    lamai.click("form[action$='/inclusion/'] button")
    fah.open(f"/2570/projects/{code}/history/")
    assert "3/2568" in fah.open(f"/2570/projects/{code}/").text()

    before = reader().open("/2570/projects/").page.inner_text("h1")
    fah.open("/2570/publication/")
    fah.page.check("input[value=official]")
    fah.click("main form button.pri")
    stranger = reader().open(f"/2570/projects/{code}/")
    assert "ลอกคลองทดสอบ" in stranger.text()
    assert stranger.open("/2570/projects/").page.inner_text("h1") != before


def write_project(who) -> str:
    """A whole project through the writing desk, part by part; its code."""
    who.open("/2570/projects/new/")
    who.page.fill("input[name=name_th]", "ลอกคลองทดสอบหน้าวัด")
    who.click("main form button.pri")
    code = who.page.url.split("/")[5]
    write_part(
        who, code, "promises",
        {"who_th": "ผู้อยู่ริมคลอง", "number": "๑,๒๐๐", "change_th": "น้ำไม่ท่วมบ้าน",
         "evidence_th": "นับบ้านที่ท่วม"},
        row="promise-0-",
    )  # fmt: skip
    for part, name in (
        ("rationale", "rationale"), ("objectives", "objectives"), ("targets", "target_quantity"),
        ("method", "method"), ("place", "place_text"),
    ):  # fmt: skip
        write_part(who, code, part, {name: f"ข้อความทดสอบของช่อง {name}"})
    work = {"name_th": "ขุดลอก", "first_month": "1", "last_month": "9", "weight_percent": "99"}
    write_part(who, code, "activities", work, row="activity-0-")
    risk = {"event_th": "ฝนมาเร็ว", "likelihood": "3", "impact": "2", "response_th": "เร่งงาน"}
    write_part(who, code, "risks", risk, row="risk-0-")
    write_links(who, code)
    write_line(who, code)
    who.open(f"/2570/projects/{code}/decision/")
    assert "99" in who.text()
    who.click("form[action$='/submission/'] button")
    assert "99" in who.text()
    write_part(who, code, "activities", {"weight_percent": "100"}, row="activity-0-")
    return code


def write_part(who, code: str, part: str, values: dict[str, str], row: str = "") -> None:
    who.open(f"/2570/projects/{code}/edit/{part}/")
    for name, value in values.items():
        field = who.page.locator(f"[name='{row}{name}']")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    who.click("button[name=save]")
    assert who.page.locator(".problems").count() == 0, who.text()


def write_links(who, code: str) -> None:
    """Elements first; saving them brings their indicators."""
    who.open(f"/2570/projects/{code}/edit/links/")
    for select in who.page.locator("select[name^='primary-']").all():
        select.select_option(index=4)
    who.click("button[name=save]")
    who.page.locator("input[name=indicator]").first.check()
    who.click("button[name=save]")


def write_line(who, code: str) -> None:
    """A negative quantity comes back with what was typed; Thai digits are understood."""
    who.open(f"/2570/projects/{code}/lines/").click("details.later > summary")
    who.page.fill("input[name=item]", "ขุดลอกและขนดิน")
    who.page.fill("input[name=quantity]", "-5")
    who.page.fill("input[name=unit_price]", "1500000")
    who.click("form[data-lines] button.pri")
    assert who.page.locator(".problems").count() == 1
    assert who.page.input_value("input[name=item]") == "ขุดลอกและขนดิน"
    who.page.fill("input[name=quantity]", "๒.๕")
    who.page.click("details.later summary")
    who.page.fill("input[name=later_2571]", "๔,๐๐๐,๐๐๐")
    assert "7,750,000.00" in who.page.inner_text("[data-all-years]")
    who.click("form[data-lines] button.pri")
    assert "7,750,000.00" in who.text()
    assert "3,750,000.00" in who.text()


def test_a_request_is_submitted_proposed_and_decided(reader):
    ekachai = reader().sign_in("ekachai").open("/2569/requests/50010000/")
    ekachai.click("form[action$='/submission/'] button")
    ganda = reader("en").sign_in("ganda").open("/2569/requests/50010000/")
    form = ganda.page.locator("details").first
    form.locator("summary").click()
    form.locator("input[name=amount]").fill("๑,๐๐๐")
    form.locator("input[name=reason]").fill("ปรับตามราคากลาง")
    form.locator("button").click()
    ganda.look()
    assert "1,000.00" in ganda.text()
    ganda.click("form[action$='/proposal/'] button")
    hathai = reader("en").sign_in("hathai").open("/2569/requests/50010000/")
    hathai.click("form[action$='/decision/'] button")
    assert hathai.page.locator("form[action$='/decision/']").count() == 0


@pytest.mark.parametrize(
    ("language", "over", "unit"), [("th", "เกิน", "บาท"), ("en", "over", "baht")]
)
def test_a_request_over_its_ceiling_is_refused_with_figures_on_the_page(
    reader,
    language,
    over,
    unit,
):
    who = reader(language)
    who.open("/accounts/login/")
    who.page.fill("input[name=login]", "head-50210000")
    who.page.fill("input[name=password]", "nayu-2568")
    who.click("form.narrow button[type=submit]")
    who.open("/2569/requests/50210000/").click("form[action$='/submission/'] button")
    assert over in who.text().lower()
    assert re.search(rf"[\d,]+\.\d\d {unit}", who.text())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["plan-book", "request-details"])
def test_a_stranger_has_a_document_made_and_downloads_it(reader, kind, language):
    who = reader(language).open(f"/documents/2569/?kind={kind}&agency_code=11000000")
    who.page.select_option("select[name=language]", language)
    who.click("form[action$='/orders/'] button.pri")
    file = who.page.locator("a[href$='/file/']")
    file.first.wait_for(timeout=60_000)
    who.look()
    answer = who.page.request.get(who.url + file.first.get_attribute("href"))
    assert answer.status == 200
    assert answer.body()[:5] == b"%PDF-"


def test_a_stranger_downloads_an_agencys_plan(reader):
    who = reader().open("/documents/")
    answer = who.page.request.get(f"{who.url}/documents/2569/agency-plan/11000000.pdf")
    assert answer.status == 200
    assert answer.body()[:5] == b"%PDF-"
    draft = who.page.request.get(f"{who.url}/documents/2570/request-details/11000000.pdf")
    assert draft.status in (404, 409)

"""Entries go out in the agency's workbook and come back: texts, promises, activities, risks."""

import io
from dataclasses import replace

import openpyxl
import pytest

from conftest import DRAINAGE, NOON
from nayu.approvals.domain import may
from nayu.audit.models import Event
from nayu.core.errors import NotPermitted
from nayu.projects.models import ProjectEntry, Promise
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput, save_entry
from nayu.workbooks.domain.parts import CELLS, ROWS, flat_of, values_in
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import agency_template, take_in
from nayu.workbooks.services.merging import FILE, HELD

pytestmark = pytest.mark.django_db
YEAR = 2570
TEXTS, PROMISES, ACTIVITIES = "โครงการ", "ประชาชนได้อะไร", "กิจกรรม"
HEADING = 3  # the row of the headings


@pytest.fixture
def entry(make):
    return make.entry("draft")


@pytest.fixture
def out(entry):
    return agency_template(DRAINAGE, YEAR)


@pytest.fixture
def back(tmp_path, cast):
    def take(content, choices=None, *, dry_run=False, actor=None):
        path = tmp_path / "copy.xlsx"
        path.write_bytes(content)
        return take_in(
            path, load_profile("nayu"), fiscal_year_be=YEAR, actor=actor or cast.anong, at=NOON,
            choices=choices or {}, dry_run=dry_run,
        )  # fmt: skip

    return take


def typed(content, sheet, cells, *, row=HEADING + 1):
    """The workbook with cells of one row typed over, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet]
    columns = {page.cell(HEADING, at).value: at for at in range(1, page.max_column + 1)}
    lines = book["รายการ"]
    lines["J6"] = (lines["G6"].value or 0) * (lines["I6"].value or 0)  # openpyxl keeps no values
    for heading, value in cells.items():
        page.cell(row, columns[heading]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def first_free_row(content, sheet):
    page = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    return next(row for row in range(HEADING + 1, 200) if page.cell(row, 1).value is None)


def saved(entry, cast, **texts):
    """Somebody else's change on the page meanwhile."""
    now = ProjectEntry.objects.get(pk=entry.pk)
    save_entry(now.pk, EntryInput(texts=texts), revision=now.revision, actor=cast.anong, at=NOON)


def codes(outcome):
    return [finding.code for finding in outcome.findings]


def test_an_entry_as_cells_and_back_is_the_same(entry):
    sheet = sheet_of(entry)
    flat = flat_of(sheet)
    for part in ROWS:
        assert values_in(part, flat) == getattr(sheet, part)
    assert all(f"entry.{name}" in flat for name in CELLS["entry"])


def test_what_comes_back_as_it_went_out_changes_nothing(entry, out, back):
    before, revision = Event.objects.count(), entry.revision
    outcome = back(out)
    assert (outcome.findings, outcome.entries, outcome.new) == ([], 0, 0)
    assert len(outcome.reading.parts) == 1 + sum(
        len(getattr(sheet_of(entry), part)) for part in ROWS
    )
    assert Event.objects.count() == before
    assert ProjectEntry.objects.get(pk=entry.pk).revision == revision


def test_texts_and_rows_of_different_people_are_merged(entry, out, back, cast):
    saved(entry, cast, rationale="เหตุผลที่แก้ในระบบ")
    copy = typed(out, TEXTS, {"ลักษณะโครงการ": "วิธีที่แก้ในแฟ้ม\nบรรทัดที่สอง"})
    copy = typed(copy, PROMISES, {"จำนวน": "๑,๒๐๐", "กลุ่มคน": "ผู้สูงอายุ"})
    outcome = back(copy)
    assert (outcome.findings, outcome.entries, outcome.entries_merged) == ([], 1, 1)
    sheet = sheet_of(entry)
    assert (sheet.rationale, sheet.method) == (
        "เหตุผลที่แก้ในระบบ",
        "วิธีที่แก้ในแฟ้ม\nบรรทัดที่สอง",
    )
    assert (sheet.promises[0].number, sheet.promises[0].group) == (1200, "elderly")
    assert back(copy).entries == 0


def test_a_text_that_two_changed_is_asked_and_the_answer_taken(entry, out, back, cast):
    saved(entry, cast, rationale="ของระบบ")
    copy = typed(out, TEXTS, {"หลักการและเหตุผล": "ของแฟ้ม", "ลักษณะโครงการ": "ใหม่"})
    refused = back(copy)
    [finding] = refused.findings
    assert (finding.code, finding.column, finding.value, finding.facts["held"]) == (
        "cell_in_doubt", "หลักการและเหตุผล", "ของแฟ้ม", "ของระบบ",
    )  # fmt: skip
    assert sheet_of(entry).method != "ใหม่"
    cell = (entry.pk, "entry.rationale")
    assert back(copy, {cell: HELD}).entries == 1
    assert (sheet_of(entry).rationale, sheet_of(entry).method) == ("ของระบบ", "ใหม่")
    assert back(copy, {cell: FILE}).entries == 1
    assert sheet_of(entry).rationale == "ของแฟ้ม"


def test_a_new_promise_goes_in_once(entry, out, back):
    row = first_free_row(out, PROMISES)
    new = {
        "รหัสโครงการ": f"{entry.project.code} : ชื่อ", "ผู้ได้รับประโยชน์": "=ผู้ค้าริมคลอง", "จำนวน": 40,
        "หน่วยนับ": "ราย", "สิ่งที่เปลี่ยนไป": "ขายของได้ทุกวัน", "ตั้งแต่เดือน": "5 : กุมภาพันธ์",
        "จำนวนเมื่อได้เงินร้อยละ 50": 25,
    }  # fmt: skip
    before = len(sheet_of(entry).promises)
    copy = typed(out, PROMISES, {**new, "ผู้ได้รับประโยชน์": "ผู้ค้าริมคลอง"}, row=row)
    assert codes(back(copy)) == []
    *_, promise = sheet_of(entry).promises
    assert (promise.who_th, promise.number, promise.from_month, promise.levels) == (
        "ผู้ค้าริมคลอง", 40, 5, ((50, 25),),
    )  # fmt: skip
    again = back(copy)
    assert (again.findings, again.entries) == ([], 0)
    assert len(sheet_of(entry).promises) == before + 1


def test_a_row_taken_out_here_stays_out_unless_the_file_changes_it(entry, out, back, cast):
    kept = sheet_of(entry).activities
    now = ProjectEntry.objects.get(pk=entry.pk)
    save_entry(
        now.pk, EntryInput(activities=kept[1:]), revision=now.revision, actor=cast.anong, at=NOON
    )
    assert back(out).findings == []
    assert sheet_of(entry).activities == kept[1:]
    copy = typed(out, ACTIVITIES, {"ช่วงงาน": "สำรวจใหม่"})
    [finding] = back(copy).findings
    row = (entry.pk, f"activities.{kept[0].order}")
    assert (finding.code, finding.facts["name"]) == ("row_gone", row[1])
    assert back(copy, {row: HELD}).entries == 0
    assert back(copy, {row: FILE}).entries == 1
    assert sheet_of(entry).activities == (replace(kept[0], name_th="สำรวจใหม่"), *kept[1:])


MISTAKES = [
    (TEXTS, {"ชื่อโครงการ": None}, "cell_blank"),
    (TEXTS, {"เดือนเริ่ม": "12 : กันยายน", "เดือนสิ้นสุด": "1 : ตุลาคม"}, "months_reversed"),
    (TEXTS, {"เดือนเริ่ม": "เดือนหน้า"}, "month_not_understood"),
    (TEXTS, {"ที่มาของโครงการ": "เพื่อนบ้าน"}, "choice_unknown"),
    (TEXTS, {"ลักษณะโครงการ": "ก" * 20_001}, "cell_too_long"),
    (TEXTS, {"รหัสโครงการ": "00000000-0000"}, "code_unknown"),
    (TEXTS, {"ครั้งที่บันทึก": None}, "cell_blank"),
    (TEXTS, {"ครั้งที่บันทึก": 999_999_999, "ลักษณะโครงการ": "ใหม่"}, "entry_without_base"),
    (PROMISES, {"จำนวน": "มาก"}, "number_not_understood"),
    (PROMISES, {"จำนวน": 0}, "number_not_above_zero"),
    (PROMISES, {"จำนวน": 10, "จำนวนเมื่อได้เงินร้อยละ 50": 11}, "level_above_more_money"),
    (PROMISES, {"เขต (รหัส คั่นด้วยจุลภาค)": "9999"}, "code_unknown"),
    (PROMISES, {"วัดด้วยตัวชี้วัด": "ไม่มี"}, "code_unknown"),
    (ACTIVITIES, {"ค่าน้ำหนัก (ร้อยละ)": 101}, "number_outside"),
]


def test_each_mistake_is_told_at_its_cell_and_nothing_is_stored(entry, out, back):
    before = sheet_of(entry)
    for sheet, cells, code in MISTAKES:
        outcome = back(typed(out, sheet, cells))
        found = [finding for finding in outcome.findings if finding.code == code]
        assert found, (cells, codes(outcome))
        assert {(finding.sheet, finding.row) for finding in found} == {(sheet, HEADING + 1)}
        assert sheet_of(entry) == before


def test_an_entry_that_may_not_be_changed_any_more_is_told(make, back, cast):
    make.entry("submitted")
    out = agency_template(DRAINAGE, YEAR)
    assert back(out).findings == []
    [finding] = back(typed(out, TEXTS, {"ลักษณะโครงการ": "ใหม่"})).findings
    assert (finding.code, finding.facts["rule"]) == ("row_breaks_a_rule", "not_permitted")


def test_an_equals_sign_is_text_and_stays_so(entry, back, cast):
    saved(entry, cast, rationale='=HYPERLINK("http://x")', method="+1", place_text="@ริมคลอง")
    out = agency_template(DRAINAGE, YEAR)
    book = openpyxl.load_workbook(io.BytesIO(out))
    assert not any(
        cell.data_type == "f" for name in (TEXTS, PROMISES) for row in book[name] for cell in row
    )
    outcome = back(out)
    assert (outcome.findings, outcome.entries) == ([], 0)


def test_dry_run_tells_the_same_and_writes_nothing(entry, out, back):
    before = sheet_of(entry)
    copy = typed(out, TEXTS, {"ลักษณะโครงการ": "ใหม่"})
    assert back(copy, dry_run=True).entries == 1
    assert sheet_of(entry) == before
    assert Promise.objects.count() == len(before.promises)


def test_the_page_takes_the_choice_of_a_text(client, users, entry, out, cast, tmp_path):
    saved(entry, cast, rationale="ของระบบ")
    path = tmp_path / "copy.xlsx"
    path.write_bytes(typed(out, TEXTS, {"หลักการและเหตุผล": "ของแฟ้ม"}))
    client.force_login(users.anong)
    cell = f"cell-{entry.pk}-entry.rationale"

    def send(**more):
        with path.open("rb") as file:
            given = {"profile": "nayu", "fiscal_year": str(YEAR), "for_good": "1", "file": file}
            return client.post("/files-in/", given | more)

    asked = send()
    assert asked.status_code == 422
    assert asked.content.decode().count(f'name="{cell}"') == 2
    assert send(**{cell: "file"}).status_code == 200
    assert sheet_of(entry).rationale == "ของแฟ้ม"


@pytest.mark.parametrize("state", ["draft", "submitted", "in_plan"])
def test_a_text_changes_by_a_file_exactly_where_it_may_be_changed_on_its_page(
    make, back, cast, state
):
    entry = make.entry(state)
    copy = typed(agency_template(DRAINAGE, YEAR), TEXTS, {"ลักษณะโครงการ": "จากแฟ้ม"})
    before = sheet_of(entry)
    for name, person in vars(cast).items():
        allowed = may(person, "project.edit", state=state, agency_code=DRAINAGE)
        try:
            outcome = back(copy, actor=person, dry_run=True)
        except NotPermitted:
            assert not allowed, name
            continue
        assert (outcome.entries == 1) == allowed, name
        assert outcome.is_refused != allowed, name
        assert sheet_of(entry) == before


def test_a_row_of_another_agencys_project_tells_nothing_of_it(make, back, cast):
    other = make.entry("draft", planner=cast.chai)
    make.entry("draft")
    out = agency_template(DRAINAGE, YEAR)
    told = []
    for code in (other.project.code, "13000000-9999"):
        copy = typed(out, TEXTS, {"รหัสโครงการ": code, "ลักษณะโครงการ": "ใหม่"})
        told.append([(f.code, f.row) for f in back(copy).findings])
    assert told[0] == told[1] != []

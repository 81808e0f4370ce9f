"""Two copies of an agency's workbook: what both changed is asked on the page."""

import io
import zipfile

AGENCY, CODE, YEAR = "11000000", "11000000-0002", 2570
GRID = f"/{YEAR}/projects/{CODE}/lines/table/"
ITEM = "tbody tr:first-child [data-column=item]"


def with_text(workbook: bytes, old: str, new: str) -> bytes:
    """The workbook with one text of its cells changed, as Excel would store it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sharedStrings.xml"):
                assert old.encode() in content
                content = content.replace(f">{old}<".encode(), f">{new}<".encode())
            made.writestr(name, content)
    return target.getvalue()


def saved(who) -> None:
    who.page.wait_for_function(
        "() => /(บันทึกแล้ว|Saved at) \\d\\d/.test(document.getElementById('save-state').textContent)",
        timeout=20_000,
    )


def test_a_cell_that_two_changed_is_chosen_on_the_page(reader):
    who = reader("th", 1280).sign_in("anong").open(GRID)
    item = who.page.input_value(ITEM)
    out = who.page.request.get(f"{who.url}/files-in/{YEAR}/template/{AGENCY}.xlsx").body()
    who.page.fill(ITEM, f"{item} ชุดใหม่")
    saved(who)

    copy = {
        "name": "copy.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": with_text(out, item, f"{item} แบบแฟ้ม"),
    }

    def send(button: str) -> str:
        who.page.fill("#fiscal_year", str(YEAR))
        who.page.set_input_files("#file", copy)
        who.click(button)
        return who.text()

    who.open("/files-in/")
    asked = send("form[enctype] button.pri")
    assert f"{item} แบบแฟ้ม" in asked
    assert f"{item} ชุดใหม่" in asked
    who.page.set_viewport_size({"width": 360, "height": 900})
    who.look()
    who.page.check("input[type=radio][value=file] >> nth=0")
    send("form[enctype] button[name=for_good]")
    assert who.open(GRID).page.input_value(ITEM) == f"{item} แบบแฟ้ม"
    who.page.fill(ITEM, item)
    saved(who)

"""The table of budget lines in a browser: paste from Excel, fill down, undo, two people, a dead network."""

CODE, YEAR = "11000000-0002", 2570
AT = f"/{YEAR}/projects/{CODE}/lines/table/"
PASTED = "รายการ\tจำนวน\tหน่วยนับ\tราคาต่อหน่วย (บาท)\nสายสูบน้ำ\t๑๒\tเส้น\t4,500\n\t\t\t\nถุงทราย\t2,000\tใบ\t๑๘\n"
PASTE = """([selector, text]) => {
  const first = [...document.querySelectorAll(selector)].find((cell) => !cell.value);
  first.focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  first.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def saved(who) -> None:
    who.page.wait_for_function(
        "() => /(บันทึกแล้ว|Saved at) \\d\\d/.test(document.getElementById('save-state').textContent)",
        timeout=20_000,
    )


def values(who, column: str) -> list[str]:
    return who.page.eval_on_selector_all(
        f"tbody [data-column={column}]", "cells => cells.map(c => c.value).filter(Boolean)"
    )


def total(who) -> str:
    return who.page.inner_text("[data-total]")


def test_rows_are_pasted_filled_down_undone_and_stay(reader):
    who = reader("th", 1280).sign_in("anong").open(AT)
    before, items = total(who), values(who, "item")
    who.page.evaluate(PASTE, ["tbody [data-column=item]", PASTED])
    saved(who)
    who.look()
    assert values(who, "item") == [*items, "สายสูบน้ำ", "ถุงทราย"]
    assert total(who) != before

    unit = who.page.locator("tbody tr [data-column=unit]").nth(len(items))
    unit.focus()
    unit.press("ArrowDown")
    assert who.page.evaluate("document.activeElement.value") == "ใบ"
    who.page.keyboard.press("Control+d")
    assert values(who, "unit")[len(items) + 1] == "เส้น"
    who.page.keyboard.press("Control+z")
    assert values(who, "unit")[len(items) + 1] == "ใบ"
    saved(who)
    who.page.reload()
    assert values(who, "item") == [*items, "สายสูบน้ำ", "ถุงทราย"]
    assert values(who, "unit")[len(items) + 1] == "ใบ"

    for left in (len(items) + 1, len(items)):
        who.page.locator("tbody input[name$=-remove]").nth(len(items)).check()
        who.page.wait_for_function(
            "left => document.querySelectorAll('tbody tr[data-row^=line]').length === left",
            arg=left,
        )
    who.open(AT)
    assert (values(who, "item"), total(who)) == (items, before)


def test_two_windows_on_one_cell_choose_and_a_dead_network_keeps_it(reader):
    one, two = (
        reader("th", 1280).sign_in("anong").open(AT),
        reader("en", 360).sign_in("anong").open(AT),
    )
    cell = "tbody tr:first-child [data-column=unit]"
    was = one.page.input_value(cell)
    one.page.fill(cell, "ชุด ก")
    saved(one)
    two.page.fill(cell, "ชุด ข")
    two.page.wait_for_selector("[data-notes] li")
    two.look()
    assert "ชุด ก" in two.page.inner_text("[data-notes]")
    two.page.click("[data-notes] button:has-text('Keep mine')")
    saved(two)

    one.open(AT)
    one.page.context.set_offline(True)
    one.page.fill(cell, was)
    one.page.wait_for_function(
        "() => document.getElementById('save-state').textContent.includes('ไม่มีการเชื่อมต่อ')"
    )
    one.page.context.set_offline(False)
    saved(one)
    one.page.reload()
    assert one.page.input_value(cell) == was
    two.open(f"/{YEAR}/prices/?q=โคม")

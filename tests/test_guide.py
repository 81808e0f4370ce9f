"""The guide's first project, walked as it is written: every name in it is a name on the screen."""

import re

from tools.guide import FIRST_PROJECT, Deed, deeds_of, keys_of, minutes_of


def test_the_first_project_of_the_guide(reader):
    who = reader("th", 1280).open("/")
    deeds = deeds_of(FIRST_PROJECT.read_text(encoding="utf-8"))
    assert len(deeds) > 60
    for deed in deeds:
        take(who, deed)
    assert "หน่วยงานเห็นชอบ" in who.text()


def take(who, deed: Deed) -> None:
    page = who.page
    if deed.kind == "press":
        first = named(page, deed.name)
        first.click()
        page.wait_for_load_state("load")
        who.look()
    elif deed.kind == "tick":
        page.get_by_label(deed.name).first.check()
    else:
        label = re.compile(rf"^\s*{re.escape(deed.name)}")
        seen = [one for one in page.get_by_label(label).all() if one.is_visible()]
        assert seen, (page.url, deed)
        field = seen[0]
        if deed.kind == "choose":
            option = field.locator("option").filter(has_text=deed.text).first
            field.select_option(option.get_attribute("value"))
        else:
            field.fill(deed.text)


def named(page, name: str):
    """The link or button of this name: what the page is about first, its frame after."""
    for room in ("main, .deskbar, .desk", "body"):
        for words in (re.compile(rf"^\s*{re.escape(name)}\s*$"), name):
            inside = page.locator(room).locator("a, button, summary").filter(has_text=words)
            for one in inside.all():
                if one.is_visible():
                    return one
    for role in ("button", "link"):  # a picture with a name
        for one in page.get_by_role(role, name=name, exact=True).all():
            if one.is_visible():
                return one
    raise AssertionError(f"nothing on {page.url} is called “{name}”")


def test_it_takes_under_15_minutes_by_hand_as_the_page_says():
    """By the keystroke-level model: it is the count of deeds that is held down, not a clock."""
    guide = FIRST_PROJECT.read_text(encoding="utf-8")
    minutes = minutes_of(guide)
    assert minutes < 15
    deeds, keys = len(deeds_of(guide)), keys_of(guide)
    assert f"{deeds} การกระทำ {keys} ตัวอักษร" in guide
    assert f"ประมาณ {minutes:.0f} นาที" in guide
    assert f"{deeds} deeds and {keys} keys" in guide

"""Profiles: those that come with the program, and what is wrong with a bad one."""

import pytest

from nayu.workbooks.profile import (
    ProfileNotUnderstood,
    ProfileUnknown,
    load_profile,
    profile_names,
    profile_of,
)

SMALL = {"name": "p", "kind": "lines", "columns": {"รายการ": "item", "เงิน": "amount"}}


def test_three_profiles_come_with_the_program():
    assert profile_names() == ["bma-projects", "nayu", "thai-budget-lines"]
    assert [load_profile(name).name for name in profile_names()] == profile_names()


def test_an_unknown_profile_is_refused_with_the_known_ones():
    with pytest.raises(ProfileUnknown) as refusal:
        load_profile("nowhere")

    assert refusal.value.facts["known"] == "bma-projects, nayu, thai-budget-lines"


def test_a_profile_may_be_a_file_of_ones_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\nkind = "lines"\n[columns]\n"ชื่อ" = "item"\n"บาท" = "amount"\n', "utf-8"
    )

    assert load_profile(str(path)).heading_of("amount") == "บาท"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"columns": {"x": "nothing", "a": "amount"}}, "columns: nothing"),
        ({"columns": {"x": "item"}}, "no column for: amount"),
        ({"required": ["unit"]}, "no column for: unit"),
        ({"kind": "rows"}, "kind: rows"),
        ({"unit": "dollars"}, "unit: dollars"),
        ({"era": "hijri"}, "era: hijri"),
        ({"formats": ["pdf"]}, "formats: pdf"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_profile_with_a_mistake_says_which(change, reason):
    with pytest.raises(ProfileNotUnderstood) as refusal:
        profile_of({**SMALL, **change})

    assert reason in refusal.value.facts["reason"]


def test_broken_toml_is_refused(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("name = ", "utf-8")

    with pytest.raises(ProfileNotUnderstood):
        load_profile(str(path))

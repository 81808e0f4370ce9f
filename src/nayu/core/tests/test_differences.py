"""Differences of texts: nothing is lost, Thai is not torn, and spelling is told from sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.core.differences import (
    DELETED,
    INSERTED,
    SAME,
    difference,
    is_layout,
    is_spelling,
    pieces,
)

THAI = st.text(alphabet="กขคงนมาเแไโะ่้ิีืุู็ ์ำ1234567890๑๒๓., abcXYZ\n", max_size=60)


@given(THAI, THAI)
def test_both_texts_can_be_read_back_from_their_difference(before, after):
    told = difference(before, after)

    assert "".join(piece.text for piece in told if piece.kind != INSERTED) == before
    assert "".join(piece.text for piece in told if piece.kind != DELETED) == after
    assert "".join(pieces(before)) == before


def test_a_thai_cluster_is_never_torn():
    told = difference("ลอกคลองยาว 3 กม.", "ลอกคลองยาว 5 กม.")

    assert [(piece.kind, piece.text) for piece in told] == [
        (SAME, "ลอกคลองยาว "), (DELETED, "3"), (INSERTED, "5"), (SAME, " กม."),
    ]  # fmt: skip
    for piece in difference("น้ำไม่ท่วม", "น้ำท่วมน้อยลง"):
        assert not "\u0e31" <= piece.text[0] <= "\u0e4e" or piece.text[0] in "เแโใไ"


def test_changes_with_a_letter_or_two_between_them_are_one():
    told = difference("จัดอบรมครู", "สร้างอาคารเรียน")

    assert [piece.kind for piece in told] == [DELETED, INSERTED]


def test_a_long_text_that_differs_everywhere_is_compared_by_lines():
    before = "\n".join(f"บรรทัดที่ {n} ก่อน" for n in range(800))
    after = "\n".join(f"แถวที่ {n} หลัง" for n in range(800))

    told = difference(before, after)

    assert "".join(piece.text for piece in told if piece.kind != DELETED) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [("ลอก คลอง", "ลอกคลอง"), ("ระยะ 1,200 ม.", "ระยะ ๑๒๐๐ ม"), ("A plan", "a plan,")],
)
def test_blanks_punctuation_and_digits_of_another_script_are_layout(before, after):
    assert is_layout(before, after)
    assert is_spelling(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [("อนุญาติให้ใช้", "อนุญาตให้ใช้"), ("สังเกตุการณ์", "สังเกตการณ์"), ("recieve it", "receive it")],
)
def test_a_misspelt_letter_is_spelling_and_not_layout(before, after):
    assert not is_layout(before, after)
    assert is_spelling(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.5 กม.", "15 กม."),
        ("1200 คน", "1300 คน"),
        ("น้ำท่วม", "น้ำไม่ท่วม"),
        ("for children", "not for children"),
        ("", "ใหม่"),
        ("ลอกคลอง", ""),
        ("ลอกคลองบางเขน", "ลอกคลองลาดพร้าว"),
    ],
)
def test_a_figure_or_a_word_that_turns_the_sense_is_no_spelling(before, after):
    assert not is_spelling(before, after)

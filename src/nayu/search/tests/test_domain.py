"""Folding, words of a query, and marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.core.thai import normalise
from nayu.search.domain import (
    _placed,
    clusters,
    code_key,
    code_tokens,
    excerpt,
    fold,
    fold_normalised,
    mark,
    mark_code,
    parse,
    running_number_token,
    token_of,
)


def hits(text, words):
    return [piece.text for piece in mark(text, parse(words).words) if piece.is_hit]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("๑,๒๓๔ ๕", "1234 5"),
        ("น้ํา", "น้ำ"),
        ("สํานัก", "สำนัก"),
        ("เเม่น้ำ", "แม่น้ำ"),
        ("ลอก คลอง  บางเขน", "ลอกคลองบางเขน"),
        ("Canal", "cANAL"),
        ("ป้องกัน\u200bภัย", "ป้องกันภัย"),
        ("แห่งที่ ๒", "แห่งที่ 2"),
    ],
)
def test_two_spellings_of_one_thing_fold_to_the_same(one, other):
    assert fold(one) == fold(other)


def test_lines_stay_apart():
    assert fold("ลอกคลอง\nบางเขน") == "ลอกคลอง\nบางเขน"


thai = st.text(alphabet="กขสนยเแโาำีือ่้์ ะ,#๑2.-Aßİ\n", max_size=60)


@given(thai)
def test_the_folded_text_with_positions_is_the_folded_text(text):
    text = normalise(text, keep_lines=True)

    folded, at = _placed(text)

    assert folded == fold_normalised(text)
    assert len(at) == len(folded)
    assert at == sorted(at)


@given(thai, thai)
def test_marks_put_together_are_the_text(text, words):
    text = normalise(text, keep_lines=True)

    assert "".join(piece.text for piece in mark(text, parse(words).words)) == text


def test_words_are_marked_in_the_spelling_of_the_text():
    assert hits("ทาสีโรงเรียน ๑,๒๓๔ แห่ง", "สี 1234") == ["สี", "๑,๒๓๔"]
    assert hits("ลอก คลอง", "ลอกคลอง") == ["ลอก คลอง"]


def test_a_mark_never_ends_between_a_letter_and_its_tone():
    assert hits("ที่ดิน", "ที") == ["ที่"]


def test_other_tones_are_marked_where_the_typed_ones_are_missing():
    assert hits("น้ำท่วม", "นำทวม") == ["น้ำท่วม"]
    assert hits("บ้านและบาน", "บาน") == ["บาน"]


def test_hits_that_touch_are_one():
    assert hits("ลอกคลองบางเขน", "ลอก คลอง") == ["ลอกคลอง"]


def test_a_query_drops_quotes_repeats_and_blanks():
    assert [word.text for word in parse(' “น้ำท่วม”  น้ำท่วม, (คลอง) " ').words] == [
        "น้ำท่วม",
        "คลอง",
    ]
    assert parse("  \u200b ").words == ()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("11000000-0012", "11000000-12"),
        ("๑๑๐๐๐๐๐๐-๐๐๑๒", "11000000-12"),
        ("P017", "p-17"),
        ("P-017", "p-17"),
        ("01.04", "1.4"),
        ("0", "0"),
    ],
)
def test_a_code_has_one_key_in_all_its_writings(typed, key):
    assert code_key(typed) == key


def test_a_code_answers_with_and_without_zeros_and_dashes():
    tokens = code_tokens("08000000-0012")

    for typed in ("08000000-0012", "8000000-12", "080000000012", "800000012"):
        assert parse(typed).words[0].token in tokens
    assert running_number_token("08000000-0012") == token_of("12")
    assert code_tokens("strategist") == ()


def test_a_short_word_inside_a_syllable_is_no_cluster():
    assert clusters(fold("สี")) in clusters(fold("ทาสีบ้าน"))
    assert clusters(fold("สี")) not in clusters(fold("ลดเสียง"))
    assert clusters(fold("12")) not in clusters(fold("2123"))


def test_an_excerpt_is_the_line_with_most_words_cut_between_letters():
    long_line = "งานระบายน้ำ" * 30 + "ขุดลอกคลองแสนแสบ" + "และเขื่อนริมน้ำ" * 30
    body = f"คลอง\n{long_line}"

    pieces = excerpt(body, parse("ลอกคลอง แสนแสบ").words)

    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert [p.text for p in pieces if p.is_hit] == ["ลอกคลองแสนแสบ"]
    assert not any(p.text[:1] in "ะาำิีึืุู่้๊๋์ั" for p in pieces)
    assert sum(len(p.text) for p in pieces) < 200


def test_an_excerpt_of_a_body_without_the_words_is_empty():
    assert excerpt("คลอง", parse("ถนน").words) == ()


def test_a_code_in_another_writing_is_marked_whole():
    assert [p.is_hit for p in mark_code("11000000-0012", parse("11000000-12").words)] == [True]
    assert [p.is_hit for p in mark_code("11000000-0012", parse("คลอง").words)] == [False]

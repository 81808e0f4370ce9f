"""Likeness of texts: what counts, how like, all pairs, runs in common."""

import random

import pytest

from nayu.search.domain.likeness import (
    RUN,
    SURE_RUN,
    all_pairs,
    clusters,
    common_runs,
    covered_percent,
    fingerprints,
    likeness,
    marked,
    pieces,
    plain,
)

NAMES = ("บางรัก", "บางกอกน้อย", "บางกอกใหญ่", "สำนักการระบายน้ำ", "สำนักงานเขตบางรัก", "Bang Rak")
WORDS = (
    "ลอกคลอง", "ซ่อมทางเท้า", "ติดไฟส่องสว่าง", "ปลูกต้นไม้", "ผู้สูงอายุ", "เด็กเล็ก", "โรงเรียน", "ตรวจสุขภาพ",
    "น้ำท่วม", "ฝุ่นละออง", "ตลาด", "ชุมชน", "ห้องสมุด", "สวนสาธารณะ", "ขยะ", "รถประจำทาง",
)  # fmt: skip


def letters(text: str) -> str:
    return plain(text, NAMES).letters


def like(one: str, other: str) -> int:
    return likeness(pieces(letters(one)), pieces(letters(other)))


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(words))


# --- what counts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "ลอกคลองในพื้นที่เขตบางกอกน้อย ระยะทาง 12.5 กิโลเมตร",
        "ลอกคลองในพื้นที่ บางกอกใหญ่ ระยะทาง ๓,๒๐๐ กิโลเมตร",
        "ลอกคลองในพื้นที่สำนักงานเขตบางรัก (ระยะทาง) กิโลเมตร",
        "ลอกคลอง\nในพื้นที่เขต Bang Rak ระยะทาง – กิโลเมตร",
    ],
)
def test_numbers_places_signs_and_lines_do_not_count(other):
    assert like("ลอกคลองในพื้นที่เขตบางรัก ระยะทาง 3 กิโลเมตร", other) == 100


def test_thai_vowels_and_tones_are_letters():
    assert letters("ผู้สูงอายุ ที่ ๆ ฿ 5") == "ผู้สูงอายุที่ๆ"


def test_each_letter_knows_its_place_in_the_shown_text():
    text = plain("เขตบางรัก ลอก 3 คลอง Ab", NAMES)
    assert "".join(text.shown[place] for place in text.at).lower() == text.letters == "ลอกคลองab"


# --- how like ----------------------------------------------------------------------------------


def test_likeness_is_symmetric_and_whole_for_equal_texts():
    dice = random.Random(7)
    for _ in range(200):
        one, other = sentence(dice, dice.randint(1, 9)), sentence(dice, dice.randint(1, 9))
        assert like(one, other) == like(other, one)
        assert 0 <= like(one, other) <= 100
        assert like(one, one) == 100
        assert like(f"{one} เขตบางรัก 9", f"๑๒ {one} บางกอกใหญ่") == like(one, one)


def test_texts_of_nothing_are_like_nothing():
    assert like("", "") == 0
    assert like("12", "12") == 0


# --- all pairs -------------------------------------------------------------------------------------


def brute_force(texts, percent):
    return [
        (i, j, share)
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        if (share := likeness(texts[i], texts[j])) >= percent
    ]


@pytest.mark.parametrize("percent", [1, 30, 50, 75, 90, 100])
@pytest.mark.parametrize("seed", range(6))
def test_all_pairs_are_those_that_brute_force_finds(seed, percent):
    dice = random.Random(seed)
    corpus = [sentence(dice, dice.randint(0, 12)) for _ in range(40)]
    for _ in range(40):
        words = dice.choice(corpus).split() or ["ขยะ"]
        words[dice.randrange(len(words))] = dice.choice(WORDS)
        corpus.append(" ".join(words))
    texts = [pieces(letters(text)) for text in corpus]
    found = all_pairs(texts, percent)
    assert found == brute_force(texts, percent)
    assert seed or percent > 90 or found


@pytest.mark.parametrize("seed", range(10))
def test_all_pairs_of_any_sets_are_exact(seed):
    """Sets of few numbers, where everything meets everything."""
    dice = random.Random(seed)
    texts = [
        frozenset(dice.sample(range(24), dice.randint(0, 24))) for _ in range(dice.randint(0, 70))
    ]
    for percent in (1, 33, 60, 90):
        assert all_pairs(texts, percent) == brute_force(texts, percent)


def test_clusters_hang_together_through_pairs():
    assert clusters([(5, 2), (9, 9), (3, 4), (4, 5)]) == [[2, 3, 4, 5], [9]]


# --- runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_a_common_run_of_sure_length_always_has_a_common_fingerprint(seed):
    dice = random.Random(seed)
    alphabet = "กขคงจฉชซ"
    run = "".join(dice.choice(alphabet) for _ in range(SURE_RUN))
    one, other = (
        "".join(dice.choice(alphabet) for _ in range(dice.randint(0, 90)))
        + run
        + "".join(dice.choice(alphabet) for _ in range(dice.randint(0, 90)))
        for _ in range(2)
    )
    assert fingerprints(one) & fingerprints(other)


@pytest.mark.parametrize("seed", range(20))
def test_common_runs_stand_in_both_texts_and_are_as_long_as_they_can_be(seed):
    dice = random.Random(seed)
    one, other = (letters(sentence(dice, 14)) for _ in range(2))
    runs = common_runs(one, other)
    done = 0
    for start, at, length in runs:
        assert one[start : start + length] == other[at : at + length]
        assert length >= RUN
        assert start >= done
        assert one[start : start + length + 1] not in other or start + length == len(one)
        for missed in range(done, start):
            assert one[missed : missed + RUN] not in other
        done = start + length
    assert covered_percent(common_runs(one, one), one) == 100


def test_what_is_alike_is_marked_in_the_text_as_it_is_shown():
    one, other = (
        plain("ลอกคลองเพื่อระบายน้ำให้เร็วขึ้นในเขตบางรัก 3 แห่ง", NAMES),
        plain("งานเพื่อระบายน้ำให้เร็วขึ้นในเขตบางกอกน้อย 40 แห่ง", NAMES),
    )
    runs = common_runs(one.letters, other.letters)
    mine = marked(one, [(start, length) for start, _at, length in runs])
    assert "".join(mark.text for mark in mine) == one.shown
    assert [mark.text for mark in mine if mark.is_hit] == ["เพื่อระบายน้ำให้เร็วขึ้นใน", "แห่ง"]

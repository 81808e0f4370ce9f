"""Names, sizes and room."""

import re
import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nayu.attachments import domain
from nayu.attachments.domain import (
    LARGEST_FILE_BYTES,
    LONGEST_NAME,
    MEDIA,
    MEGABYTE,
    MOST_BYTES,
    MOST_FILES,
    FileEmpty,
    FileTooLarge,
    TooManyFiles,
    TooMuchTogether,
    check_room,
    check_size,
    clean_name,
    content_type_of,
)
from nayu.attachments.messages import KIND_NAMES, MESSAGES
from nayu.attachments.queries import path_of, root
from nayu.core.errors import RuleBroken

PDF = MEDIA["pdf"]
THAI = "ใบเสนอราคาเครื่องสูบน้ำ"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (f"{THAI}.pdf", f"{THAI}.pdf"),
        (f"{THAI} ๒๕๖๘ (ฉบับ 2).PDF", f"{THAI} ๒๕๖๘ (ฉบับ 2).PDF"),
        (f"../../etc/{THAI}.pdf", f"{THAI}.pdf"),
        (f"C:\\งาน\\{THAI}.pdf", f"{THAI}.pdf"),
        (f"{THAI}\x00\x07\n.pdf", f"{THAI}.pdf"),
        (f"{THAI}\u202efdp.exe", f"{THAI}fdp.exe.pdf"),  # seemed to be …exe.pdf, was an .exe
        (f"{THAI}.exe", f"{THAI}.exe.pdf"),
        (f"{THAI}.png", f"{THAI}.pdf"),
        ("แบบ v1.2", "แบบ v1.2.pdf"),
        ("แบบ", "แบบ.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("..", "ไฟล์แนบ.pdf"),
        ("", "ไฟล์แนบ.pdf"),
        ("\u202e\u200b", "ไฟล์แนบ.pdf"),
        ("___", "ไฟล์แนบ.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1.pdf"),
        ('a<b>:"c|d?*.pdf', "a-b---c-d--.pdf"),
        ("  ก   ข .pdf ", "ก ข.pdf"),
    ],
)
def test_names(sent, kept):
    assert clean_name(sent, PDF) == kept


def test_a_name_of_300_thai_letters_keeps_its_beginning_and_its_ending():
    kept = clean_name("น้ำท่วม" * 43 + ".pdf", PDF)

    assert 245 <= len(kept) <= LONGEST_NAME
    assert ("น้ำท่วม" * 43).startswith(kept.removesuffix(".pdf"))
    assert kept.endswith(".pdf")


@pytest.mark.parametrize("shift", range(4))
def test_a_cut_leaves_no_letter_without_its_marks(shift):
    name = "ก" * shift + "ปุ้" * 100
    stem = clean_name(f"{name}.pdf", PDF).removesuffix(".pdf")
    assert unicodedata.category(name[len(stem)]) != "Mn"


THAI_LETTERS = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E2E), min_size=1)


@given(st.text(max_size=400), st.sampled_from(sorted(MEDIA)))
def test_a_name_is_one_plain_visible_line_with_the_ending_of_its_kind(text, code):
    media = MEDIA[code]
    kept = clean_name(text, media)

    assert 0 < len(kept) <= LONGEST_NAME
    assert not set(kept) & set('/\\<>:"|?*\0')
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in kept)
    assert kept.rpartition(".")[2].lower() in media.endings
    assert not kept.startswith((".", " "))
    assert clean_name(kept, media) == kept


@given(st.text(max_size=20), THAI_LETTERS.filter(lambda t: len(t) < 200))
def test_thai_letters_stay(folder, thai):
    folder = folder.replace("\\", "/")
    assert thai in clean_name(f"{folder}/{thai}.pdf", PDF)


@given(st.text())
def test_no_name_leads_out_of_the_folder_since_no_file_lies_under_a_name(text):
    try:
        path = path_of(text)
    except ValueError:
        return
    assert path.resolve().is_relative_to(root().resolve())


@given(st.binary(min_size=32, max_size=32))
def test_a_file_lies_under_its_hash(digest):
    assert path_of(digest.hex()).resolve().is_relative_to(root().resolve())


def test_a_table_is_told_from_other_text_by_its_ending():
    assert content_type_of(MEDIA["txt"], "ก.csv") == "text/csv"
    assert content_type_of(MEDIA["txt"], "ก.txt") == "text/plain"
    assert content_type_of(PDF, "ก.csv") == "application/pdf"


def test_nothing_that_can_run_is_shown_in_a_page():
    shown = {media.content_type for media in MEDIA.values() if media.is_shown}
    assert shown == {"application/pdf", "image/png", "image/jpeg", "image/webp"}
    types = {content_type_of(media, f"x.{e}") for media in MEDIA.values() for e in media.endings}
    assert not any(re.search("html|xml$|svg|javascript", one) for one in types)


def test_sizes():
    check_size("ก", 1)
    check_size("ก", LARGEST_FILE_BYTES)
    with pytest.raises(FileEmpty):
        check_size("ก", 0)
    with pytest.raises(FileTooLarge) as refusal:
        check_size("ก", LARGEST_FILE_BYTES + 1)
    assert refusal.value.facts == {"name": "ก", "megabytes": 21, "limit": 20}


def test_room():
    check_room(MOST_FILES - 1, MOST_BYTES - 5, 5)
    with pytest.raises(TooManyFiles):
        check_room(MOST_FILES, 0, 1)
    with pytest.raises(TooMuchTogether) as refusal:
        check_room(9, 190 * MEGABYTE, 20 * MEGABYTE)
    assert refusal.value.facts == {"held": 190, "megabytes": 20, "limit": 200}


def rules() -> set[str]:
    return {
        value.code
        for value in vars(domain).values()
        if isinstance(value, type) and issubclass(value, RuleBroken) and value is not RuleBroken
    }


def test_every_rule_has_a_sentence():
    assert rules() == set(MESSAGES)
    assert set(KIND_NAMES) == set(domain.KINDS)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_speaks_thai_and_english_with_the_same_facts(code):
    said = {}
    for language in ("th", "en"):
        with translation.override(language):
            said[language] = str(MESSAGES[code])
    assert re.search("[ก-๙]{6}", said["th"])
    assert not re.search("[ก-๙]", said["en"])
    facts = [set(re.findall(r"%\((\w+)\)s", words)) for words in said.values()]
    assert facts[0] == facts[1]

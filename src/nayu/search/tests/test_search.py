"""What is found, in which order, and by whom; the same on both databases."""

import pytest
from django.db import connection
from django.db.models import Q

from nayu.search import services
from nayu.search.domain import AGENCY, GOAL, INDICATOR, PROJECT, PUBLIC, WORKING, Document
from nayu.search.models import SearchEntry
from nayu.search.queries import Cursor, search

pytestmark = pytest.mark.django_db


def project(number, title, **changes):
    code = f"11000000-{number:04d}"
    return Document(PROJECT, code, title, **{"code": code, "fiscal_year_be": 2569, **changes})


def keys(words, **options):
    return [int(hit.key[-4:]) for hit in search(words, **options).hits]


def test_a_word_is_found_inside_a_longer_word():
    services.put(
        [
            project(1, "ส่งเสริมกตัญญูรู้คุณ"),
            project(2, "แก้ไขน้ำท่วมซ้ำซาก"),
            project(3, "ปรับปรุงทางเท้า"),
        ]
    )

    assert keys("กตัญญู") == [1]
    assert keys("ท่วม") == [2]
    assert keys("น้ำ") == [2]
    assert keys("จักรยาน") == []


def test_words_of_two_letters_are_found_and_syllables_come_before_parts_of_them():
    services.put(
        [
            project(1, "ลดเสียงดังจากรถ"),
            project(2, "งานทาสีโรงเรียน"),
            project(3, "ร้านยาชุมชน"),
            project(4, "ปลูกต้นไม้"),
        ]
    )

    assert keys("สี") == [2, 1]
    assert keys("ยา") == [3]
    assert keys("ยา ชุมชน") == [3]


@pytest.mark.parametrize(
    "typed",
    ["11000000-0012", "11000000-12", "110000000012", "๑๑๐๐๐๐๐๐-๐๐๑๒", "0012", "11000000-001"],
)
def test_a_code_is_found_with_and_without_zeros_and_dashes(typed):
    services.put([project(12, "ลอกคลอง"), project(340, "ปลูกป่า")])

    assert keys(typed) == [12]


def test_the_thing_of_that_code_comes_first():
    services.put(
        [
            Document(GOAL, "a-0001", "เรื่องอื่น", code="1.4.10"),
            Document(GOAL, "b-0002", "ไม่ท่วม", code="1.4.1"),
            project(3, "ทำตาม 1.4.1", fiscal_year_be=2570),
        ]
    )

    assert keys("๑.๔.๑")[0] == 2
    assert sorted(keys("1.4.1")) == [1, 2, 3]


def test_a_code_without_its_zeros_does_not_find_longer_numbers():
    services.put([project(12, "ก"), project(120, "ข")])

    assert keys("11000000-12") == [12]


def test_both_digit_systems_and_commas_are_one():
    services.put([project(1, "ไฟส่องสว่าง ๑,๒๐๐ ดวง ปี ๒๕๖๙"), project(2, "กล้อง 1200 ตัว")])

    assert sorted(keys("1200")) == sorted(keys("๑๒๐๐")) == sorted(keys("1,200")) == [1, 2]
    assert keys("2569") == [1]


def test_sara_am_is_found_however_it_was_typed():
    services.put([project(1, "พัฒนาสํานักงาน"), project(2, "ปรับปรุงสำนักงานเขต")])

    assert sorted(keys("สำนักงาน")) == sorted(keys("สํานักงาน")) == [1, 2]


def test_wrong_and_missing_tones_come_second_and_say_so():
    services.put([project(1, "นำทวมทุ่ง"), project(2, "แก้ไขน้ำท่วม"), project(3, "ป้าย")])

    found = search("น้ำท่วม")

    assert [(int(h.key[-4:]), h.has_other_tones) for h in found.hits] == [(2, False), (1, True)]
    assert keys("น่ำท้วม") == [1, 2] or keys("น่ำท้วม") == [2, 1]
    assert all(h.has_other_tones for h in search("น่ำท้วม").hits)


def test_a_short_word_is_taken_as_typed_unless_nothing_is_found():
    services.put([project(1, "นำร่องรถไฟฟ้า"), project(2, "คลองใส")])
    assert keys("นำ") == [1]
    assert keys("น้ำ") == [1]

    services.put([project(3, "บ่อน้ำ")])
    assert keys("น้ำ") == [3]


def test_the_title_itself_comes_first_then_its_beginning_then_inside_then_the_text():
    services.put(
        [
            project(1, "งานทั่วไป", body="รวมถึงการลอกคลองบางเขน"),
            project(2, "โครงการลอกคลองบางเขนระยะที่ 2"),
            project(3, "ลอกคลองบางเขนและบางซื่อ"),
            project(4, "ลอกคลอง บางเขน"),
        ]
    )

    assert keys("ลอกคลองบางเขน") == [4, 3, 2, 1]


def test_what_says_it_more_often_comes_first():
    services.put(
        [
            project(1, "สวน ก", body="ปลูกต้นไม้"),
            project(2, "สวน ข", body="ต้นไม้ใหญ่\nต้นไม้เล็ก\nต้นไม้"),
        ]
    )

    assert keys("ต้นไม้") == [2, 1]


def test_all_words_must_be_there_in_any_order():
    services.put([project(1, "ลอกคลองบางเขน"), project(2, "ลอกคลองสามเสน")])

    assert keys("บางเขน ลอก") == [1]
    assert keys("ลอก ถนน") == []


def test_english_titles_are_found_without_regard_to_case():
    services.put([project(1, "ลอกคลอง", title_en="Dredging the Bang Khen canal")])

    assert keys("bang KHEN") == [1]


@pytest.mark.parametrize(
    "typed", ['"', "''", "%", "_", "\\", "a* OR b", "ลอก%", "NEAR(", "^", "{", ":", "#", "#12#"]
)
def test_signs_of_query_languages_are_letters_like_others(typed):
    services.put([project(12, "ลอกคลอง ร้อยละ 50%")])

    found = keys(typed)

    assert found == ([12] if typed == "%" or typed == "#12#" else [])


def test_a_percent_sign_is_no_wildcard():
    services.put([project(1, "ลดลง 50% ใน 2 ปี"), project(2, "ลดลง 507 ราย")])

    assert keys("50%") == [1]


def test_year_and_kind_narrow_and_are_counted():
    services.put(
        [
            project(1, "ลอกคลอง", fiscal_year_be=2569),
            project(2, "ลอกคลอง", fiscal_year_be=2570),
            Document(AGENCY, "0003", "สำนักลอกคลอง"),
            Document(INDICATOR, "0004", "ความยาวที่ลอกคลอง"),
        ]
    )

    found = search("ลอกคลอง", fiscal_year_be=2570, kinds=[PROJECT])

    assert [hit.key[-4:] for hit in found.hits] == ["0002"]
    assert found.total == 1
    assert found.by_kind == {"agency": 1, "indicator": 1, "project": 1}
    assert found.by_year == {2570: 1, 2569: 1}
    assert search("ลอกคลอง").total == 4
    assert search("ลอกคลอง").by_year == {2570: 3, 2569: 3}


def test_pages_follow_one_another_without_loss_or_repeat():
    services.put([project(n, f"ลอกคลอง {'ลอกคลอง ' * (n % 4)}") for n in range(1, 24)])

    seen, after = [], None
    while True:
        found = search("ลอกคลอง", limit=5, after=after)
        assert found.total == 23
        seen += [hit.key for hit in found.hits]
        if found.next_after is None:
            break
        after = Cursor.read(str(found.next_after))

    assert len(seen) == len(set(seen)) == 23


@pytest.mark.parametrize("text", ["", "-", "1", "x-1", "1-2-3", "9" * 30 + "-1", "๑-๒", "-1-2"])
def test_a_cursor_that_is_none_begins_at_the_beginning(text):
    assert Cursor.read(text) is None


def test_hits_carry_marked_titles_and_snippets():
    services.put([project(1, "งานคลอง", body="เหตุผล\nขุดลอกคลองแสนแสบให้น้ำไหล")])

    hit = search("แสนแสบ").hits[0]

    assert [m.text for m in hit.snippet if m.is_hit] == ["แสนแสบ"]
    assert [m.is_hit for m in hit.title_th] == [False]


def test_nothing_asked_finds_nothing_and_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert search("  ").hits == ()


@pytest.mark.parametrize("rows", [1, 3])
def test_any_number_of_hits_costs_two_queries(rows, django_assert_num_queries):
    services.put([project(n, "ลอกคลอง") for n in range(1, rows + 1)])

    with django_assert_num_queries(2):
        assert search("ลอกคลอง").total == rows


def test_without_leave_only_public_documents_are_found_and_counted():
    services.put(
        [
            project(1, "ลอกคลองลับ", audience=WORKING, subject_id=1),
            project(2, "ลอกคลองเปิด", audience=PUBLIC),
        ]
    )

    found = search("ลอกคลอง")

    assert [hit.key[-4:] for hit in found.hits] == ["0002"]
    assert (found.total, found.by_kind, found.by_year) == (1, {"project": 1}, {2569: 1})
    assert search("ลอกคลอง", visible=Q(audience=WORKING)).total == 1


def test_a_working_document_stands_for_its_published_twin_only_for_those_who_see_it():
    services.put(
        [
            project(1, "ลอกคลองใหม่", audience=WORKING, subject_id=1),
            project(1, "ลอกคลองเดิม", audience=PUBLIC),
        ]
    )

    assert [h.audience for h in search("ลอกคลอง", visible=Q()).hits] == [WORKING]
    assert [h.audience for h in search("เดิม", visible=Q()).hits] == [PUBLIC]
    assert [h.audience for h in search("ลอกคลอง").hits] == [PUBLIC]


# --- keeping the index -------------------------------------------------------------------------


def test_a_document_put_again_replaces_itself_in_the_trigrams_too():
    services.put([project(1, "ลอกคลอง")])
    services.put([project(1, "ปลูกต้นไม้")])

    assert (keys("ลอกคลอง"), keys("ต้นไม้")) == ([], [1])
    assert SearchEntry.objects.count() == 1


def test_what_is_dropped_is_not_found():
    services.put([project(1, "ลอกคลอง"), project(2, "ลอกคลอง")])

    assert services.drop(PROJECT, ["11000000-0001", "11000000-0009"]) == 1
    assert keys("ลอกคลอง") == [2]


def test_a_part_rebuilt_holds_these_and_no_others_and_leaves_the_rest():
    services.put(
        [
            project(1, "ลอกคลอง"),
            project(2, "ลอกคลอง"),
            project(3, "ลอกคลอง", fiscal_year_be=2570),
            Document(AGENCY, "0004", "ลอกคลอง"),
            project(5, "ลอกคลอง", audience=WORKING),
        ]
    )

    services.rebuild(
        [project(2, "ลอกคลองยาว")], audience=PUBLIC, kinds=[PROJECT], fiscal_year_be=2569
    )

    assert sorted(keys("ลอกคลอง", visible=Q())) == [2, 3, 4, 5]
    assert keys("คลองยาว") == [2]


def test_three_letters_are_answered_from_the_index():
    services.put([project(1, "ลอกคลอง")])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT id FROM search_searchentry WHERE toneless LIKE %s", ["%ลอกคลอง%"]
            )
            wanted = "search_trigrams_toneless"
        else:
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT id FROM search_searchentry WHERE id IN (SELECT rowid"
                " FROM search_trigrams WHERE search_trigrams MATCH %s)",
                ['toneless : ("ลอกคลอง")'],
            )
            wanted = "search_trigrams"
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert wanted in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own indexes")
def test_the_trigram_table_agrees_with_the_rows():
    services.put([project(n, f"ลอกคลอง {n}") for n in range(5)])
    services.put([project(1, "อื่น")])
    services.drop(PROJECT, ["11000000-0002"])

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_trigrams (search_trigrams, rank) VALUES ('integrity-check', 1)"
        )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL's character type")
def test_the_database_makes_trigrams_of_thai():
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_length(show_trgm(%s), 1)", ["ผู้สูงอายุ"])
        assert cursor.fetchone()[0] > 3

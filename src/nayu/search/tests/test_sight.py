"""Nobody finds what they may not see, and nobody finds what is no longer so.

Each test first makes sure that there is something that could leak.
"""

import pytest

from conftest import NOON, line_input, whole_input
from nayu.budget import services as budget
from nayu.portal.queries.sight import sight_of
from nayu.portal.services import (
    freshen,
    index_entry,
    index_frame,
    index_published,
    reindex_all,
)
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.publication.models import PlanVersion
from nayu.publication.services import publish
from nayu.search.domain import AGENCY, LINE, PROJECT, PUBLIC, WORKING
from nayu.search.models import SearchEntry
from nayu.search.queries import search

DRAFT = "เขื่อนลับริมคลอง"


def find(words, person):
    """A reader's search as the page does it."""
    freshen(person)
    return search(words, visible=sight_of(person), kinds=[PROJECT])


def names(words, person):
    return ["".join(mark.text for mark in hit.title_th) for hit in find(words, person).hits]


def test_a_draft_is_found_by_its_own_agency_and_by_nobody_else(make, cast):
    make.entry("draft", name=DRAFT)
    reindex_all()
    assert SearchEntry.objects.filter(audience=WORKING, title_th=DRAFT).exists()

    assert names("เขื่อนลับ", cast.anong) == names("เขื่อนลับ", cast.boonmee) == [DRAFT]
    for other in (
        "stranger",
        "chai",
        "chatchai",
        "fah",
        "ganda",
        "hathai",
        "itsara",
        "jira",
        "kwan",
    ):
        found = find("เขื่อนลับ", getattr(cast, other))
        assert (found.hits, found.total, found.by_kind, found.by_year) == ((), 0, {}, {}), other
        assert find(DRAFT, getattr(cast, other)).total == 0, other


def test_a_draft_is_not_betrayed_by_code_tones_or_short_words(make, cast):
    entry = make.entry("draft", name=DRAFT)
    reindex_all()
    asked = [entry.project.code, "11000000-1", "เขือนลับ", "ลับ", "คล", "ลอกคลอง 3 กม."]
    assert all(find(words, cast.anong).total for words in asked)

    for words in asked:
        assert find(words, cast.chai).total == 0, words
        assert find(words, cast.stranger).total == 0, words


def test_the_desks_find_what_is_submitted_and_other_agencies_do_not(make, cast):
    make.entry("submitted", name=DRAFT)
    reindex_all()

    assert names("เขื่อนลับ", cast.fah) == names("เขื่อนลับ", cast.hathai) == [DRAFT]
    assert names("เขื่อนลับ", cast.chai) == names("เขื่อนลับ", cast.stranger) == []


def test_what_is_sent_back_is_gone_from_the_desks_at_once(make, cast):
    entry = make.entry("submitted", name=DRAFT)
    assert names("เขื่อนลับ", cast.fah) == [DRAFT]

    projects.take_step(entry.pk, "return", actor=cast.boonmee, at=NOON, reason="แก้")

    # Even before anything is indexed again, the live row decides.
    assert search("เขื่อนลับ", visible=sight_of(cast.fah)).total == 0
    assert names("เขื่อนลับ", cast.fah) == []
    assert names("เขื่อนลับ", cast.anong) == [DRAFT]


def test_a_saved_entry_is_found_as_saved_without_anybody_indexing_it(make, cast):
    entry = make.entry("draft", name=DRAFT)
    assert names("ตื้นเขิน", cast.anong) == [DRAFT]
    texts = whole_input(2570).texts | {"rationale": "น้ำเน่าเสีย"}

    projects.save_entry(
        entry.pk, whole_input(2570, texts=texts), revision=entry.revision,
        actor=cast.anong, at=NOON,
    )  # fmt: skip

    assert names("เน่าเสีย", cast.anong) == [DRAFT]
    assert names("ตื้นเขิน", cast.anong) == []


def test_an_entry_that_is_gone_is_not_found(make, cast):
    entry = make.entry("draft", name=DRAFT)
    index_entry(entry.pk)
    budget_lines = entry.lines.all()
    budget_lines.delete()
    ProjectEntry.objects.filter(pk=entry.pk).delete()

    assert names("เขื่อนลับ", cast.anong) == []
    index_entry(entry.pk)
    assert not SearchEntry.objects.filter(audience=WORKING).exists()


def test_a_stranger_finds_the_plan_as_published_not_as_it_is_being_changed(make, cast):
    entry = make.entry("in_plan", name="ลอกคลองบางเขน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    budget.change_line(
        entry.lines.get().pk, line_input(item="รถแบ็กโฮใหม่"), revision=1, actor=cast.anong, at=NOON
    )
    ProjectEntry.objects.filter(pk=entry.pk).update(name_th="ชื่อใหม่ยังไม่เผยแพร่", revision=99)
    make.entry("draft", name=DRAFT)
    reindex_all()

    assert names("ลอกคลองบางเขน", cast.stranger) == ["ลอกคลองบางเขน"]
    assert names("ขนดิน", cast.stranger) == ["ลอกคลองบางเขน"]
    for words in ("ชื่อใหม่", "แบ็กโฮ", "เขื่อนลับ"):
        assert names(words, cast.stranger) == []
    assert names("ชื่อใหม่", cast.fah) == ["ชื่อใหม่ยังไม่เผยแพร่"]


def test_staff_find_a_project_once_in_its_working_form(make, cast):
    make.entry("in_plan", name="ลอกคลองบางเขน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)

    assert [hit.audience for hit in find("บางเขน", cast.fah).hits] == [WORKING]
    assert [hit.audience for hit in find("บางเขน", cast.chai).hits] == [PUBLIC]
    assert find("บางเขน", cast.fah).total == 1


def test_a_new_version_takes_the_place_of_the_old_by_itself(make, cast):
    make.entry("in_plan", name="ลอกคลองบางเขน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    assert find("สวน", cast.stranger).total == 0
    make.entry("in_plan", name="สวนริมคลอง")

    second = publish(2570, kind="official", actor=cast.fah, at=NOON)

    assert names("สวน", cast.stranger) == ["สวนริมคลอง"]
    versions = SearchEntry.objects.filter(audience=PUBLIC, kind=PROJECT)
    assert set(versions.values_list("version_id", flat=True)) == {second.pk}


def test_a_later_draft_does_not_hide_the_official_plan(make, cast):
    make.entry("in_plan", name="ลอกคลองบางเขน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    make.entry("reviewed", name=DRAFT)
    draft = publish(2570, kind="draft", actor=cast.fah, at=NOON)
    index_published(draft)

    assert names("คลอง", cast.stranger) == ["ลอกคลองบางเขน"]


def test_a_withdrawn_version_is_not_found(make, cast):
    make.entry("in_plan", name="ลอกคลองบางเขน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    assert find("บางเขน", cast.stranger).total == 1

    PlanVersion.objects.all().delete()

    assert find("บางเขน", cast.stranger).total == 0


def test_the_frame_is_found_by_everybody_in_all_years(frame, cast):
    index_frame()

    agency = search("สำนักการระบายน้ำ", kinds=[AGENCY], fiscal_year_be=2570).hits[0]
    assert agency.url_args == {"code": "11000000"}
    assert search("11000000").hits[0].kind == AGENCY
    assert search("๑๑๐๐๐๐๐๐").total
    assert search("บางเขน").by_kind.get("district") == 1
    assert search("KR-1.1.1-1").hits[0].kind == "indicator"
    assert search("Drainage and Sewerage").total


def test_nothing_new_costs_no_indexing(make, cast):
    make.entry("in_plan", name="ลอกคลองบางเขน")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    assert freshen(cast.anong) > 0

    assert freshen(cast.anong) == 0
    assert freshen(cast.stranger) == 0
    assert not SearchEntry.objects.filter(kind=LINE).exists()


@pytest.mark.parametrize("entries", [1, 3])
def test_freshening_costs_the_same_queries_for_any_number_of_entries(
    make, cast, entries, django_assert_max_num_queries
):
    freshen(cast.anong)
    for number in range(entries):
        make.entry("draft", name=f"ลอกคลอง {number}")

    with django_assert_max_num_queries(25):
        assert freshen(cast.anong) == entries

"""The search page: shareable, marked, counted, and only what the reader may see."""

import re
from html import unescape

import pytest
from django.urls import reverse

from conftest import NOON
from nayu.portal.services import reindex_all
from nayu.publication.services import publish


@pytest.fixture
def city(make, cast):
    make.entry("in_plan", name="ลอกคลองบางเขน")
    make.entry("draft", name="เขื่อนลับริมคลอง")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    reindex_all()


def page(client, **asked):
    response = client.get(reverse("portal:search"), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_reads_marked_results_with_counts(client, city):
    text = page(client, q="คลองบางเขน", year="๒๕๗๐", kind="project")

    assert "ลอก<mark>คลองบางเขน</mark>" in text
    assert "/2570/projects/11000000-0001/?view=published" in text
    assert "kind=project" in text
    assert "เขื่อนลับ" not in text


def test_a_stranger_does_not_learn_of_a_draft(client, city, users):
    assert "<mark>เขื่อนลับ</mark>" not in page(client, q="เขื่อนลับ")

    client.force_login(users.chai)
    assert "<mark>เขื่อนลับ</mark>" not in page(client, q="เขื่อนลับ")

    client.force_login(users.anong)
    assert "<mark>เขื่อนลับ</mark>" in page(client, q="เขื่อนลับ")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": " "},
        {"q": "ไม่มีคำนี้แน่นอน"},
        {"q": "คลอง", "year": "x", "kind": "?", "after": "!"},
        {"q": "คลอง", "year": "2569", "kind": "line"},
        {"q": "<script>"},
        {"q": "a" * 5000},
    ],
)
def test_odd_questions_get_a_page(client, city, asked):
    assert "<script>&" not in page(client, **asked)


def test_the_next_page_follows_the_first(client, city, make, users):
    for number in range(25):
        make.entry("draft", name=f"ปลูกต้นไม้ {number}")
    client.force_login(users.anong)

    first = page(client, q="ปลูกต้นไม้")

    assert first.count("<mark>ปลูกต้นไม้</mark>") == 20
    following = re.search(r'href="([^"]*after=[^"]*)"', first)
    second = client.get(unescape(following.group(1))).content.decode()
    assert second.count("<mark>ปลูกต้นไม้</mark>") == 5


def test_only_reading_is_allowed(client, city):
    assert client.post(reverse("portal:search")).status_code == 405

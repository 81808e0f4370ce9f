"""Pages for everybody: one total everywhere, nothing of a draft, the same cost for any number."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from conftest import DRAINAGE, NOON, line_input
from nayu.budget import services as budget
from nayu.budget.models import Line, Request, RevenueEstimate, StageAmount
from nayu.portal.queries.calendar import bars_of, calendar_of
from nayu.portal.queries.plans import plan_of
from nayu.projects.models import ProjectEntry
from nayu.publication.models import FrozenLine
from nayu.publication.services import publish
from nayu.strategy.models import Element, Target

YEAR = 2570
PROJECT_BAHT, ROUTINE_BAHT = Decimal(4_500_000), Decimal(2_000_000)
YEAR_PAGES = ["home_year", "framework", "projects", "money", "agencies"]


def routine_line(cast, **changes):
    return budget.add_line(
        line_input(item="ค่าไฟสถานีสูบน้ำ", quantity=Decimal(1), unit_price=ROUTINE_BAHT, category_code="2.2", **changes),
        kind="routine", agency_code=DRAINAGE, fiscal_year_be=YEAR, entry_id=None,
        actor=cast.anong, at=NOON,
    )  # fmt: skip


@pytest.fixture
def city(make, cast):
    """Two projects and one routine line published; one secret draft beside them."""
    first = make.entry("in_plan", year=YEAR)
    make.entry("in_plan", year=YEAR, planner=cast.chai, name="ตรวจสุขภาพถึงบ้าน")
    make.entry("draft", year=YEAR, name="เขื่อนลับ")
    routine_line(cast)
    Request.objects.update_or_create(
        agency_id=DRAINAGE, fiscal_year_be=YEAR, defaults={"state": "submitted"}
    )
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    return first


def get(client, name, *args, **asked):
    response = client.get(reverse(f"portal:{name}", args=args), asked)
    assert response.status_code == 200, response.content.decode()[-500:]
    return response


def text_of(response):
    return response.content.decode()


def test_the_same_project_total_stands_on_every_page(client, city):
    total = 2 * PROJECT_BAHT

    assert get(client, "home_year", YEAR).context["plan"].project_total_baht == total
    assert get(client, "framework", YEAR).context["tree_total"] == total
    assert get(client, "framework", YEAR, framework="plan20").context["tree_total"] == total
    assert get(client, "projects", YEAR).context["total"] == total
    assert get(client, "money_part", YEAR, "element", "projects").context["part_total"] == total
    assert "9,000,000.00" in text_of(get(client, "home_year", YEAR))


def test_every_bucket_leads_to_a_page_with_the_same_total_down_to_the_line(client, city):
    money = get(client, "money", YEAR)
    whole = money.context["plan"].total_baht

    assert whole == 2 * PROJECT_BAHT + ROUTINE_BAHT
    for by, totals in money.context["tables"]:
        assert totals.grand_total_baht == sum(row.amount_baht for row in totals.rows) == whole
        for row in totals.rows:
            part = get(client, "money_part", YEAR, by, row.code)
            assert part.context["part_total"] == row.amount_baht
            for frozen, amount in part.context["projects"]:
                narrow = get(client, "money_part", YEAR, by, row.code, project=frozen.project_code)
                assert narrow.context["part_total"] == amount
                assert [a for _line, a in narrow.context["standing"]] == [amount]


def test_a_part_narrowed_to_an_agency_keeps_only_its_money(client, city):
    part = get(client, "money_part", YEAR, "expenditure", "3", agency=DRAINAGE)
    assert part.context["part_total"] == PROJECT_BAHT

    nobody = client.get(
        reverse("portal:money_part", args=[YEAR, "expenditure", "3"]), {"agency": "x"}
    )
    assert nobody.status_code == 404


def test_public_pages_do_not_move_with_working_amounts(client, city):
    RevenueEstimate.objects.create(fiscal_year_be=YEAR, source_id="bma", amount=Decimal(11_000_000))
    before = [get(client, name, YEAR).context["plan"].total_baht for name in YEAR_PAGES]
    assert get(client, "money", YEAR).context["balance"].is_balanced

    StageAmount.objects.update(amount=Decimal(1))
    ProjectEntry.objects.update(name_th="เปลี่ยนชื่อแล้ว")

    assert [get(client, name, YEAR).context["plan"].total_baht for name in YEAR_PAGES] == before
    assert get(client, "money", YEAR).context["balance"].is_balanced
    assert "เปลี่ยนชื่อแล้ว" not in text_of(get(client, "projects", YEAR))


def test_nobody_learns_of_a_draft_but_those_who_may(client, city, users):
    secret = ProjectEntry.objects.get(name_th="เขื่อนลับ")
    address = reverse("portal:project", args=[YEAR, secret.project.code])
    working = {"view": "working"}

    assert client.get(address).status_code == 404
    assert "เขื่อนลับ" not in text_of(get(client, "projects", YEAR))
    assert "เขื่อนลับ" not in text_of(get(client, "projects", YEAR, **working))
    assert "เขื่อนลับ" not in text_of(get(client, "agency", YEAR, DRAINAGE))
    for outsider in (users.chai, users.fah, users.jira):
        client.force_login(outsider)
        assert client.get(address).status_code == 404
        assert "เขื่อนลับ" not in text_of(get(client, "projects", YEAR, **working))
    client.force_login(users.anong)
    assert "เขื่อนลับ" in text_of(client.get(address))
    assert "เขื่อนลับ" in text_of(get(client, "projects", YEAR, **working))


def test_a_stranger_reads_the_published_sheet_and_its_author_the_working_one(client, city, users):
    ProjectEntry.objects.filter(pk=city.pk).update(name_th="ชื่อใหม่ที่ยังไม่ประกาศ")
    code = city.project.code

    stranger = get(client, "project", YEAR, code)
    client.force_login(users.anong)
    author = get(client, "project", YEAR, code)
    as_public = get(client, "project", YEAR, code, view="published")

    assert not stranger.context["working"]
    assert "ชื่อใหม่" not in text_of(stranger)
    assert stranger.context["steps"] == []
    assert author.context["working"]
    assert "ชื่อใหม่" in text_of(author)
    assert [step.state for step in author.context["steps"]][:2] == ["done", "done"]
    assert "ชื่อใหม่" not in text_of(as_public)


def test_the_lines_of_a_project_add_up_at_the_stage_that_is_shown(client, city):
    page = get(client, "project", YEAR, city.project.code)

    assert page.context["line_total"] == sum(a for _l, a, _pk in page.context["line_rows"])
    assert page.context["people"] == 1200
    assert page.context["promises"][0]["amount_baht"] == PROJECT_BAHT
    assert page.context["promises"][0]["per_person_baht"] == Decimal("3750.00")
    (_line, _amount, pk) = page.context["line_rows"][0]
    assert "4,500,000.00" in text_of(get(client, "line", YEAR, pk))


def test_amounts_of_a_later_stage_stand_beside_what_was_requested(client, city, cast):
    Request.objects.filter(fiscal_year_be=YEAR).update(state="proposed")
    for line in Line.objects.filter(entry=city):
        StageAmount.objects.create(line=line, stage_id="proposed", amount=Decimal(4_000_000))
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)

    page = get(client, "project", YEAR, city.project.code)

    assert page.context["is_restaged"]
    assert page.context["requested_total"] == PROJECT_BAHT
    assert page.context["line_total"] == Decimal(4_000_000)
    assert text_of(page).count("4,000,000.00") >= 3


def test_a_line_of_an_older_version_is_no_longer_read(client, city, cast):
    old = FrozenLine.objects.first()
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)

    assert client.get(reverse("portal:line", args=[YEAR, old.pk])).status_code == 404
    assert client.get(reverse("portal:line", args=[YEAR - 1, old.pk])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 2),
        ({"q": "คลอง"}, 1),
        ({"q": "08000000-0001"}, 1),
        ({"agency": DRAINAGE}, 1),
        ({"strategy": "1"}, 2),
        ({"strategy": "2"}, 0),
        ({"district": "whole-city"}, 2),
        ({"district": "50010000"}, 0),
        ({"type": "3"}, 2),
        ({"type": "1"}, 0),
        ({"origin": "agency"}, 2),
        ({"origin": "citizens"}, 0),
        ({"sort": "money", "after": "nothing"}, 2),
        ({"q": "<script>", "sort": "?", "strategy": "x", "agency": "' OR 1"}, 0),
    ],
)
def test_the_list_is_narrowed_and_its_total_follows(client, city, asked, count):
    page = get(client, "projects", YEAR, **asked)

    assert page.context["count"] == count
    assert page.context["total"] == count * PROJECT_BAHT
    assert "<script>&" not in text_of(page)


def test_the_next_page_begins_after_the_last_row_shown(client, city, monkeypatch):
    monkeypatch.setattr("nayu.portal.views.listing.PAGE", 1)

    first = get(client, "projects", YEAR, sort="code")
    second = client.get(reverse("portal:projects", args=[YEAR]) + first.context["paging"].next_href)

    assert [frozen.project_code for frozen, *_x in first.context["rows"]] == ["08000000-0001"]
    assert [frozen.project_code for frozen, *_x in second.context["rows"]] == ["11000000-0001"]
    assert second.context["total"] == first.context["total"]
    assert not second.context["paging"].next_href


def test_people_are_those_counted_as_persons_and_repeats_are_said(client, city):
    home = get(client, "home_year", YEAR)

    assert home.context["people"] == 2400
    assert reverse("portal:how_we_count") in text_of(home)
    assert "/2570/money/element/projects/" in text_of(home)


def test_gaps_of_the_framework_are_marked(client, city):
    Target.objects.filter(fiscal_year_be=YEAR).delete()
    page = get(client, "framework", YEAR)
    goals = Element.objects.filter(framework__code="nine", level__is_linkable=True).count()

    assert page.context["gaps"] == goals - 1
    assert page.context["untargeted"]
    assert text_of(page).count("ยังไม่มีโครงการ") >= goals - 1


def test_an_element_shows_its_projects_indicators_and_total(client, city):
    page = get(client, "element", YEAR, "nine", "1.4.1")
    above = get(client, "element", YEAR, "nine", "1")

    assert page.context["projects_total"] == above.context["projects_total"] == 2 * PROJECT_BAHT
    assert page.context["indicators"]
    assert client.get(reverse("portal:element", args=[YEAR, "nine", "77"])).status_code == 404


def test_an_agency_states_its_count_of_the_year_mandate_and_money(client, city):
    agency = get(client, "agency", YEAR, DRAINAGE)

    assert agency.context["by_type"].grand_total_baht == PROJECT_BAHT + ROUTINE_BAHT
    assert agency.context["uses"] is None
    assert agency.context["agency"].mandate_th in text_of(agency)
    assert len(get(client, "agencies", YEAR).context["rows"]) == 72


@pytest.mark.parametrize("name", YEAR_PAGES)
@pytest.mark.parametrize("year", [2566, 2568, 2571])
def test_a_year_without_a_published_plan_has_pages_that_say_so(client, frame, name, year):
    get(client, name, year)


@pytest.mark.parametrize("year", ["1999", "2026", "99999", "999999999999999999999"])
@pytest.mark.parametrize("page", ["", "framework/", "projects/", "money/", "agencies/"])
def test_a_year_that_is_none_is_not_found(client, frame, year, page):
    assert client.get(f"/{year}/{page}").status_code == 404


def test_the_year_switch_keeps_the_page(client, city, settings):
    settings.TODAY = date(2025, 7, 15)
    years = get(client, "projects", YEAR).context["years"]

    assert [(y.year_be, y.current) for y in years] == [(2568, False), (2569, False), (2570, True)]
    assert years[0].href == "/2568/projects/"


def test_steps_of_the_calendar_keep_their_true_dates_and_none_is_hidden(frame):
    calendar = calendar_of(2568, date(2025, 7, 15))
    budgeted = {part.text: part for part in calendar.lanes[1].parts}
    readings = budgeted["สภาเห็นชอบ วาระที่ 2 และ 3"]

    assert (readings.first_day, readings.last_day) == (date(2025, 8, 1), date(2025, 9, 30))
    assert readings.state == "next"
    assert [len(bars) for _lane, bars in bars_of(calendar)] == [
        len(x.parts) for x in calendar.lanes
    ]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("name", ["how_we_count", "privacy"])
def test_standing_pages_speak_both_languages(client, frame, settings, name, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    words = text_of(get(client, name))

    assert f'lang="{language}"' in words


def test_english_readers_read_english_names(client, city, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert "Dredging the Bang Khen canal" in text_of(get(client, "projects", YEAR))
    assert "people along the canal" in text_of(get(client, "project", YEAR, city.project.code))


def test_health_is_plain(client, db):
    assert get(client, "healthz").content == b"ok"


@pytest.mark.parametrize("name", ["home", *YEAR_PAGES, "how_we_count"])
def test_pages_are_only_read(client, frame, name):
    args = [YEAR] if name in YEAR_PAGES else []
    assert client.post(reverse(f"portal:{name}", args=args)).status_code == 405


@pytest.mark.parametrize("name", YEAR_PAGES)
def test_a_page_costs_the_same_queries_for_any_number_of_projects(
    client, make, cast, name, django_assert_max_num_queries
):
    counts = []
    for number in range(2):
        for _turn in range(1 + 2 * number):
            make.entry("in_plan", year=YEAR, name=f"โครงการ {number} {_turn}")
        publish(YEAR, kind="official", actor=cast.fah, at=NOON)
        with django_assert_max_num_queries(60) as queries:
            get(client, name, YEAR)
        counts.append(len(queries))

    assert plan_of(YEAR).version.entries.count() == 4
    assert counts[0] == counts[1]

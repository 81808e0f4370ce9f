"""The record's pages: heads for everybody, which no single deed moves; deeds for the auditor."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import NOON
from nayu.accounts.models import User
from nayu.audit.domain import heads_in, line_of, verify
from nayu.audit.models import Event
from nayu.audit.queries import current_head, exported
from nayu.audit.services import seal_all
from nayu.publication.models import PlanVersion
from nayu.publication.services import publish


@pytest.fixture(autouse=True)
def day(settings):
    settings.TODAY = NOON.date()


@pytest.fixture
def as_(users):
    def client_of(name):
        client = Client()
        client.force_login(getattr(users, name))
        return client

    return client_of


def page(client, address, **given):
    return client.get(address, given).content.decode()


def test_before_anything_is_sealed_the_page_says_so(client, frame):
    response = client.get("/record/")
    assert (response.status_code, response.context["newest"]) == (200, None)
    assert client.get("/record/heads.json").json()["heads"] == []


def test_a_head_is_published_when_its_day_is_over(client, make):
    make.entry("draft")
    count, head = seal_all(at=NOON - timedelta(days=1))
    today = make.entry("submitted", name="วันนี้")
    seal_all(at=NOON)

    assert head in page(client, "/record/")
    assert current_head()[1] not in page(client, "/record/")
    told = client.get("/record/heads.json").json()["heads"]
    assert told == [{"kind": "day", "day": "2025-07-14", "sequence": count, "head": head}]
    assert today.project.code not in page(client, "/record/")


def test_a_version_carries_the_head_at_its_publication(client, make, cast):
    make.entry("in_plan", year=2570)
    version = publish(2570, kind="official", actor=cast.fah, at=NOON)

    count, head = current_head()
    assert (version.record_head, count) == (head, Event.objects.count() - 1)
    assert not Event.objects.filter(sealed=False).exclude(verb="plan.publish").exists()
    assert PlanVersion.objects.get().record_head == head
    told = client.get("/record/heads.json").json()["heads"]
    assert [(h["kind"], h["version"], h["head"]) for h in told] == [("publication", 1, head)]
    for address in ("/record/", "/2570/versions/1/"):
        assert head in page(client, address)
    assert Event.objects.get(verb="plan.publish").facts["record_head"] == head


def test_the_published_file_of_heads_answers_for_the_export(client, make, cast):
    make.entry("in_plan", year=2570)
    seal_all(at=NOON - timedelta(days=2))
    publish(2570, kind="draft", actor=cast.fah, at=NOON)
    seal_all(at=NOON)
    heads = heads_in(client.get("/record/heads.json").content.decode())
    lines = [f"{line_of(value)}\n" for value in exported()]

    report = verify(lines, heads=heads)
    assert (report.finding, report.vouched) == (None, heads[-1].sequence)
    assert len(heads) == 2
    broken = json.loads(lines[3]) | {"verb": "x"}
    assert verify([*lines[:3], line_of(broken), *lines[4:]], heads=heads).finding.sequence == 3


def test_deeds_waiting_too_long_are_told_to_everybody(client, make, as_):
    make.entry("draft")
    assert 'role="alert"' not in page(client, "/record/")
    Event.objects.update(written_at=timezone.now() - timedelta(minutes=6))
    assert 'role="alert"' in page(client, "/record/")
    assert 'role="alert"' in page(as_("itsara"), "/audit/")
    seal_all(at=NOON)
    assert 'role="alert"' not in page(client, "/record/")


def test_the_auditor_finds_deeds_by_agency_verb_and_day(make, cast, as_):
    entry = make.entry("submitted")
    make.entry("submitted", planner=cast.chai, name="คลินิก")
    seal_all(at=NOON)
    client = as_("itsara")

    def found(**given):
        rows = client.get("/audit/", given).context["rows"]
        return {(row["event"].verb, row["event"].agency_code) for row in rows}

    assert {agency for _verb, agency in found()} == {"11000000", "08000000"}
    assert {agency for _verb, agency in found(agency="08000000")} == {"08000000"}
    assert {verb for verb, _agency in found(verb="project.submit")} == {"project.submit"}
    assert found(day="15 ก.ค. 2568") == found()
    assert found(day="14/7/2568") == set()
    assert entry.project.code in page(client, "/audit/")
    strange = client.get("/audit/", {"day": "เมื่อวาน"})
    assert (strange.context["rows"], strange.context["bad_day"]) == ([], True)


def test_the_auditor_pages_through_all_deeds_newest_first(make, as_):
    make.entry("draft")
    first = Event.objects.get(verb="project.create")
    copies = [{**Event.objects.filter(pk=first.pk).values().get(), "id": None} for _ in range(90)]
    Event.objects.bulk_create(Event(**copy) for copy in copies)
    client, address, seen = as_("itsara"), "/audit/", []
    while address:
        response = client.get(address)
        seen += [row["event"].pk for row in response.context["rows"]]
        href = response.context["paging"].next_href
        address = f"/audit/{href}" if href else ""
    assert seen == sorted(Event.objects.values_list("pk", flat=True), reverse=True)
    for strange in ("x", "-1", "9" * 30, "²"):
        assert client.get("/audit/", {"before": strange}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_auditors_page_costs_the_same_for_any_number_of_deeds(
    make, as_, count, django_assert_max_num_queries
):
    make.entry("submitted")
    first = Event.objects.filter(verb="project.create").values().get()
    Event.objects.bulk_create(Event(**{**first, "id": None}) for _ in range(count))
    seal_all(at=NOON)
    client = as_("itsara")
    client.get("/audit/")
    with django_assert_max_num_queries(14):
        client.get("/audit/")


def test_the_administrator_forgets_a_person_by_typing_the_sign_in(as_, users):
    client = as_("kwan")
    wrong = client.post("/audit/forgetting/", {"username": "cha"})
    assert wrong.status_code == 409
    assert 'value="cha"' in wrong.content.decode()

    done = client.post("/audit/forgetting/", {"username": "chai", "also": "ชัยโย\n\n"}, follow=True)
    assert done.redirect_chain
    assert not User.objects.filter(username="chai").exists()
    assert "ลบตัวตนของบุคคลแล้ว" in done.content.decode()


@pytest.mark.parametrize(("name", "links"), [("itsara", ["/audit/"]), ("kwan", ["/audit/forgetting/"]),
                                             ("anong", [])])  # fmt: skip
def test_the_public_page_leads_on_whoever_may_go_on(as_, name, links):
    told = page(as_(name), "/record/")
    assert [one for one in ("/audit/", "/audit/forgetting/") if f'href="{one}"' in told] == links

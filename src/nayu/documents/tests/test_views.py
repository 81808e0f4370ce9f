"""The shelf, orders with their progress, files, and who is kept out."""

import hashlib

import pytest
from django.test import Client

from conftest import DRAINAGE, HEALTH, NOON
from nayu.documents.models import Order
from nayu.jobs.models import Job
from nayu.jobs.services import run_worker
from nayu.publication.services import publish

YEAR = 2570


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.ROOT_URLCONF = "nayu.documents.tests.places"
    settings.MEDIA_ROOT = tmp_path
    settings.TODAY = NOON.date()
    settings.STATIC_ROOT = None
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]


@pytest.fixture
def entry(make, cast):
    made = make.entry("in_plan", year=YEAR)
    publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    return made


def form(**chosen):
    usual = {
        "fiscal_year_be": YEAR, "kind": "agency-plan", "agency_code": DRAINAGE, "format": "pdf",
        "digits": "thai", "language": "th",
    }  # fmt: skip
    return {**usual, **chosen}


def order(client, **chosen):
    return client.post("/documents/orders/", form(**chosen))


def test_a_stranger_orders_a_document_watches_it_and_takes_it(client, entry):
    place = order(client)["Location"]

    assert 'hx-trigger="every 1s"' in client.get(place).content.decode()
    run_worker(once=True)
    partial = client.get(place, headers={"HX-Request": "true"}).content.decode()
    file = client.get(f"{place}file/")

    assert "hx-trigger" not in partial
    assert "<html" not in partial
    content = b"".join(file.streaming_content)
    made = Order.objects.get()
    assert content.startswith(b"%PDF-")
    assert made.digest == hashlib.sha256(content).hexdigest()
    assert made.digest in partial
    assert f'filename="agency-plan-{YEAR}-{DRAINAGE}.pdf"' in file["Content-Disposition"]
    assert (made.job.state, made.job.percent) == ("done", 100)


def test_the_same_published_document_is_made_once(client, entry):
    first = order(client)["Location"]
    run_worker(once=True)

    assert order(Client())["Location"] == first
    assert Job.objects.count() == 1


def test_what_is_wrong_with_an_order_is_said_and_what_was_chosen_stays(client, entry):
    answer = order(client, agency_code="", format="xlsx", digits="arabic")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "เลือกหน่วยงานของเอกสารนี้" in page
    assert '<option value="arabic" selected>' in page
    assert not Order.objects.exists()


def test_a_format_the_document_is_not_made_in_is_said(client, entry):
    answer = order(client, kind="plan-book", format="docx")

    assert answer.status_code == 422
    assert "PDF, Excel" in answer.content.decode()


def test_a_visitor_has_at_most_three_unfinished_orders(client, entry):
    for digits, language in (("thai", "th"), ("arabic", "th"), ("thai", "en")):
        assert order(client, digits=digits, language=language).status_code == 302

    refused = order(client, digits="arabic", language="en")

    assert refused.status_code == 409
    assert "3" in refused.content.decode()
    assert order(Client(), digits="arabic", language="en").status_code == 302


def test_one_cancels_ones_own_order_and_nobody_elses(client, entry):
    place = order(client)["Location"]

    assert Client().post(f"{place}cancellation/").status_code == 404
    assert client.post(f"{place}cancellation/").status_code == 302

    assert Job.objects.get().state == "cancelled"
    assert "ยกเลิกงานแล้ว" in client.get(place).content.decode()
    run_worker(once=True)
    assert not Order.objects.get().made_at


def test_a_working_document_is_for_its_orderer_only_and_rights_are_asked_again(
    client, entry, users
):
    client.force_login(users.anong)
    place = order(client, version="working")["Location"]
    run_worker(once=True)
    assert client.get(f"{place}file/").status_code == 200
    other = Client()
    other.force_login(users.chai)

    assert other.get(place).status_code == 404
    assert other.get(f"{place}file/").status_code == 404
    assert Client().get(f"{place}file/").status_code == 404

    users.anong.appointments.all().delete()
    assert client.get(f"{place}file/").status_code == 404


def test_a_stranger_cannot_ask_for_the_working_version(client, entry):
    order(client, version="working")

    assert Order.objects.get().version == "published"


def test_an_agency_cannot_order_anothers_working_plan(client, entry, users):
    client.force_login(users.chai)

    assert order(client, version="working").status_code == 404
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"agency-plan/{DRAINAGE}.pdf", 200),
        (f"agency-plan/{DRAINAGE}.xlsx", 200),
        (f"project-form/{DRAINAGE}-0001.docx", 200),
        (f"project-form/{DRAINAGE}-0001.xlsx", 404),
        (f"project-form/{HEALTH}-0099.pdf", 404),
        (f"request-details/{DRAINAGE}.pdf", 404),
        (f"agency-plan/{DRAINAGE}.pdf?version=working", 404),
    ],
)
def test_small_documents_come_at_once(client, entry, path, status):
    code = entry.project.code

    answer = client.get(f"/documents/{YEAR}/{path.replace(DRAINAGE + '-0001', code)}")

    assert answer.status_code == status


def test_the_shelf_shows_what_was_made_to_everybody(client, entry, django_assert_max_num_queries):
    order(client)
    run_worker(once=True)

    with django_assert_max_num_queries(16):
        page = Client().get(f"/documents/{YEAR}/").content.decode()

    assert Order.objects.get().digest[:12] in page
    assert "เอกสารที่คุณสั่ง" not in page
    assert "เอกสารที่คุณสั่ง" in client.get("/documents/").content.decode()

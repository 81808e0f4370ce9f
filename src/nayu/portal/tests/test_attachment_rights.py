"""Whose attachments are to read, send and remove: person × state, generated from the table of rights.

Nothing here says who may do what.
"""

# ruff: noqa: F811 - fixtures come by name

from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from conftest import CAST, DRAINAGE, HEALTH
from nayu.approvals.domain import ALL_PROJECT, ALL_REQUEST, may
from nayu.attachments.models import Attachment
from nayu.portal.tests.attached import (  # noqa: F401 - fixtures
    NAME,
    PDF,
    YEAR,
    address_of,
    clients,
    entry,
    folder,
    hung,
    line,
    put,
    put_request,
    routine,
    send,
    stored,
    text,
)  # fmt: skip

pytestmark = pytest.mark.django_db
PEOPLE = ("stranger", *CAST)


@contextmanager
def undone(name):
    """What is hung, sent and removed by one person is not there for the next."""
    with transaction.atomic():
        try:
            yield
        except AssertionError as failed:
            failed.add_note(f"for {name}")
            raise
        transaction.set_rollback(True)


def check_door(client, thing, made, *, sees: bool, edits: bool) -> None:
    """Reading, sending and removing at once, each by its right."""
    address = address_of(thing)
    page, file = client.get(address), client.get(f"{address}{made.pk}/")
    assert (page.status_code == 200) is sees
    assert (NAME in text(page)) is sees
    assert (file.status_code == 200) is sees
    assert (text(file).startswith("%PDF")) is sees
    assert (f"{address}{made.pk}/removal/" in text(page)) is edits

    before = stored()
    sent = send(client, thing, name="อีกไฟล์.pdf")
    assert (stored() != before) is edits
    before = stored()
    removed = client.post(f"{address}{made.pk}/removal/")
    assert (stored() != before) is edits
    for answer in (sent, removed):
        if edits:
            assert answer.status_code == 302
        elif sees:
            # 404 where the request that decides is itself out of the reader's sight.
            assert answer.status_code in (409, 404)
        else:
            assert answer.status_code in (302, 404)
            assert answer.status_code == 404 or "/accounts/login/" in answer.headers["Location"]


@pytest.mark.parametrize("state", ALL_PROJECT)
def test_a_file_of_an_entry_has_the_rights_of_the_entry(clients, cast, entry, state):
    for name in PEOPLE:
        with undone(name):
            made, person = hung(cast, entry), getattr(cast, name)
            put(entry, state)
            scope = {"state": state, "agency_code": DRAINAGE}
            check_door(
                clients[name], entry, made,
                sees=may(person, "project.view", **scope), edits=may(person, "project.edit", **scope),
            )  # fmt: skip


@pytest.mark.parametrize("state", [state for state in ALL_PROJECT if state != "in_plan"])
def test_a_file_of_a_projects_line_has_the_rights_of_the_entry(clients, cast, line, state):
    for name in PEOPLE:
        with undone(name):
            made, person = hung(cast, line), getattr(cast, name)
            put(line.entry, state)
            scope = {"state": state, "agency_code": DRAINAGE}
            check_door(
                clients[name], line, made,
                sees=may(person, "project.view", **scope), edits=may(person, "project.edit", **scope),
            )  # fmt: skip


@pytest.mark.parametrize("state", ALL_REQUEST)
def test_in_the_plan_a_lines_files_change_while_the_request_is_written(clients, cast, line, state):
    for name in PEOPLE:
        with undone(name):
            made, person = hung(cast, line), getattr(cast, name)
            put(line.entry, "in_plan")
            put_request(state)
            check_door(
                clients[name], line, made,
                sees=may(person, "project.view", state="in_plan", agency_code=DRAINAGE),
                edits=may(person, "request.edit", state=state, agency_code=DRAINAGE),
            )  # fmt: skip


@pytest.mark.parametrize("state", ALL_REQUEST)
def test_a_file_of_a_routine_line_has_the_rights_of_the_request(clients, cast, routine, state):
    for name in PEOPLE:
        with undone(name):
            made, person = hung(cast, routine), getattr(cast, name)
            put_request(state)
            scope = {"state": state, "agency_code": DRAINAGE}
            check_door(
                clients[name], routine, made,
                sees=may(person, "request.view", **scope), edits=may(person, "request.edit", **scope),
            )  # fmt: skip


def test_a_file_is_found_under_its_own_thing_only(clients, cast, make, entry, line, routine):
    other = make.entry(name="โครงการอื่น")
    of_entry, of_line, of_routine = hung(cast, entry), hung(cast, line), hung(cast, routine)
    anong = clients["anong"]

    for made, elsewhere in (
        (of_entry, other), (of_line, other), (of_routine, entry), (of_entry, routine),
        (of_line, routine),
    ):  # fmt: skip
        address = f"{address_of(elsewhere)}{made.pk}/"
        assert anong.get(address).status_code == 404
        assert anong.post(f"{address}removal/").status_code == 404
    assert anong.get(f"/{YEAR + 1}/projects/{entry.project.code}/attachments/").status_code == 404
    assert anong.post(
        address_of(other), {"file": SimpleUploadedFile("ก.pdf", PDF), "line": str(line.pk)}
    ).status_code == 404  # fmt: skip
    assert (
        anong.get(f"/{YEAR}/requests/{HEALTH}/lines/{routine.pk}/attachments/").status_code == 404
    )
    assert Attachment.objects.count() == 3

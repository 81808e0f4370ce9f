"""What tests of attachments share: things to hang files on, and somebody to send them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import CAST, DRAINAGE, NOON, line_input
from nayu.attachments.models import Attachment
from nayu.attachments.services import received
from nayu.attachments.tests import samples
from nayu.audit.models import Event
from nayu.budget import services as budget
from nayu.budget.models import Line, Request
from nayu.projects.models import ProjectEntry

YEAR = 2570
PDF = samples.pdf()
NAME = "ใบเสนอราคา ลับเฉพาะ.pdf"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.TODAY = NOON.date()
    return tmp_path / "attachments"


@pytest.fixture
def clients(users):
    made = {"stranger": Client()}
    for name in CAST:
        made[name] = Client()
        made[name].force_login(getattr(users, name))
    return made


@pytest.fixture
def entry(make):
    return make.entry()


@pytest.fixture
def line(entry):
    return entry.lines.get()


@pytest.fixture
def routine(cast):
    budget.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)
    return budget.add_line(
        line_input(item="ค่าไฟสถานีสูบน้ำ", category_code="2.2"), kind="routine",
        agency_code=DRAINAGE, fiscal_year_be=YEAR, actor=cast.anong, at=NOON,
    )  # fmt: skip


def address_of(thing) -> str:
    if isinstance(thing, ProjectEntry):
        return f"/{YEAR}/projects/{thing.project.code}/attachments/"
    if thing.entry:
        return address_of(thing.entry)
    return f"/{YEAR}/requests/{DRAINAGE}/lines/{thing.pk}/attachments/"


def send(client, thing, content=PDF, name=NAME, kind="quotation", **more):
    given = {"file": SimpleUploadedFile(name, content), "kind": kind, **more}
    if isinstance(thing, Line) and thing.entry:
        given["line"] = str(thing.pk)
    return client.post(address_of(thing), given)


def hung(cast, thing, name=NAME) -> Attachment:
    deed = budget.attach_to_entry if isinstance(thing, ProjectEntry) else budget.attach_to_line
    with received([PDF], name=name, size=len(PDF)) as incoming:
        return deed(thing.pk, incoming, kind="quotation", actor=cast.anong, at=NOON)


def text(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return response.content.decode()


def stored() -> tuple:
    return (
        Attachment.objects.count(),
        Event.objects.count(),
    )


def put(entry, state):
    ProjectEntry.objects.filter(pk=entry.pk).update(state=state)


def put_request(state):
    Request.objects.update_or_create(
        agency_id=DRAINAGE, fiscal_year_be=YEAR, defaults={"state": state, "state_since": NOON}
    )

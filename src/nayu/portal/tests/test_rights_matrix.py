"""The table role × act × state, each cell tried at every door that the city has for it.

The cells come from `RIGHTS`, `PROCEDURES` and `may`; nothing here says who may do what.
"""

import io
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client, override_settings

from conftest import CAST, DRAINAGE, HEALTH, NOON, Maker, line_input
from nayu.accounts.models import User
from nayu.agencies.domain import ADMIN, BUDGETER, PLANNER, Person
from nayu.agencies.models import Appointment, Post
from nayu.agencies.queries import person_of
from nayu.approvals.domain import ACTS, CHANGE, PROCEDURES, PROJECT, REJECTED, REQUEST, RIGHTS, may
from nayu.approvals.models import Comment, Decision, Reviewer, Window, WindowException
from nayu.approvals.queries import content_changes, newest_change
from nayu.approvals.services import Remark, write_comment
from nayu.audit.models import Event
from nayu.audit.services import record
from nayu.budget import services as budget
from nayu.budget.domain import ROUTINE
from nayu.budget.models import (
    Ceiling,
    Commitment,
    CommitmentYear,
    Line,
    Request,
    StageAmount,
)
from nayu.budget.queries import changes_of_request, working_books
from nayu.coach.queries import digest_of
from nayu.config import cli
from nayu.consultation import services as consultation
from nayu.consultation.models import Answer, Consultation, Opinion
from nayu.consultation.services import ConsultationInput, OpinionInput
from nayu.core.errors import RuleBroken
from nayu.core.money import text_of
from nayu.documents.domain import text_in
from nayu.documents.models import Order
from nayu.documents.services import Choice, content_of
from nayu.notices.domain import MailSettings
from nayu.notices.models import Mail
from nayu.portal.queries import plans
from nayu.portal.queries.sight import sight_of
from nayu.portal.services import freshen
from nayu.practice.services import load_frame
from nayu.projects import services as projects
from nayu.projects.models import Project, ProjectEntry
from nayu.projects.services import EntryInput, partner, subject_of
from nayu.publication.models import ChangeRequest, PlanVersion
from nayu.publication.services import begin_change, propose, publish
from nayu.search.queries import search
from nayu.workbooks.domain import TemplateAgency, TemplateLine
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import take_in
from nayu.workbooks.template import write_template

YEAR, OTHER_YEAR = 2570, 2569
EVERYBODY = ("stranger", *CAST)
# Rights are rules in memory; what a database answers differs by whose sight it is asked with. All
# people are tried on SQLite, and on PostgreSQL one of each sight: none, own, another's, city-wide.
PEOPLE = (
    EVERYBODY
    if connection.vendor == "sqlite"
    else ("stranger", "anong", "boonmee", "chai", "fah", "ganda")
)
# The word by which a working entry of each state is known, on any page and in any file.
WORDS = {
    "draft": "กระจับหวาน", "returned": "มะตูมแห้ง", "submitted": "ฝรั่งกิมจู",
    "endorsed": "ลำไยทอง", "reviewed": "ส้มโอขาว", "in_plan": "ชมพู่เพชร",
    "rejected": "พุทรานม",
}  # fmt: skip
UNPUBLISHED = tuple(WORDS.values())
ROUTINE_WORD = "ค่าไฟสถานีลับ"
LIMITS = {"2": Decimal("7654321"), "3": Decimal("87654321")}
HTMX = {"HX-Request": "true"}
# A form that is not saved is shown again with 422, what was typed and the sentence.
REFUSED = (401, 403, 404, 409, 422)
WHY = "เหตุผลลับของคำขอเปลี่ยนแปลง"
VIEWS = {
    "change.view",
    "project.view",
    "request.view",
    "ceiling.view",
    "working.view",
    "record.view",
}


pytestmark = pytest.mark.django_db


# --- The city: built once for the module, each test undone --------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One published plan of two projects; beside it a working entry of every state."""
    folder = tmp_path_factory.mktemp("files")
    with (
        django_db_blocker.unblock(),
        override_settings(TODAY=NOON.date(), MEDIA_ROOT=folder, MAIL=MailSettings("console")),
        transaction.atomic(),
    ):
        yield _build()
        transaction.set_rollback(True)


@pytest.fixture
def city(world, db):
    """The city; `db` takes back what a test writes, inside the module's own transaction."""
    return world


@contextmanager
def undone():
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _build() -> SimpleNamespace:
    load_frame()
    users, clients = {}, {"stranger": Client()}
    for name, post in CAST.items():
        users[name] = User.objects.create_user(name, password="pw", display_name=name.title())
        Appointment.objects.create(
            post=Post.objects.get(code=post), user=users[name], first_day=date(2023, 10, 1)
        )
        clients[name] = Client()
        clients[name].force_login(users[name])
    people = {name: person_of(user, NOON.date()) for name, user in users.items()}
    cast = SimpleNamespace(stranger=Person(), **people)
    make = Maker(cast)
    shown = make.entry("in_plan", year=YEAR, name="ลอกคลองที่เผยแพร่")
    clinic = make.entry("in_plan", year=YEAR, planner=cast.chai, name="คลินิกที่เผยแพร่")
    _routine(cast, "ค่าไฟที่เผยแพร่")
    budget.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)
    _request_in("submitted")
    published = publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    _request_in("open")
    change = begin_change(shown.pk, actor=cast.anong, at=NOON)
    change = propose(
        change.pk, EntryInput(texts={"method": "ทำเอง"}), why=WHY, revision=change.revision,
        actor=cast.anong, at=NOON,
    )  # fmt: skip
    july = consultation.open_consultation(
        published.pk,
        ConsultationInput(date(2025, 7, 1), date(2025, 7, 31), "รับฟังร่างแผน"),
        actor=cast.fah, at=NOON,
    )  # fmt: skip
    opinion = _opinion(july, "อยากให้มีไฟส่องทางริมคลองตลอดสาย", "project", shown.project.code)
    held = _opinion(july, "ดี ดี ดี http://a.b/1 http://a.b/2 http://a.b/3 http://a.b/4")
    entries = {state: make.entry(state, name=f"ร่าง{word}") for state, word in WORDS.items()}
    comment = write_comment(
        subject_of(entries["draft"]), Remark("ตัวเลขมาจากไหน", field="rationale"),
        actor=cast.boonmee, at=NOON,
    )  # fmt: skip
    _routine(cast, ROUTINE_WORD)
    rent = _routine(cast, "เช่ารถดูดเลน", fiscal_year_be=OTHER_YEAR, later_years={YEAR: Decimal(900)})
    for kind, amount in LIMITS.items():
        budget.set_ceiling(DRAINAGE, YEAR, kind, amount, actor=cast.ganda, at=NOON)
    failed = Mail.objects.create(
        key="returned:0", recipient=users["anong"], kind="returned", day=NOON.date(),
        state="failed", created_at=NOON, next_try_at=NOON,
    )  # fmt: skip
    for person in people.values():
        freshen(person)  # else each test that searches keeps all texts anew, and loses them again
    return SimpleNamespace(
        mail=failed, change=change,
        people={"stranger": Person(), **people}, clients=clients, cast=cast, make=make,
        entries=entries, shown=shown, clinic=clinic, published=published, opinion=opinion,
        comment=comment, held=held, body=partner("การไฟฟ้านครหลวง"), commitment=rent.commitment_id,
    )  # fmt: skip


def _routine(cast, item, *, fiscal_year_be=YEAR, **changes):
    price = Decimal(2_000_000)
    return budget.add_line(
        line_input(item=item, quantity=Decimal(1), unit_price=price, category_code="2.2", **changes),
        kind="routine", agency_code=DRAINAGE, fiscal_year_be=fiscal_year_be, actor=cast.anong,
        at=NOON,
    )  # fmt: skip


def _opinion(july, text, about="plan", code=""):
    return consultation.leave_opinion(
        july.pk, OpinionInput(about, text, code), client_key=text[:40], actor=Person(), at=NOON
    )


def _request_in(state):
    Request.objects.filter(agency_id=DRAINAGE, fiscal_year_be=YEAR).update(state=state)


def _change_in(change, state):
    """A decided change names its body and meeting, and a published one its version."""
    version = PlanVersion.objects.get(fiscal_year_be=YEAR, number=1)
    ChangeRequest.objects.filter(pk=change.pk).update(
        state=state, body="subcommittee", meeting_number="1/2568", meeting_date=NOON.date(),
        published_in=version if state == "applied" else None,
    )  # fmt: skip


def _entry_in(entry, state):
    ProjectEntry.objects.filter(pk=entry.pk).update(state=state)


def text_of_page(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return response.content.decode(errors="replace")


def ask(client, method, address, given=None, *, headers=None):
    """One request of somebody with nothing left over from the last one."""
    client.cookies.pop("messages", None)
    return getattr(client, method)(address, given or {}, headers=headers or {})


def both_ways(*, hidden: bool) -> tuple[dict, ...]:
    """What is hidden is asked for as a page and as a part of one; what is shown, as a page."""
    return ({}, HTMX) if hidden else ({},)


def is_refused(response) -> bool:
    """A stranger is led to the sign-in; anybody else reads a sentence in Thai, and no fault."""
    if response.status_code == 302:
        return response.headers["Location"].startswith("/accounts/login/")
    page = text_of_page(response)
    return (
        response.status_code in REFUSED
        and bool(re.search("[ก-๙]{6}", page))
        and "Traceback" not in page
    )


COUNTED = (
    Answer, Ceiling, ChangeRequest, Comment, Commitment, CommitmentYear, Consultation, Decision, Event, Line, Opinion,
    Appointment, Order, PlanVersion, Reviewer, Window, WindowException, Project, ProjectEntry, Request, StageAmount,
)  # fmt: skip
SUMMED = ((Ceiling, "amount"), (StageAmount, "amount"), (ProjectEntry, "revision"),
          (Request, "revision"), (Line, "revision"), (ChangeRequest, "revision"))  # fmt: skip


def stored() -> tuple:
    """All that an act could change: one question, so that thousands of cells can ask it."""
    asked = [("COUNT(*)", model) for model in COUNTED]
    asked += [(f"SUM({name})", model) for model, name in SUMMED]
    parts = [f"(SELECT {what} FROM {model._meta.db_table})" for what, model in asked]  # noqa: S608 - our own tables
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        counts = cursor.fetchone()
    states = ProjectEntry.objects.order_by("pk").values_list("pk", "state")
    others = Request.objects.values_list("pk", "state").union(
        Opinion.objects.values_list("pk", "state"), all=True
    )
    return counts, tuple(states), tuple(sorted(others))


# --- Acts: allowed is done, refused is a sentence and nothing stored ---------------------------


@dataclass(frozen=True)
class Door:
    """A way to do an act: its address, what is sent, and whether the right alone decides."""

    act: str
    states: tuple[str, ...]
    address: str
    given: dict
    agency: str | None = DRAINAGE
    also: str = ""


MEETING = {
    "meeting_number": "2/2568", "meeting_date": "14 ก.ค. 2568", "reason": "เหตุผลพอ",
    "seen": "{seen}",
}  # fmt: skip
LINE = {
    "item": "เครื่องสูบน้ำ", "quantity": "2", "unit": "เครื่อง", "unit_price": "1500", "category": "3.1",
    "work": "F06-01-01", "source": "bma", "price_reference": "quotation",
    "price_evidence": "ใบเสนอราคา", "first_month": "1", "last_month": "12", "novelty": "new",
    "priority": "", "if_not_funded": "น้ำท่วม",
}  # fmt: skip
TABLE = {
    f"new-a1-{name}": LINE[name] for name in ("item", "quantity", "unit", "unit_price", "category")
}  # fmt: skip
WINDOW = {"agency": "", "opens_on": "1 ก.ค. 2568", "closes_on": "31 ก.ค. 2568"}
EXCEPTION = {
    "agency": DRAINAGE, "until": "15 ส.ค. 2568", "reason": "น้ำท่วม", "allowed_by": "ปลัดกรุงเทพมหานคร",
}  # fmt: skip
LATER = {f"later_{YEAR + 1}": "5000"}
# The coach's remark on the rationale that `make.entry` writes.
REMARK = {
    "rule": "rationale_without_figures", "field": "rationale",
    "digest": digest_of("คลองตื้นเขิน"), "reason": "ตัวเลขอยู่ในรายงานสำรวจ",
}  # fmt: skip
NOUNS = {
    PROJECT: {"submit": "submission", "endorse": "endorsement", "review": "review",
              "include": "inclusion", "return": "return", "reject": "rejection"},
    REQUEST: {"submit": "submission", "propose": "proposal", "decide": "decision",
              "enact": "ordinance", "return": "return"},
    CHANGE: {"submit": "submission", "approve": "approval", "refuse": "refusal",
             "return": "return", "apply": "publication"},
}  # fmt: skip
ALL_PROJECT, ALL_REQUEST = PROCEDURES[PROJECT].states, PROCEDURES[REQUEST].states
ALL_CHANGE = PROCEDURES[CHANGE].states
REQUEST_AT = f"/{YEAR}/requests/{DRAINAGE}"


def change_at(world) -> str:
    return f"/{YEAR}/changes/{world.change.number}"


def doors(world) -> list[Door]:
    """Every page that does an act; {entry} is the project tried, {revision} its revision."""
    at = f"/{YEAR}/projects/{{entry}}"
    return [
        *(
            Door(f"{PROJECT}.{step}", ALL_PROJECT, f"{at}/{noun}/", MEETING)
            for step, noun in NOUNS[PROJECT].items()
        ),
        *(
            Door(f"{REQUEST}.{step}", ALL_REQUEST, f"{REQUEST_AT}/{noun}/", MEETING)
            for step, noun in NOUNS[REQUEST].items()
        ),
        *(
            Door(f"{CHANGE}.{step}", ALL_CHANGE, f"{change_at(world)}/{noun}/",
                 {**MEETING, "body": "subcommittee", "revision": "{change}"})
            for step, noun in NOUNS[CHANGE].items()
        ),
        Door("change.begin", ("-",), f"/{YEAR}/projects/{world.shown.project.code}/change/", {}),
        Door("change.edit", ALL_CHANGE, f"{change_at(world)}/reason/",
             {"why": "อีกเหตุผล", "revision": "{change}"}),
        Door("change.edit", ALL_CHANGE, f"{change_at(world)}/parts/rationale/",
             {"rationale": "เขียนใหม่", "revision": "{change}"}),
        Door("project.create", ("-",), f"/{YEAR}/projects/new/",
             {"agency": DRAINAGE, "name_th": "ประตูน้ำ", "last_fy": str(YEAR)}),
        Door("project.create", ("-",), f"/{YEAR + 1}/projects/{world.shown.project.code}/continuation/",
             {}),
        Door("project.edit", ALL_PROJECT, f"{at}/edit/rationale/",
             {"revision": "{revision}", "rationale": "เขียนใหม่"}),
        Door("project.edit", tuple(s for s in ALL_PROJECT if s != "in_plan"), f"{at}/lines/",
             LINE | LATER),
        Door("project.edit", tuple(s for s in ALL_PROJECT if s != "in_plan"), f"{at}/lines/table/",
             TABLE),
        Door("project.edit", ALL_PROJECT, f"/coach/{YEAR}/{{entry}}/answers/", REMARK),
        Door("request.edit", ALL_REQUEST, f"{REQUEST_AT}/line/", LINE | LATER),
        Door("request.edit", ALL_REQUEST, f"{REQUEST_AT}/commitment/",
             {"commitment": str(world.commitment)}),
        Door("request.edit", ALL_REQUEST, f"/{YEAR}/projects/{world.shown.project.code}/lines/",
             LINE),
        Door("request.edit", ALL_REQUEST,
             f"/{YEAR}/projects/{world.shown.project.code}/lines/table/", TABLE),
        Door("request.propose", ("submitted",), f"{REQUEST_AT}/amount/",
             {"line": "{line}", "amount": "1000", "reason": "ราคากลาง"}),
        Door("request.decide", ("proposed",), f"{REQUEST_AT}/amount/",
             {"line": "{line}", "amount": "1000", "reason": "ราคากลาง"}),
        Door("project.comment", ALL_PROJECT, f"{at}/comments/",
             {"at": "rationale", "text": "ขอแหล่งที่มาของตัวเลข"}),
        Door("project.comment", ALL_PROJECT, f"{at}/comments/{world.comment.pk}/answer/",
             {"text": "อ้างรายงานประจำปี"}),
        Door("project.comment", ALL_PROJECT, f"{at}/comments/{world.comment.pk}/resolution/", {}),
        Door("project.assign", ALL_PROJECT, f"{at}/review-reviewers/", {"user": "{reviewer}"}),
        Door("project.note", ALL_PROJECT, f"{at}/review-note/", {"note": "ดูแล้ว", "done": "1"}),
        Door("project_window.set", ("-",), f"/{YEAR}/windows/project/", WINDOW),
        Door("project_window.set", ("-",), f"/{YEAR}/windows/project/", EXCEPTION),
        Door("request_window.set", ("-",), f"/{YEAR}/windows/request/", WINDOW),
        Door("appointment.set", ("-",), "/appointments/",
             {"post": f"head-{DRAINAGE}", "username": "anong", "first_day": "1 ส.ค. 2568",
              "last_day": "15 ส.ค. 2568", "order_number": "12/2568", "order_date": "30 ก.ค. 2568"}),
        Door("ceiling.set", ("-",), f"/{YEAR}/ceilings/",
             {"agency": DRAINAGE, "type": "1", "amount": "5000"}),
        Door("plan.publish", ("-",), f"/{YEAR}/publication/", {"newest": "1", "kind": "official"}),
        Door("consultation.open", ("-",), "/opinions/consultations/",
             {"version": "{version}", "title_th": "รอบสอง", "first_day": "1 ก.ค. 2568",
              "last_day": "31 ก.ค. 2568"}),
        Door("opinion.leave", ("-",), f"/opinions/{YEAR}/opinions/",
             {"about": "plan", "text": "ขอให้ทำทางเดินเลียบคลองให้ครบ", "body": str(world.body.pk)}),
        Door("opinion.moderate", ("-",), f"/opinions/{YEAR}/{world.held.pk}/moderation/",
             {"act": "publish"}),
        Door("opinion.answer", ("-",), f"/opinions/{YEAR}/{world.opinion.pk}/answer/",
             {"outcome": "not_adopted", "reason": "มีแล้วในโครงการของสำนัก"}),
        Door("person.forget", ("-",), "/audit/forgetting/", {"username": "chatchai"}),
        Door("mail.resend", ("-",), f"/notices/mails/{world.mail.pk}/resending/", {}),
    ]  # fmt: skip


DOOR_NAMES = [
    *(f"{procedure}.{step}" for procedure in NOUNS for step in NOUNS[procedure]),
    "change.begin", "change.edit", "change.edit part",
    "project.create", "project.create continuation", "project.edit", "project.edit line",
    "project.edit table", "project.edit answer",
    "request.edit", "request.edit commitment", "request.edit line",
    "request.edit table",
    "request.propose amount", "request.decide amount",
    "project.comment", "project.comment answer", "project.comment resolution",
    "project.assign", "project.note", "project_window.set", "project_window.set exception",
    "request_window.set", "appointment.set", "ceiling.set", "plan.publish",
    "consultation.open", "opinion.leave", "opinion.moderate", "opinion.answer", "person.forget",
    "mail.resend",
]  # fmt: skip


def _prepare(world, door: Door, state: str) -> tuple[str, dict]:
    """Bring the thing into the state; answers the address and what to send."""
    entry, line = world.entries["draft"], Line.objects.get(item=ROUTINE_WORD)
    if door.act.startswith(PROJECT) and state != "-":
        _entry_in(entry, state)
    if door.act.startswith(f"{REQUEST}."):
        _request_in(state)
    if door.act == "project.note":
        _ask_everybody(world, entry)
    if door.act.startswith(CHANGE):
        _change_in(world.change, "submitted" if state == "-" else state)
    version = ""
    if door.act == "consultation.open":
        version = str(publish(YEAR, kind="draft", actor=world.cast.fah, at=NOON).pk)
    words = {
        "{entry}": entry.project.code, "{revision}": str(entry.revision), "{line}": str(line.pk),
        "{version}": version, "{reviewer}": str(_reviewer_for(world, state)),
        "{seen}": str(_newest_change(door, entry)), "{change}": str(world.change.revision),
    }  # fmt: skip
    address = door.address.replace("{entry}", words["{entry}"])
    return address, {key: words.get(value, value) for key, value in door.given.items()}


def _reviewer_for(world, state) -> int:
    """Somebody whom the desk of the state may ask."""
    return world.people["boonmee" if state == "submitted" else "lamai"].user_id


def _ask_everybody(world, entry) -> None:
    """Notes are of those asked: so everybody is."""
    Reviewer.objects.bulk_create(
        Reviewer(
            procedure=PROJECT, subject_id=entry.pk, desk="head", user_id=person.user_id,
            post_title_th="x", asked_by_id=person.user_id, asked_at=NOON,
        )
        for person in world.people.values()
        if person.user_id
    )  # fmt: skip


def _newest_change(door: Door, entry) -> int:
    if door.act.startswith(f"{REQUEST}."):
        asked = Request.objects.get(agency_id=DRAINAGE, fiscal_year_be=YEAR)
        return newest_change(changes_of_request(asked))
    return newest_change(content_changes(PROJECT, entry.pk))


def _expected(person: Person, door: Door, state: str) -> bool:
    """What the table says, and that the procedure has such a step from here."""
    procedure, step = door.act.split(".")
    steps = PROCEDURES[procedure].steps if procedure in PROCEDURES else ()
    exists = step not in {s.code for s in steps} or any(
        s.code == step and s.from_state == state for s in steps
    )
    return exists and may(person, door.act, state=state, agency_code=door.agency)


def _states_tried(world, door: Door, person: Person) -> list[str]:
    """All states for whoever may do it in one; for the others those in which somebody may, and one."""
    states = list(door.states)
    if any(_expected(person, door, state) for state in states):
        return states
    everybody = world.people.values()
    for_somebody = [s for s in states if any(_expected(p, door, s) for p in everybody)]
    return for_somebody + [s for s in states if s not in for_somebody][:1]


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("number", range(len(DOOR_NAMES)), ids=DOOR_NAMES)
def test_an_act_is_done_where_the_table_allows_it_and_leaves_nothing_where_not(city, name, number):
    door, person, client = doors(city)[number], city.people[name], city.clients[name]
    for state in _states_tried(city, door, person):
        # Every cell as a part of a page; as a whole one where the answer is yes, once where it is no.
        also = state == door.states[0] or _expected(person, door, state)
        for headers in (HTMX, {}) if also else (HTMX,):
            with undone():
                address, given = _prepare(city, door, state)
                before = stored()
                response = ask(client, "post", address, given, headers=headers)
                told = (state, bool(headers), response.status_code)
                if _expected(person, door, state):
                    assert response.status_code == 302, (told, text_of_page(response)[-900:])
                    assert not response.headers["Location"].startswith("/accounts/"), told
                    assert stored() != before, told
                else:
                    assert is_refused(response), (told, text_of_page(response)[-900:])
                    assert stored() == before, told


def test_every_act_of_the_table_has_a_door_that_is_tried(city):
    tried = {door.act for door in doors(city)} | VIEWS | {"lines.import"}
    tried |= {"project.answer", "project.family"}  # tried cell by cell in test_likeness
    tried |= {"project.report", "template.keep"}  # and in test_beginning
    # Of allocation, in its own test_pages.
    tried |= {act for act in ACTS if act.startswith("scenario.")} | {"rubric.give"}
    assert len(doors(city)) == len(DOOR_NAMES)
    assert set(ACTS) == tried


@pytest.mark.parametrize("name", PEOPLE)
def test_a_request_is_opened_by_the_agencys_planner_only(city, name):
    person, client = city.people[name], city.clients[name]
    for agency in (DRAINAGE, HEALTH):
        for headers in ({}, HTMX):
            with undone():
                before = stored()
                response = ask(
                    client, "post", f"/{OTHER_YEAR}/requests/{agency}/opening/", headers=headers
                )
                if may(person, "request.edit", state="open", agency_code=agency):
                    assert response.status_code == 302
                    opened = Request.objects.get(agency_id=agency, fiscal_year_be=OTHER_YEAR)
                    told = Event.objects.get(verb="request.open", subject_id=str(opened.pk))
                    assert told.actor_id == person.user_id
                else:
                    assert is_refused(response)
                    assert stored() == before


# --- Reading a working entry --------------------------------------------------------------------


def working_pages(entry) -> list[str]:
    at = f"/{YEAR}/projects/{entry.project.code}"
    return [
        f"{at}/",
        f"{at}/history/",
        f"{at}/history/comparison/",
        f"{at}/lines/",
        f"{at}/decision/",
        f"{at}/attachments/",
        f"/coach/{YEAR}/{entry.project.code}/",
    ]


@pytest.mark.parametrize("state", ALL_PROJECT)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_working_entry_is_read_where_the_table_says_and_nowhere_else(city, name, state):
    person, client, entry = city.people[name], city.clients[name], city.entries[state]
    seen = may(person, "project.view", state=state, agency_code=DRAINAGE)
    for address in working_pages(entry):
        for headers in both_ways(hidden=not seen or address == working_pages(entry)[0]):
            response = ask(client, "get", address, headers=headers)
            assert (response.status_code == 200) is seen, (address, response.status_code)
            assert (WORDS[state] in text_of_page(response)) is seen, address
            assert seen or is_refused(response), address
    edited = ask(client, "get", f"/{YEAR}/projects/{entry.project.code}/edit/rationale/")
    part = ask(client, "get", f"/coach/{YEAR}/{entry.project.code}/rationale/")
    writes = may(person, "project.edit", state=state, agency_code=DRAINAGE)
    for answered in (edited, part):
        assert (answered.status_code == 200) is writes
        assert writes or is_refused(answered)


@pytest.mark.parametrize("state", ALL_PROJECT)
@pytest.mark.parametrize("name", PEOPLE)
def test_search_finds_a_working_entry_where_the_table_says(city, name, state):
    person, client, entry = city.people[name], city.clients[name], city.entries[state]
    seen = may(person, "project.view", state=state, agency_code=DRAINAGE)
    for words in (WORDS[state], entry.project.code, entry.name_th):
        for headers in ({}, HTMX) if words == WORDS[state] else ({},):
            page = ask(client, "get", "/search/", {"q": words, "year": YEAR}, headers=headers)
            found = page.context["found"]
            shown = [
                hit for hit in found.hits if hit.code and entry.project.code in _said(hit.code)
            ]
            assert bool(shown) is seen, words
            if words == WORDS[state]:
                assert (found.total, bool(found.by_kind), bool(found.by_year)) == (
                    int(seen), seen, seen,
                )  # fmt: skip
    freshen(person)
    assert search(WORDS[state], visible=sight_of(person)).total == int(seen)
    assert search("ค่าไฟสถานีลับ", visible=sight_of(person)).total == 0


def _said(marks) -> str:
    return "".join(mark.text for mark in marks)


def visible_words(person) -> set[str]:
    return {
        word
        for state, word in WORDS.items()
        if may(person, "project.view", state=state, agency_code=DRAINAGE)
    }


def words_in(text: str) -> set[str]:
    return {word for word in UNPUBLISHED if word in text}


@pytest.mark.parametrize("name", PEOPLE)
def test_lists_counts_and_sums_of_working_entries_are_of_what_one_may_see(city, name):
    person, client = city.people[name], city.clients[name]
    seen = visible_words(person)
    for headers in ({}, HTMX):
        page = ask(client, "get", f"/{YEAR}/projects/", {"view": "working"}, headers=headers)
        entries = [e for e in _all_entries() if _may_view(person, e)]
        assert words_in(text_of_page(page)) == seen
        assert page.context["count"] == len(entries)
        assert page.context["total"] == _sum_of(entries)
        states = {state: number for state, _name, number in page.context["states"]}
        assert states == dict(Counter(entry.state for entry in entries))
        assert words_in(text_of_page(ask(client, "get", "/my-work/", headers=headers))) <= seen
    books = working_books(YEAR, "requested", person)
    routine = may(person, "request.view", state="open", agency_code=DRAINAGE)
    routine_lines = Line.objects.filter(kind=ROUTINE, agency_id=DRAINAGE, fiscal_year_be=YEAR)
    standing = routine_lines.aggregate(s=Sum("amount"))["s"]
    assert books.total_baht() == _sum_of(entries) + (standing if routine else 0)


def _all_entries() -> list[ProjectEntry]:
    return list(ProjectEntry.objects.filter(fiscal_year_be=YEAR))


def _may_view(person, entry) -> bool:
    return may(person, "project.view", state=entry.state, agency_code=entry.agency_id)


def _sum_of(entries) -> Decimal:
    """What they ask for; what was not approved asks for nothing."""
    entries = [entry for entry in entries if entry.state != REJECTED]
    found = Line.objects.filter(entry__in=entries).aggregate(s=Sum("amount"))["s"]
    return Decimal(found or 0)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_document_of_a_working_entry_is_made_where_the_table_says(city, name):
    person, client = city.people[name], city.clients[name]
    for state, entry in city.entries.items():
        seen = may(person, "project.view", state=state, agency_code=DRAINAGE)
        code = entry.project.code
        response = ask(client, "get", f"/documents/{YEAR}/project-form/{code}.docx",
                       {"version": "working"})  # fmt: skip
        assert (response.status_code == 200) is seen, state
        assert seen or is_refused(response), state
        form = {"kind": "project-form", "project_code": code, "format": "docx"}
        assert _may_order(client, form) is seen, state
        for version in ("published", "nonsense"):
            address = f"/documents/{YEAR}/project-form/{code}.docx"
            assert is_refused(ask(client, "get", address, {"version": version})), (state, version)


def _may_order(client, chosen) -> bool:
    usual = {"fiscal_year_be": YEAR, "digits": "arabic", "language": "th", "version": "working"}
    with undone():
        before = Order.objects.filter(version="working").count()
        response = ask(client, "post", "/documents/orders/", {**usual, **chosen}, headers=HTMX)
        made = Order.objects.filter(version="working").count() > before
        assert (
            made == (response.status_code == 302)
            or not Order.objects.filter(version="working").exists()
        )
        assert made or response.status_code == 302 or is_refused(response)
        return made


@pytest.mark.parametrize("name", PEOPLE)
def test_exports_of_the_working_books_hold_what_one_may_see_and_add_it_up(city, name):
    person, client = city.people[name], city.clients[name]
    seen = visible_words(person)
    for kind, agency in (("plan-book", ""), ("agency-plan", DRAINAGE), ("agency-plan", HEALTH)):
        allowed = may(person, "working.view") or bool(agency and agency in person.agency_codes)
        assert (
            _may_order(client, {"kind": kind, "agency_code": agency, "format": "xlsx"}) is allowed
        )
        if agency:
            address = f"/documents/{YEAR}/{kind}/{agency}.xlsx"
            response = ask(client, "get", address, {"version": "working"})
            assert (response.status_code == 200) is allowed
            assert allowed or is_refused(response)
        if not allowed:
            with pytest.raises(RuleBroken):
                _content(kind, agency, person)
            continue
        said = _content(kind, agency, person)
        planned = seen - {WORDS[REJECTED]}  # a plan holds nothing that was not approved
        assert words_in(said) == (planned if agency != HEALTH else set())
        entries = [
            entry
            for entry in _all_entries()
            if _may_view(person, entry) and agency in ("", entry.agency_id)
        ]
        assert f"{_sum_of(entries):,.2f}" in said


def _content(kind, agency, person) -> str:
    choice = Choice(kind, YEAR, "xlsx", agency, version="working", digits="arabic")
    return "\n".join(text_in(content_of(choice, person=person)))


# --- Reading a request --------------------------------------------------------------------------


@pytest.mark.parametrize("state", ALL_REQUEST)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_request_is_read_where_the_table_says_and_nowhere_else(city, name, state):
    person, client = city.people[name], city.clients[name]
    _request_in(state)
    seen = may(person, "request.view", state=state, agency_code=DRAINAGE)
    for headers in both_ways(hidden=not seen):
        page = ask(client, "get", f"{REQUEST_AT}/", headers=headers)
        assert (page.status_code == 200) is seen
        assert (ROUTINE_WORD in text_of_page(page)) is seen
        assert seen or is_refused(page)
        listed = ask(client, "get", f"/{YEAR}/requests/", headers=headers)
        rows = listed.context["rows"] if listed.status_code == 200 else []
        assert (DRAINAGE in {row["agency"].code for row in rows}) is seen
        assert _in_requests(listed) is seen
        desk = text_of_page(ask(client, "get", "/my-work/", headers=headers))
        assert seen or f"{REQUEST_AT}/" not in desk
    form = {"kind": "request-details", "agency_code": DRAINAGE, "format": "xlsx"}
    assert _may_order(client, form) is seen
    if seen:
        assert ROUTINE_WORD in _content("request-details", DRAINAGE, person)
    else:
        with pytest.raises(RuleBroken):
            _content("request-details", DRAINAGE, person)
    assert (ROUTINE_WORD in _template(client)) is (DRAINAGE in person.agency_codes)


def _in_requests(listed) -> bool:
    return listed.status_code == 200 and f"/requests/{DRAINAGE}/" in text_of_page(listed)


def _template(client) -> str:
    """All text of the agency's workbook, or nothing where it is refused."""
    response = ask(client, "get", f"/files-in/{YEAR}/template/{DRAINAGE}.xlsx")
    if response.status_code != 200:
        assert is_refused(response)
        return ""
    import python_calamine  # noqa: PLC0415 - only this test reads a workbook

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return "\n".join(str(book.get_sheet_by_name(n).to_python()) for n in book.sheet_names)


# --- Reading a change request ---------------------------------------------------------------------


@pytest.mark.parametrize("state", ALL_CHANGE)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_change_request_is_read_where_the_table_says_and_by_all_once_published(city, name, state):
    person, client = city.people[name], city.clients[name]
    _change_in(city.change, state)
    seen = may(person, "change.view", state=state, agency_code=DRAINAGE)
    for headers in both_ways(hidden=not seen):
        page = ask(client, "get", f"{change_at(city)}/", headers=headers)
        assert (page.status_code == 200) is seen
        assert seen or is_refused(page)
        assert (WHY in text_of_page(page)) is seen
        listed = text_of_page(ask(client, "get", f"/{YEAR}/changes/", headers=headers))
        assert (f"{change_at(city)}/" in listed) is seen
        for address in (f"/{YEAR}/projects/{city.shown.project.code}/", f"/{YEAR}/versions/1/"):
            public = text_of_page(ask(client, "get", f"{address}?view=published", headers=headers))
            assert (WHY in public) is (state == "applied"), address
    edits = ask(client, "get", f"{change_at(city)}/parts/method/")
    assert (edits.status_code == 200) is may(
        person, "change.edit", state=state, agency_code=DRAINAGE
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_what_differs_from_the_published_plan_is_told_of_what_one_may_see(city, name):
    person, client = city.people[name], city.clients[name]
    page = ask(client, "get", f"/{YEAR}/differences/")
    assert words_in(text_of_page(page)) == (visible_words(person) & {WORDS["in_plan"]})
    then = ask(client, "get", f"/{YEAR}/projects/", {"view": "working", "as_at": "2025-07-14"})
    assert words_in(text_of_page(then)) == set()


# --- Reading a ceiling --------------------------------------------------------------------------


@pytest.mark.parametrize("name", PEOPLE)
def test_a_ceiling_is_read_where_the_table_says_and_nowhere_else(city, name):
    person, client = city.people[name], city.clients[name]
    _request_in("proposed")
    seen = may(person, "ceiling.view", agency_code=DRAINAGE)
    agency = ask(client, "get", f"/{YEAR}/agencies/{DRAINAGE}/")
    assert (_limit_in(agency)) is seen
    for address in (
        f"/{YEAR}/requests/", f"{REQUEST_AT}/", f"/{YEAR}/ceilings/", "/my-work/",
        f"{REQUEST_AT}/line/", *working_pages(city.entries["in_plan"]),
    ):  # fmt: skip
        for headers in both_ways(hidden=not seen):
            response = ask(client, "get", address, headers=headers)
            assert seen or not _limit_in(response), address


def _limit_in(response) -> bool:
    if response.status_code != 200:
        return False
    page = text_of_page(response)
    return any(f"{amount:,.2f}" in page or f"{amount:,.0f}" in page for amount in LIMITS.values())


# --- Reading the record of deeds ----------------------------------------------------------------


@pytest.mark.parametrize("name", PEOPLE)
def test_the_record_of_deeds_is_read_where_the_table_says_and_names_what_one_may_see(city, name):
    person, client = city.people[name], city.clients[name]
    seen = may(person, "record.view")
    for address in ("/audit/", f"/audit/?agency={DRAINAGE}", "/audit/?verb=project.edit"):
        for headers in ({}, HTMX):
            page = ask(client, "get", address, headers=headers)
            assert (page.status_code == 200) is seen
            assert seen or is_refused(page)
            if seen:
                assert words_in(text_of_page(page)) <= visible_words(person), address
                assert ROUTINE_WORD not in text_of_page(page)
    forgets = may(person, "person.forget")
    page = ask(client, "get", "/audit/forgetting/")
    assert (page.status_code == 200) is forgets
    assert forgets or is_refused(page)


# --- Files in -----------------------------------------------------------------------------------


def workbook(*lines, agency=DRAINAGE) -> bytes:
    return write_template(
        TemplateAgency(agency, agency), YEAR, [], [("F06-01-01", "ระบายน้ำ")],
        [("2.2", "สาธารณูปโภค", "งบดำเนินงาน")], [("bma", "กรุงเทพมหานคร")], lines,
    )  # fmt: skip


def workbook_line(**changes) -> TemplateLine:
    values = {
        "line_id": "new-1", "revision": 0, "item": "ค่าน้ำสถานีสูบ", "category_code": "2.2",
        "source_code": "bma", "quantity": Decimal(1), "unit": "ปี", "unit_price": Decimal(1000),
        "work_code": "F06-01-01",
    }  # fmt: skip
    return TemplateLine(**{**values, **changes})


NATIONAL = (
    "ITEM_ID,REF_DOC,REF_PAGE_NO,MINISTRY,BUDGETARY_UNIT,CROSS_FUNC?,BUDGET_PLAN,OUTPUT,PROJECT,"
    "CATEGORY_LV1,CATEGORY_LV2,CATEGORY_LV3,CATEGORY_LV4,CATEGORY_LV5,CATEGORY_LV6,"
    "ITEM_DESCRIPTION,FISCAL_YEAR,AMOUNT,OBLIGED?,DEBUG_LOG\r\n"
    "1,d,1,กรุงเทพมหานคร,สำนักการระบายน้ำ,False,แผนงานน้ำ,ผลผลิต,,งบดำเนินงาน,,,,,,ค่าน้ำ,2027,"
    "1000,False,\r\n"
).encode()


def bring(client, content, profile, name, *, for_good=True, headers=None):
    file = io.BytesIO(content)
    file.name = name
    given = {"file": file, "profile": profile, "fiscal_year": str(YEAR)}
    return ask(
        client, "post", "/files-in/", given | ({"for_good": "1"} if for_good else {}),
        headers=headers,
    )  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_files_go_in_where_the_table_says(city, name):
    person, client = city.people[name], city.clients[name]
    city_file = may(person, "lines.import")
    # A row of a workbook is a line of the open request: its own right is asked as on the page.
    own_file = may(person, "lines.import", agency_code=DRAINAGE) and may(
        person, "request.edit", state="open", agency_code=DRAINAGE
    )
    for content, profile, file, allowed in (
        (workbook(workbook_line()), "nayu", "own.xlsx", own_file),
        (NATIONAL, "thai-budget-lines", "bill.csv", city_file),
    ):
        for headers in ({}, HTMX):
            for for_good in (True, False):
                with undone():
                    before = stored()
                    response = bring(
                        client, content, profile, file, for_good=for_good, headers=headers
                    )
                    told = (profile, for_good, response.status_code)
                    assert (response.status_code == 200) is allowed, told
                    assert allowed or is_refused(response), told
                    assert (stored() != before) is (allowed and for_good), told
    page = ask(client, "get", "/files-in/")
    reads = city_file or any(
        may(person, "lines.import", agency_code=code) for code in person.agency_codes
    )
    assert (page.status_code == 200) is reads
    assert reads or is_refused(page)


@pytest.mark.parametrize("name", ["chai", "ganda", "kwan"])
def test_a_file_tells_nothing_of_a_draft_that_its_sender_may_not_see(city, name, tmp_path):
    """The same sentence for a hidden project or line as for one that is not there."""
    entry = city.entries["draft"]
    line = entry.lines.get()
    missing = "11000000-9999"
    told = {}
    for code, line_id in ((entry.project.code, str(line.pk)), (missing, "99999999")):
        for project, number in ((code, "new-1"), (code, line_id), ("", line_id)):
            row = workbook_line(project_code=project, line_id=number, revision=77)
            response = bring(city.clients[name], workbook(row), "nayu", "f.xlsx", for_good=False)
            found = response.context.get("findings", ()) if response.context else ()
            codes = [(f.code, f.facts) for f, _sentence in found]
            told.setdefault((bool(project), number != "new-1"), []).append(
                (response.status_code, codes)
            )
    for hidden, absent in told.values():
        assert hidden == absent


def test_equal_rows_of_two_agencies_are_two_lines(city):
    for name, agency in (("anong", DRAINAGE), ("chai", HEALTH)):
        row = workbook_line(line_id="", item="ค่าน้ำประปา")
        response = bring(city.clients[name], workbook(row, agency=agency), "nayu", "own.xlsx")
        assert response.status_code == 200
        again = bring(city.clients[name], workbook(row, agency=agency), "nayu", "own.xlsx")
        assert (again.context["outcome"].new, again.context["outcome"].unchanged) == (0, 1)
    found = Line.objects.filter(item="ค่าน้ำประปา").values_list("agency_id", flat=True)
    assert sorted(found) == [HEALTH, DRAINAGE]


# --- The command: nobody's eyes, or the operator's ----------------------------------------------

OPERATORS_COMMANDS = {
    "demo", "serve", "worker", "migrate", "import", "template", "check", "book", "totals", "audit", "sweep",
    "likeness", "allocate",
}  # fmt: skip


def nayu(capsys, *words) -> tuple[int, str]:
    code = cli.main([str(word) for word in words])
    return code, capsys.readouterr().out


def test_the_command_has_no_door_for_an_act_of_a_person():
    choices = next(a for a in cli._parser()._actions if a.dest == "command").choices
    assert set(choices) == OPERATORS_COMMANDS


@pytest.mark.parametrize("by", cli.BREAKDOWNS)
def test_published_totals_of_the_command_hold_no_unpublished_satang(city, capsys, by):
    asked = ("totals", "--fiscal-year", YEAR, "--stage", "requested", "--by", by, "--json")
    code, published = nayu(capsys, *asked, "--version", "published")
    working_code, working = nayu(capsys, *asked, "--version", "working")

    assert (code, working_code) == (0, 0)
    assert f'"grand_total_baht": "{_total_of(city.published)}"' in published
    everything = _sum_of(_all_entries()) + 2 * Decimal(2_000_000)
    assert f'"grand_total_baht": "{text_of(everything)}"' in working


def _total_of(version) -> str:
    return text_of(version.lines.aggregate(s=Sum("amount"))["s"])


def test_published_books_of_the_command_hold_nothing_unpublished(city, tmp_path, capsys):
    code, _said = nayu(
        capsys, "book", "--fiscal-year", YEAR, "--kind", "all", "--format", "xlsx", "--digits",
        "arabic", "--out", tmp_path,
    )  # fmt: skip
    assert code == 0
    import python_calamine  # noqa: PLC0415 - only these tests read workbooks

    files = sorted(tmp_path.glob("*.xlsx"))
    assert len(files) >= 4
    for file in files:
        book = python_calamine.CalamineWorkbook.from_path(str(file))
        said = "\n".join(str(book.get_sheet_by_name(n).to_python()) for n in book.sheet_names)
        assert not words_in(said), file.name
        assert ROUTINE_WORD not in said, file.name


def test_the_operator_takes_files_in_for_the_agency_of_the_workbook_only(city, tmp_path):
    path = tmp_path / "own.xlsx"
    path.write_bytes(workbook(workbook_line()))
    outcome = take_in(path, load_profile("nayu"), fiscal_year_be=YEAR, at=NOON)
    assert (outcome.is_refused, outcome.new) == (False, 1)
    assert Line.objects.get(item="ค่าน้ำสถานีสูบ").agency_id == DRAINAGE


# --- Nothing public moves -----------------------------------------------------------------------


def public_addresses(world) -> list[str]:
    """Every page, list, count, search and file that a stranger can open."""
    code, clinic = world.shown.project.code, world.clinic.project.code
    year = f"/{YEAR}"
    pages = [
        "/", *(f"/{y}/" for y in (2568, 2569, 2570)), f"{year}/framework/",
        f"{year}/framework/?framework=plan20", f"{year}/projects/", f"{year}/projects/?view=working",
        *(f"{year}/projects/?{q}" for q in (
            "q=คลอง", "strategy=1", f"agency={DRAINAGE}", "district=whole-city",
            "district=50010000", "type=3", "origin=agency", "sort=money")),
        *(f"{year}/framework/nine/{number}/" for number in ("1", "1.4", "1.4.1")),
        f"{year}/framework/plan20/1.3/", f"{year}/projects/{code}/", f"{year}/projects/{clinic}/",
        f"{year}/projects/{code}/history/", f"{year}/money/", f"{year}/money/element/projects/",
        *(f"{year}/money/{by}/{part}/" for by, part in (
            ("element", "routine"), ("element", "1.4.1"), ("agency", DRAINAGE), ("expenditure", "3"),
            ("expenditure", "2"), ("function", "F06"), ("source", "bma"), ("district", "whole-city"),
            ("none", "all"))),
        f"{year}/prices/", f"{year}/prices/beside/?item=ลอกคลองและขนดิน&unit=กิโลเมตร&category=3.2",
        f"{year}/ledger/", *(f"{year}/ledger/{by}/" for by in ("element", "district", "group")),
        *(f"{year}/ledger/{by}/{part}/" for by, part in (
            ("element", "1.4.1"), ("district", "whole-city"), ("group", "not-stated"))),
        f"{year}/ledger/element.csv", f"{year}/ledger/group.xlsx",
        f"{year}/agencies/", f"{year}/agencies/{DRAINAGE}/", f"{year}/agencies/{HEALTH}/",
        f"{year}/districts/50010000/", f"{year}/versions/1/", "/how-we-count/",
        *(f"/search/?q={q}" for q in (
            "คลอง", "ลอกคลอง", "ร่าง", "ระบายน้ำ", "11000000", "ค่าไฟ", "1.4.1", *UNPUBLISHED)),
        "/documents/", f"/documents/{YEAR}/", f"/documents/{YEAR}/agency-plan/{DRAINAGE}.xlsx",
        f"/documents/{YEAR}/agency-plan/{DRAINAGE}.docx",
        f"/documents/{YEAR}/project-form/{code}.docx", "/opinions/", f"/opinions/{YEAR}/",
        f"/opinions/{YEAR}/new/", f"/opinions/{YEAR}/{world.opinion.pk}/", "/record/",
        "/record/heads.json",
    ]  # fmt: skip
    line = world.published.lines.order_by("pk").first()
    return [*pages, f"{year}/money/lines/{line.pk}/"]


TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": ?)"[^"]*"')


def snapshot(client, addresses) -> dict[str, tuple[int, bytes]]:
    """Pages as they are read now: nothing that the process has kept hides a change."""
    plans.forget()
    found = {}
    for address in addresses:
        response = ask(client, "get", address)
        content = b"".join(response) if response.streaming else response.content
        found[address] = response.status_code, TOKEN.sub(b"", content)
    return found


def published_totals(capsys) -> list[str]:
    asked = ("totals", "--fiscal-year", YEAR, "--stage", "requested", "--version", "published")
    return [nayu(capsys, *asked, "--by", by, "--json")[1] for by in cli.BREAKDOWNS]


def moved(before, after) -> list[str]:
    return [address for address in before if before[address] != after[address]]


def huge_draft(world):
    """A draft as large as the whole city, in the same places as what is published."""
    entry = world.make.entry("draft", name="ร่างใหญ่ลอกคลองเท่าทั้งเมือง")
    projects.save_entry(
        entry.pk, EntryInput(district_weights={"50010000": 3, "50020000": 1}),
        revision=entry.revision, actor=world.cast.anong, at=NOON,
    )  # fmt: skip
    budget.add_line(
        line_input(item="เขื่อนยักษ์", quantity=Decimal(1000), unit_price=Decimal(900_000_000)),
        kind="project", agency_code=DRAINAGE, fiscal_year_be=YEAR, entry_id=entry.pk,
        actor=world.cast.anong, at=NOON,
    )  # fmt: skip
    return entry


def test_no_public_byte_moves_with_drafts_steps_requests_or_ceilings(city, capsys):
    client, cast = city.clients["stranger"], city.cast
    addresses = public_addresses(city)
    before, totals = snapshot(client, addresses), published_totals(capsys)
    assert {status for status, _content in before.values()} == {200}

    def nothing_moved(when):
        assert moved(before, snapshot(client, addresses)) == [], when
        assert published_totals(capsys) == totals, when

    entry = huge_draft(city)
    nothing_moved("a draft is made")
    city.make.move(entry.pk, "in_plan")
    nothing_moved("it goes through to the plan")
    line = city.shown.lines.get()
    budget.change_line(
        line.pk, line_input(item="รถขุดที่ยังไม่เผยแพร่", unit_price=Decimal(777)),
        revision=line.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip
    asked = Request.objects.get(agency_id=DRAINAGE, fiscal_year_be=YEAR)
    for kind in ("1", "2", "3", "4"):
        budget.set_ceiling(
            DRAINAGE, YEAR, kind, Decimal(999_999_999_999), actor=cast.ganda, at=NOON
        )
    nothing_moved("a line changes and ceilings are set")
    meeting = SimpleNamespace(number="2/2568", day=date(2025, 7, 14), is_complete=True)
    for step, actor in (("submit", cast.boonmee), ("propose", cast.ganda), ("decide", cast.hathai),
                        ("enact", cast.ganda)):  # fmt: skip
        budget.take_request_step(asked.pk, step, actor=actor, at=NOON, meeting=meeting)
        nothing_moved(step)


def inner_addresses() -> list[str]:
    """What somebody signed in reads beside the public pages."""
    return [
        f"/{YEAR}/projects/?view=working", f"/{YEAR}/projects/?view=working&state=draft",
        "/my-work/", f"/{YEAR}/requests/", f"{REQUEST_AT}/", f"/{YEAR}/requests/{HEALTH}/",
        f"/{YEAR}/ceilings/", f"/{YEAR}/publication/", f"/{YEAR}/agencies/{DRAINAGE}/",
        f"/{YEAR}/agencies/", f"/{YEAR}/money/", "/search/?q=คลอง", "/search/?q=11000000",
        "/documents/", f"/documents/{YEAR}/", f"/documents/{YEAR}/agency-plan/{DRAINAGE}.xlsx",
        f"/documents/{YEAR}/agency-plan/{DRAINAGE}.xlsx?version=working", "/opinions/desk/",
        "/files-in/",
    ]  # fmt: skip


def test_another_agencys_draft_moves_nothing_for_anybody(city):
    _request_in("submitted")
    others = {n: city.clients[n] for n in CAST if n not in ("anong", "boonmee")}
    addresses = inner_addresses()
    before = {name: snapshot(client, addresses) for name, client in others.items()}

    def nothing_moved(when):
        for name, client in others.items():
            assert moved(before[name], snapshot(client, addresses)) == [], (name, when)

    entry = huge_draft(city)
    nothing_moved("a draft is made")
    city.make.move(entry.pk, "returned")
    nothing_moved("it comes back")


def test_the_same_pages_do_move_for_its_own_agency(city):
    client, addresses = city.clients["anong"], inner_addresses()
    before = snapshot(client, addresses)
    huge_draft(city)
    assert len(moved(before, snapshot(client, addresses))) >= 6


@pytest.mark.parametrize("name", ["stranger", "anong", "chai", "fah", "jira"])
def test_pages_of_the_published_plan_show_nobody_an_unpublished_name(city, name):
    client = city.clients[name]
    for address in public_addresses(city):
        if "?" in address or "/documents/" in address:
            continue
        page = text_of_page(ask(client, "get", address, {"view": "published"}))
        if "history" not in address:
            assert not words_in(page), address
        assert ROUTINE_WORD not in page, address


# --- History ------------------------------------------------------------------------------------


def test_published_versions_are_open_to_strangers_and_deeds_are_not(city):
    stranger, code = city.clients["stranger"], city.shown.project.code
    reason = "เหตุผลที่คนนอกไม่ควรรู้"
    publish(YEAR, kind="official", note="แก้ยอด", actor=city.cast.fah, at=NOON)
    record(
        "project.edit", subject=(PROJECT, str(city.shown.pk), ""), actor=city.cast.anong, at=NOON,
        reason=reason,
    )  # fmt: skip
    ProjectEntry.objects.filter(pk=city.shown.pk).update(name_th="ชื่อที่ยังไม่เผยแพร่")

    page = ask(stranger, "get", f"/{YEAR}/projects/{code}/history/")
    assert page.status_code == 200
    assert [shown["frozen"].version.number for shown in page.context["versions"]] == [2, 1]
    assert page.context["deeds"] == []
    assert reason not in text_of_page(page)
    assert "ชื่อที่ยังไม่เผยแพร่" not in text_of_page(page)
    for number in (1, 2):
        assert ask(stranger, "get", f"/{YEAR}/versions/{number}/").status_code == 200
    assert ask(stranger, "get", f"/{YEAR}/versions/3/").status_code == 404


@pytest.mark.parametrize("name", PEOPLE)
def test_deeds_are_told_to_whoever_may_see_the_working_entry(city, name):
    person, client = city.people[name], city.clients[name]
    for state, entry in {**city.entries, "published": city.shown}.items():
        response = ask(client, "get", f"/{YEAR}/projects/{entry.project.code}/history/")
        deeds = response.context["deeds"] if response.status_code == 200 else []
        assert bool(deeds) is _may_view(person, entry), state


def test_the_people_tried_hold_every_role_of_the_table(city):
    roles = {role for person in city.people.values() for role in person.roles}
    assert roles == {right.role for right in RIGHTS} | {ADMIN, BUDGETER, PLANNER}

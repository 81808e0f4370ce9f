"""Fixtures for all apps: the city's frame, our cast, and a small project ready to submit.

Anong plans for the drainage department, Boonmee heads it, Chai plans for the health
department and must be kept out; Fah is at สยป., Lamai
records the plan committee's decisions, Ganda at สงม., Hathai is the executive.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from tools.collecting import pytest_collection_finish  # noqa: F401 - for these tests too

from nayu.accounts.models import User
from nayu.agencies.domain import Person
from nayu.agencies.models import Agency, Appointment, Post
from nayu.agencies.queries import people_of
from nayu.approvals.services import Meeting
from nayu.budget import services as budget
from nayu.budget.services import LineInput
from nayu.portal.queries import plans
from nayu.practice.services import load_frame
from nayu.projects import services as projects
from nayu.projects.domain import ActivityValues, PromiseValues, RiskValues
from nayu.projects.models import ProjectEntry
from nayu.projects.services import EntryInput
from nayu.strategy.models import Element, Indicator

NOON = datetime(2025, 7, 15, 12, tzinfo=ZoneInfo("Asia/Bangkok"))
DRAINAGE, HEALTH = "11000000", "08000000"
CAST = {
    "anong": f"planner-{DRAINAGE}",
    "boonmee": f"head-{DRAINAGE}",
    "chai": f"planner-{HEALTH}",
    "chatchai": f"head-{HEALTH}",
    "fah": "strategist",
    "lamai": "plan-secretary",
    "ganda": "budgeter",
    "hathai": "executive",
    "itsara": "auditor",
    "jira": "partner",
    "kwan": "admin",
}


# What asks for a database by a fixture or a mark; and what brings one of its own in a process.
DATABASE = {"db", "transactional_db"}
OWN_DATABASE = {"test_worker.py", "test_commands.py", "test_sealing.py"}


def pytest_collection_modifyitems(config, items):
    """Plain values never meet a database: on PostgreSQL only what does is tried again."""
    if connection.vendor != "postgresql":
        return
    plain = [
        item
        for item in items
        if not DATABASE & set(item.fixturenames)
        and item.get_closest_marker("django_db") is None
        and item.path.name not in OWN_DATABASE
    ]
    if plain:
        config.hook.pytest_deselected(items=plain)
        apart = set(plain)
        items[:] = [item for item in items if item not in apart]


@pytest.fixture(autouse=True)
def nothing_kept():
    """Databases of tests come and go; what a process keeps of a published version goes too."""
    plans.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The frame, once, under every test: loading it takes longer than most tests do."""
    with django_db_blocker.unblock():
        load_frame()


@pytest.fixture
def frame(db):
    """Agencies, frameworks, classes; no projects. A test that empties all tables has it anew."""
    if not Agency.objects.exists():
        load_frame()


@pytest.fixture
def users(frame):
    # Thousands of tests begin here: all at once, in four queries.
    password = make_password("pw")
    User.objects.bulk_create(
        User(username=name, password=password, display_name=name.title()) for name in CAST
    )
    made = {user.username: user for user in User.objects.filter(username__in=CAST)}
    posts = {post.code: post for post in Post.objects.filter(code__in=CAST.values())}
    Appointment.objects.bulk_create(
        Appointment(post=posts[post], user=made[name], first_day=date(2023, 10, 1))
        for name, post in CAST.items()
    )
    return SimpleNamespace(**made)


@pytest.fixture
def cast(users):
    """The people, as the rules see them."""
    people = people_of(vars(users).values(), NOON.date())
    return SimpleNamespace(
        stranger=Person(), **{name: people[user.pk] for name, user in vars(users).items()}
    )


def promise(**changes) -> PromiseValues:
    values = {
        "order": 1, "who_th": "ผู้อยู่ริมคลอง", "who_en": "people along the canal",
        "number": Decimal(1200), "unit_th": "คน", "unit_en": "people", "districts": (),
        "change_th": "น้ำไม่ท่วมบ้านเมื่อฝนตก 80 มิลลิเมตร", "change_en": "no flood at home",
        "from_month": 7, "lasts_th": "10 ปี", "indicator_code": "",
        "evidence_th": "นับบ้านที่น้ำท่วม จาก 300 เป็น 20 หลัง", "evidence_en": "",
        "share_percent": 80,
    }  # fmt: skip
    return PromiseValues(**{**values, **changes})


def whole_input(fiscal_year_be: int, **changes) -> EntryInput:
    """All that an entry needs for submission, but its lines."""
    goal = Element.objects.get(framework__code="nine", number="1.4.1")
    sub = Element.objects.get(framework__code="plan20", number="1.3")
    elements = (goal.pk, sub.pk) if fiscal_year_be >= 2568 else (sub.pk,)
    values = {
        "texts": {
            "rationale": "คลองตื้นเขิน",
            "objectives": "เพื่อระบายน้ำได้เร็ว",
            "target_quantity": "ลอกคลอง 3 กม.",
            "method": "จ้างเหมา",
            "place_text": "คลองบางเขน",
        },
        "promises": (promise(),),
        "activities": (
            ActivityValues(1, "จัดหา", 1, 3, 40),
            ActivityValues(2, "ลอกคลอง", 4, 9, 60),
        ),
        "risks": (RiskValues("ฝนมาเร็ว", 3, 3, "เร่งงานก่อนเดือนพฤษภาคม"),),
        "primary_element_ids": elements,
        "indicator_ids": (Indicator.objects.filter(element=goal).order_by("code")[0].pk,),
    }
    return EntryInput(**{**values, **changes})


def line_input(**changes) -> LineInput:
    values = {
        "item": "ลอกคลองและขนดิน", "quantity": Decimal(3), "unit": "กิโลเมตร",
        "unit_price": Decimal(1_500_000), "category_code": "3.2", "work_code": "F06-01-01",
        "price_reference": "design", "price_evidence": "ราคากลาง",
        "if_not_funded": "น้ำท่วมซ้ำ",
    }  # fmt: skip
    return LineInput(**{**values, **changes})


@dataclass
class Maker:
    """Makes entries in any state, through the services."""

    cast: SimpleNamespace

    def entry(self, state: str = "draft", *, year: int = 2570, planner=None, name="ลอกคลองบางเขน"):
        planner = planner or self.cast.anong
        agency = next(iter(planner.agency_codes))
        entry = projects.open_project(
            agency_code=agency, fiscal_year_be=year, last_fy=year, name_th=name,
            name_en="Dredging the Bang Khen canal", actor=planner, at=NOON,
        )  # fmt: skip
        projects.save_entry(
            entry.pk, whole_input(year), revision=entry.revision, actor=planner, at=NOON
        )
        budget.add_line(
            line_input(), kind="project", agency_code=agency, fiscal_year_be=year,
            entry_id=entry.pk, actor=planner, at=NOON,
        )  # fmt: skip
        self.move(entry.pk, state)
        return ProjectEntry.objects.get(pk=entry.pk)

    def move(self, entry_id: int, state: str) -> None:
        entry = ProjectEntry.objects.get(pk=entry_id)
        heads = {DRAINAGE: self.cast.boonmee, HEALTH: self.cast.chatchai}
        planners = {DRAINAGE: self.cast.anong, HEALTH: self.cast.chai}
        paths = {
            "draft": [],
            "submitted": ["submit"],
            "returned": ["submit", "return"],
            "endorsed": ["submit", "endorse"],
            "reviewed": ["submit", "endorse", "review"],
            "in_plan": ["submit", "endorse", "review", "include"],
            "rejected": ["submit", "endorse", "review", "reject"],
        }
        for step in paths[state]:
            if step == "submit":
                budget.submit_entry(entry_id, actor=planners[entry.agency_id], at=NOON)
            else:
                projects.take_step(
                    entry_id,
                    step,
                    actor=heads[entry.agency_id]
                    if step in ("endorse", "return")
                    else self.cast.lamai
                    if step == "include"
                    else self.cast.fah,
                    at=NOON,
                    reason="แก้จำนวนคน",
                    meeting=MEETING,
                )


@pytest.fixture
def make(cast):
    return Maker(cast)


MEETING = Meeting("2/2568", date(2025, 7, 14))

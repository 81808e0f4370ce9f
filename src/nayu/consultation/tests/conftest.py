"""A draft plan with one project, put to the public for July 2568."""

from datetime import date
from types import SimpleNamespace

import pytest

from conftest import NOON
from nayu.agencies.domain import Person
from nayu.consultation import services
from nayu.consultation.services import ConsultationInput, OpinionInput
from nayu.projects.services import partner
from nayu.publication.services import publish

TEXT = "อยากให้มีไฟส่องทางริมคลองตลอดสาย"
JULY = ConsultationInput(date(2025, 7, 1), date(2025, 7, 31), "รับฟังร่างแผนปี 2570")


@pytest.fixture(autouse=True)
def collected_files(settings, tmp_path):
    """No static files are collected in tests; an absent folder would be warned of."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def july(make, cast, settings):
    """Consultation, version, the drainage department's project code, and `leave`."""
    settings.TODAY = NOON.date()
    entry = make.entry("in_plan", year=2570)
    make.entry("in_plan", year=2570, planner=cast.chai, name="คลินิกใกล้บ้าน")
    version = publish(2570, kind="draft", actor=cast.fah, at=NOON)
    consultation = services.open_consultation(version.pk, JULY, actor=cast.fah, at=NOON)

    def leave(text=TEXT, *, about="plan", code="", actor=None, key="k", at=NOON, **more):
        return services.leave_opinion(
            consultation.pk, OpinionInput(about, text, code, **more), client_key=key,
            actor=actor or Person(), at=at,
        )  # fmt: skip

    return SimpleNamespace(
        consultation=consultation, version=version, code=entry.project.code, leave=leave,
        body=partner("การไฟฟ้านครหลวง"),
    )  # fmt: skip

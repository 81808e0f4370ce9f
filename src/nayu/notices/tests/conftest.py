"""People with addresses, an SMTP server that keeps what it gets, and the worker's round."""

from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import transaction

from conftest import NOON
from nayu.accounts.models import User
from nayu.notices.domain import MailSettings
from nayu.notices.services.collecting import collect
from nayu.notices.services.composing import compose
from nayu.notices.services.posting import post
from nayu.notices.tests.smtp_server import serving

MORNING = NOON.replace(hour=8, minute=5)
NIGHT = NOON.replace(hour=22)


@pytest.fixture
def smtp():
    with serving() as server:
        yield server


@pytest.fixture
def mail(settings, smtp, users):
    """Mail leaves by SMTP without TLS to the test's own server; everybody has an address."""
    for user in User.objects.all():
        user.email = f"{user.username}@city.example"
        user.save(update_fields=["email"])
    settings.TODAY = NOON.date()
    settings.MAIL = MailSettings(
        backend="smtp", url="https://nayu.example", sender="nayu@city.example",
        host="127.0.0.1", port=smtp.port, tls="none",
    )  # fmt: skip
    return smtp.kept


@pytest.fixture
def go_round():
    """What the worker does each time, at a moment of the city's clock."""

    def go(at: datetime = NOON) -> None:
        collect(at=at)
        compose(at=at)
        post(at=at)

    return go


@pytest.fixture
def undone_database(db):
    """Whatever is written inside is taken back: for each example of a property."""

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone

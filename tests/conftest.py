"""The sample city, built once into the test database; every test here reads or changes it."""

import pytest

from browser import chromium, city_url, reader  # noqa: F401 - one browser for all files
from faults.programs import own_database, run
from nayu.portal.queries import plans
from nayu.practice import services as practice


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """All of the city, in a committed transaction, under every test of this folder."""
    with django_db_blocker.unblock():
        if not practice.is_built():
            practice.build()


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a process keeps of a published version goes with each test."""
    plans.forget()


@pytest.fixture(scope="module")
def small_city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    with own_database(folder) as environment:
        run(environment, "faults.base")
        yield environment

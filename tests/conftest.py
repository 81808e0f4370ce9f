"""The sample city, built once by the real command and copied; every test here reads or changes a copy."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from tools.collecting import pytest_collection_finish  # noqa: F401 - for these tests too
from tools.served import NAYU, SAMPLE_CITY, build_city

from browser import chromium, city_url, reader  # noqa: F401 - one browser for all files
from built import Built, build_once, forget_all, of_postgres, send_away
from faults.programs import SMALL_CITY, run
from nayu.portal.queries import plans


@pytest.fixture(scope="session", autouse=True)
def common(tmp_path_factory) -> Iterator[Path]:
    """A folder that all workers of this run know."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    yield folder
    forget_all(folder)


@pytest.fixture(scope="session")
def sample_city(common) -> Built:
    return build_once(
        common, "city", SAMPLE_CITY, lambda said: build_city(said, common / "city.log")
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, sample_city):
    """The test database is a copy too, so it needs no tables of its own."""
    test = connection.settings_dict["TEST"]
    test["SERIALIZE"] = False
    if of_postgres():
        test["TEMPLATE"] = sample_city.template
    else:
        test["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, sample_city):
    """All of the city, in committed rows, under every test of this folder."""
    with django_db_blocker.unblock():
        if not of_postgres():
            connection.ensure_connection()
            sample_city.into(connection.connection)
    yield
    with django_db_blocker.unblock():
        if of_postgres():
            connection.close()
            send_away(connection.settings_dict["NAME"])


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a process keeps of a published version goes with each test."""
    plans.forget()


@pytest.fixture(scope="module")
def small_city(common, tmp_path_factory):
    """The environment of processes on a small city that is the module's own."""
    built = build_once(common, "small", SMALL_CITY, lambda said: run(said, "faults.base"))
    with built.copied(tmp_path_factory.mktemp("faults") / "var", SMALL_CITY) as environment:
        yield environment


@pytest.fixture(scope="session")
def no_city(common) -> Built:
    """All tables and no row: where a file goes in first."""

    def migrate(said: dict[str, str]) -> None:
        subprocess.run([*NAYU, "migrate"], env=said, check=True, capture_output=True)

    return build_once(common, "empty", {"NAYU_SAMPLE_CITY": ""}, migrate)

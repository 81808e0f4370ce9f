"""A real server on a sample city of its own, and a real browser before it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from tools.served import PASSWORD, SAMPLE_CITY, served_city

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a database of its own, on the kind of database under test."""
    environment = os.environ | {
        "NAYU_VAR": str(folder),
        **SAMPLE_CITY,
        "PYTHONPATH": str(Path(__file__).parent.parent / "src"),
    }
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield environment | {"DATABASE_URL": ""}
        return
    name = f"nayu_served_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield environment | {"DATABASE_URL": url.rsplit("/", 1)[0] + f"/{name}"}
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def city_url(tmp_path_factory) -> Iterator[str]:
    """The address of a served sample city, built by the real command."""
    folder = tmp_path_factory.mktemp("city")
    with (
        _database(folder) as environment,
        served_city(environment, folder / "server.log") as url,
    ):
        yield url


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: run  make test-deps")
        pytest.skip("no Chromium: run  make test-deps")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@dataclass
class Reader:
    """One person at a browser; every page they open is looked through by axe."""

    page: Page
    url: str

    def open(self, path: str) -> "Reader":
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 500, path
        return self.look()

    def look(self) -> "Reader":
        self.page.wait_for_load_state()
        found = Axe().run(self.page).response["violations"]
        told = [(v["id"], v["nodes"][0]["html"][:160]) for v in found]
        assert told == [], (self.page.url, told)
        width = self.page.viewport_size["width"]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (self.page.url, wide)
        return self

    def click(self, selector: str) -> "Reader":
        self.page.click(selector)
        return self.look()

    def sign_in(self, username: str) -> "Reader":
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        return self.click("form.narrow button[type=submit]")

    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.fixture
def reader(chromium, city_url):
    """`reader(language, width)`: somebody new, with no cookies but the language."""
    contexts = []

    def new(language: str = "th", width: int = 1280) -> Reader:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "django_language", "value": language, "url": city_url}])
        contexts.append(context)
        return Reader(context.new_page(), city_url)

    yield new
    for context in contexts:
        context.close()

"""A real server on a sample city of its own, and a real browser before it."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from tools.served import PASSWORD, SAMPLE_CITY, served

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)


@pytest.fixture(scope="session")
def city_url(sample_city, tmp_path_factory) -> Iterator[str]:
    """The address of a served copy of the sample city."""
    folder = tmp_path_factory.mktemp("served")
    with (
        sample_city.copied(folder / "var", SAMPLE_CITY) as environment,
        served(environment, folder / "server.log") as url,
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


# What axe judges is the structure: elements, their attributes, and whether there are words in them.
WORDS = re.compile(r">\s*[^<\s][^<]*<")
VALUES = re.compile(r'=(?:"[^"]+"|&quot;[^&]*&quot;)')
KEPT = re.compile(r'\b(?:role|class|type|scope|open|hidden|disabled|aria-hidden|tabindex)="[^"]*"')
TOLD = re.compile(r"<script.*?</script>|<!--.*?-->", re.DOTALL)
ROWS = re.compile(r"(<(tr|li|option|dt|dd)\b(?:(?!<\2\b).)*?</\2>)\s*(?:\1\s*)+", re.DOTALL)
looked_through: set[tuple[int, str]] = set()


def structure(html: str) -> str:
    """A page without its words and figures; rows that are alike stand once."""
    bare = TOLD.sub("", html)
    bare = re.sub(r"<[^>]+>", lambda tag: _bare(tag[0]), bare)
    bare = WORDS.sub(">w<", bare)
    return ROWS.sub(r"\1", re.sub(r"\s+", " ", bare))


def _bare(tag: str) -> str:
    """The tag with the names of its attributes, and the values of those that tell what it is."""
    kept = " ".join(KEPT.findall(tag))
    return f"{VALUES.sub('=v', tag)[:-1]} {kept}>" if kept else VALUES.sub("=v", tag)


@dataclass
class Reader:
    """One person at a browser; every page they open is looked through by axe.

    A page of the same structure at the same width is looked through once in a process: other words
    in the same elements, and more rows of the same kind, are nothing new to axe.
    """

    page: Page
    url: str

    def open(self, path: str) -> "Reader":
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 500, path
        return self.look()

    def look(self) -> "Reader":
        self.page.wait_for_load_state()
        width = self.page.viewport_size["width"]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (self.page.url, wide)
        same = (width, structure(self.page.content()))
        if same in looked_through:
            return self
        found = Axe().run(self.page).response["violations"]
        told = [(v["id"], v["nodes"][0]["html"][:160]) for v in found]
        assert told == [], (self.page.url, told)
        looked_through.add(same)
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

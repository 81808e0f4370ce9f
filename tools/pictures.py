"""Pictures for the README and the tour, taken of a sample city built and served for them.

    python -m tools.pictures

Needs Chromium and poppler (`make test-deps`). Pictures are kept small: 1200 px wide, PNG.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/pictures"
PASSWORD = "nayu-2568"  # noqa: S105 - the sample city's, printed by `make demo`
# name: (who signs in, width, height, address, language)
SHOTS = {
    "home": ("", 1200, 1000, "/2568/", "th"),
    "home-narrow": ("", 360, 900, "/2568/", "th"),
    "framework": ("", 1200, 900, "/2569/framework/", "th"),
    "project": ("", 1200, 1000, "/2569/projects/11000000-0001/", "th"),
    "project-english": ("", 1200, 1000, "/2569/projects/11000000-0001/", "en"),
    "money": ("", 1200, 900, "/2569/money/", "th"),
    "opinions": ("", 1200, 900, "/opinions/2570/", "th"),
    "my-work": ("anong", 1200, 900, "/my-work/", "th"),
    "writing": ("anong", 1200, 900, "/2570/projects/11000000-0002/edit/promises/", "th"),
    "request": ("boonmee", 1200, 900, "/2569/requests/11000000/", "th"),
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served_city(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Address and environment of a sample city of its own."""
    environment = os.environ | {"NAYU_VAR": str(folder), "DATABASE_URL": ""}
    environment |= {"NAYU_SAMPLE_CITY": "1", "NAYU_TODAY": "2025-07-15"}
    command = [sys.executable, "-m", "nayu"]
    subprocess.run([*command, "demo", "--no-serve"], env=environment, check=True)
    port = _free_port()
    server = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        for _turn in range(120):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/healthz", timeout=2).close()  # noqa: S310
                break
            time.sleep(0.25)
        yield url, environment
    finally:
        server.terminate()
        server.wait(timeout=20)


def _page(browser: Browser, url: str, width: int, height: int, language: str) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    return context.new_page()


def _sign_in(page: Page, url: str, username: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("form.narrow button[type=submit]")


def take_pages(url: str) -> None:
    chromium = next(found for n in ("chromium", "chromium-browser") if (found := shutil.which(n)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (who, width, height, address, language) in SHOTS.items():
            page = _page(browser, url, width, height, language)
            if who:
                _sign_in(page, url, who)
            page.goto(url + address)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET / f"{name}.png")
            print(f"docs/pictures/{name}.png")
        browser.close()


def take_book(folder: Path, environment: dict[str, str]) -> None:
    """The first page of a project in an agency's request details, as printed."""
    command = [sys.executable, "-m", "nayu", "book", "--fiscal-year", "2569", "--format", "pdf"]
    command += ["--kind", "request-details", "--agency", "11000000", "--out", str(folder)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    made = next(folder.glob("request-details-*.pdf"))
    picture = ["pdftoppm", "-png", "-r", "70", "-f", "3", "-l", "3", "-singlefile"]
    subprocess.run([*picture, str(made), str(TARGET / "request-details")], check=True)
    print("docs/pictures/request-details.png")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served_city(folder) as (url, environment):
            take_pages(url)
            take_book(folder, environment)


if __name__ == "__main__":
    main()

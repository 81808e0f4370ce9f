"""Pictures for the README and the tour, taken of a sample city built and served for them.

    python -m tools.pictures

Needs Chromium and poppler (`make test-deps`). Pictures are kept small: 1200 px wide, PNG.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.served import PASSWORD, SAMPLE_CITY, build_city, served

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/pictures"
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
    "guide-ledger": ("", 1200, 900, "/2569/ledger/", "th"),
    "guide-beginning": ("anong", 1200, 900, "/2570/projects/new/", "th"),
    "guide-likeness": ("fah", 1200, 900, "/2570/families/", "th"),
    "guide-coach": ("anong", 1200, 900, "/2570/projects/11000000-0003/edit/objectives/", "th"),
    "guide-grid": ("anong", 1200, 900, "/2570/projects/11000000-0002/lines/table/", "th"),
    "guide-workbooks": ("anong", 1200, 900, "/files-in/", "th"),
    "guide-attachments": ("anong", 1200, 900, "/2570/projects/11000000-0002/attachments/", "th"),
    "guide-review": ("boonmee", 1200, 900, "/2570/projects/11000000-0003/decision/", "th"),
    "guide-notices": ("anong", 1200, 900, "/notices/", "th"),
    "guide-history": ("anong", 1200, 900, "/2570/projects/11000000-0002/history/", "th"),
    "guide-allocation": ("ganda", 1200, 1000, "/allocation/2569/2/2/", "th"),
    "guide-record": ("", 1200, 900, "/record/", "th"),
}


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
        environment = os.environ | SAMPLE_CITY | {"NAYU_VAR": name, "DATABASE_URL": ""}
        build_city(environment, folder / "build.log")
        with served(environment, folder / "server.log") as url:
            take_pages(url)
            take_book(folder, environment)


if __name__ == "__main__":
    main()

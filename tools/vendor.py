"""Copies the browser files named in package.json into the `ui` app and writes their manifest.

Run as `make vendor`. Needs npm; fetches into a temporary folder and leaves no lock file behind.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "nayu" / "ui" / "static" / "ui" / "vendor"
WEIGHTS = (300, 400, 500, 600, 700)
SUBSETS = ("thai", "latin")

ICON_LIST = Path(__file__).resolve().parent / "icons.txt"
# Files as the package names them → as Nayu names them; licence texts likewise.
FILES = {
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js"},
    "echarts": {"dist/echarts.min.js": "echarts.min.js"},
    "@fontsource/sarabun": {
        f"files/sarabun-{subset}-{weight}-normal.woff2": f"sarabun-{subset}-{weight}.woff2"
        for subset in SUBSETS
        for weight in WEIGHTS
    },
}
LICENCES = {
    "htmx.org": {"LICENSE": "htmx.txt"},
    "echarts": {
        "LICENSE": "echarts.txt",
        "NOTICE": "echarts-notice.txt",
        "licenses/LICENSE-d3": "echarts-d3.txt",
    },
    "zrender": {"LICENSE": "zrender.txt"},  # inside echarts.min.js
    "tslib": {"LICENSE.txt": "tslib.txt"},  # inside echarts.min.js
    "@tabler/icons": {"LICENSE": "tabler-icons.txt"},
    "@fontsource/sarabun": {"LICENSE": "sarabun.txt"},
}


@dataclass(frozen=True)
class Entry:
    """One vendored file; `file` is relative to the vendor folder."""

    file: str
    name: str
    version: str
    licence: str
    sha256: str


def fetch(folder: Path) -> Path:
    shutil.copy(ROOT / "package.json", folder)
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "node_modules"


def icons() -> list[str]:
    """The names in icons.txt, without its headings, in alphabetical order."""
    lines = ICON_LIST.read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def sprite(outline: Path) -> str:
    """One SVG with a symbol for each icon; line width and colour come from the page."""
    symbols = []
    for icon in icons():
        text = (outline / f"{icon}.svg").read_text(encoding="utf-8")
        drawing = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL)
        lines = (line.strip() for line in inner.splitlines())
        paths = "".join(line for line in lines if 'd="M0 0h24v24H0z"' not in line)
        symbols.append(
            f'<symbol id="{icon}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def entry(modules: Path, package: str, file: str) -> Entry:
    about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((VENDOR / file).read_bytes()).hexdigest()
    return Entry(file, package, about["version"], about["license"], digest)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        modules = fetch(Path(folder))
        shutil.rmtree(VENDOR, ignore_errors=True)
        (VENDOR / "licences").mkdir(parents=True)
        entries = []
        for package, files in FILES.items():
            for source, file in files.items():
                shutil.copyfile(modules / package / source, VENDOR / file)
                entries.append(entry(modules, package, file))
        drawn = sprite(modules / "@tabler" / "icons" / "icons" / "outline")
        (VENDOR / "icons.svg").write_text(drawn, encoding="utf-8")
        entries.append(entry(modules, "@tabler/icons", "icons.svg"))
        for package, files in LICENCES.items():
            for source, file in files.items():
                shutil.copyfile(modules / package / source, VENDOR / "licences" / file)
                entries.append(entry(modules, package, f"licences/{file}"))
    listed = [asdict(item) for item in sorted(entries, key=lambda item: item.file)]
    text = json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "manifest.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""The vendored browser files are exactly those of the manifest, each under a licence we carry."""

import hashlib
import json
import re
from pathlib import Path

UI = Path(__file__).resolve().parent.parent
VENDOR = UI / "static" / "ui" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def test_every_vendored_file_has_the_hash_of_the_manifest():
    wrong = [
        entry["file"]
        for entry in MANIFEST
        if hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() != entry["sha256"]
    ]
    assert wrong == []


def test_no_vendored_file_is_unlisted():
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert there - {"manifest.json"} == {entry["file"] for entry in MANIFEST}


def test_every_package_brings_its_licence_text():
    licensed = {entry["name"] for entry in MANIFEST if entry["file"].startswith("licences/")}
    assert {entry["name"] for entry in MANIFEST} == licensed


def test_every_icon_a_template_or_a_tag_names_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text("utf-8")))
    templates = [path.read_text("utf-8") for path in UI.parent.rglob("templates/**/*.html")]
    named = {name for text in templates for name in re.findall(r'\{% icon "([a-z0-9-]+)"', text)}
    assert named - sprite == set()


def test_fonts_css_names_only_fonts_that_are_here():
    css = (UI / "static" / "ui" / "fonts.css").read_text(encoding="utf-8")
    named = set(re.findall(r'url\("vendor/([^"]+)"\)', css))
    assert named == {entry["file"] for entry in MANIFEST if entry["file"].endswith(".woff2")}

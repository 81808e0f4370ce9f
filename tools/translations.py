"""Messages without gettext's own tools: find, complete, compile, check.

    python -m tools.translations update [APP …] | compile | check

Each app keeps `locale/th/LC_MESSAGES/django.po`; the English message is its own key. `check`
fails if a message lacks its Thai, if placeholders differ, or if a compiled catalogue is stale.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = sorted(path.parent for path in (ROOT / "src/nayu").glob("*/__init__.py"))
KEYWORDS = {"_": None, "_t": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
            "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
            "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}  # fmt: skip
NOISE = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team'
    r"|Report-Msgid-Bugs-To|Project-Id-Version): .*\n"
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
Message = tuple[str | None, str | tuple[str, ...], str, int]


def _sources(app: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(app.rglob("*.py")):
        if not {"migrations", "tests"} & set(path.relative_to(app).parts):
            yield path, path.read_bytes()
    for path in sorted([*app.rglob("*.html"), *app.rglob("templates/**/*.txt")]):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield path, re.sub(r"(?m)^[ \t]+", "", text).encode()


def messages_of(app: Path) -> Iterator[Message]:
    """(context, message, file, line) of every marked text of an app."""
    for path, content in _sources(app):
        found = extract_python(io.BytesIO(content), list(KEYWORDS), (), {"encoding": "utf-8"})
        for line, function, words, _comments in found:
            message = _message(function, words)
            if message and message[1]:
                yield *message, str(path.relative_to(ROOT)), line


def _message(
    function: str, words: str | tuple[str, ...]
) -> tuple[str | None, str | tuple[str, ...]] | None:
    parts = [words] if isinstance(words, str) else [w for w in words if isinstance(w, str)]
    if not parts:
        return None
    if function.startswith("npgettext"):
        return parts[0], (parts[1], parts[2])
    if function.startswith("ngettext"):
        return None, (parts[0], parts[1])
    if function.startswith("pgettext"):
        return parts[0], parts[1]
    return None, parts[0]


def _po(app: Path) -> Path:
    return app / "locale/th/LC_MESSAGES/django.po"


def _read(app: Path) -> Catalog:
    path = _po(app)
    if not path.exists():
        return Catalog(locale="th")
    with path.open("rb") as stream:
        return read_po(stream, locale="th")


def _compiled(catalog: Catalog) -> bytes:
    # A compiled catalogue carries its date: a fixed one, so that equal messages are equal bytes.
    catalog.creation_date = catalog.revision_date = datetime(2025, 1, 1, tzinfo=UTC)
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def update(names: list[str]) -> int:
    """Add messages that are new (without Thai), drop those that are gone, compile."""
    for app in APPS:
        if names and app.name not in names:
            continue
        found = list(messages_of(app))
        if not found:
            continue
        old = _read(app)
        new = Catalog(locale="th", charset="utf-8", header_comment="# Thai messages.")
        for context, message, path, _line in found:
            kept = old.get(message if isinstance(message, str) else message[0], context)
            new.add(message, kept.string if kept else None, context=context, locations=[(path, 0)])
        target = _po(app)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            write_po(
                stream, new, width=100, omit_header=False, include_lineno=False, sort_output=True
            )
        text = target.read_text(encoding="utf-8")
        text = NOISE.sub("", text)
        target.write_text(text, encoding="utf-8")
    return compile_all()


def compile_all() -> int:
    for app in APPS:
        if _po(app).exists():
            _po(app).with_suffix(".mo").write_bytes(_compiled(_read(app)))
    return 0


def problems() -> list[str]:
    """What is wrong with the catalogues, one line each."""
    wrong = []
    for app in APPS:
        catalog = _read(app)
        for context, message, path, line in messages_of(app):
            key = message if isinstance(message, str) else message[0]
            entry = catalog.get(key, context)
            thai = entry.string if entry else ""
            texts = [thai] if isinstance(thai, str) else list(thai)
            if not any(texts):
                wrong.append(f"{path}:{line}: no Thai for {key!r}")
            elif {m.group() for t in texts for m in PLACEHOLDER.finditer(t)} - {
                m.group()
                for m in PLACEHOLDER.finditer(key if isinstance(message, str) else "".join(message))
            }:
                wrong.append(f"{path}:{line}: other placeholders in the Thai of {key!r}")
        compiled = _po(app).with_suffix(".mo")
        if _po(app).exists() and (
            not compiled.exists() or compiled.read_bytes() != _compiled(catalog)
        ):
            wrong.append(
                f"{compiled.relative_to(ROOT)} is stale: python -m tools.translations compile"
            )
    return wrong


def main(words: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=False)
    act = words[0] if words else "check"
    if act == "update":
        return update(words[1:])
    if act == "compile":
        return compile_all()
    wrong = problems()
    print(
        "\n".join(wrong[:60])
        + (f"\n{len(wrong)} problems" if wrong else "translations are complete")
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

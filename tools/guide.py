"""The guide's walk as deeds: what to press, what to type where; and how long a hand takes for it.

    python -m tools.guide

Seconds are those of the keystroke-level model (Card, Moran and Newell 1980): 0.28 s a key for an
average typist, 1.1 s to point, 0.2 s to click, 0.4 s from keyboard to mouse and back, 1.35 s to
make up one's mind before each deed; 2 s for the answer of the server, and the reading of the guide
itself at 200 words a minute (a Thai word taken as five letters).
"""

import re
from dataclasses import dataclass
from pathlib import Path

FIRST_PROJECT = Path(__file__).resolve().parent.parent / "docs/guide/first-project.md"
KEY, POINT, CLICK, HOME, MIND, ANSWER = 0.28, 1.1, 0.2, 0.4, 1.35, 2.0
LETTERS_READ = 200 * 5 / 60  # a second

_STEP = re.compile(r"^\d+\. .*(?:\n +.*)*", re.MULTILINE)
_DEED = re.compile(
    r"กด \*\*(?P<press>[^*]+)\*\*|ทำเครื่องหมายหน้า \*\*(?P<tick>[^*]+)\*\*"
    r"|\*\*(?P<field>[^*]+)\*\* (?P<how>พิมพ์|เลือก) `(?P<text>[^`]+)`"
)


@dataclass(frozen=True, slots=True)
class Deed:
    """`kind` press, tick, type or choose; `name` as it stands on the screen."""

    kind: str
    name: str
    text: str = ""

    @property
    def seconds(self) -> float:
        reach = MIND + POINT + CLICK + 2 * HOME
        if self.kind == "press":
            return reach + ANSWER
        if self.kind == "type":
            return reach + KEY * len(self.text)
        return reach + POINT + CLICK


def deeds_of(guide: str) -> list[Deed]:
    """The deeds of the numbered steps, in order."""
    return [_deed(match) for step in _STEP.findall(guide) for match in _DEED.finditer(step)]


def _deed(match: re.Match[str]) -> Deed:
    if match["press"]:
        return Deed("press", match["press"])
    if match["tick"]:
        return Deed("tick", match["tick"])
    return Deed("type" if match["how"] == "พิมพ์" else "choose", match["field"], match["text"])


def minutes_of(guide: str) -> float:
    """Minutes of the hand, and of reading the steps."""
    read = len("".join(_STEP.findall(guide))) / LETTERS_READ
    return (sum(deed.seconds for deed in deeds_of(guide)) + read) / 60


def keys_of(guide: str) -> int:
    return sum(len(deed.text) for deed in deeds_of(guide) if deed.kind == "type")


def main() -> None:
    guide = FIRST_PROJECT.read_text(encoding="utf-8")
    print(
        f"{len(deeds_of(guide))} deeds, {keys_of(guide)} keys: {minutes_of(guide):.1f} minutes by hand"
    )


if __name__ == "__main__":
    main()

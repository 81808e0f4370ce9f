"""What differs between two texts, by words: kept, inserted and deleted pieces. Plain Python.

Thai writes no blanks between words and we carry no dictionary: a Thai piece is a letter cluster,
which never parts a vowel or a tone from its consonant; changes that nearly touch are told as one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, INSERTED, DELETED = "same", "inserted", "deleted"
# Letters that may stay "the same" between two changes; fewer make the reader hop.
SHORTEST_REST = 4
# Texts that differ over more pieces than this are compared by lines: it must not take long.
MOST_PIECES = 1500

_CONSONANT = "ก-ฮ"
_ABOVE = "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e"
_PIECES = re.compile(
    f"[เแโใไ]?[{_CONSONANT}][{_ABOVE}]*(?:[ะาๅ][{_ABOVE}]*)?"  # one cluster of Thai letters
    r"|\d+(?:[.,:/]\d+)*"  # a figure, whole
    r"|[๐-๙]+(?:[.,:/][๐-๙]+)*"
    r"|[^\W\d_ก-๛]+"  # a word of another script
    r"|\s+|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one text or of both; `kind` is same, inserted or deleted."""

    kind: str
    text: str


def pieces(text: str) -> list[str]:
    """The text in its smallest parts; joined again they are the text."""
    return _PIECES.findall(text)


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Runs in reading order. Without the inserted ones they are `before`, without the deleted `after`."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    old, new = pieces(before), pieces(after)
    first, last = _alike(old, new)
    start, end = "".join(old[:first]), "".join(old[len(old) - last :])
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    if max(len(old), len(new)) > MOST_PIECES:
        old, new = (
            "".join(old).splitlines(keepends=True),
            "".join(new).splitlines(keepends=True),
        )
    runs = [
        ("".join(old[i:j]), "".join(new[k:m]), tag == "equal")
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]
    around = [(start, start, True)] if start else [], [(end, end, True)] if end else []
    return tuple(_told(_joined([*around[0], *runs, *around[1]])))


def _alike(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many parts are alike at the beginning, and then at the end."""
    most = min(len(old), len(new))
    first = next((n for n in range(most) if old[n] != new[n]), most)
    most -= first
    last = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    return first, last


Run = tuple[str, str, bool]  # (before, after, whether they are the same)


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbouring changes as one, with the short rests between them."""
    joined: list[Run] = []
    for place, (old, new, same) in enumerate(runs):
        between = 0 < place < len(runs) - 1
        rest = same and between and len(old.strip()) < SHORTEST_REST and "\n" not in old
        if joined and (rest or not same) and not joined[-1][2]:
            joined[-1] = (joined[-1][0] + old, joined[-1][1] + new, False)
        else:
            joined.append((old, new, same))
    return joined


def _told(runs: list[Run]) -> Iterator[Piece]:
    for old, new, same in runs:
        if same:
            yield Piece(SAME, old)
            continue
        if old:
            yield Piece(DELETED, old)
        if new:
            yield Piece(INSERTED, new)


# --- How much two texts differ -------------------------------------------------------------------

_FIGURES = re.compile(r"[0-9๐-๙][0-9๐-๙.,:/]*")
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SILENT = re.compile(r"[^\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|_")
# A word of these that comes or goes turns the sense: never a matter of spelling.
TURNING = (
    "ไม่", "มิ", "ห้าม", "งด", "ยกเลิก", "เว้น", "เท่านั้น", "ทุก", "บาง", "ยัง", "หรือ", "และ",
    "not", "no", "never", "except", "only", "all", "or", "and",
)  # fmt: skip
SPELLING_LETTERS = 2  # letters that one misspelt place may differ by
SPELLING_PLACES = 3  # misspelt places in one text


def figures(text: str) -> list[str]:
    """Figures of a text in Western digits, commas and closing marks taken away."""
    return [
        found.translate(_TO_ARABIC).replace(",", "").rstrip(".:/")
        for found in _FIGURES.findall(text)
    ]


def is_layout(before: str, after: str) -> bool:
    """Whether only blanks, punctuation, letter case or the digits' script differ."""
    return figures(before) == figures(after) and _bare(before) == _bare(after)


def _bare(text: str) -> str:
    return _SILENT.sub("", text.translate(_TO_ARABIC)).casefold()


def is_spelling(before: str, after: str) -> bool:
    """Whether two texts say the same but for layout and a few misspelt letters.

    Figures must be equal, and no word that turns the sense may come or go. At most
    SPELLING_PLACES places may differ, each by at most SPELLING_LETTERS letters.
    """
    if is_layout(before, after):
        return True
    if figures(before) != figures(after) or not before.strip() or not after.strip():
        return False
    if _turns(before) != _turns(after):
        return False
    first, last = _alike(before, after)
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    if max(len(old), len(new)) > MOST_PIECES:
        return False
    places = [
        (_bare(old[i:j]), _bare(new[k:m]))
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    places = [(one, other) for one, other in places if one != other]
    if len(places) > SPELLING_PLACES:
        return False
    return all(max(len(one), len(other)) <= SPELLING_LETTERS for one, other in places)


def _turns(text: str) -> dict[str, int]:
    words = re.findall(r"[a-z]+", text.casefold())
    return {word: words.count(word) if word.isascii() else text.count(word) for word in TURNING}

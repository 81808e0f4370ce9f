"""Likeness of texts: what two texts share once numbers, places and marks are taken out.

Likeness is the share of three-letter pieces: of all different pieces that stand in either text,
how many stand in both, in whole percent rounded down. Nothing here is estimated.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from nayu.core.thai import normalise
from nayu.search.domain import Mark

NAME, RATIONALE = "name", "rationale"
TEXTS = (NAME, RATIONALE)
PIECE = 3  # letters of a piece; Thai has no blanks between words to cut at
NEAR_PERCENT = 90  # from here on two texts are one text with other names and numbers
LEAST_SHARED = 60  # different pieces that a text needs before it can be a template
RUN = 12  # letters of the shortest run that is shown as the same
_FINGER, _WINDOW = 16, 25
SURE_RUN = _FINGER + _WINDOW - 1  # every common run of so many letters has a common fingerprint

_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_NOT_LETTERS = f"[\\W\\d_](?<![{_THAI}])"
_MODULUS, _BASE = (1 << 61) - 1, 1_000_003
_LEADING = pow(_BASE, _FINGER - 1, _MODULUS)


@dataclass(frozen=True, slots=True)
class Plain:
    """The letters of a text that count, and where in `shown` each of them stands."""

    shown: str
    letters: str
    at: tuple[int, ...]

    @property
    def digest(self) -> str:
        return hashlib.blake2b(self.letters.encode(), digest_size=16).hexdigest()


# --- what counts of a text ---------------------------------------------------------------------


def plain(text: str, names: tuple[str, ...] = ()) -> Plain:
    """The text without numbers, blanks, signs, case and the given names of places and agencies.

    A name goes together with the words สำนักงานเขต or เขต before it.
    """
    shown = normalise(text, keep_lines=True).replace("เเ", "แ")
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in shown)
    at: list[int] = []
    kept: list[str] = []
    done = 0
    for dropped in _dropped(names).finditer(lower):
        start = dropped.start()
        at.extend(range(done, start))
        kept.append(lower[done:start])
        done = dropped.end()
    at.extend(range(done, len(lower)))
    kept.append(lower[done:])
    return Plain(shown, "".join(kept), tuple(at))


@lru_cache(maxsize=8)
def _dropped(names: tuple[str, ...]) -> re.Pattern[str]:
    known = sorted({normalise(name).lower() for name in names} - {""})
    if not known:
        return re.compile(f"(?:{_NOT_LETTERS})+")
    return re.compile(f"(?:{_NOT_LETTERS})+|(?:(?:สำนักงาน)?เขต\\s*)?{_choice(known)}")


def _choice(words: Sequence[str]) -> str:
    """A pattern of any of these words, the longest first, that tries each first letter once."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if word:
            by_first[word[0]].append(word[1:])
    branches = [re.escape(first) + _choice(rest) for first, rest in sorted(by_first.items())]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)}){'?' if '' in words else ''}"


def pieces(letters: str) -> frozenset[int]:
    """All different runs of three letters, each as one whole number below 2⁶³."""
    codes = [ord(letter) for letter in letters]
    return frozenset(
        a << 42 | b << 21 | c for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)
    )


# --- how like ----------------------------------------------------------------------------------


def percent_of(shared: int, one: int, other: int) -> int:
    """Likeness of two sets of pieces from their sizes and how many both hold; 0–100."""
    either = one + other - shared
    return 100 * shared // either if either else 0


def likeness(one: frozenset[int], other: frozenset[int]) -> int:
    """Likeness in whole percent; two texts without a piece are like nothing."""
    return percent_of(len(one & other), len(one), len(other))


def least_shared(size: int, percent: int) -> int:
    """How many pieces of a text of this size any text as like as `percent` must hold."""
    return -(-size * percent // 100)


def all_pairs(texts: Sequence[frozenset[int]], percent: int) -> list[tuple[int, int, int]]:
    """(place, later place, percent) of every two texts at least so alike; none is left out.

    Of a text's pieces a like one lacks at most `size − least_shared`. So of any `spare` more than
    those it holds `spare`: the rarest are looked up, for all shorter texts at once, a bit each,
    and only who holds enough is compared.
    """
    times = Counter(piece for text in texts for piece in text)
    order = sorted((place for place, text in enumerate(texts) if text), key=lambda p: len(texts[p]))
    holders: dict[int, int] = defaultdict(int)  # piece → a bit for each text that holds it
    found = []
    shortest = 0
    for turn, place in enumerate(order):
        text = texts[place]
        least = least_shared(len(text), percent)
        while len(texts[order[shortest]]) < least:
            shortest += 1
        spare = min(least, len(text) // 8 + 1)
        looked_up = nsmallest(len(text) - least + spare, text, key=times.__getitem__)
        enough = _in_at_least(spare, [holders[piece] for piece in looked_up])
        for other in _bits(enough >> shortest):
            near = order[other + shortest]
            if (share := likeness(text, texts[near])) >= percent:
                found.append((min(place, near), max(place, near), share))
        own = 1 << turn
        for piece in text:
            holders[piece] |= own
    return sorted(found)


def _in_at_least(least: int, sets: list[int]) -> int:
    """The bits that are set in at least so many of the numbers.

    They are counted all at once: three numbers of one weight become one of that weight (their
    sum's last bit) and one of twice the weight (its carry), until there is one of each.
    """
    counts: list[int] = []
    weight = sets
    while weight:
        carried = []
        while len(weight) > 2:
            one, two, three = weight.pop(), weight.pop(), weight.pop()
            either = one ^ two
            weight.append(either ^ three)
            carried.append(one & two | either & three)
        if len(weight) == 2:
            one, two = weight
            weight = [one ^ two]
            carried.append(one & two)
        counts.append(weight[0])
        weight = carried
    if least >> len(counts):
        return 0
    more, same = 0, -1
    for place in reversed(range(len(counts))):
        if least >> place & 1:
            same &= counts[place]
        else:
            more |= same & counts[place]
            same &= ~counts[place]
    return more | same


def _bits(number: int) -> Iterator[int]:
    """Places of the bits that are set."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def clusters(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """What hangs together through pairs, each cluster in order, by its first member."""
    leader: dict[int, int] = {}

    def lead(member: int) -> int:
        path = [member]
        while leader.setdefault(path[-1], path[-1]) != path[-1]:
            path.append(leader[path[-1]])
        for passed in path:
            leader[passed] = path[-1]
        return path[-1]

    for one, other in pairs:
        low, high = sorted((lead(one), lead(other)))
        leader[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for member in sorted(leader):
        members[lead(member)].append(member)
    return list(members.values())


# --- runs --------------------------------------------------------------------------------------


def fingerprints(letters: str) -> frozenset[int]:
    """Marks of a text that any other text shares if a run of `SURE_RUN` letters stands in both.

    Winnowing: of each window of runs the smallest hash is kept. A text of fewer letters than a
    window has one mark, of fewer than a run none. All are below zero, where no piece is.
    """
    if len(letters) < _FINGER:
        return frozenset()
    value = 0
    for letter in letters[:_FINGER]:
        value = (value * _BASE + ord(letter)) % _MODULUS
    hashes = [value]
    for gone, come in zip(letters, letters[_FINGER:], strict=False):
        value = ((value - ord(gone) * _LEADING) * _BASE + ord(come)) % _MODULUS
        hashes.append(value)
    windows = max(len(hashes) - _WINDOW + 1, 1)
    return frozenset(-1 - min(hashes[start : start + _WINDOW]) for start in range(windows))


def common_runs(one: str, other: str, least: int = RUN) -> list[tuple[int, int, int]]:
    """(start in one, start in other, length) of runs in both, from the start of `one` on.

    At each place the longest run is taken; runs do not overlap in `one`.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for start in range(len(other) - least + 1):
        places[other[start : start + least]].append(start)
    found = []
    start = 0
    while start <= len(one) - least:
        length, begins = max(
            ((_extent(one, start, other, at, least), -at) for at in places.get(one[start : start + least], ())),
            default=(0, 0),
        )  # fmt: skip
        if length:
            found.append((start, -begins, length))
        start += length or 1
    return found


def _extent(one: str, start: int, other: str, at: int, length: int) -> int:
    most = min(len(one) - start, len(other) - at)
    while length < most and one[start + length] == other[at + length]:
        length += 1
    return length


def covered_percent(runs: Iterable[tuple[int, int, int]], letters: str) -> int:
    """The share of `one`'s letters that stand in common runs, in whole percent."""
    return 100 * sum(length for _one, _other, length in runs) // max(len(letters), 1)


def marked(text: Plain, runs: Iterable[tuple[int, int]]) -> tuple[Mark, ...]:
    """The text as shown, its runs (start, length in letters) apart from the rest."""
    pieces_shown: list[Mark] = []
    done = 0
    for start, end in _spans(text, runs):
        pieces_shown += [Mark(text.shown[done:start]), Mark(text.shown[start:end], is_hit=True)]
        done = end
    pieces_shown.append(Mark(text.shown[done:]))
    return tuple(piece for piece in pieces_shown if piece.text)


def _spans(text: Plain, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where runs stand in the shown text; names and numbers inside a run are not marked."""
    letters = sorted({place for start, length in runs for place in range(start, start + length)})
    start = end = -1
    for place in (text.at[letter] for letter in letters):
        gap = text.shown[end:place]
        if start >= 0 and (not gap or gap.isspace()):
            end = place + 1
            continue
        if start >= 0:
            yield start, end
        start, end = place, place + 1
    if start >= 0:
        yield start, end

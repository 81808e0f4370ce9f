"""Thai text: digits, repairs of common faults, keys for matching and for order."""

import re
import unicodedata

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
_TO_THAI = str.maketrans("0123456789", THAI_DIGITS)
_TO_ARABIC = str.maketrans(THAI_DIGITS, "0123456789")
# Control characters are nobody's text, and PostgreSQL takes no NUL.
_CONTROL = [*range(9), *range(14, 32), 127]
_INVISIBLE = dict.fromkeys([*map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), *_CONTROL])
_TONE = "\u0e48\u0e49\u0e4a\u0e4b"
_NIKHAHIT_AA = re.compile(f"\u0e4d([{_TONE}]?)\u0e32")
_DOUBLED_AM = re.compile("\u0e32+\u0e33[\u0e32\u0e33]*|\u0e33[\u0e32\u0e33]+")
_AM_TONE = re.compile(f"\u0e33([{_TONE}])")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
_NOT_LETTERS = re.compile(r"[^\w\u0e00-\u0e7f]+")


def to_thai_digits(text: str) -> str:
    return text.translate(_TO_THAI)


def to_arabic_digits(text: str) -> str:
    return text.translate(_TO_ARABIC)


def normalise(text: str, *, keep_lines: bool = False) -> str:
    """Canonical form of Thai text: NFC, whole sara am, no invisible marks, single blanks.

    ``keep_lines`` keeps line breaks (long texts); otherwise a wrapped name becomes one line.
    """
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    repaired = ""
    while (
        repaired != text
    ):  # one repair may uncover another; each makes the text shorter or settles it
        repaired, text = text, _repair(text)
    if keep_lines:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()
    return _SPACES.sub(" ", _LINE_BREAKS.sub(" ", text)).strip()


def _repair(text: str) -> str:
    text = _NIKHAHIT_AA.sub("\\1\u0e33", text)
    text = _AM_TONE.sub("\\1\u0e33", text)
    return _DOUBLED_AM.sub("\u0e33", text)


def match_key(name: str) -> str:
    """Key under which two spellings of one name meet: no blanks, marks, case or digit system."""
    return _NOT_LETTERS.sub("", to_arabic_digits(normalise(name))).casefold()


def without_tones(text: str) -> str:
    """The text without tone marks, for the second rank of a search."""
    return re.sub(f"[{_TONE}]", "", text)


def number_parts(dotted: str) -> tuple[int, ...]:
    """Parts of a dotted number in either digit system: "๗.๒.๑๐" → (7, 2, 10)."""
    return tuple(int(part) for part in re.findall(r"\d+", to_arabic_digits(dotted)))


def sort_key_of_number(dotted: str) -> str:
    """Text that orders dotted numbers by their parts in any database: "1.10" after "1.9"."""
    return ".".join(f"{part:05d}" for part in number_parts(dotted))


_LEADING_VOWELS = "เแโใไ"


def sort_key(name: str) -> str:
    """Key that orders Thai names as the Royal Institute dictionary does, in any database.

    A leading vowel sorts after its consonant; tone marks and similar signs count last.
    """
    text = normalise(name).casefold()
    swapped: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char in _LEADING_VOWELS and position + 1 < len(text):
            swapped += [text[position + 1], char]
            position += 2
        else:
            swapped.append(char)
            position += 1
    base = "".join(c for c in swapped if not "\u0e47" <= c <= "\u0e4e")
    marks = "".join(c if "\u0e47" <= c <= "\u0e4e" else "." for c in swapped)
    return f"{base}\x01{marks}"

"""Rules of attachments: what may hang on a thing, how much of it, and under which name.

Sizes are bytes, a megabyte is 1024 × 1024 of them. A name is for people only: no file lies under it.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nayu.core.errors import RuleBroken

PROJECT, LINE = "project", "line"
OWNER_KINDS = (PROJECT, LINE)
QUOTATION, DRAWING, APPROVAL, MAP, PHOTO, ESTIMATE, OTHER = (
    "quotation", "drawing", "approval", "map", "photo", "estimate", "other",
)  # fmt: skip
KINDS = (QUOTATION, ESTIMATE, DRAWING, MAP, PHOTO, APPROVAL, OTHER)

MEGABYTE = 1024 * 1024
LARGEST_FILE_BYTES = 20 * MEGABYTE
MOST_FILES = 50  # on one thing
MOST_BYTES = 200 * MEGABYTE  # on one thing
LARGEST_BODY_BYTES = 64 * MEGABYTE  # of any form: more is refused by its stated length, unread
LONGEST_NAME = 255  # what every common file system takes, in characters


class FileMissing(RuleBroken):
    code = "attachment_missing"


class KindUnknown(RuleBroken):
    code = "attachment_kind_unknown"


class FileEmpty(RuleBroken):
    code = "attachment_empty"


class FileTooLarge(RuleBroken):
    code = "attachment_too_large"


class BodyTooLarge(RuleBroken):
    """The whole form is larger than any that is taken; nothing of it was read."""

    code = "upload_too_large"


class TooManyFiles(RuleBroken):
    code = "too_many_attachments"


class TooMuchTogether(RuleBroken):
    """The files of one thing would be larger together than the limit."""

    code = "attachments_too_large_together"


class IsProgram(RuleBroken):
    """Something that a computer would run."""

    code = "attachment_is_a_program"


class IsWebPage(RuleBroken):
    """HTML, SVG or other XML: a browser could run what is in it."""

    code = "attachment_is_a_web_page"


class IsArchive(RuleBroken):
    """A ZIP or the like: nobody sees what is in it."""

    code = "attachment_is_an_archive"


class HasMacros(RuleBroken):
    code = "attachment_has_macros"


class IsLocked(RuleBroken):
    """Needs a password, so that no reviewer could read it."""

    code = "attachment_is_locked"


class IsBroken(RuleBroken):
    """Begins like a known kind, but is not one."""

    code = "attachment_is_broken"


class NotTaken(RuleBroken):
    """A known format that is not kept; fact `found` is its name."""

    code = "attachment_not_taken"


class NotKnown(RuleBroken):
    """The content is of no kind that can be told."""

    code = "attachment_not_known"


class FileLost(RuleBroken):
    """The row is there and its file is not: the folder was not restored with the database."""

    code = "attachment_lost"


@dataclass(frozen=True, slots=True)
class Owner:
    """What attachments hang on, as an app above tells it; `subject` is where the record tells it.

    `part` names the thing within its subject, such as a line of a project; "" for all of it.
    """

    kind: str
    pk: int
    agency_code: str
    fiscal_year_be: int
    subject: tuple[str, str, str]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A kind of content; the first ending is the one given where a name has none of them."""

    code: str
    endings: tuple[str, ...]
    content_type: str
    is_shown: bool = False  # a browser may show it in its own page

    @property
    def name(self) -> str:
        """As people call it."""
        return {"jpg": "JPEG", "webp": "WebP"}.get(self.code, self.code.upper())


_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA = (
    Media("pdf", ("pdf",), "application/pdf", is_shown=True),
    Media("png", ("png",), "image/png", is_shown=True),
    Media("jpg", ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg", is_shown=True),
    Media("webp", ("webp",), "image/webp", is_shown=True),
    Media("docx", ("docx",), _OFFICE + "wordprocessingml.document"),
    Media("xlsx", ("xlsx",), _OFFICE + "spreadsheetml.sheet"),
    Media("pptx", ("pptx",), _OFFICE + "presentationml.presentation"),
    Media("doc", ("doc", "dot"), "application/msword"),
    Media("xls", ("xls", "xlt"), "application/vnd.ms-excel"),
    Media("ppt", ("ppt", "pps", "pot"), "application/vnd.ms-powerpoint"),
    Media("dwg", ("dwg",), "image/vnd.dwg"),
    Media("dxf", ("dxf",), "image/vnd.dxf"),
    Media("txt", ("txt", "csv", "tsv"), "text/plain"),
)
MEDIA: Mapping[str, Media] = MappingProxyType({media.code: media for media in _MEDIA})
# Endings that would tell the reader something else than what the file is.
_LYING = frozenset(ending for media in _MEDIA for ending in media.endings)


def content_type_of(media: Media, name: str) -> str:
    """The type told to a browser; of plain text the name tells whether it is a table."""
    return "text/csv" if media.code == "txt" and _ending(name) == "csv" else media.content_type


# --- Names -------------------------------------------------------------------------------------

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
# Controls, invisible marks (such as those that turn the reading direction), surrogates, private
# letters, and breaks of lines and paragraphs.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)
_NAMELESS = "ไฟล์แนบ"


def clean_name(name: str, media: Media | None = None) -> str:
    """The visible part of a file's name, fit for any computer; with `media`, under its own ending.

    Folders, unseen marks and signs that file systems refuse go; Thai letters stay. At most
    `LONGEST_NAME` characters, cut before the ending and never between a letter and its marks.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)
    text = " ".join(text.translate(_FORBIDDEN).split()).strip(". ")
    stem, ending = _parted(text)
    if media and ending.lower() not in media.endings:
        # "แบบ v1.2" keeps its 2; an ending that tells of another kind of file goes.
        stem = stem if ending.lower() in _LYING else text
        ending = media.endings[0]
    stem = stem.strip(". ")
    if not any(unicodedata.category(c)[0] in "LNS" for c in stem):
        stem = _NAMELESS
    if stem.split(".")[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    ending = f".{ending}" if ending else ""
    return _cut(stem, LONGEST_NAME - len(ending)) + ending


def _parted(text: str) -> tuple[str, str]:
    """(stem, ending without its dot); an ending is at most ten plain letters and digits."""
    stem, dot, ending = text.rpartition(".")
    if dot and stem and len(ending) <= 10 and ending.isascii() and ending.isalnum():
        return stem, ending
    return text, ""


def _ending(name: str) -> str:
    return _parted(name)[1].lower()


def _cut(stem: str, most: int) -> str:
    """The beginning of a name; no letter loses its marks, no vowel stands without its letter."""
    if len(stem) <= most:
        return stem
    while most > 1 and unicodedata.category(stem[most]) in ("Mn", "Mc", "Me"):
        most -= 1
    return stem[:most].rstrip("เแโใไ").strip(". ")


# --- How much ----------------------------------------------------------------------------------


def megabytes(size: int) -> int:
    """Whole megabytes, rounded up, as a sentence tells a size."""
    return -(-size // MEGABYTE)


def check_size(name: str, size: int) -> None:
    """Raises FileEmpty, FileTooLarge."""
    if size <= 0:
        raise FileEmpty(name=clean_name(name))
    if size > LARGEST_FILE_BYTES:
        raise FileTooLarge(
            name=clean_name(name), megabytes=megabytes(size), limit=megabytes(LARGEST_FILE_BYTES)
        )


def check_room(files: int, together: int, size: int) -> None:
    """Whether one more file has room beside `files` of `together` bytes.

    Raises TooManyFiles, TooMuchTogether.
    """
    if files >= MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    if together + size > MOST_BYTES:
        raise TooMuchTogether(
            held=megabytes(together), megabytes=megabytes(size), limit=megabytes(MOST_BYTES)
        )

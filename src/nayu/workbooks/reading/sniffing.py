"""What a file is, by its bytes and never by its name; what is too large is not even opened."""

import mmap
import zipfile
from pathlib import Path

from nayu.workbooks.domain import LARGEST_FILE_BYTES, LARGEST_UNPACKED_BYTES
from nayu.workbooks.reading.problems import UnreadableFileError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Excel stores an encrypted .xlsx as this stream of an OLE file; OLE names are UTF-16.
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
XLS_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of a BIFF8 workbook
FILEPASS = 0x2F
_FIRST_RECORDS = 4
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF_8_MARK = b"\xef\xbb\xbf"
KNOWN_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"PK\x05\x06", "ZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
)
# "Save as web page" gives files named .xls that are HTML or XML inside.
MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<style", b"<meta", b"<div")
_HEAD_BYTES = 8192
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 26}


def format_of(path: Path) -> str:
    """ "xlsx", "csv" or "json". Raises UnreadableFileError with the reason."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise UnreadableFileError(
                "file_too_large", megabytes=_megabytes(size), limit=_megabytes(LARGEST_FILE_BYTES)
            )
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise UnreadableFileError("file_missing") from None
    except OSError as error:
        raise UnreadableFileError("file_unreadable", reason=error.strerror or "") from None
    if not head.strip():
        raise UnreadableFileError("file_empty")
    if head.startswith(OLE):
        return _format_of_ole(path)
    if head.startswith(b"PK\x03\x04"):
        return _format_of_zip(path)
    return _format_of_text(head)


def _megabytes(size: int) -> int:
    return -(-size // (1024 * 1024))


def _format_of_ole(path: Path) -> str:
    """Old .xls: only told apart, not read, since a damaged one can end the whole process."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(ENCRYPTED_STREAM) >= 0 or _has_password(content):
            raise UnreadableFileError("file_encrypted")
        if any(content.find(name) >= 0 for name in WORKBOOK_STREAMS):
            raise UnreadableFileError("workbook_not_xlsx", kind=".xls")
    raise UnreadableFileError("not_a_workbook", kind="OLE")


def _has_password(content: mmap.mmap) -> bool:
    """Whether FILEPASS is among the first records of the .xls: each is type, length, data."""
    at = content.find(XLS_START)
    for _ in range(_FIRST_RECORDS if at >= 0 else 0):
        record = int.from_bytes(content[at : at + 2], "little")
        if record == FILEPASS:
            return True
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return False


def _format_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
            encrypted = any(entry.flag_bits & 1 for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        raise UnreadableFileError("workbook_broken") from None
    if encrypted:
        raise UnreadableFileError("file_encrypted")
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise UnreadableFileError(
            "file_too_large",
            megabytes=_megabytes(unpacked),
            limit=_megabytes(LARGEST_UNPACKED_BYTES),
        )
    if {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise UnreadableFileError("workbook_not_xlsx", kind=".xlsb")
    if {"mimetype", "content.xml"} <= names:
        raise UnreadableFileError("workbook_not_xlsx", kind=".ods")
    raise UnreadableFileError("zip_not_workbook", names=", ".join(sorted(names)[:3]))


def _format_of_text(head: bytes) -> str:
    for start, kind in KNOWN_OTHERS:
        if head.startswith(start):
            raise UnreadableFileError("not_a_workbook", kind=kind)
    if head.startswith(UTF_16_MARKS) or looks_like_utf_16(head):
        return "csv"
    text = head.removeprefix(UTF_8_MARK).lstrip()
    if text.lower().startswith(MARKUP):
        raise UnreadableFileError("not_a_workbook", kind="HTML")
    if any(byte in _CONTROL for byte in head):
        raise UnreadableFileError("not_a_workbook", kind="?")
    return "json" if text[:1] in (b"[", b"{") else "csv"


def looks_like_utf_16(head: bytes) -> str:
    """The byte order of UTF-16 text without a mark, "" if it is not such text.

    Thai and Latin letters of UTF-16 have 0x0E or 0x00 as their high byte.
    """
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = head[start::2]
        if len(high) > 1 and sum(byte in (0, 0x0E) for byte in high) > 0.9 * len(high):
            return name
    return ""

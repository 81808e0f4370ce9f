"""What a file is, told by its content alone; its name is not asked.

Only what is needed to tell is read: no picture is decoded, no document opened.
"""

import codecs
import mmap
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nayu.attachments.domain import (
    MEDIA,
    HasMacros,
    IsArchive,
    IsBroken,
    IsLocked,
    IsProgram,
    IsWebPage,
    Media,
    NotKnown,
    NotTaken,
)

_HEAD = 4096
_CHUNK = 64 * 1024
_LARGEST_DIRECTORY = 2 * 1024 * 1024  # of a ZIP: thousands of parts; office files have dozens
_LARGEST_TYPES = 1024 * 1024

# Where a file begins so and is no plain text besides: a table may well begin with "BMA" or "MZ".
PROGRAMS = (
    b"MZ", b"\x7fELF",
    b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # Mach-O for several processors, and Java classes
    b"dex\n", b"\0asm", b"L\0\0\0\x01\x14\x02\0",  # Android, web assembly, a Windows shortcut
)  # fmt: skip
PICTURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
ARCHIVES = (
    b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"MSCF",
    b"PK\x05\x06", b"PK\x07\x08", b"\x28\xb5\x2f\xfd",
)  # fmt: skip
OTHERS = (
    (b"GIF8", "GIF"), (b"BM", "BMP"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"8BPS", "PSD"),
    (b"ID3", "MP3"), (b"OggS", "Ogg"), (b"SQLite format 3\0", "SQLite"), (b"fLaC", "FLAC"),
    (b"\xc5\xd0\xd3\xc6", "EPS"), (b"\x1a\x45\xdf\xa3", "Matroska/WebM"),
)  # fmt: skip
PLAIN_OTHERS = ((b"{\\rtf", "RTF"), (b"%!PS", "PostScript"))
_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF", b"qt  ": "QuickTime"}
_MARKUP = re.compile(
    rb"<\s*(?:\?xml|!doctype|html|head|body|script|svg|iframe|object|embed|math|meta|link|style"
    rb"|title|form|img|base|frameset|xsl:)(?![a-z0-9])",
    re.IGNORECASE,
)
_DXF = re.compile(
    rb"(?:[ \t]*999[ \t]*\r?\n[^\r\n]*\r?\n)*[ \t]*0[ \t]*\r?\n[ \t]*SECTION[ \t]*\r?\n"
)
_BINARY_DXF = b"AutoCAD Binary DXF\r\n\x1a\0"
_DWG = re.compile(rb"AC10[0-9]{2}\0")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Windows-874 is TIS-620 with a few signs more; these bytes stand for nothing in either.
_NOT_THAI = re.compile(rb"[\x81-\x84\x86-\x90\x98-\x9f\xdb-\xde\xfc-\xff]")


def media_of(path: Path, name: str) -> Media:
    """The kind of a file that is not empty; `name` is for the sentence of a refusal only.

    Raises IsProgram, IsWebPage, IsArchive, HasMacros, IsLocked, IsBroken, NotTaken, NotKnown.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        found = _by_magic(head)
        if found:
            return found
        if head.startswith(b"PK\x03\x04"):
            return _in_zip(stream, name)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return _in_ole(stream, name)
        if _NOT_TEXT.search(head):
            _refuse_binary(head, name)
        _refuse_plain(head, name)
        if _is_text(stream):
            return MEDIA["dxf" if _DXF.match(head.removeprefix(codecs.BOM_UTF8)) else "txt"]
    raise NotKnown(name=name)


def _by_magic(head: bytes) -> Media | None:
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"%PDF-"):
        return MEDIA["pdf"]
    for start, code in PICTURES:
        if head.startswith(start):
            return MEDIA[code]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return MEDIA["webp"]
    if _DWG.match(head):
        return MEDIA["dwg"]
    return MEDIA["dxf"] if head.startswith(_BINARY_DXF) else None


def _refuse_binary(head: bytes, name: str) -> None:
    if head.startswith(PROGRAMS):
        raise IsProgram(name=name)
    if head.startswith(ARCHIVES) or head[257:262] == b"ustar":
        raise IsArchive(name=name)
    for start, found in OTHERS:
        if head.startswith(start):
            raise NotTaken(name=name, found=found)
    if head.startswith(b"RIFF"):
        raise NotTaken(name=name, found=head[8:12].decode("ascii", "replace").strip())
    if head[4:8] == b"ftyp":
        raise NotTaken(name=name, found=_BRANDS.get(head[8:12], "MP4"))


def _refuse_plain(head: bytes, name: str) -> None:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"#!"):
        raise IsProgram(name=name)
    # Letters of two bytes each are looked at too.
    if _MARKUP.search(head.replace(b"\0", b"")):
        raise IsWebPage(name=name)
    for known, found in PLAIN_OTHERS:
        if start.startswith(known):
            raise NotTaken(name=name, found=found)


# --- Text --------------------------------------------------------------------------------------


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def _is_text(stream: BinaryIO) -> bool:
    """UTF-8 or TIS-620, and no controls but tab, line break and page break."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = is_thai = True
    for chunk in _chunks(stream):
        if _NOT_TEXT.search(chunk):
            return False
        is_thai = is_thai and not _NOT_THAI.search(chunk)
        try:
            if is_utf8:
                decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf8 = False
    return is_utf8 or is_thai


# --- Office files of today: ZIPs with a list of what is in them ---------------------------------

_MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"wordprocessingml.template.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"spreadsheetml.template.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
}
_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def _in_zip(stream: BinaryIO, name: str) -> Media:
    if _directory_bytes(stream) > _LARGEST_DIRECTORY:
        raise IsArchive(name=name)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = {info.filename: info for info in archive.infolist()}
            if any(info.flag_bits & 1 for info in parts.values()):
                raise IsLocked(name=name)
            if "[Content_Types].xml" not in parts:
                raise _of_foreign_zip(archive, parts, name)
            with archive.open("[Content_Types].xml") as listed:
                types = listed.read(_LARGEST_TYPES)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error):
        raise IsBroken(name=name) from None
    if b"macroEnabled" in types or any("vbaproject" in part.lower() for part in parts):
        raise HasMacros(name=name)
    for words, code in _MAIN.items():
        if words in types and _PART[code] in parts:
            return MEDIA[code]
    if "xl/workbook.bin" in parts:
        raise NotTaken(name=name, found="XLSB")
    raise IsArchive(name=name)


def _of_foreign_zip(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str
) -> IsArchive | NotTaken | IsProgram:
    if "META-INF/MANIFEST.MF" in parts or "AndroidManifest.xml" in parts:
        return IsProgram(name=name)
    kind = parts.get("mimetype")
    if kind and kind.file_size < 200 and b"opendocument" in archive.read("mimetype"):
        return NotTaken(name=name, found="OpenDocument")
    return IsArchive(name=name)


def _directory_bytes(stream: BinaryIO) -> int:
    """How long the ZIP says its list is, before anything is read of it; a long ZIP64 counts too."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        return 0  # zipfile will say that it is none
    stated = int.from_bytes(tail[at + 12 : at + 16], "little")
    return size if stated == 0xFFFFFFFF or b"PK\x06\x07" in tail[max(0, at - 20) : at] else stated


# --- Office files of old: OLE, a small file system of its own -----------------------------------

_KINDS_OF_OLE = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
                 ("PowerPoint Document", "ppt"))  # fmt: skip
_FILEPASS = 0x2F
_FIRST_RECORDS = 8


def _in_ole(stream: BinaryIO, name: str) -> Media:
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if any(_entry(content, part) for part in ("EncryptedPackage", "EncryptedSummary")):
            raise IsLocked(name=name)
        if any(_entry(content, part) for part in ("_VBA_PROJECT", "VBA", "Macros")):
            raise HasMacros(name=name)
        for part, code in _KINDS_OF_OLE:
            if at := _entry(content, part):
                if _has_password(content, at, code):
                    raise IsLocked(name=name)
                return MEDIA[code]
    raise NotTaken(name=name, found="OLE")


def _entry(content: mmap.mmap, part: str) -> int:
    """Where an entry of the directory with this name lies, 0 if nowhere.

    An entry has 128 bytes, begins at a multiple of them, and states the length of its name.
    """
    words = part.encode("utf-16-le")
    at = content.find(words, 512)
    while at >= 0:
        stated = int.from_bytes(content[at + 64 : at + 66], "little")
        if at % 128 == 0 and stated == len(words) + 2 and content[at + 66 : at + 67] in b"\1\2\5":
            return at
        at = content.find(words, at + 1)
    return 0


def _has_password(content: mmap.mmap, entry: int, code: str) -> bool:
    """Whether the first bytes of the main stream say that the rest is encrypted."""
    sector = 1 << min(int.from_bytes(content[30:32], "little"), 16)
    at = (int.from_bytes(content[entry + 116 : entry + 120], "little") + 1) * sector
    if code == "doc":
        flags = int.from_bytes(content[at + 10 : at + 12], "little")
        return content[at : at + 2] == b"\xec\xa5" and bool(flags & 0x0100)
    for _ in range(_FIRST_RECORDS if code == "xls" else 0):
        record = content[at : at + 4]
        if int.from_bytes(record[:2], "little") == _FILEPASS:
            return True
        at += 4 + int.from_bytes(record[2:], "little")
    return False

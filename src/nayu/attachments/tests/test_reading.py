"""What a file is, told by real bytes."""

import io
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nayu.attachments import domain
from nayu.attachments.domain import MEDIA
from nayu.attachments.reading import media_of
from nayu.attachments.tests import samples
from nayu.core.errors import RuleBroken


@pytest.fixture
def told(tmp_path):
    """What the bytes are: the code of the kind, or the class of the refusal."""

    def judge(content: bytes):
        path = tmp_path / "x"
        path.write_bytes(content)
        try:
            return media_of(path, "x").code
        except RuleBroken as broken:
            return type(broken)

    return judge


@pytest.mark.parametrize("code", MEDIA)
def test_each_kind_that_is_kept_is_told_by_its_bytes(told, code):
    assert told(samples.KEPT[code]) == code


KEPT_TOO = {
    "text in TIS-620": ("txt", "ใบเสนอราคา ๑๒,๐๐๐ บาท".encode("tis-620")),
    "text in TIS-620, longer than a piece": ("txt", "คลอง\n".encode("tis-620") * 40_000),
    "text in UTF-8, cut between pieces": ("txt", b"a" + "ก".encode() * 60_000),
    "text that begins with the city's name": ("txt", b"BMA,baht\n1,2\n"),
    "text that begins like a program": ("txt", b"MZ,baht\n1,2\n"),
    "text with a mark of order": ("txt", b"\xef\xbb\xbfa,b\n"),
    "a comparison": ("txt", b"1 < 2, 3 > 2 and <5 m\n"),
    "a PDF after a blank line": ("pdf", b"\n" + samples.pdf()),
    "a PDF with XML inside": ("pdf", samples.pdf() + b"<?xml version='1.0'?><svg>"),
    "a binary drawing": ("dxf", b"AutoCAD Binary DXF\r\n\x1a\0\0\0"),
    "a drawing with a remark": ("dxf", b"999\nAutoCAD\n  0\nSECTION\n"),
    "an .xlsx written by another library": ("xlsx", samples.written_xlsx()),
    "an .xls of two record kinds": ("xls", samples.ole("Book", stream=samples.XLS_START)),
}


@pytest.mark.parametrize("name", KEPT_TOO)
def test_kept_too(told, name):
    code, content = KEPT_TOO[name]
    assert told(content) == code


REFUSED = {
    "a Windows program": (domain.IsProgram, samples.exe()),
    "a Linux program": (domain.IsProgram, b"\x7fELF\2\1\1\0" + b"\0" * 64),
    "a Mac program": (domain.IsProgram, b"\xcf\xfa\xed\xfe\7\0\0\1" + b"\0" * 64),
    "a Mac program for two processors": (domain.IsProgram, b"\xca\xfe\xba\xbe\0\0\0\2"),
    "a script": (domain.IsProgram, b"#!/bin/sh\nrm -rf ~\n"),
    "a script after a mark of order": (domain.IsProgram, b"\xef\xbb\xbf\n#!/usr/bin/env python\n"),
    "a Java archive": (domain.IsProgram, samples.zipped(**{"META-INF/MANIFEST.MF": b"x"})),
    "a web page": (domain.IsWebPage, b"<!DOCTYPE html><p>x"),
    "a web page in capitals": (domain.IsWebPage, b"\n\n <HTML><BODY>"),
    "a web page with a mark of order": (domain.IsWebPage, b"\xef\xbb\xbf<html>"),
    "a web page in letters of two bytes": (domain.IsWebPage, "<html><script>".encode("utf-16")),
    "a script in a text": (domain.IsWebPage, b"hello <script>alert(1)</script>"),
    "a drawing for the web": (domain.IsWebPage, b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "XML": (domain.IsWebPage, b'<?xml version="1.0"?><x/>'),
    "a workbook with macros": (domain.HasMacros, samples.with_macros()),
    "an old workbook with macros": (
        domain.HasMacros, samples.ole("Workbook", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT"),
    ),
    "a locked office file": (domain.IsLocked, samples.ole("EncryptionInfo", "EncryptedPackage")),
    "a locked archive": (domain.IsLocked, samples.locked_zip()),
    "an old workbook with a password": (
        domain.IsLocked, samples.ole("Workbook", stream=samples.XLS_START + samples.FILEPASS),
    ),
    "an old document with a password": (
        domain.IsLocked, samples.ole("WordDocument", stream=samples.DOC_START + b"\0\1"),
    ),
    "an archive": (domain.IsArchive, samples.zipped(**{"a.txt": b"x"})),
    "an empty archive": (domain.IsArchive, b"PK\x05\x06" + b"\0" * 18),
    "a RAR": (domain.IsArchive, b"Rar!\x1a\x07\x01\0"),
    "a gzip": (domain.IsArchive, b"\x1f\x8b\x08\0\0\0\0\0"),
    "a tar": (domain.IsArchive, b"a".ljust(257, b"\0") + b"ustar\x0000"),
    "half a workbook": (domain.IsBroken, samples.xlsx()[:2000]),
    "a spreadsheet of another house": (
        domain.NotTaken,
        samples.zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    ),
    "a GIF": (domain.NotTaken, b"GIF89a\1\0\1\0\0\0"),
    "a bitmap": (domain.NotTaken, b"BM\x46\0\0\0\0\0\0\0"),
    "a picture of a telephone": (domain.NotTaken, b"\0\0\0\x18ftypheic\0\0\0\0"),
    "a film": (domain.NotTaken, b"\0\0\0\x18ftypisom\0\0\0\0"),
    "rich text": (domain.NotTaken, b"{\\rtf1 hello}"),
    "mail of an old program": (domain.NotTaken, samples.ole("__properties_version1.0")),
    "bytes": (domain.NotKnown, bytes(range(256))),
    "text with a zero": (domain.NotKnown, b"a,b\0c\n"),
    "letters of no Thai table": (domain.NotKnown, b"\xff\xfe\xfd\xfc"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(told, name):
    refusal, content = REFUSED[name]
    assert told(content) is refusal


def test_a_zip_whose_list_is_longer_than_any_office_files_is_not_read(told, monkeypatch):
    content = bytearray(samples.zipped(**{"[Content_Types].xml": b"x"}))
    end = content.index(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", 3 * 1024 * 1024)
    monkeypatch.setattr(zipfile, "ZipFile", None)

    assert told(bytes(content)) is domain.IsArchive


def test_a_list_of_types_that_unpacks_to_much_is_read_to_a_limit(told):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 50_000_000)
    assert told(target.getvalue()) is domain.IsArchive


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    st.sampled_from([b"", *(content[:40] for content in samples.KEPT.values()), b"PK\x03\x04"]),
    st.binary(max_size=300),
)
def test_any_bytes_are_a_kind_or_a_sentence(told, start, rest):
    found = told(start + rest) if start + rest else domain.FileEmpty
    assert found in MEDIA or issubclass(found, RuleBroken)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.sampled_from(sorted(samples.KEPT)), st.data())
def test_a_file_cut_or_changed_anywhere_is_a_kind_or_a_sentence(told, code, data):
    content = bytearray(samples.KEPT[code])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    found = told(bytes(content[:cut]))
    assert found in MEDIA or issubclass(found, RuleBroken)

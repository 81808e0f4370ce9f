"""Files of many kinds as bytes, made here: real where a library makes them, else by their format."""

import io
import struct
import zipfile
import zlib

import openpyxl
import xlsxwriter
from docx import Document


def png() -> bytes:
    """One grey pixel, whole and valid."""

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0\x80"))
        + part(b"IEND", b"")
    )  # fmt: skip


def pdf() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def exe() -> bytes:
    return b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + b"\0" * 44 + b"\x80\0\0\0" + b"PE\0\0L\1" * 20


def xlsx() -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "ใบเสนอราคา"
    book.save(target)
    return target.getvalue()


def written_xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write("A1", "ใบเสนอราคา")
    return target.getvalue()


def docx() -> bytes:
    target = io.BytesIO()
    Document().save(target)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def pptx() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return zipped(
        **{
            "[Content_Types].xml": f'<Types><Override ContentType="{kind}"/></Types>'.encode(),
            "ppt/presentation.xml": b"<p/>",
        }
    )


def with_macros() -> bytes:
    """A real workbook to which a macro part was added."""
    target = io.BytesIO(xlsx())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return target.getvalue()


def locked_zip() -> bytes:
    """A ZIP whose first entry says that it is encrypted."""
    content = bytearray(zipped(**{"xl/workbook.xml": b"x"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def ole(*names: str, stream: bytes = b"") -> bytes:
    """A compound file with these entries; the stream of each begins right after them."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504)
    header[30:32] = (9).to_bytes(2, "little")  # sectors of 512 bytes
    sectors = -(-(len(names) + 1) // 4)
    entries = b""
    for name in ("Root Entry", *names):
        words = name.encode("utf-16-le")
        entry = bytearray(words.ljust(128, b"\0"))
        entry[64:66] = (len(words) + 2).to_bytes(2, "little")
        entry[66] = 2
        entry[116:120] = sectors.to_bytes(4, "little")
        entries += bytes(entry)
    return bytes(header) + entries.ljust(sectors * 512, b"\0") + stream.ljust(512, b"\0")


XLS_START = b"\x09\x08\x10\x00" + b"\0" * 16
FILEPASS = b"\x2f\x00\x04\x00" + b"\0" * 4
DOC_START = b"\xec\xa5" + b"\0" * 8
KEPT = {
    "pdf": pdf(),
    "png": png(),
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 64,
    "webp": b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 24,
    "xlsx": xlsx(),
    "docx": docx(),
    "pptx": pptx(),
    "xls": ole("Workbook", stream=XLS_START + b"\x42\0\2\0\0\0"),
    "doc": ole("WordDocument", stream=DOC_START + b"\0\0"),
    "ppt": ole("PowerPoint Document"),
    "dwg": b"AC1032\0\0\0\0\0\0" + b"\1" * 64,
    "dxf": b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n",
    "txt": "รายการ,บาท\nลอกคลอง,1500\n".encode(),
}

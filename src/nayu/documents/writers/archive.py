"""Office files are zip archives: the same parts in the same order with the same dates."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the zip format knows no earlier date
_REGULAR_FILE = 0o644 << 16
_LEVEL = 6


def settled(content: bytes) -> bytes:
    """The archive again, its parts sorted by name and without any date or machine in it."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(target, "w") as settled_zip:
        for name in sorted(source.namelist()):
            part = ZipInfo(name, date_time=_EARLIEST)
            part.compress_type = ZIP_DEFLATED
            part.create_system = 3  # Unix, on every machine
            part.external_attr = _REGULAR_FILE
            settled_zip.writestr(part, source.read(name), compresslevel=_LEVEL)
    return target.getvalue()

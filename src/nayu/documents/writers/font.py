"""The document face: which characters it has and how wide they are, in em.

Read from the font file's own tables (OpenType: cmap format 4, hmtx), so that columns are sized
from the figures that stand in them and no unknown character reaches a writer.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import unpack_from

FOLDER = Path(__file__).parents[1] / "fonts"
FAMILY = "Laksaman"
REGULAR, BOLD = FOLDER / "Laksaman.ttf", FOLDER / "Laksaman-Bold.ttf"
NO_GLYPH = "\u25ca"  # a lozenge: the face has no empty box


@dataclass(frozen=True)
class Face:
    """Advance width in em by character."""

    widths: dict[str, float]

    def __contains__(self, character: str) -> bool:
        return character in self.widths

    def width(self, text: str) -> float:
        """Width of one line in em; an unknown character counts as a full em."""
        return sum(self.widths.get(character, 1.0) for character in text)


@cache
def face(*, bold: bool = False) -> Face:
    data = (BOLD if bold else REGULAR).read_bytes()
    tables = _tables(data)
    (units,) = unpack_from(">H", data, tables["head"] + 18)
    (measured,) = unpack_from(">H", data, tables["hhea"] + 34)
    widths: dict[str, float] = {}
    for code, glyph in _glyphs(data, tables["cmap"]).items():
        place = tables["hmtx"] + 4 * min(glyph, measured - 1)
        widths[chr(code)] = unpack_from(">H", data, place)[0] / units
    return Face(widths)


def _tables(data: bytes) -> dict[str, int]:
    (count,) = unpack_from(">H", data, 4)
    return {
        tag.decode("ascii"): offset
        for tag, _check, offset, _length in (
            unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count)
        )
    }


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """Glyph by code point from the Windows Unicode map."""
    (count,) = unpack_from(">H", data, cmap + 2)
    records = [unpack_from(">HHI", data, cmap + 4 + 8 * index) for index in range(count)]
    start = cmap + next(offset for *kind, offset in records if kind == [3, 1])
    (doubled,) = unpack_from(">H", data, start + 6)
    segments = doubled // 2
    ends = unpack_from(f">{segments}H", data, start + 14)
    firsts = unpack_from(f">{segments}H", data, start + 16 + doubled)
    deltas = unpack_from(f">{segments}H", data, start + 16 + 2 * doubled)
    ranges_at = start + 16 + 3 * doubled
    ranges = unpack_from(f">{segments}H", data, ranges_at)
    found: dict[int, int] = {}
    for index, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                place = ranges_at + 2 * index + ranges[index] + 2 * (code - first)
                (glyph,) = unpack_from(">H", data, place)
                if not glyph:
                    continue
            glyph = (glyph + deltas[index]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found

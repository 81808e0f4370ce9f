"""One result, one measure at a time: what is joined cannot be judged."""

import re

from nayu.coach.domain.values import CONSIDER, Draft, Passage, Rule, Words, example

KIND = "several-things-in-one"
_CUT = re.compile(r"((?:และ|รวมทั้ง|รวมถึง|ตลอดจน|พร้อมทั้ง|อีกทั้ง|ทั้งยัง|,| )+(?:เพื่อ)?)")
# The other side of the same result, not a second one.
_SAME_RESULT = ("เพิ่มความปลอดภัย", "เพิ่มความสะดวก", "เพิ่มความมั่นใจ")
_JOIN = re.compile(r"(?:และ|กับ|รวมทั้ง|รวมถึง|ตลอดจน|พร้อมทั้ง|อีกทั้ง|/|,) ?(?:เพื่อ)?")


def _clauses(text: str, name: str, words: Words) -> list[str]:
    """Pieces between joining words and blanks that begin with a word of the list.

    After a mere blank, "ให้" goes on with the clause before it.
    """
    parts = _CUT.split(text)
    pairs = zip(["", *parts[1::2]], parts[::2], strict=True)
    return [
        piece
        for cut, piece in pairs
        if words.begins(name, piece) and not (cut == " " and piece.startswith("ให้"))
    ]


def _of_two_fields(text: str, after: list[str], words: Words) -> str:
    """Two clauses of purpose that belong to different fields of the city's work."""
    for rest in after:
        head = text[: len(text) - len(rest)]
        one, other = words.holding("themes", head), words.holding("themes", rest)
        if words.begins("single.purpose", rest) and one and other and not one & other:
            return f"{head[:24]} · {rest[:24]}"
    return ""


def _several_results(passage: Passage, _draft: Draft, words: Words) -> str | None:
    aims = _clauses(passage.text.removeprefix("เพื่อ"), "single.purpose", words)
    if len(aims) >= 3:
        return " · ".join(one[:24] for one in aims)
    after = [passage.text[found.end() :] for found in _JOIN.finditer(passage.text)]
    apart = _of_two_fields(passage.text, after, words)
    if apart:
        return apart
    first = words.begins("single.strong_purpose", passage.text.removeprefix("เพื่อ"))
    second = next(
        (
            one
            for one in after
            if words.begins("single.strong_purpose", one) and not one.startswith(_SAME_RESULT)
        ),
        "",
    )
    return f"{first} · {second[:30]}" if first and second else None


def _several_measures(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = passage.text
    if not words.find("single.measure", text):
        return None
    for found in _JOIN.finditer(text):
        rest = text[found.end() :]
        if rest.startswith("ผู้") and "ที่" not in text[: found.start()]:
            continue  # one measure of two groups
        if words.begins("single.measure", rest):
            return text[max(0, found.start() - 20) : found.end() + 20]
    return None


def _several_works(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = re.sub(r"^โครงการ", "", passage.text)
    works = _clauses(text, "single.strong_purpose", words)
    return " · ".join(one[:24] for one in works) if len(works) >= 3 else None


def _several_targets(passage: Passage, _draft: Draft, words: Words) -> str | None:
    found = words.all("single.achieved", passage.text)
    return " · ".join(found) if len(set(found)) >= 2 and _JOIN.search(passage.text) else None


RULES = (
    Rule(
        "objective_holds_several_results", KIND, CONSIDER, ("objective",), "form10",
        _several_results, example("objective", "เพื่อลดจำนวนยุงลาย และเพิ่มรายได้กลุ่มแม่บ้าน"),
        example("objective", "เพื่อลดเวลารอทำบัตรที่สำนักงานเขตมีนบุรีจาก 55 เหลือ 25 นาที"),
    ),
    Rule(
        "indicator_holds_several_measures", KIND, CONSIDER, ("indicator",), "kpi_template",
        _several_measures, example("indicator", "ร้อยละความพึงพอใจและความรู้ของผู้เข้าอบรม"),
        example("indicator", "จำนวนสุนัขและแมวที่ได้รับวัคซีน"),
    ),
    Rule(
        "name_holds_several_projects", KIND, CONSIDER, ("name",), "form10", _several_works,
        example("name", "โครงการอบรมอาสาจราจร ก่อสร้างที่พักผู้โดยสาร และส่งเสริมการท่องเที่ยว"),
        example("name", "โครงการจัดงานวันลอยกระทงและส่งเสริมวัฒนธรรมไทย"),
    ),
    Rule(
        "target_holds_several_measures", KIND, CONSIDER, ("target",), "form10", _several_targets,
        example("target", "ผู้เข้าอบรมร้อยละ 80 มีความรู้ มีรายได้เพิ่ม และพึงพอใจ"),
        example("target", "นักเรียนร้อยละ 90 ว่ายน้ำได้ 15 เมตรเมื่อจบภาคเรียนที่ 2"),
    ),
)  # fmt: skip

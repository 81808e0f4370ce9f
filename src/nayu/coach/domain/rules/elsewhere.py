"""Text that stands in another entry too."""

import re
from difflib import SequenceMatcher

from nayu.coach.domain.text import letters
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

KIND = "text-used-elsewhere"
# Two texts of which so much is alike differ by a slip of the pen or a year, not by a project.
NEARLY = 0.93
LEAST_LETTERS = 12
TEXTS = (
    "promise_who", "promise_change", "promise_evidence", "rationale", "objective", "target",
    "method", "activity", "if_not_funded", "risk", "risk_response",
)  # fmt: skip
_YEARS = re.compile(r"\([^)]*\)|(?:ประจำ)?ปี(?:งบประมาณ)? ?(?:พ\.ศ\. ?)?\d{2,4}|พ\.ศ\. ?\d{4}")


def _bare(text: str) -> str:
    return letters(_YEARS.sub(" ", text))


def _same_name(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    own = _bare(passage.text)
    return next((other for other in passage.used_elsewhere if _bare(other) == own), None)


def _same_text(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    own = letters(passage.text)
    if len(own) < LEAST_LETTERS:
        return None
    return next((other for other in passage.used_elsewhere if letters(other) == own), None)


def _nearly_same_text(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    own = _bare(passage.text)
    if len(own) < LEAST_LETTERS:
        return None
    for other in passage.used_elsewhere:
        theirs = _bare(other)
        if abs(len(theirs) - len(own)) <= len(own) * (1 - NEARLY) * 2 and (
            SequenceMatcher(None, own, theirs, autojunk=False).ratio() >= NEARLY
        ):
            return other
    return None


RULES = (
    Rule(
        "same_name_elsewhere", KIND, MUST, ("name",), "dp_duplicates", _same_name,
        example("name", "โครงการพัฒนาแหล่งเรียนรู้เขต",
                used_elsewhere=["โครงการพัฒนาแหล่งเรียนรู้เขต (ต่อเนื่อง)"]),
        example("name", "ขุดลอกคลองลำเจียก 7.4 กิโลเมตร", used_elsewhere=["ขุดลอกคลองลำชะล่า"]),
    ),
    Rule(
        "same_text_elsewhere", KIND, MUST, TEXTS, "zero_based", _same_text,
        example("method", "จัดตั้งคณะทำงาน วางแผน ดำเนินงาน และสรุปผล",
                used_elsewhere=["จัดตั้งคณะทำงาน วางแผน ดำเนินงานและสรุปผล"]),
        example("method", "ครูพละสอนว่ายน้ำ 4 โรงเรียน คาบละไม่เกิน 20 คน",
                used_elsewhere=["ครูพละสอนว่ายน้ำที่ศูนย์กีฬาเขต"]),
    ),
    Rule(
        "nearly_same_text_elsewhere", KIND, CONSIDER, TEXTS, "zero_based", _nearly_same_text,
        example("rationale", "ปัญหายาเสพติดเป็นปัญหาสำคัญที่ส่งผลกระทบต่อครอบครัวและชุมชนในเขต",
                used_elsewhere=["ปัญหายาเสพติดเป็นปัญหาสำคัญที่ส่งผลกระทบต่อครอบครัวและชุมชนของเขต"]),
        example("rationale", "ครูพบเด็ก ม.2 สูบบุหรี่ไฟฟ้า 31 คนในเทอมเดียว",
                used_elsewhere=["ปัญหายาเสพติดเป็นปัญหาสำคัญที่ส่งผลกระทบต่อครอบครัว"]),
    ),
)  # fmt: skip

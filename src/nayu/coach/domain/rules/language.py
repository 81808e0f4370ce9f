"""Words that a citizen need not know: English where plain Thai would do, and its Thai spelling."""

import re

from nayu.coach.domain.values import CONSIDER, Draft, Passage, Rule, Words, example

KIND = "needless-english-or-jargon"
WRITTEN = (
    "name", "promise_who", "promise_change", "promise_evidence", "rationale", "objective", "target",
    "method", "activity", "line_item", "if_not_funded", "risk", "risk_response", "indicator",
)  # fmt: skip
# In the name of a thing to buy, a product's own English is the usual one.
_GLOSS = re.compile(r"\([A-Za-z0-9 .,&+/\-]+\)")  # the English of a Thai name that stands before it
OF_PRODUCTS = ("solution", "platform", "ecosystem", "transformation", "experience", "smart")


def _english(passage: Passage, _draft: Draft, words: Words) -> str | None:
    left = words.without("language.known", _GLOSS.sub(" ", passage.text))
    catchwords = words.all("language.jargon", left)
    if passage.kind == "line_item":
        found = [one for one in catchwords if one.lower().startswith(OF_PRODUCTS)]
        return " ".join(found) or None
    latin = [one for one in words.all("language.latin", left) if len(one) > 1]
    if not catchwords and len(latin) < 2:
        return None
    return " ".join(latin or catchwords)


def _thai_spelling(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("language.thai_jargon", passage.text) or None


RULES = (
    Rule(
        "needless_english", KIND, CONSIDER, WRITTEN, "own", _english,
        example("method", "ใช้ Design Thinking ร่วมกับ Stakeholder เพื่อหา Pain Point"),
        example("method", "ใช้ GIS ซ้อนภาพถ่ายทางอากาศกับแปลงภาษี แล้วสอบเฉพาะแปลงที่ต่างกัน"),
    ),
    Rule(
        "english_in_thai_letters", KIND, CONSIDER, WRITTEN, "own", _thai_spelling,
        example("objective", "เพื่อสร้างอีโคซิสเต็มของผู้ประกอบการในย่าน"),
        example("objective", "เพื่อให้ร้านค้าในย่านตลาดน้อย 40 ร้านขายออนไลน์ได้เอง"),
    ),
)  # fmt: skip

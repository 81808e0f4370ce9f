"""Thai text as rules read it: canonical spelling, figures, places and times."""

import re
from decimal import Decimal

from nayu.coach.domain.values import Words
from nayu.core.thai import normalise, to_arabic_digits

# A mark typed twice, two เ for one แ, and เพี่อ look right on the screen and match nothing.
_DOUBLED = re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+")
_CLASSIFIER = (
    "คน|ราย|ครั้ง|แห่ง|หลัง|ครัวเรือน|โรง|ตัว|ต้น|คัน|เครื่อง|วัน|เดือน|ปี|ชั่วโมง|นาที|สัปดาห์|บาท"
    "|เมตร|กิโลเมตร|จุด|ชุด|แผง|ร้าน|ห้อง|เตียง|เที่ยว|รอบ|รุ่น|เท่า|เขต|แขวง|ชุมชน|ข้อ|เรื่อง|กลุ่ม"
    "|ทุ่ม|โมง|ลำ|ใบ|ฉบับ|ช่อง|เปอร์เซ็นต์|ขวบ|ตัน|ลิตร|ไร่|หน|มื้อ|ซอย|สาย|ครอบครัว|บ้าน|ใน|ไตรมาส|คาบ|มื้อ"
)
_WORD = "หนึ่ง|เอ็ด|สอง|ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
NUMBER_WORD = re.compile(
    rf"(?<!ห)(?:{_WORD})+(?:กว่า|เศษ)?\s?(?:{_CLASSIFIER})|(?:ครึ่ง)(?:หนึ่ง|ปี|วัน|เดือน|ชั่วโมง|\s|$)"
    rf"|(?:วันละ|ปีละ|เดือนละ|ราว|กว่า|เกือบ|ประมาณ)(?:{_WORD})+|(?:คน|หลัง|ต้น|เครื่อง|คัน)เดียว"
)
# Figures that are names, not evidence: "9 ด้าน 9 ดี", "ระยะ 20 ปี", years and section numbers.
NOT_EVIDENCE = re.compile(
    r"9 ?ด้าน ?9 ?ดี|9 ?ดี|ระยะ(?:ที่)? ?\d+(?: ?ปี)?|\d+ ?ปี \(?พ\.ศ\.|พ\.ศ\. ?\d{4}(?: ?[-–] ?\d{4})?"
    r"|ฉบับที่ \d+|มาตรา \d+|ข้อ \d+|ยุทธศาสตร์ที่ ?[\d.]+|ศตวรรษที่ \d+|(?:ประเทศไทย|ยุค|ไทยแลนด์) ?\d\.0"
    r""
    r"|ครั้งที่ ?\d+(?:/\d+)?|(?:ลง|เมื่อ)?วันที่ \d+ [ก-๙.]+ ?\d*|ที่ กท ?[\d/]+|ปี ?(?:พ\.ศ\. ?)?25\d\d"
    r"|ปีงบประมาณ (?:พ\.ศ\. ?)?\d{4}|(?:จัดซื้อ|ขอซื้อ|ซื้อ|จัดหา)[ก-๙ ]+\d+ ?(?:เครื่อง|คัน|ชุด|ตัว)"
)


def clean(text: str) -> str:
    """One line, canonical marks, Arabic digits."""
    text = _DOUBLED.sub(r"\1", normalise(text).replace("เเ", "แ")).replace("เพี่อ", "เพื่อ")
    return to_arabic_digits(text)


def numbers(text: str) -> list[str]:
    """Figures and numbers in words, as written."""
    return NUMBER.findall(text) + [found.group() for found in NUMBER_WORD.finditer(text)]


def has_number(text: str) -> bool:
    return bool(NUMBER.search(text) or NUMBER_WORD.search(text))


def has_evidence_figure(text: str) -> bool:
    """A figure that could be evidence, not the number of a law, plan or year alone."""
    return has_number(NOT_EVIDENCE.sub(" ", text))


def has_place(text: str, words: Words) -> bool:
    """A place that somebody could go to: a kind of place with its own name, or a known name."""
    named = words.without("places.generic", text)
    return bool(words.find("places.named", named) or words.find("places.known", named))


def has_time(text: str, words: Words) -> bool:
    return bool(words.find("places.time", text))


def letters(text: str) -> str:
    """Only letters, vowels and digits: what two texts are compared by."""
    return re.sub(r"[^\w\u0e00-\u0e7f]+", "", text).casefold()


def figure(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def pieces(text: str, size: int) -> frozenset[str]:
    """All runs of `size` characters inside the words of a text; Thai has no blanks to cut at."""
    found: set[str] = set()
    for word in re.findall(r"[\w\u0e00-\u0e7f]+", text):
        found.update(word[at : at + size] for at in range(len(word) - size + 1))
    return frozenset(found)


def plain_figure(value: Decimal) -> str:
    """1200.50 → "1,200.5", 78 → "78"."""
    told = f"{value:,f}"
    return told.rstrip("0").rstrip(".") if "." in told else told

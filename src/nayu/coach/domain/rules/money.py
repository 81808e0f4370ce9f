"""Lines of money: the price beside like items, and whether anybody knows what is bought."""

from decimal import Decimal
from statistics import quantiles

from nayu.coach.domain.text import has_place, plain_figure
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Price, Rule, Words, example

BAND, SPECIFIC = "price-outside-band", "item-not-specific"
LINE = ("line_item",)
LEAST_LIKE = 2
# How far outside its like items' prices a price may lie before a reason is asked.
ABOVE, BELOW = Decimal("1.4"), Decimal("0.65")
MANY = 10  # from so many prices on, a tenth at each end no longer counts


def band(like: tuple[Decimal, ...]) -> tuple[Decimal, Decimal] | None:
    """(lowest, highest) price in baht that needs no reason; None with too few like items."""
    if len(like) < LEAST_LIKE:
        return None
    low, high = min(like), max(like)
    if len(like) >= MANY:
        tenths = quantiles(sorted(like), n=10)
        low, high = tenths[0], tenths[-1]
    return low * BELOW, high * ABOVE


def _told(price: Price) -> str:
    low, high = min(price.like), max(price.like)
    return f"{plain_figure(price.unit_price)} / {plain_figure(low)}–{plain_figure(high)}"


def _too_dear(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    price = passage.price
    found = band(price.like) if price else None
    return _told(price) if price and found and price.unit_price > found[1] else None


def _too_cheap(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    price = passage.price
    found = band(price.like) if price else None
    return _told(price) if price and found and price.unit_price < found[0] else None


def _nothing_named(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if words.find("money.specific", passage.text) or has_place(passage.text, words):
        return None
    return words.find("money.nothing_named", passage.text) or None


def _group_only(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = passage.text
    if words.find("money.specific", text) or has_place(text, words):
        return None
    found = words.begins("money.group_only", text)
    if not found:
        return None
    rest = words.without("money.lump", text[len(found) :])
    return text if len(rest.strip(" ()")) < 18 else None


def _lump(passage: Passage, _draft: Draft, words: Words) -> str | None:
    """One job or system of much money, told in a few words."""
    text, price = passage.text, passage.price
    if words.find("money.specific", text) or has_place(text, words) or price is None:
        return None
    told = words.find("money.lump", text)
    if not told or price.quantity != 1 or price.unit_price < 100_000:
        return None
    return text if len(words.without("money.lump", text).strip()) < 30 else None


RULES = (
    Rule(
        "price_above_like_items", BAND, MUST, LINE, "price_reference", _too_dear,
        example("line_item", "รถเข็นผู้ป่วยแบบพับได้", unit_price_baht=54000,
                like_prices_baht=[4800, 5200, 6000]),
        example("line_item", "เครื่องตัดหญ้าข้อแข็งสะพายบ่า", unit_price_baht=11000,
                like_prices_baht=[9500, 9900, 10500]),
    ),
    Rule(
        "price_below_like_items", BAND, MUST, LINE, "price_reference", _too_cheap,
        example("line_item", "ถังดับเพลิงผงเคมีแห้ง 15 ปอนด์", unit_price_baht=190,
                like_prices_baht=[950, 1050, 1200]),
        example("line_item", "ต้นกล้าพะยูง สูง 1.5 ม.", unit_price_baht=140,
                like_prices_baht=[150, 180, 200]),
    ),
    Rule(
        "item_names_nothing", SPECIFIC, MUST, LINE, "request_line", _nothing_named,
        example("line_item", "ค่าใช้จ่ายอื่น ๆ", unit_price_baht=50000),
        example("line_item", "ค่าใช้จ่ายในการเช่ารถโดยสารปรับอากาศ 40 ที่นั่ง", unit_price_baht=12000),
    ),
    Rule(
        "item_names_a_group_only", SPECIFIC, MUST, LINE, "request_line", _group_only,
        example("line_item", "ครุภัณฑ์ห้องประชุม จำนวน 1 งาน", unit_price_baht=380000),
        example("line_item", "ครุภัณฑ์ห้องประชุม: จอภาพขนาด 85 นิ้ว", unit_price_baht=60000),
    ),
    Rule(
        "lump_sum_without_contents", SPECIFIC, CONSIDER, LINE, "request_line", _lump,
        example("line_item", "จัดงานเปิดตัวเมืองน่าเดิน 1 งาน", unit_price_baht=4500000, quantity=1),
        example("line_item", "จ้างออกแบบทางลอด 1 งาน (แบบ, ประมาณราคา, รายงาน EIA)",
                unit_price_baht=6800000, quantity=1),
    ),
)  # fmt: skip

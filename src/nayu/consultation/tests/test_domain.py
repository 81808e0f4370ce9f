"""What is published at once, what is masked, what waits; how often; what an answer must say."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nayu.consultation import domain
from nayu.consultation.domain import check_answer, check_rate, masked, moderate

AT = datetime(2025, 7, 15, 12, tzinfo=UTC)
TEXT = "อยากให้มีไฟส่องทางริมคลอง"


@pytest.mark.parametrize(
    "number",
    [
        "081-234-5678", "0812345678", "02 123 4567", "๐๘๑ ๒๓๔ ๕๖๗๘", "+66 81 234 5678",
        "1-1017-00203-45-1", "1101700203451", "๑๑๐๑๗๐๐๒๐๓๔๕๑", "somchai.k@example.org",
        "081\u200b2345678",
    ],
)  # fmt: skip
def test_numbers_and_addresses_of_a_person_are_masked_before_the_text_is_kept(number):
    verdict = moderate(f"{TEXT} ติดต่อ {number} ได้")

    assert number not in verdict.text
    assert "[ปิด" in verdict.text
    assert (verdict.masked, verdict.state) == (1, domain.PUBLISHED)


@pytest.mark.parametrize(
    "text",
    [
        "งบ 1,200,000,000 บาท ปี 2567 2568 2569 2570 มากไป",
        "โครงการ 11000000-0001 ควรทำก่อน", "เป้าหมาย 1.4.1 และ 4.2.3", "ยาว 2.15 กิโลเมตร 0.25",
    ],
)  # fmt: skip
def test_figures_of_the_plan_are_left_alone(text):
    assert masked(text) == (text, 0)


def test_an_english_text_gets_english_masks():
    assert masked("call 081-234-5678", "en")[0] == "call [telephone number hidden]"


def test_two_links_pass_and_a_third_waits_for_a_person():
    two = f"{TEXT} https://a.example/1 www.b.example"
    assert moderate(two).state == domain.PUBLISHED
    verdict = moderate(f"{two} http://c.example")
    assert (verdict.state, verdict.reason) == (domain.HELD, domain.LINKS)


def test_words_sent_before_wait_and_so_does_one_sentence_over_and_over():
    assert moderate(TEXT, was_sent_before=True).reason == domain.REPEATED_OPINION
    assert moderate("\n".join([TEXT] * 7)).reason == domain.REPEATED_TEXT
    assert moderate("ก" * 40).reason == domain.REPEATED_TEXT
    assert moderate("ดีมาก ควรทำต่อ และควรทำให้ครบทุกเขต ทำให้เร็ว").reason == ""


@pytest.mark.parametrize(
    ("length", "broken"),
    [(0, domain.OpinionTooShort), (9, domain.OpinionTooShort), (10, None), (4000, None),
     (4001, domain.OpinionTooLong), (100_000, domain.OpinionTooLong)],
)  # fmt: skip
def test_an_opinion_has_ten_to_four_thousand_characters(length, broken):
    text = ("กขคงจฉช" * 20_000)[:length]
    if broken is None:
        assert moderate(text).text == text
        return
    with pytest.raises(broken):
        moderate(text)


def test_blanks_alone_are_too_short():
    with pytest.raises(domain.OpinionTooShort):
        moderate(" \n\u200b" * 50)


def test_five_an_hour_then_the_sentence_says_how_long_to_wait():
    sent = [AT - timedelta(minutes=minute) for minute in (50, 40, 30, 20)]
    check_rate(sent, AT)
    with pytest.raises(domain.TooManyOpinions) as broken:
        check_rate([*sent, AT], AT)
    assert broken.value.facts == {"limit": 5, "minutes": 10}
    check_rate([*sent, AT], AT + timedelta(minutes=11))


def test_twenty_a_day_however_they_are_spread():
    sent = [AT - timedelta(minutes=30 * turn) for turn in range(2, 22)]
    check_rate(sent[1:], AT)
    with pytest.raises(domain.TooManyOpinions) as broken:
        check_rate(sent, AT)
    assert broken.value.facts == {"limit": 20, "minutes": 720}


def test_an_answer_gives_a_reason_and_names_the_change_it_claims():
    check_answer("adopted", "เห็นด้วยเพราะจำเป็น", "เพิ่มโคมไฟ")
    check_answer("not_adopted", "ไม่คุ้มกับเงินที่ใช้", "")
    for wrong, broken in [
        (("maybe", "เห็นด้วยเพราะจำเป็น", ""), domain.OutcomeUnknown),
        (("adopted", "ดี", "เพิ่มโคมไฟ"), domain.AnswerReasonMissing),
        (("in_part", "เห็นด้วยเพราะจำเป็น", ""), domain.ChangeMissing),
        (("not_adopted", "ไม่คุ้มกับเงินที่ใช้", "เพิ่มโคมไฟ"), domain.ChangeNotExpected),
    ]:
        with pytest.raises(broken):
            check_answer(*wrong)


def test_both_days_of_the_period_are_open():
    first, last = date(2025, 7, 1), date(2025, 7, 31)
    assert domain.is_open(first, last, first)
    assert domain.is_open(first, last, last)
    assert not domain.is_open(first, last, last + timedelta(days=1))
    with pytest.raises(domain.PeriodOutOfOrder):
        domain.check_period(last, first)

"""Every code has a sentence, in Thai and in English, with the same placeholders."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from nayu.workbooks import messages
from nayu.workbooks.domain import Finding
from nayu.workbooks.messages import MESSAGES, sentence

APP = Path(messages.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _english(code: str) -> str:
    with translation.override("en"):
        return str(MESSAGES[code])


@pytest.fixture(scope="module")
def thai():
    with (APP / "locale/th/LC_MESSAGES/django.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file)}


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_speaks_thai_and_english(code, thai):
    english = _english(code)

    assert re.search("[ก-๙]", thai[english])
    assert set(PLACEHOLDER.findall(thai[english])) == set(PLACEHOLDER.findall(english))


def test_every_code_in_the_program_has_a_message():
    sources = "".join(
        path.read_text("utf-8")
        for path in APP.rglob("*.py")
        if "tests" not in path.parts and path.name != "messages.py"
    )
    patterns = [
        r'(?:Finding|UnreadableFileError|Fault)\(\s*"(\w+)"',
        r'_tell\(\s*"(\w+)"',
        r'Amount\([^)]*"(\w+)"\)',
        r'code = "(\w+)"',
        r'code = "(?:\w+)" if .* else "(\w+)"',
        r'doubt = "" if in_place else "(\w+)"',
    ]
    used = {code for pattern in patterns for code in re.findall(pattern, sources)}

    assert len(used) > 35
    assert used <= set(MESSAGES)


def test_a_sentence_names_the_place_and_the_figures():
    finding = Finding(
        "amount_not_product", "ก.xlsx", "รายการ", 14, "เป็นเงิน (บาท)", "300",
        {"quantity": Decimal(2), "unit_price": Decimal("1200.5"), "product": Decimal(2401),
         "amount": Decimal(300), "cell": "J14"},
    )  # fmt: skip

    with translation.override("en"):
        told = sentence(finding)

    assert told == (
        "ก.xlsx, sheet “รายการ”, row 14, column “เป็นเงิน (บาท)” (J14): 2 × 1,200.5 makes 2,401,"
        " but the amount is 300. Correct quantity or unit price, and let the file calculate."
    )

"""Why a file cannot be read at all; `read_file` turns it into a finding."""

from typing import Any


class UnreadableFileError(Exception):
    """``code`` names the sentence, ``facts`` fill it."""

    def __init__(self, code: str, *, sheet: str = "", value: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code, self.sheet, self.value, self.facts = code, sheet, value, facts

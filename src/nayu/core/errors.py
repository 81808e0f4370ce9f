"""A broken rule carries a code and facts; the sentence is made later, in the reader's language."""

from typing import Any, ClassVar


class RuleBroken(Exception):
    """A rule of the field was broken, and nothing was written.

    ``code`` names the sentence in some app's ``messages.MESSAGES``; ``facts`` fill its
    placeholders (figures as `Decimal` or `int`, names as text).
    """

    code: ClassVar[str] = "rule_broken"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotPermitted(RuleBroken):
    """The person's posts do not allow this act in this state."""

    code = "not_permitted"


class NotVisible(RuleBroken):
    """The person may not know that this exists: shown as "not found" everywhere."""

    code = "not_visible"


class Incomplete(RuleBroken):
    """Several parts are missing at once; ``facts["problems"]`` is a tuple of `Problem`."""

    code = "incomplete"


class Stale(RuleBroken):
    """Somebody else changed the thing since the reader opened it."""

    code = "stale"

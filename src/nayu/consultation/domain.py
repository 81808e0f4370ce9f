"""Rules of consultation: who is heard on what, what is published at once, how often, what an
answer must say. Lengths in characters, limits in opinions.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from nayu.core.errors import RuleBroken
from nayu.core.thai import match_key, normalise

GOAL, PROJECT, PLAN = "goal", "project", "plan"
ABOUT_KINDS = (GOAL, PROJECT, PLAN)
PUBLIC, PARTNER_BODY = "public", "partner"
AUTHOR_KINDS = (PUBLIC, PARTNER_BODY)
PUBLISHED, HELD, HIDDEN = "published", "held", "hidden"
STATES = (PUBLISHED, HELD, HIDDEN)
ADOPTED, IN_PART, NOT_ADOPTED = "adopted", "in_part", "not_adopted"
OUTCOMES = (ADOPTED, IN_PART, NOT_ADOPTED)
FOR, AGAINST = "for", "against"
STANCES = (FOR, AGAINST)  # an opinion need not take a side

SHORTEST, LONGEST = 10, 4000
MOST_LINKS = 2
MOST_REPEATS = 6  # of one sentence or line in one opinion
PER_HOUR, PER_DAY = 5, 20
LONGEST_TITLE = 300

# Why an opinion waits for a person to look at it.
LINKS, REPEATED_OPINION, REPEATED_TEXT = "links", "repeated_opinion", "repeated_text"
HOLD_REASONS = (LINKS, REPEATED_OPINION, REPEATED_TEXT)


class OpinionTooShort(RuleBroken):
    code = "opinion_too_short"


class OpinionTooLong(RuleBroken):
    code = "opinion_too_long"


class ConsultationClosed(RuleBroken):
    """The day lies outside the period."""

    code = "consultation_closed"


class TooManyOpinions(RuleBroken):
    """One sender has reached the limit of the hour or of the day."""

    code = "too_many_opinions"


class PeriodOutOfOrder(RuleBroken):
    code = "consultation_period_out_of_order"


class TitleMissing(RuleBroken):
    code = "consultation_title_missing"


class AlreadyConsulted(RuleBroken):
    """A version is put to the public once; the next round is on a new version."""

    code = "already_consulted"


class BodyMissing(RuleBroken):
    """A partner body's delegate says for which body."""

    code = "partner_body_missing"


class ModerationReasonMissing(RuleBroken):
    code = "moderation_reason_missing"


class StanceUnknown(RuleBroken):
    code = "stance_unknown"


class OutcomeUnknown(RuleBroken):
    code = "outcome_unknown"


class AnswerReasonMissing(RuleBroken):
    code = "answer_reason_missing"


class ChangeMissing(RuleBroken):
    """ "Adopted" names what was changed."""

    code = "answer_change_missing"


class ChangeNotExpected(RuleBroken):
    """ "Not adopted" changes nothing."""

    code = "answer_change_not_expected"


class AlreadyAnswered(RuleBroken):
    code = "already_answered"


class NotPublishedYet(RuleBroken):
    """Only what the public can read is answered."""

    code = "opinion_not_published"


# --- what may be published ---------------------------------------------------------------------

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# \d takes Thai digits too. A national number has 13 digits as 1-4-5-2-1, or in one run.
_NATIONAL = re.compile(r"(?<!\d)\d[ \-]?\d{4}[ \-]?\d{5}[ \-]?\d{2}[ \-]?\d(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:[+]\s?[6๖][6๖][ \-.]?\d|[0๐]\d)(?:[ \-.]?\d){7,8}(?!\d)")
_RUN = re.compile(r"(\S)\1{29,}")
MASKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "th": {
            "national": "[ปิดเลขประจำตัว]",
            "phone": "[ปิดหมายเลขโทรศัพท์]",
            "email": "[ปิดอีเมล]",
        },
        "en": {
            "national": "[ID number hidden]",
            "phone": "[telephone number hidden]",
            "email": "[e-mail address hidden]",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a text: itself as it may be shown, its state, and why it is held."""

    text: str
    state: str
    reason: str = ""
    masked: int = 0


def masked(text: str, language: str = "th") -> tuple[str, int]:
    """The text without telephone numbers, national numbers and e-mail addresses, and how many."""
    words = MASKS.get(language, MASKS["th"])
    text, emails = _EMAIL.subn(words["email"], text)
    text, numbers = _NATIONAL.subn(words["national"], text)
    text, phones = _PHONE.subn(words["phone"], text)
    return text, emails + numbers + phones


def clean_text(text: str) -> str:
    """The text as kept, with its line breaks. Raises OpinionTooShort, OpinionTooLong."""
    clean = normalise(text, keep_lines=True)
    if len(clean) < SHORTEST:
        raise OpinionTooShort(length=len(clean), least=SHORTEST)
    if len(clean) > LONGEST:
        raise OpinionTooLong(length=f"{len(clean):,}", limit=f"{LONGEST:,}")
    return clean


def moderate(text: str, *, language: str = "th", was_sent_before: bool = False) -> Verdict:
    """The rule of publication: personal numbers are masked, suspect texts wait for a person.

    `was_sent_before` says that the same words stand in this consultation already.
    Raises OpinionTooShort, OpinionTooLong.
    """
    shown, count = masked(clean_text(text), language)
    reason = ""
    if len(_LINK.findall(shown)) > MOST_LINKS:
        reason = LINKS
    elif was_sent_before:
        reason = REPEATED_OPINION
    elif repeats_itself(shown):
        reason = REPEATED_TEXT
    return Verdict(shown, HELD if reason else PUBLISHED, reason, count)


def repeats_itself(text: str) -> bool:
    """One letter over and over, or one sentence again and again."""
    if _RUN.search(text):
        return True
    parts = Counter(match_key(part) for part in re.split(r"[\n\s]+", text))
    parts.pop("", None)
    return any(
        count >= MOST_REPEATS and count * len(part) * 2 > len(match_key(text))
        for part, count in parts.items()
    )


# --- how often ---------------------------------------------------------------------------------


def check_rate(sent: Sequence[datetime], at: datetime) -> None:
    """`sent` are the times of this sender's opinions today. Raises TooManyOpinions."""
    if len(sent) >= PER_DAY:
        raise TooManyOpinions(limit=PER_DAY, minutes=minutes_left_of_day(at))
    last_hour = sorted(time for time in sent if time > at - timedelta(hours=1))
    if len(last_hour) >= PER_HOUR:
        free = last_hour[-PER_HOUR] + timedelta(hours=1)
        raise TooManyOpinions(limit=PER_HOUR, minutes=_minutes(free - at))


def minutes_left_of_day(at: datetime) -> int:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return _minutes(midnight - at)


def _minutes(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 60))


# --- period and answer -------------------------------------------------------------------------


def is_open(first_day: date, last_day: date, day: date) -> bool:
    return first_day <= day <= last_day


def check_period(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise PeriodOutOfOrder


def check_answer(outcome: str, reason: str, change: str) -> None:
    """An answer gives its reason; one that adopts names the change, one that does not, none."""
    if outcome not in OUTCOMES:
        raise OutcomeUnknown
    if len(reason) < SHORTEST:
        raise AnswerReasonMissing(least=SHORTEST)
    if len(reason) > LONGEST or len(change) > LONGEST:
        raise OpinionTooLong(length=f"{max(len(reason), len(change)):,}", limit=f"{LONGEST:,}")
    if outcome == NOT_ADOPTED and change:
        raise ChangeNotExpected
    if outcome != NOT_ADOPTED and not change:
        raise ChangeMissing

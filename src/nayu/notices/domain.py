"""Rules of notices: kinds, when a mail may go, when it is tried again. Hours by the city's clock.

Also the settings of mail as plain values, read from the environment by `mail_settings`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from nayu.agencies.domain import AUDITOR, BUDGETER, EXECUTIVE, HEAD, PARTNER, PLANNER, STRATEGIST
from nayu.approvals.domain import PROJECT, REQUEST
from nayu.core.errors import RuleBroken

RETURNED, WAITING, DECIDED, CLOSING, OPINIONS = (
    "returned", "waiting", "decided", "closing", "opinions",
)  # fmt: skip
KINDS = (RETURNED, WAITING, DECIDED, CLOSING, OPINIONS)
DIGEST = "digest"  # the daily mail, beside the kinds of notices
MAIL_KINDS = (*KINDS, DIGEST)

NOW, DAILY, NEVER = "now", "daily", "never"
DELIVERIES = (NOW, DAILY, NEVER)
# Who writes wants to know at once; a desk that fills from many agencies is read once a day.
USUAL: Mapping[str, str] = {
    RETURNED: NOW, DECIDED: NOW, WAITING: DAILY, CLOSING: DAILY, OPINIONS: DAILY, DIGEST: DAILY,
}  # fmt: skip
THAI, ENGLISH, BOTH = "th", "en", "both"
LANGUAGES = (BOTH, THAI, ENGLISH)

# Where a change of state is read from.
DECISION, OPENED, HELD, PUBLISHED, ANSWERED, STEP_ENDS, CONSULTATION_ENDS = (
    "decision", "opened", "held", "published", "answered", "step_ends", "consultation_ends",
)  # fmt: skip
WINDOW_ENDS, EXCEPTION_ENDS = "window_ends", "exception_ends"
SOURCES = (
    DECISION, OPENED, HELD, PUBLISHED, ANSWERED, STEP_ENDS, CONSULTATION_ENDS,
    WINDOW_ENDS, EXCEPTION_ENDS,
)  # fmt: skip

QUEUED, SENDING, SENT, UNKNOWN, FAILED, LAPSED = (
    "queued", "sending", "sent", "unknown", "failed", "lapsed",
)  # fmt: skip
MAIL_STATES = (QUEUED, SENDING, SENT, UNKNOWN, FAILED, LAPSED)
FOR_THE_ADMINISTRATOR = (UNKNOWN, FAILED)

DIGEST_HOUR = 8
SOON = timedelta(days=30)  # shown as closing soon
VERY_SOON = timedelta(days=7)  # told in a notice
RECENT = timedelta(days=14)  # older changes of state make no notice any more
MOST_LISTED = 20  # in one part of a mail
CLAIM_LASTS = timedelta(minutes=10)  # longer than sending can take with all its time-outs
MOST_ATTEMPTS = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)

LANES_OF_ROLE: Mapping[str, tuple[str, ...]] = {
    PLANNER: ("plan", "budget", "spend"),
    HEAD: ("plan", "budget", "spend"),
    STRATEGIST: ("plan",),
    BUDGETER: ("budget",),
    EXECUTIVE: ("plan", "budget"),
    AUDITOR: ("plan", "budget", "spend"),
}
# Whose drafts a window of submission closes for, and what it is called in Thai and English.
ROLES_OF_WINDOW: Mapping[str, frozenset[str]] = {
    PROJECT: frozenset({PLANNER}), REQUEST: frozenset({PLANNER, HEAD}),
}  # fmt: skip
WINDOW_NAMES: Mapping[str, tuple[str, str]] = {
    PROJECT: ("ช่วงเวลาส่งโครงการ", "Submission of projects"),
    REQUEST: ("ช่วงเวลาส่งคำของบประมาณ", "Submission of budget requests"),
}
ROLES_OF_CONSULTATION = frozenset({PLANNER, STRATEGIST, PARTNER})


class LinkNotUnderstood(RuleBroken):
    """The link that stops a kind of mail is not one of ours, or was cut."""

    code = "unsubscribe_link_not_understood"


class MailNotForResending(RuleBroken):
    """Only a mail that failed, or of which nobody knows whether it went, is sent again by hand."""

    code = "mail_not_for_resending"


class MailIsOff(RuleBroken):
    """This city sends no mail."""

    code = "mail_is_off"


# --- When ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quiet:
    """No mail from `first_hour` until `last_hour` (0–23; equal hours = none), nor on weekends."""

    first_hour: int = 20
    last_hour: int = 7
    weekends: bool = True


def is_quiet(moment: datetime, quiet: Quiet) -> bool:
    """Whether a mail must wait at this moment of the city's clock."""
    if quiet.weekends and moment.weekday() >= 5:
        return True
    first, last, hour = quiet.first_hour, quiet.last_hour, moment.hour
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def digest_is_due(moment: datetime, quiet: Quiet) -> bool:
    """From 08:00 on, outside quiet hours; that it goes once a day is the outbox's business."""
    return moment.hour >= DIGEST_HOUR and not is_quiet(moment, quiet)


def pause_after(attempt: int) -> timedelta | None:
    """How long to wait after the n-th attempt (1, 2, …); None = give up."""
    if attempt >= MOST_ATTEMPTS:
        return None
    return min(FIRST_PAUSE * (1 << (attempt - 1)), LONGEST_PAUSE)


def closes_within(day: date, last_day: date, span: timedelta) -> bool:
    return day <= last_day <= day + span


# --- What a notice tells ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as its reader may see it now. `path` begins with "/"; no person is named."""

    notice_id: int
    kind: str
    source: str
    about: str  # project, request, change, opinion, plan, consultation
    name_th: str
    name_en: str
    path: str
    at: datetime
    code: str = ""
    fiscal_year_be: int = 0
    state: str = ""
    step: str = ""
    post_title_th: str = ""
    post_title_en: str = ""
    reason: str = ""
    amount_baht: Decimal | None = None
    last_day: date | None = None
    is_read: bool = False
    is_true_still: bool = True  # false once the thing has moved on


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the daily mail; `days` of waiting, or days that are left before `last_day`."""

    name_th: str
    name_en: str
    about: str
    path: str
    code: str = ""
    fiscal_year_be: int = 0
    state: str = ""
    days: int = 0
    waits_for: str = ""
    reason: str = ""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the daily mail: its key, the rows shown, and how many there are in all."""

    key: str
    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one mail says, before words and layout."""

    kind: str
    day: date
    told: tuple[Told, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.told and not self.parts

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that can be stopped from this mail."""
        held = {told.kind for told in self.told} | ({DIGEST} if self.kind == DIGEST else set())
        return tuple(kind for kind in MAIL_KINDS if kind in held)


# --- Settings -----------------------------------------------------------------------------------

CONSOLE, SMTP, NO_MAIL = "console", "smtp", "none"
USUAL_URL = "http://127.0.0.1:8000"  # where the sample city is served
PLAIN, STARTTLS, IMPLICIT = "none", "starttls", "implicit"
USUAL_PORTS: Mapping[str, int] = {PLAIN: 25, STARTTLS: 587, IMPLICIT: 465}


class MailSettingsWrong(ValueError):
    """The settings of mail do not go together; the text is a sentence in Thai and English."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves; `url` is the public address without a slash at its end."""

    backend: str = NO_MAIL
    url: str = USUAL_URL
    sender: str = ""
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = STARTTLS
    timeout_seconds: int = 30


def mail_settings(
    environment: Mapping[str, str], *, sample_city: bool, read: Callable[[str], str]
) -> MailSettings:
    """The settings from NAYU_MAIL, NAYU_SMTP_…, NAYU_MAIL_FROM and NAYU_URL.

    `read` gives the text of the file named in NAYU_SMTP_PASSWORD_FILE. Raises MailSettingsWrong.
    """
    backend = environment.get("NAYU_MAIL") or (CONSOLE if sample_city else NO_MAIL)
    _one_of("NAYU_MAIL", backend, (CONSOLE, SMTP, NO_MAIL))
    tls = environment.get("NAYU_SMTP_TLS") or STARTTLS
    _one_of("NAYU_SMTP_TLS", tls, tuple(USUAL_PORTS))
    needed = ("NAYU_SMTP_HOST", "NAYU_MAIL_FROM", "NAYU_URL")
    missing = [name for name in needed if not environment.get(name)]
    if environment.get("NAYU_SMTP_USER") and not environment.get("NAYU_SMTP_PASSWORD_FILE"):
        missing.append("NAYU_SMTP_PASSWORD_FILE")
    if backend == SMTP and missing:
        listed = ", ".join(missing)
        raise MailSettingsWrong(
            f"NAYU_MAIL=smtp ยังตั้งค่าไม่ครบ ขาด {listed} / NAYU_MAIL=smtp is incomplete: set {listed}"
        )
    url = (environment.get("NAYU_URL") or USUAL_URL).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise MailSettingsWrong(
            f"NAYU_URL={url} ต้องขึ้นต้นด้วย http:// หรือ https:// / must begin with http:// or https://"
        )
    sender = environment.get("NAYU_MAIL_FROM") or "nayu@nayu.example"
    if "@" not in sender or any(sign in sender for sign in "\r\n<>,"):
        raise MailSettingsWrong(
            f"NAYU_MAIL_FROM={sender!r} ต้องเป็นที่อยู่อีเมลเดียว / must be one e-mail address"
        )
    return MailSettings(
        backend=backend,
        url=url,
        sender=sender,
        host=environment.get("NAYU_SMTP_HOST", ""),
        port=_port(environment.get("NAYU_SMTP_PORT") or str(USUAL_PORTS[tls])),
        user=environment.get("NAYU_SMTP_USER", ""),
        password=_password(environment, read) if backend == SMTP else "",
        tls=tls,
    )


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        listed = ", ".join(known)
        raise MailSettingsWrong(f"{name}={value} ต้องเป็นหนึ่งใน {listed} / must be one of {listed}")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise MailSettingsWrong(f"NAYU_SMTP_PORT={text} ต้องเป็น 1–65535 / must be 1–65535")
    return int(text)


def _password(environment: Mapping[str, str], read: Callable[[str], str]) -> str:
    path = environment.get("NAYU_SMTP_PASSWORD_FILE")
    if not path:
        return ""
    try:
        return read(path).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MailSettingsWrong(
            f"อ่านแฟ้ม NAYU_SMTP_PASSWORD_FILE={path} ไม่ได้ / cannot be read: {error}"
        ) from error

"""States of background work, and when a silent worker is taken for dead. Times are seconds."""

from dataclasses import dataclass
from datetime import timedelta

from nayu.core.errors import RuleBroken

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
UNFINISHED = (QUEUED, RUNNING)

SILENT_AFTER = timedelta(seconds=60)  # a heartbeat older than this means the worker is gone
MOST_ATTEMPTS = 3


class UnknownJobKind(RuleBroken):
    """No app has registered this kind of work."""

    code = "unknown_job_kind"


class JobStopped(Exception):
    """Raised inside the work when it was cancelled, or another worker has taken it over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a job: this attempt by this worker, until somebody else takes it."""

    job_id: str
    worker: str
    attempt: int


def may_try_again(attempts: int) -> bool:
    return attempts < MOST_ATTEMPTS

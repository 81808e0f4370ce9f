"""Background work on django-tasks: its queue hands jobs out, our rows keep progress and claims.

A job may be handed out twice (after a crash), but only one claim on it holds at a time: every
write of a worker is an UPDATE that names its own claim.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from nayu.core.errors import RuleBroken
from nayu.jobs.domain import (
    CANCELLED,
    DONE,
    FAILED,
    QUEUED,
    RUNNING,
    SILENT_AFTER,
    Claim,
    JobStopped,
    UnknownJobKind,
    may_try_again,
)
from nayu.jobs.models import Job, JobQuerySet

logger = logging.getLogger(__name__)

Work = Callable[..., dict[str, Any] | None]
KINDS: dict[str, Work] = {}
PERIODIC: list["Periodic"] = []
BEAT_SECONDS = 15.0
POLL_SECONDS = 1.0


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register `work(context, **args)` as what jobs of this kind do; its answer is the result."""

    def register(work: Work) -> Work:
        KINDS[name] = work
        return work

    return register


@dataclass(frozen=True, slots=True)
class Periodic:
    """What every worker does again and again between jobs. Two workers may do it at once."""

    seconds: float
    deed: Callable[[], None]


def every(*, seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a short deed that workers do about so often; higher apps do so in their `tasks`."""

    def register(deed: Callable[[], None]) -> Callable[[], None]:
        PERIODIC.append(Periodic(seconds, deed))
        return deed

    return register


@transaction.atomic
def enqueue(kind: str, args: dict[str, Any], *, requested_by: int | None, at: datetime) -> Job:
    """Ask for work to be done; it begins once the transaction around this is committed.

    `args` are JSON values. Raises UnknownJobKind.
    """
    if kind not in KINDS:
        raise UnknownJobKind(kind=kind)
    job = Job.objects.create(kind=kind, args=args, requested_by_id=requested_by, created_at=at)
    _hand_out(job.pk)
    return job


def cancel(job_id: UUID, *, at: datetime) -> bool:
    """Cancel unfinished work; a running worker notices at its next step. False: it had ended."""
    return bool(
        Job.objects.unfinished()
        .filter(pk=job_id)
        .update(state=CANCELLED, sentence="job_cancelled", facts={}, finished_at=at)
    )


def _hand_out(job_id: UUID) -> None:
    handed = perform.enqueue(str(job_id))
    Job.objects.filter(pk=job_id).update(task_id=handed.id, heartbeat_at=timezone.now())


class JobContext:
    """What work knows about itself: tells how far it is, asks whether it is still wanted."""

    def __init__(self, claim: Claim, requested_by_id: int | None) -> None:
        self.claim = claim
        self.requested_by_id = requested_by_id
        self._told = 0.0

    def progress(self, done: int, total: int) -> None:
        """Write progress and heartbeat, at most once a second. Raises JobStopped."""
        moment = time.monotonic()
        if moment - self._told < 1 and done < total:
            return
        self._told = moment
        if not _mine(self.claim).update(done=done, total=total, heartbeat_at=timezone.now()):
            raise JobStopped(self.claim.job_id)

    def cancelled(self) -> bool:
        """Whether the work was cancelled or taken over: stop, and leave nothing behind."""
        return not _mine(self.claim).exists()


def _mine(claim: Claim) -> JobQuerySet:
    return Job.objects.filter(
        pk=claim.job_id, state=RUNNING, worker=claim.worker, attempts=claim.attempt
    )


def claim_job(job_id: str, worker: str) -> Claim | None:
    """Take a queued job, or None if somebody else has it: one conditional UPDATE decides."""
    taken = Job.objects.filter(pk=job_id, state=QUEUED).update(
        state=RUNNING,
        worker=worker,
        attempts=F("attempts") + 1,
        heartbeat_at=timezone.now(),
        done=0,
    )
    if not taken:
        return None
    attempt = Job.objects.values_list("attempts", flat=True).get(pk=job_id)
    return Claim(job_id, worker, attempt)


@task()
def perform(job_id: str) -> None:
    """What the queue hands out. Doing it again for a job that somebody has or had does nothing."""
    claim = claim_job(job_id, worker_name())
    if claim is None:
        return
    job = Job.objects.get(pk=job_id)
    context = JobContext(claim, job.requested_by_id)
    try:
        with _beating(claim):
            result = KINDS[job.kind](context, **job.args)
    except JobStopped:
        return
    except RuleBroken as broken:
        facts = {key: _plain(value) for key, value in broken.facts.items()}
        _finish(claim, FAILED, sentence=broken.code, facts=facts)
    except Exception:
        reference = job_id[:8]
        logger.exception("job %s (%s) failed", reference, job.kind)
        _finish(claim, FAILED, sentence="job_failed", facts={"reference": reference})
    else:
        _finish(claim, DONE, result=result)


def _finish(claim: Claim, state: str, **values: Any) -> None:
    """End the job if the claim still holds; otherwise what this worker made does not count."""
    changes = {"state": state, "finished_at": timezone.now(), **values}
    if state == DONE:
        changes |= {"done": F("total")}
    _mine(claim).update(**changes)


def _plain(value: Any) -> Any:
    if isinstance(value, int | str) or value is None:
        return value
    return str(value) if isinstance(value, Decimal) else repr(value)


def worker_name() -> str:
    """Machine, process and thread: two workers never share a name."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{threading.get_ident()}"


@contextmanager
def _beating(claim: Claim) -> Iterator[None]:
    """A heartbeat beside work that goes long without telling progress.

    Only where other connections can see what this one writes: not inside a transaction.
    """
    if connection.in_atomic_block:
        yield
        return
    ended = threading.Event()
    beat = threading.Thread(target=_beat, args=(claim, ended), daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def _beat(claim: Claim, ended: threading.Event) -> None:
    try:
        while not ended.wait(BEAT_SECONDS):
            try:
                _mine(claim).update(heartbeat_at=timezone.now())
            except OperationalError:
                logger.warning("a heartbeat of job %s was not written", claim.job_id)
    finally:
        connection.close()


# --- The worker -----------------------------------------------------------------------------


def take_over_silent_jobs(at: datetime) -> int:
    """Queue jobs whose worker fell silent once more, or give them up; answers how many.

    Several workers may do this at once: each change names the heartbeat it was judged by.
    """
    silent = Job.objects.filter(heartbeat_at__lt=at - SILENT_AFTER)
    changed = 0
    for job in silent.filter(state=RUNNING):
        same = Job.objects.filter(
            pk=job.pk, state=RUNNING, attempts=job.attempts, heartbeat_at=job.heartbeat_at
        )
        with transaction.atomic():
            if may_try_again(job.attempts):
                if same.update(state=QUEUED, worker="", heartbeat_at=at):
                    _forget_task(job)
                    _hand_out(job.pk)
                    changed += 1
            else:
                changed += same.update(
                    state=FAILED,
                    sentence="job_gave_up",
                    facts={"attempts": job.attempts},
                    finished_at=at,
                )
                _forget_task(job)
    return changed + _hand_out_the_lost(silent, at)


def _hand_out_the_lost(silent: JobQuerySet, at: datetime) -> int:
    """Queued jobs whose task a worker took and then died, before it could claim the job."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).values("id")
    changed = 0
    for job in silent.filter(Q(task_id=None) | ~Q(task_id__in=waiting), state=QUEUED):
        with transaction.atomic():
            same = Job.objects.filter(pk=job.pk, state=QUEUED, heartbeat_at=job.heartbeat_at)
            if same.update(heartbeat_at=at):
                _forget_task(job)
                _hand_out(job.pk)
                changed += 1
    return changed


def _forget_task(job: Job) -> None:
    """The dead worker's task will never end by itself."""
    if job.task_id is None:
        return
    DBTaskResult.objects.filter(pk=job.task_id, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now()
    )


def run_worker(
    *, once: bool = False, stop: threading.Event | None = None, poll_seconds: float = POLL_SECONDS
) -> int:
    """Do background work until stopped; answers the exit code.

    SIGTERM and SIGINT let the work in hand come to its end, a second one does not. `once` stops
    when the queue is empty.
    """
    stop = stop or _stop_on_signal()
    runner = Worker(
        queue_names=["*"],
        interval=poll_seconds,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=worker_name()[:63],
        excluded_queue_names=[],
    )
    looked = 0.0
    done: dict[int, float] = {}
    while not stop.is_set():
        if not connection.in_atomic_block:
            close_old_connections()
        try:
            if time.monotonic() - looked > SILENT_AFTER.total_seconds() / 12 or not looked:
                looked = time.monotonic()
                take_over_silent_jobs(timezone.now())
            _do_what_is_due(done)
            handed = _next_task(runner.worker_id)
            if handed is not None:
                runner.run_task(handed)
                continue
        except OperationalError as error:
            # Somebody else writes at this moment (SQLite), or the server went away and will
            # be back (PostgreSQL): try again after the pause.
            if not is_locked_database_exception(error) and connection.is_usable():
                raise
            logger.warning("the worker could not reach the database: %s", error)
        else:
            if once:
                break
        stop.wait(poll_seconds)
    return 0


def _do_what_is_due(done: dict[int, float]) -> None:
    """Periodic deeds whose time has come. One that fails is told and tried again later."""
    for place, periodic in enumerate(PERIODIC):
        if place in done and time.monotonic() - done[place] < periodic.seconds:
            continue
        done[place] = time.monotonic()
        try:
            periodic.deed()
        except OperationalError:
            raise
        except Exception:
            logger.exception("%s failed", getattr(periodic.deed, "__name__", periodic.deed))


def _next_task(worker_id: str) -> DBTaskResult | None:
    """Claim the next task of the queue, so that no other worker gets it."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():  # looking takes no lock; claiming does
        return None
    with exclusive_transaction(ready.db):
        handed = ready.get_locked()
        if handed is not None:
            handed.claim(worker_id)
        return handed


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()

    def ask(signum: int, _frame: object) -> None:
        if stop.is_set():
            raise SystemExit(128 + signum)
        stop.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, ask)
        signal.signal(signal.SIGINT, ask)
    return stop

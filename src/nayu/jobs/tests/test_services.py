"""Jobs in one process: claims, progress, endings, take-over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from nayu.core.errors import RuleBroken
from nayu.jobs import services
from nayu.jobs.domain import JobStopped, UnknownJobKind
from nayu.jobs.models import Job
from nayu.jobs.services import (
    JobContext,
    cancel,
    claim_job,
    enqueue,
    job_kind,
    perform,
    run_worker,
    take_over_silent_jobs,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 7, 15, 12, tzinfo=UTC)


class TooWide(RuleBroken):
    code = "too_wide"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(services, "KINDS", {})

    @job_kind("double")
    def double(context, number):
        context.progress(1, 2)
        return {"doubled": number * 2}

    @job_kind("refuse")
    def refuse(context):
        raise TooWide(width=3)

    @job_kind("break")
    def broken(context):
        raise ZeroDivisionError

    @job_kind("idle")
    def idle(context):
        return None


def asked(kind, **args):
    return enqueue(kind, args, requested_by=None, at=NOON)


def test_a_worker_does_what_is_queued_and_keeps_the_result():
    job = asked("double", number=21)

    assert run_worker(once=True) == 0

    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", {"doubled": 42}, 1)
    assert (job.done, job.total, job.percent) == (2, 2, 100)


def test_a_kind_that_nobody_registered_is_refused():
    with pytest.raises(UnknownJobKind):
        asked("paint")

    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_broken_rule_becomes_the_sentence_of_the_job():
    job = asked("refuse")

    run_worker(once=True)

    job.refresh_from_db()
    assert (job.state, job.sentence, job.facts) == ("failed", "too_wide", {"width": 3})


def test_a_fault_in_the_system_fails_the_job_with_a_reference(caplog):
    job = asked("break")

    run_worker(once=True)

    job.refresh_from_db()
    assert (job.state, job.sentence) == ("failed", "job_failed")
    assert job.facts == {"reference": str(job.pk)[:8]}
    assert "ZeroDivisionError" in caplog.text


def test_only_one_worker_gets_a_job():
    job = asked("idle")

    first, second = claim_job(str(job.pk), "one"), claim_job(str(job.pk), "two")

    assert (first.worker, first.attempt) == ("one", 1)
    assert second is None


def test_handing_a_finished_job_out_again_does_nothing():
    job = asked("double", number=1)
    run_worker(once=True)

    perform.call(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 1)


def test_progress_is_written_at_most_once_a_second(django_assert_num_queries):
    job = asked("idle")
    context = JobContext(claim_job(str(job.pk), "one"), None)

    with django_assert_num_queries(2):
        for part in range(100):
            context.progress(part, 100)
        context.progress(100, 100)

    job.refresh_from_db()
    assert (job.done, job.total) == (100, 100)


def test_a_cancelled_job_stops_at_its_next_step_and_its_result_is_not_kept():
    job = asked("idle")
    context = JobContext(claim_job(str(job.pk), "one"), None)

    assert cancel(job.pk, at=NOON)

    assert context.cancelled()
    with pytest.raises(JobStopped):
        context.progress(1, 2)
    job.refresh_from_db()
    assert (job.state, job.sentence, job.done) == ("cancelled", "job_cancelled", 0)


def test_a_job_cancelled_in_the_queue_is_never_begun():
    job = asked("double", number=1)
    cancel(job.pk, at=NOON)

    run_worker(once=True)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("cancelled", 0, None)


def test_what_has_ended_cannot_be_cancelled():
    job = asked("idle")
    run_worker(once=True)

    assert not cancel(job.pk, at=NOON)
    assert Job.objects.get().state == "done"


def run_silently(job, seconds, attempts=1):
    moment = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        state="running", worker="gone", attempts=attempts,
        heartbeat_at=moment - timedelta(seconds=seconds),
    )  # fmt: skip
    DBTaskResult.objects.update(status="RUNNING")
    return moment


def test_a_job_whose_worker_fell_silent_is_done_by_the_next():
    job = asked("double", number=4)
    run_silently(job, 61)

    run_worker(once=True)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"doubled": 8})


def test_a_job_whose_worker_is_heard_is_left_alone():
    job = asked("idle")
    moment = run_silently(job, 59)

    assert take_over_silent_jobs(moment) == 0

    job.refresh_from_db()
    assert (job.state, job.worker) == ("running", "gone")


def test_after_three_attempts_a_job_is_given_up_with_a_sentence():
    job = asked("idle")
    moment = run_silently(job, 61, attempts=3)

    assert take_over_silent_jobs(moment) == 1

    job.refresh_from_db()
    assert (job.state, job.sentence, job.facts) == ("failed", "job_gave_up", {"attempts": 3})


def test_a_worker_that_comes_back_late_cannot_write_over_its_successor():
    job = asked("idle")
    late = JobContext(claim_job(str(job.pk), "late"), None)
    run_silently(job, 61)
    Job.objects.update(worker="late")
    take_over_silent_jobs(timezone.now())
    claim_job(str(job.pk), "late")  # even under the same name it is another attempt

    with pytest.raises(JobStopped):
        late.progress(1, 1)


def test_a_job_that_was_handed_out_but_never_begun_is_handed_out_again():
    job = asked("double", number=2)
    DBTaskResult.objects.update(status="RUNNING")
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=61))

    run_worker(once=True)

    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"doubled": 4})


def test_a_job_that_waits_in_a_long_queue_is_not_handed_out_twice():
    asked("idle")
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))

    assert take_over_silent_jobs(timezone.now()) == 0
    assert DBTaskResult.objects.count() == 1


# --- Deeds that come round ----------------------------------------------------------------------


@pytest.fixture
def periodic(monkeypatch):
    """Only the deeds of this test come round."""
    registered = []
    monkeypatch.setattr(services, "PERIODIC", registered)
    return registered


def test_a_deed_comes_round_when_its_time_is_over_and_not_before(periodic, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(services.time, "monotonic", lambda: clock[0])
    done = []
    services.every(seconds=5)(lambda: done.append(clock[0]))

    rounds: dict[int, float] = {}
    for moment in (100.0, 104.0, 105.0, 107.0, 110.5):
        clock[0] = moment
        services._do_what_is_due(rounds)
    assert done == [100.0, 105.0, 110.5]


def test_a_deed_that_fails_is_logged_and_keeps_nobody_waiting(periodic, caplog):
    done = []

    def broken():
        raise ValueError("no")

    services.every(seconds=5)(broken)
    services.every(seconds=5)(lambda: done.append(1))
    services.run_worker(once=True, poll_seconds=0.01)

    assert len(done) == 1
    assert "broken failed" in caplog.text

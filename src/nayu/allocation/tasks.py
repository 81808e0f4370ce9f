"""Background work of allocation: answers, and what is computed beside them."""

import time
from collections.abc import Callable
from typing import Any

from nayu.allocation.services import runs
from nayu.allocation.services.studies import carry_out
from nayu.jobs.services import JobContext, job_kind

ASK_SECONDS = 1.0


def stopper(context: JobContext) -> Callable[[], bool]:
    """Whether the work is still wanted, asked of the database at most once a second."""
    asked_at, stopped = time.monotonic(), False

    def is_stopped() -> bool:
        nonlocal asked_at, stopped
        if not stopped and time.monotonic() - asked_at >= ASK_SECONDS:
            stopped = context.cancelled()
            asked_at = time.monotonic()
        return stopped

    return is_stopped


@job_kind(runs.SOLVE)
def solve_run(context: JobContext, run: int) -> dict[str, Any]:
    """Answer a run. A stop keeps the best plan found so far, marked as stopped."""
    answered = runs.answer(run, stopper(context))
    return {"run": answered.pk, "status": answered.status}


@job_kind(runs.STUDY)
def carry_out_study(context: JobContext, study: int) -> dict[str, Any]:
    """Reasons, steps of the total, a frontier or a robustness count."""
    done = carry_out(study, context.progress, stopper(context))
    return {"study": done.pk}

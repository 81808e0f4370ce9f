"""Kill real workers (`nayu worker`) in the middle of a document; tell who brought it to an end.

python -m faults.takeover
"""

import subprocess
import sys
import time
from datetime import timedelta
from hashlib import sha256

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faults import base
from nayu.accounts.models import User
from nayu.documents.models import Order
from nayu.documents.services import Choice, path_of, place_order
from nayu.jobs.models import Job


def worker(*words: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "nayu", "worker", *words])


def kill_in_the_middle(order: Order) -> None:
    """Start a worker, and kill it as soon as it has begun the order."""
    attempts = Job.objects.get(pk=order.pk).attempts
    begun = worker()
    end = time.monotonic() + 120
    while not Job.objects.filter(pk=order.pk, state="running", attempts=attempts + 1).exists():
        if time.monotonic() > end:
            begun.kill()
            raise TimeoutError("the worker does not begin")
        time.sleep(0.002)
    begun.kill()
    begun.wait()
    base.wait_until_nobody_is_connected()  # what it had sent before it died is written by then


def fall_silent(order: Order, seconds: int) -> None:
    """The heartbeat of a running job, as if the worker had died so long ago."""
    heard = timezone.now() - timedelta(seconds=seconds)
    assert Job.objects.filter(pk=order.pk, state="running").update(heartbeat_at=heard) == 1


def placed(language: str) -> Order:
    choice = Choice("agency-plan", base.YEAR, "pdf", base.DRAINAGE, language=language)
    return place_order(choice, actor=base.cast.anong, session_mark="", at=base.NOON)


def state_of(order: Order) -> list:
    job = Job.objects.get(pk=order.pk)
    return [job.state, job.attempts, job.sentence]


def page_of(order: Order, language: str) -> str:
    client = Client(headers={"Host": "localhost"})
    client.force_login(User.objects.get(username="anong"))
    client.cookies["django_language"] = language
    return client.get(reverse("documents:order", args=[order.pk])).content.decode()


def main() -> None:
    base.put_back()
    saved, lost = placed("th"), placed("en")
    Job.objects.filter(pk=lost.pk).update(created_at=base.NOON)
    first = saved
    kill_in_the_middle(first)
    found = {"killed": state_of(first)}
    fall_silent(first, 55)
    # The other order is made meanwhile by the next worker; the silent one's is not touched yet.
    worker("--once").wait(60)
    found["heard_lately"], found["other"] = state_of(first), state_of(lost)
    fall_silent(first, 61)
    worker("--once").wait(60)
    first.refresh_from_db()
    content = path_of(first).read_bytes()
    found["taken_over"] = state_of(first)
    found["whole"] = sha256(content).hexdigest() == first.digest and content.startswith(b"%PDF-")

    third = place_order(
        Choice("plan-book", base.YEAR, "pdf"), actor=base.cast.anong, session_mark="", at=base.NOON
    )
    for _ in range(3):
        kill_in_the_middle(third)
        fall_silent(third, 61)
    worker("--once").wait(60)
    found["given_up"] = state_of(third)
    found["pages"] = {language: page_of(third, language) for language in ("th", "en")}
    found["files"] = len([path for path in base.FILES.rglob("*.pdf") if path.is_file()])
    base.say(found)


if __name__ == "__main__":
    main()

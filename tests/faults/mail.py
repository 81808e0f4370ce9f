"""Kill the sending of a mail at each point, and send with several workers at once; tell what came.

    python -m faults.mail points | together PROCESSES | workers

A point is a statement, a commit, or something sent to the mail server. What arrived is counted at a
real SMTP server; after each death the worker's round goes on as if ten minutes had passed.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from faults import base, kill
from nayu.accounts.models import User
from nayu.notices import writers
from nayu.notices.domain import MailSettings
from nayu.notices.models import Mail, Notice, Wishes
from nayu.notices.services.collecting import collect
from nayu.notices.services.composing import compose
from nayu.notices.services.posting import post
from nayu.notices.tests.smtp_server import Server, serving
from nayu.projects.models import ProjectEntry
from nayu.projects.services import take_step

ROUNDS = 5
READY = "ready_to_send"
EARLY = base.NOON.replace(hour=7, minute=30)  # before the daily mail, after the quiet hours


def leave_by(server: Server) -> None:
    settings.MAIL = MailSettings(
        backend="smtp", url="https://nayu.example", sender="nayu@city.example", host="127.0.0.1",
        port=server.port, tls="none",
    )  # fmt: skip


def go_round() -> None:
    collect(at=EARLY)
    compose(at=EARLY)
    post(at=EARLY)


def prepare(number: int, state: str = "returned") -> None:
    """Projects of Anong came to a state, and nobody was told yet."""
    base.put_back()
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@city.example")
    go_to_rest()
    maker = base.Maker(base.cast)
    for count in range(number):
        maker.entry(state, name=f"ส่งกลับ {count}")
    assert ProjectEntry.objects.filter(state=state).count() == number
    base.keep_copy(READY)


def go_to_rest() -> None:
    """What the city was built with is told to nobody."""
    collect(at=EARLY)
    Notice.objects.update(is_settled=True)


def time_passes() -> None:
    """Ten minutes and more, as the outbox sees it."""
    ago = timezone.now() - timedelta(minutes=11)
    Mail.objects.filter(state="sending").update(claimed_at=ago)
    Mail.objects.filter(state="queued").update(next_try_at=ago)


def outbox() -> list[list]:
    return [list(row) for row in Mail.objects.order_by("pk").values_list("kind", "state")]


class Wire(kill.Killer):
    """Counts what is sent to the mail server among the points."""

    def watch(self) -> None:
        super().watch()
        send = writers.smtplib.SMTP.send
        writers.smtplib.SMTP.send = lambda server, content: self(send, server, content)


def killed_round(k: int, *, after: bool) -> int:
    def deed() -> None:
        Wire(k, after=after).watch()
        go_round()

    return base.in_a_process(deed)()


def count_points() -> int:
    """In a process of its own, for what it patches; the count comes back in a file."""
    note = base.VAR / "points"

    def deed() -> None:
        wire = Wire()
        wire.watch()
        go_round()
        note.write_text(str(wire.count), encoding="utf-8")

    assert base.in_a_process(deed)() == 0
    return int(note.read_text(encoding="utf-8"))


def points() -> dict:
    found: dict = {"points": []}
    prepare(1)
    with serving() as server:
        leave_by(server)
        found["count"] = count_points()
        found["whole"] = [len(server.kept.messages), outbox()]
        for k in range(1, found["count"] + 1):
            for after in (False, True):
                found["points"].append(_one_point(server, k, after=after))
    return found


def _one_point(server: Server, k: int, *, after: bool) -> dict:
    base.put_back(READY)
    server.kept.messages.clear()
    code = killed_round(k, after=after)
    base.wait_until_nobody_is_connected()
    at_death, left = len(server.kept.messages), outbox()
    for _ in range(3):
        time_passes()
        go_round()
    arrived = len(server.kept.messages)
    connection.close()
    return {
        "k": k, "after": after, "code": code, "at_death": at_death, "left": left,
        "arrived": arrived, "then": outbox(),
    }  # fmt: skip


def together(processes: int) -> dict:
    """All go round at the same moment; before each round each returns one of the projects."""
    prepare(ROUNDS * processes, "submitted")
    entries = list(ProjectEntry.objects.filter(state="submitted").values_list("pk", flat=True))
    boonmee = base.cast.boonmee
    with serving() as server:
        leave_by(server)
        moment = time.time() + 0.5

        def deed(own: list[int]) -> None:
            time.sleep(max(0, moment - time.time()))
            for entry in [*own, None]:
                if entry is not None:
                    take_step(entry, "return", actor=boonmee, at=base.NOON, reason="แก้จำนวนคน")
                collect(at=base.NOON)
                compose(at=base.NOON)
                post(at=base.NOON)

        waits = [
            base.in_a_process(lambda n=n: deed(entries[n::processes])) for n in range(processes)
        ]
        codes = [wait() for wait in waits]
        keys = [content.partition(b"Message-ID: ")[2].split(b"\r\n")[0] for _who, content in
                server.kept.messages]  # fmt: skip
    return {
        "codes": codes,
        "arrived": len(keys),
        "different": len(set(keys)),
        "states": sorted({state for _kind, state in outbox()}),
        "digests": Mail.objects.filter(kind="digest").count(),
        "digest_readers": Mail.objects.filter(kind="digest").values("recipient").distinct().count(),
        "sent": Mail.objects.filter(state="sent").count(),
        "returns": Notice.objects.filter(kind="returned", is_settled=True, mail__isnull=False).count(),
    }  # fmt: skip


def workers() -> dict:
    """A real worker is killed while the server keeps it waiting for its answer; another goes on."""
    prepare(1)
    with serving() as server:
        server.holds_back = 3.0
        environment = {
            "NAYU_MAIL": "smtp", "NAYU_SMTP_HOST": "127.0.0.1", "NAYU_SMTP_TLS": "none",
            "NAYU_SMTP_PORT": str(server.port), "NAYU_MAIL_FROM": "nayu@city.example",
            "NAYU_URL": "https://nayu.example",
        }  # fmt: skip
        # Whatever the hour of this machine is, it is nobody's quiet hour.
        for user in User.objects.all():
            Wishes.objects.update_or_create(
                user=user,
                defaults={"quiet_first_hour": 0, "quiet_last_hour": 0, "quiet_weekends": False,
                          "digest": "never"},
            )  # fmt: skip
        begun = _worker(environment)
        end = time.monotonic() + 120
        while not server.kept.messages and time.monotonic() < end:
            time.sleep(0.01)
        begun.kill()
        begun.wait()
        base.wait_until_nobody_is_connected()
        left = outbox()
        server.holds_back = 0
        time_passes()
        _worker(environment, "--once").wait(120)
        return {"left": left, "then": outbox(), "arrived": len(server.kept.messages)}


def _worker(environment: dict[str, str], *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "nayu", "worker", *words], env=os.environ | environment
    )


if __name__ == "__main__":
    what, *how_many = sys.argv[1:]
    base.say(
        {"points": points, "together": lambda: together(int(how_many[0])), "workers": workers}[
            what
        ]()
    )

"""Processes side by side on the same rows; tell what came of it.

    python -m faults.together PROCESSES TIMES

"lines": each process changes one line so many times: it reads, waits, writes, and reads again
when somebody was quicker. "submissions": all press the same button at once. "projects": all open
projects of one agency, which are numbered.
"""

import json
import sys
import time
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from faults import base
from nayu.accounts.models import User
from nayu.approvals.models import Decision
from nayu.approvals.queries import content_changes, newest_change
from nayu.audit.models import Event
from nayu.budget.models import Line, StageAmount
from nayu.budget.services import LineInput, change_line
from nayu.core.errors import Stale
from nayu.projects.models import Project, ProjectEntry
from nayu.projects.services import open_project

ITEM = "งานประจำ 0"
NOTES = base.VAR / "notes"


def one_more(line: Line) -> LineInput:
    return LineInput(
        item=line.item,
        quantity=line.quantity + 1,
        unit=line.unit,
        unit_price=line.unit_price,
        category_code=line.category_id,
        work_code=line.work_id,
        source_code=line.source_id,
        price_reference=line.price_reference,
        price_evidence=line.price_evidence,
        if_not_funded=line.if_not_funded,
    )


def change(times: int) -> None:
    anong = base.cast.anong
    for _ in range(times):
        while True:
            line = Line.objects.get(item=ITEM)
            time.sleep(0.001)
            try:
                change_line(
                    line.pk, one_more(line), revision=line.revision, actor=anong, at=base.NOON
                )
                break
            except Stale:
                continue


def at_once(processes: int, deed: Callable[[int], None]) -> list[int]:
    """Exit codes; a deed waits for the moment that is common to all."""
    waits = [base.in_a_process(lambda n=n: deed(n)) for n in range(processes)]
    return [wait() for wait in waits]


def lines(processes: int, times: int) -> dict:
    line = Line.objects.get(item=ITEM)
    codes = at_once(processes, lambda _n: change(times))
    after = Line.objects.get(item=ITEM)
    return {
        "codes": codes,
        "quantity": int(after.quantity - line.quantity),
        "revision": after.revision - line.revision,
        "events": Event.objects.filter(verb="line.change").count(),
        "amount_agrees": StageAmount.objects.get(line=after, stage_id="requested").amount
        == after.quantity * after.unit_price,
    }


def submissions(processes: int) -> dict:
    entry = ProjectEntry.objects.get(name_th=base.DRAFT_NAME)
    address = reverse("portal:project_submission", args=[base.YEAR, entry.project.code])
    client = Client(headers={"Host": "localhost"})
    client.force_login(User.objects.get(username="anong"))
    client.get(reverse("portal:decision", args=[base.YEAR, entry.project.code]))
    seen = {"seen": str(newest_change(content_changes("project", entry.pk)))}
    NOTES.mkdir(exist_ok=True)
    moment = time.time() + 0.5

    def press(n: int) -> None:
        time.sleep(max(0, moment - time.time()))
        response = client.post(address, seen)
        (NOTES / str(n)).write_text(
            json.dumps([response.status_code, response.content.decode()]), encoding="utf-8"
        )

    codes = at_once(processes, press)
    answers = [json.loads((NOTES / str(n)).read_text(encoding="utf-8")) for n in range(processes)]
    return {
        "codes": codes,
        "statuses": sorted(status for status, _page in answers),
        "told": [page for status, page in answers if status == 409],
        "decisions": Decision.objects.filter(
            procedure="project", step="submit", subject_id=entry.pk
        ).count(),
        "events": Event.objects.filter(
            verb="project.submit", subject_id=str(entry.pk)
        ).count(),
    }  # fmt: skip


def projects(processes: int, each: int) -> dict:
    before = Project.objects.count()

    def open_some(n: int) -> None:
        for number in range(each):
            open_project(
                agency_code=base.DRAINAGE, fiscal_year_be=base.YEAR, last_fy=base.YEAR,
                name_th=f"โครงการที่ {n}/{number}", actor=base.cast.anong, at=base.NOON,
            )  # fmt: skip

    codes = at_once(processes, open_some)
    return {"codes": codes, "made": Project.objects.count() - before}


if __name__ == "__main__":
    wanted, often = int(sys.argv[1]), int(sys.argv[2])
    base.put_back()
    base.say(
        {
            "lines": lines(wanted, often),
            "submissions": submissions(wanted),
            "projects": projects(wanted, 10),
        }
    )

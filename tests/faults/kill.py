"""Kill a deed at its k-th statement, and look at what it left.

    python -m faults.kill DEED POINTS

One JSON object: how many statements the deed has, and of each point k the state that was left.
A statement is what goes to the database, and the commits between them. A killed process does not
come to `finally`, so nothing but the database itself can mend what it left.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from faults import base
from nayu.accounts.models import User
from nayu.agencies.models import Agency
from nayu.approvals.queries import content_changes, newest_change
from nayu.audit.models import Event
from nayu.budget.models import (
    ExpenditureCategory,
    ExpenditureType,
    FundingSource,
    Line,
    Request,
)
from nayu.budget.services import take_request_step
from nayu.core.errors import Stale
from nayu.documents import services as documents
from nayu.documents.models import Order
from nayu.jobs.models import Job
from nayu.jobs.services import PERIODIC, run_worker
from nayu.portal.views import decisions
from nayu.projects.models import ProjectEntry
from nayu.projects.services import save_entry
from nayu.workbooks.domain import TemplateAgency, TemplateLine
from nayu.workbooks.profile import load_profile
from nayu.workbooks.services import take_in, template_line
from nayu.workbooks.template import write_template

BOOK = base.VAR / "request.xlsx"
READY = "ready"  # the name of the copy that each killed deed begins with
CHOICE = documents.Choice("agency-plan", base.YEAR, "docx", base.DRAINAGE)


class Killer:
    """Counts statements and commits; kills this process before or after the k-th."""

    def __init__(self, k: int = 0, *, after: bool = False) -> None:
        self.count, self.k, self.after = 0, k, after

    def __call__(self, run: Callable[..., Any], *given: Any) -> Any:
        self.count += 1
        here = self.count == self.k
        if here and not self.after:
            base.kill_myself()
        answer = run(*given)
        if here:
            base.kill_myself()
        return answer

    def watch(self) -> None:
        """From here on, everything this thread sends to the database."""
        connection.ensure_connection()
        commit = connection._commit
        connection._commit = lambda: self(commit)
        connection.execute_wrappers.append(self)


@dataclass
class Deed:
    """`do` raises if it could not be done; done twice, the second time changes nothing."""

    prepare: Callable[[], None]
    do: Callable[[], None]


def nothing() -> None:
    return None


# --- Import -----------------------------------------------------------------------------------


def write_workbook() -> None:
    """The agency's workbook: one line changed, twelve new, of a project and of routine work."""
    entry = ProjectEntry.objects.get(name_th=base.DRAFT_NAME)
    held = template_line(Line.objects.get(entry=entry))
    held = replace(held, quantity=held.quantity + 1)
    new = [
        TemplateLine(
            f"N-{n}", 0, f"เครื่องสูบน้ำ แบบ {n}", "3.1", "bma", held.quantity, "เครื่อง",
            held.unit_price + n, project_code=entry.project.code if n % 2 else "",
            work_code="F06-01-01", if_not_funded="น้ำท่วมขังนานขึ้น",
        )
        for n in range(1, 13)
    ]  # fmt: skip
    agency = Agency.objects.get(code=base.DRAINAGE)
    content = write_template(
        TemplateAgency(agency.code, agency.name_th),
        base.YEAR,
        [(entry.project.code, entry.name_th)],
        [("F06-01-01", "งาน")],
        list(
            ExpenditureCategory.objects.exclude(type__in=ExpenditureType.objects.filter(order=99))
            .order_by("code")
            .values_list("code", "name_th", "type__name_th")
        ),
        list(FundingSource.objects.order_by("order").values_list("code", "name_th")),
        [held, *new],
    )
    BOOK.write_bytes(content)


def take_workbook_in() -> None:
    outcome = take_in(BOOK, load_profile("nayu"), fiscal_year_be=base.YEAR, at=base.NOON)
    assert outcome.written, outcome.findings
    assert (outcome.new, outcome.unchanged) in [(13, 0), (0, 13)]


# --- Save and step ----------------------------------------------------------------------------


def save() -> None:
    entry = ProjectEntry.objects.get(name_th=base.DRAFT_NAME)
    opened_with = 2  # the revision of the draft as it was built
    given = base.everything_of(base.YEAR)
    try:
        save_entry(entry.pk, given, revision=opened_with, actor=base.cast.anong, at=base.NOON)
    except Stale:
        assert entry.revision == opened_with + 1


client = Client(headers={"Host": "localhost"})


def sign_in() -> None:
    decisions.now = lambda: base.NOON  # the same moment each time, as in the other deeds
    client.force_login(User.objects.get(username="anong"))


def submit() -> None:
    """The whole request, as a server process does it."""
    entry = ProjectEntry.objects.get(name_th=base.DRAFT_NAME)
    address = reverse("portal:project_submission", args=[base.YEAR, entry.project.code])
    seen = {"seen": str(newest_change(content_changes("project", entry.pk)))}
    response = client.post(address, seen)
    assert response.status_code == (302 if entry.state == "draft" else 409), response.content


def open_and_submit_request() -> None:
    asked, _ = Request.objects.get_or_create(
        agency_id=base.DRAINAGE, fiscal_year_be=base.YEAR, defaults={"state_since": base.NOON}
    )
    take_request_step(asked.pk, "submit", actor=base.cast.boonmee, at=base.NOON)


def propose() -> None:
    """A step that writes an amount for every line of the request besides."""
    asked = Request.objects.get(agency_id=base.DRAINAGE, fiscal_year_be=base.YEAR)
    if asked.state == "submitted":
        take_request_step(asked.pk, "propose", actor=base.cast.ganda, at=base.NOON)
    assert Event.objects.filter(verb="request.propose").count() == 1


# --- Book -------------------------------------------------------------------------------------


def order() -> None:
    """Ordered by a visitor, made by a worker: an order that was placed is brought to its end."""
    if not Order.objects.exists():
        documents.place_order(
            CHOICE, actor=base.Person(), session_mark="visit", at=base.NOON
        )  # fmt: skip
    Job.objects.update(heartbeat_at=base.NOON.replace(year=2020))  # more than a minute ago
    PERIODIC.clear()  # what comes round by the clock has points of its own (faults.mail)
    run_worker(once=True, poll_seconds=0.05)
    made = Order.objects.get()
    assert made.job.state == "done", made.job.sentence
    assert made.job.attempts <= 3


def shelf(whole: str) -> str:
    """before: no order at all; complete: with its file; waiting: an order without a file."""
    files = {path: base.snapshot()[str(path.relative_to(base.FILES))] for path in _files()}
    final = {path: digest for path, digest in files.items() if path.suffix != ".part"}
    if any(digest != whole for digest in final.values()):
        return f"half: {final}"
    tasks = DBTaskResult.objects.count()
    if not Order.objects.exists():
        clean = not (Job.objects.exists() or tasks or files)
        return "before" if clean else "half: a job without an order"
    made = Order.objects.get()
    if not tasks:
        return "half: an order that no worker will ever see"
    if made.made_at is None:
        return "waiting"
    return "complete" if made.digest == whole and final else "half: an order without its file"


def _files() -> list[Path]:
    return [path for path in base.FILES.rglob("*") if path.is_file()]


DEEDS = {
    "import": Deed(write_workbook, take_workbook_in),
    "save": Deed(nothing, save),
    "submit": Deed(sign_in, submit),
    "propose": Deed(open_and_submit_request, propose),
    "book": Deed(nothing, order),
}


# --- The points -------------------------------------------------------------------------------


def spread(statements: int, points: int) -> list[tuple[int, bool]]:
    """(k, whether after it), evenly over all of them; the first and the very end among them."""
    if points == 1:
        return [(statements, True)]
    found = [(1 + i * (statements - 1) // (points - 1), i % 2 == 1) for i in range(points)]
    return [*found[:-1], (statements, True)]


def main(name: str, points: int) -> None:
    deed = DEEDS[name]
    base.put_back()
    deed.prepare()
    base.keep_copy(READY)
    deed.do()  # what is loaded at the first use is loaded before the process divides
    base.put_back(READY)
    before = base.snapshot()
    counted = base.VAR / "counted"

    def count() -> None:
        killer = Killer()
        killer.watch()
        deed.do()
        counted.write_text(str(killer.count))

    # A slow moment asks the database once more (a heartbeat): the fewest of two is always reached.
    counts = []
    for _ in range(2):
        base.put_back(READY)
        assert base.in_a_process(count)() == 0
        counts.append(int(counted.read_text()))
    statements, complete = min(counts), base.snapshot()
    whole = next((complete[n] for n in complete if n.endswith(f".{CHOICE.format}")), "")
    found = []
    for k, after in spread(statements, points):
        base.put_back(READY)

        def killed(k: int = k, after: bool = after) -> None:
            Killer(k, after=after).watch()
            deed.do()

        code = base.in_a_process(killed)()
        base.wait_until_nobody_is_connected()
        left = shelf(whole) if name == "book" else _left(before, complete)
        if left == "before":
            base.put_numbers_back(READY)
        again = base.in_a_process(deed.do)()
        after_all = shelf(whole) if name == "book" else _left(before, complete)
        found.append(
            {"k": k, "after": after, "code": code, "left": left, "again": again, "then": after_all}
        )
    base.say(
        {"statements": statements, "changed": base.differing(before, complete), "points": found}
    )


def _left(before: dict[str, str], complete: dict[str, str]) -> str:
    found = base.snapshot()
    if found == before:
        return "before"
    if found == complete:
        return "complete"
    return f"half: {base.differing(before, found)} against {base.differing(complete, found)}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

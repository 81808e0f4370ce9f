"""History of an entry with 500 versions: its page, against merely reading its events."""

from datetime import timedelta

from django.db import connections
from django.test import Client
from django.test.utils import override_settings

from bench.figures import Comparison, seconds_of, take_turns
from nayu.accounts.models import User
from nayu.audit.models import Event
from nayu.audit.queries import events_of
from nayu.db.clock import now
from nayu.projects.models import ProjectEntry

YEAR, CODE, AUTHOR = 2570, "11000000-0002", "anong"
VERSIONS, PAIRS = 500, 7
LIMIT = 4.0
LETTERS = 2_000  # of each text, before and after


def measure(database: str) -> Comparison:
    """Needs the sample city. The whole page as its author reads it, in a fresh process each."""
    entry = ProjectEntry.objects.get(project__code=CODE, fiscal_year_be=YEAR)
    user = User.objects.get(username=AUTHOR)
    _write(entry, user, VERSIONS)
    connections.close_all()
    address = f"/{YEAR}/projects/{CODE}/history/"

    def page() -> None:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            client = Client()
            client.force_login(user)
            seconds.append(seconds_of(lambda: client.get(address)))

    seconds: list[float] = []

    def ours() -> float:
        page()  # the first request of a process loads templates and translations
        page()
        return seconds[-1]

    def reading() -> float:
        return seconds_of(lambda: list(events_of("project", entry.pk)))

    mine, rival = take_turns(ours, reading, pairs=PAIRS)
    return Comparison(
        f"History of an entry with {VERSIONS} versions",
        database,
        "the page of its newest versions, differences marked, from a process that served one before",
        "the same events read into objects",
        PAIRS,
        mine,
        rival,
        LIMIT,
    )


def _write(entry: ProjectEntry, user: User, versions: int) -> None:
    """Sittings of different hours, each changing one place of a long text."""
    base = ("คลองตื้นเขิน น้ำท่วมซ้ำทุกปี " * (LETTERS // 28))[:LETTERS]
    texts = [f"{base[: n % LETTERS]} ครั้งที่ {n} {base[n % LETTERS :]}" for n in range(versions + 1)]
    start = now() - timedelta(hours=versions + 1)
    Event.objects.bulk_create(
        Event(
            at=start + timedelta(hours=n),
            actor=user,
            verb="project.edit",
            subject_kind="project",
            subject_id=str(entry.pk),
            agency_code=entry.agency_id,
            fiscal_year_be=entry.fiscal_year_be,
            facts={"changed": {"rationale": [texts[n], texts[n + 1]]}},
        )
        for n in range(versions)
    )

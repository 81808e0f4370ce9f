"""200 people writing at once for a minute, in a large city on PostgreSQL with two server workers.

    python -m bench.writers [SECONDS]

Every save is looked for in the database afterwards. The rival, in the same run and by the same
people at the same pace, is the plain whole-form POST of the same parts. Exit code 0: no save lost,
no error, p95 of an autosave within the limit.
"""

import http.client
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import ROOT, SOURCE, machine

RESULTS = Path(__file__).with_name("results")
CITY, USERS, WRITERS, PAIRS = (20_000, 100_000), 5_000, 200, 20
PAUSE = (
    5.0  # seconds between two saves of one writer, give or take a fifth: 40 saves a second in all
)
REFRESH = 1.5  # the desk asks for its list of parts that long after a save …
REFRESH_EVERY = 6  # … that may have changed what is missing: one in so many
LIMIT_MS = 300
HOST, YEAR, MARK = "127.0.0.1", 2568, "bench-writer"
TOKEN = "b" * 32
SLOWEST = 60


@dataclass
class Writer:
    """One signed-in person at one entry, with what the server should hold of their fields."""

    session: str
    entry_id: int
    code: str
    fields: dict[str, str]  # field → section
    held: dict[str, str]  # field → text as last saved
    forms: dict[str, dict[str, str]]  # section → all fields of its form
    accepted: int = 0
    times: list[float] = field(default_factory=list)
    refreshes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main(words: list[str]) -> int:
    if words[:1] == ["--here"]:
        return _here(Path(words[1]), float(words[2]))
    seconds = float(words[0]) if words else 60.0
    with tempfile.TemporaryDirectory(prefix="nayu-bench-") as folder:
        target = Path(folder) / "found.json"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "nayu.config.settings",
            "NAYU_SAMPLE_CITY": "1",
            "NAYU_TODAY": "2025-07-15",
            "NAYU_WORKERS": "2",
            "NAYU_VAR": folder,
            "PYTHONPATH": os.pathsep.join((str(SOURCE), str(ROOT))),
        }
        environment.pop("NAYU_TESTS", None)
        again = [sys.executable, "-m", "bench.writers", "--here", str(target), str(seconds)]
        command = [sys.executable, "-m", "tools.with_postgres", *again]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        found = json.loads(target.read_text(encoding="utf-8"))
    RESULTS.mkdir(exist_ok=True)
    if seconds >= 60:
        text = json.dumps(found, ensure_ascii=False, indent=1)
        (RESULTS / "writers.json").write_text(text + "\n", encoding="utf-8")
        (RESULTS / "writers.md").write_text(markdown(found), encoding="utf-8")
    print(markdown(found))
    return 0 if found["met"] else 1


def _here(target: Path, seconds: float) -> int:
    """On the database of the environment: build, write, look."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415

    from bench import city, one_database, pages  # noqa: PLC0415

    facts = machine.facts()
    one_database._say("sample city")
    one_database._build_city()
    one_database._say(f"growing to {CITY[0]:,} entries, {CITY[1]:,} lines, {USERS:,} users")
    with transaction.atomic():
        city.grow(*CITY)
        writers = _people()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sizes = city.size()
    connection.close()
    found: dict[str, Any] = {"machine": facts, "sizes": sizes, "users": USERS, "seconds": seconds}
    with pages._server() as port:
        for name, save in (("autosave", _autosave), ("whole form", _whole_form)):
            one_database._say(f"{name}: warming up")
            _run(port, writers, save, 6.0)
            before = _events()
            for one in writers:
                one.times, one.refreshes, one.accepted = [], [], 0
            connection.close()
            one_database._say(f"{name}: {seconds:g} seconds")
            elapsed = _run(port, writers, save, seconds)
            load = os.getloadavg()[0]
            found[name] = _told(writers, elapsed, load, _events() - before)
    ours = found["autosave"]
    found["ratio"] = round(ours["save"]["median_ms"] / found["whole form"]["save"]["median_ms"], 2)
    found["met"] = ours["lost"] == 0 and ours["errors"] == 0 and ours["save"]["p95_ms"] <= LIMIT_MS
    target.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 0


# --- People and their entries ---------------------------------------------------------------------


def _people() -> list[Writer]:
    """5,000 planners; 200 of them signed in, 40 of these two and two at one entry."""
    from datetime import date  # noqa: PLC0415

    from bench.city import COPY  # noqa: PLC0415
    from nayu.accounts.models import User  # noqa: PLC0415
    from nayu.agencies.models import Appointment, Post  # noqa: PLC0415
    from nayu.projects.models import ProjectEntry  # noqa: PLC0415

    posts = {post.agency_id: post for post in Post.objects.filter(role="planner")}
    people = User.objects.bulk_create(
        User(username=f"{MARK}-{n}", display_name=f"Writer {n}", password="!")  # noqa: S106 - nobody signs in with it
        for n in range(USERS)
    )
    entries = list(
        ProjectEntry.objects.filter(project__source=COPY, agency__in=list(posts), promises__order=1)
        .select_related("project")
        .prefetch_related("promises")
        .order_by("pk")[: WRITERS - PAIRS]
    )
    ProjectEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(state="draft")
    of = [*entries, *entries[:PAIRS]]
    agencies = sorted(posts)
    Appointment.objects.bulk_create(
        Appointment(
            post=posts[of[n].agency_id if n < WRITERS else agencies[n % len(agencies)]],
            user=person,
            first_day=date(2023, 10, 1),
        )
        for n, person in enumerate(people)
    )
    return [_writer(n, people[n], of[n]) for n in range(WRITERS)]


def _writer(number: int, user: Any, entry: Any) -> Writer:
    """A writer's fields: the second at an entry has other parts of it than the first."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    first = next(one for one in entry.promises.all() if one.order == 1)
    if number < WRITERS - PAIRS:
        held = {"rationale": entry.rationale, "promise-0-change_th": first.change_th}
        fields = {"rationale": "rationale", "promise-0-change_th": "promises"}
    else:
        held = {"method": entry.method, "objectives": entry.objectives}
        fields = {"method": "method", "objectives": "objectives"}
    forms = {section: _form(entry, section) for section in set(fields.values())}
    return Writer(str(session.session_key), entry.pk, entry.project.code, fields, held, forms)


def _form(entry: Any, section: str) -> dict[str, str]:
    """The texts that a part's form holds."""
    from nayu.portal.forms import flat_of  # noqa: PLC0415
    from nayu.portal.views.parts import names_of, part_of  # noqa: PLC0415

    flat = flat_of(part_of(entry, section)[0])
    return {name: flat[name] for name in names_of(section, flat)}


# --- One save, either way -------------------------------------------------------------------------


def _ask(port: int, writer: Writer, method: str, path: str, body: bytes, kind: str) -> bytes:
    """The body of a good answer (200, or 302 after a whole form). Raises RuntimeError."""
    connection = http.client.HTTPConnection(HOST, port, timeout=SLOWEST)
    try:
        headers = {
            "Cookie": f"sessionid={writer.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
        }
        connection.request(method, path, body=body or None, headers=headers)
        response = connection.getresponse()
        content = response.read()
        if response.status not in (200, 302):
            raise RuntimeError(f"{response.status} {content[:120]!r}")
        return content
    finally:
        connection.close()


def _address(writer: Writer, section: str) -> str:
    return f"/{YEAR}/projects/{writer.code}/edit/{section}/"


def _autosave(port: int, writer: Writer, name: str, text: str) -> None:
    """What the desk's script sends; the answer must say that this text now stands."""
    body = json.dumps({name: {"base": writer.held[name], "typed": text}}).encode()
    address = f"{_address(writer, writer.fields[name])}autosave/"
    answer = json.loads(_ask(port, writer, "POST", address, body, "application/json"))
    if answer["stored"].get(name) != text or answer["conflicts"] or answer["waiting"]:
        raise RuntimeError(f"not stored: {answer}")


def _whole_form(port: int, writer: Writer, name: str, text: str) -> None:
    """What the button sends: all fields of the part, and what they held when it was drawn."""
    section = writer.fields[name]
    base = writer.forms[section] | {name: writer.held[name]}
    shown = {key: value for key, value in (base | {name: text}).items() if "districts" not in key}
    places = [
        (key, code)
        for key, value in base.items()
        if "districts" in key
        for code in value.split("\n")
        if code
    ]
    body = urlencode([*shown.items(), *places, ("base", json.dumps(base)), ("save", "1")])
    kind = "application/x-www-form-urlencoded"
    _ask(port, writer, "POST", _address(writer, section), body.encode(), kind)


Save = Callable[[int, Writer, str, str], None]


def _run(port: int, writers: list[Writer], save: Save, seconds: float) -> float:
    """All writers at once until the time is over; seconds until the last has its answer."""
    start = time.perf_counter()
    threads = [
        threading.Thread(target=_write_on, args=(port, writer, save, start, seconds, n))
        for n, writer in enumerate(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def _write_on(
    port: int, writer: Writer, save: Save, start: float, seconds: float, number: int
) -> None:
    pace = random.Random(number)
    names, turn = list(writer.fields), 0
    due = start + pace.uniform(0, PAUSE)
    while due < start + seconds:
        time.sleep(max(0.0, due - time.perf_counter()))
        # Three texts to one row of a promise, which reads and writes the whole list of promises.
        # People do not begin in step: who does what at a turn differs from writer to writer.
        name = names[1] if (turn + number) % 4 == 3 else names[0]
        text = f"{writer.held[name].partition(' ¶')[0]} ¶{number}-{turn}-{time.time_ns()}"
        asked = time.perf_counter()
        try:
            save(port, writer, name, text)
        except (OSError, RuntimeError, ValueError, http.client.HTTPException) as error:
            writer.errors.append(repr(error)[:200])
        else:
            writer.times.append(time.perf_counter() - asked)
            writer.held[name] = text
            writer.accepted += 1
            # The list of parts is asked for where a save may have changed what is missing.
            if save is _autosave and (turn + number) % REFRESH_EVERY == 0:
                _refresh(port, writer, writer.fields[name])
        turn += 1
        due = max(time.perf_counter(), due + pace.uniform(0.8, 1.2) * PAUSE)


def _refresh(port: int, writer: Writer, section: str) -> None:
    """The list of parts, which the desk draws anew after each save."""
    time.sleep(REFRESH)
    asked = time.perf_counter()
    try:
        _ask(port, writer, "GET", f"{_address(writer, section)}contents/", b"", "text/plain")
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        writer.errors.append(repr(error)[:200])
    else:
        writer.refreshes.append(time.perf_counter() - asked)


# --- What was found -------------------------------------------------------------------------------


def _events() -> int:
    from nayu.audit.models import Event  # noqa: PLC0415

    return Event.objects.filter(verb="project.edit").count()


def _told(writers: list[Writer], elapsed: float, load: float, events: int) -> dict[str, Any]:
    """Every accepted save is one event of the record, and the last of each field stands."""
    accepted = sum(one.accepted for one in writers)
    errors = [error for one in writers for error in one.errors]
    for one in writers:
        one.errors = []
    return {
        "writers": len(writers),
        "saves": accepted,
        "saves_per_second": round(accepted / elapsed, 1),
        "events": events,
        "lost": max(accepted - events, 0) + _not_standing(writers),
        "errors": len(errors),
        "first_errors": errors[:3],
        "load_after": round(load, 2),
        "save": _spread([seconds for one in writers for seconds in one.times]),
        "contents": _spread([seconds for one in writers for seconds in one.refreshes]),
    }


def _not_standing(writers: list[Writer]) -> int:
    """Fields whose text in the database is not the one that was last accepted."""
    from nayu.projects.models import ProjectEntry, Promise  # noqa: PLC0415

    ids = [one.entry_id for one in writers]
    entries = ProjectEntry.objects.in_bulk(ids)
    promises = dict(
        Promise.objects.filter(entry__in=ids, order=1).values_list("entry_id", "change_th")
    )
    return sum(
        (promises[one.entry_id] if name.startswith("promise") else
         getattr(entries[one.entry_id], name)) != text
        for one in writers
        for name, text in one.held.items()
    )  # fmt: skip


def _spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return round(ordered[math.ceil(share * len(ordered)) - 1] * 1000, 1)

    return {
        "requests": len(ordered),
        "median_ms": round(statistics.median(ordered) * 1000, 1),
        "p95_ms": rank(0.95),
        "p99_ms": rank(0.99),
        "most_ms": rank(1.0),
    }


def markdown(found: dict[str, Any]) -> str:
    facts = found["machine"]
    first, last = found["sizes"]
    measured = (
        f"Measured on {facts['measured_on']}: {facts['cpu']}, {facts['cores']} cores, "
        f"{facts['memory_gb']} GB, {facts['system']}; load before the start {facts['load_before']}."
    )
    how = (
        f"{first:,} entries, {last:,} lines, {found['users']:,} users on PostgreSQL; `nayu serve` "
        f"with two workers; {WRITERS} signed-in writers for {found['seconds']:g} seconds, each saving "
        f"a field every {PAUSE:g} s (± a fifth) and asking for the list of parts {REFRESH} s after "
        f"one save in {REFRESH_EVERY}; {2 * PAIRS} of them two and two at one entry; one save in four is a row of a "
        "promise or a second text. Writers, server and database share the machine. Times in "
        "milliseconds."
    )
    head = "| what | requests | a second | median | p95 | p99 | most | errors | lost | load after |"
    lines = ["# 200 people writing at once", "", measured, "", how, "", head, "|---" * 10 + "|"]
    for name in ("autosave", "whole form"):
        one = found[name]
        lines.append(
            f"| {name} | {one['saves']:,} | {one['saves_per_second']} | {_times(one['save'])} "
            f"| {one['errors']} | {one['lost']} | {one['load_after']} |"
        )
    refresh = found["autosave"]["contents"]
    if refresh:
        lines.append(f"| list of parts | {refresh['requests']:,} | | {_times(refresh)} | | | |")
    verdict = "met" if found["met"] else "**not met**"
    lines += [
        "",
        (
            f"Autosave against the whole form (the rival), medians: **{found['ratio']:.2f}**. Limit: no "
            f"save lost, no error, p95 of an autosave ≤ {LIMIT_MS} ms: {verdict}."
        ),
        "",
        (
            "A save is lost if it was answered as saved and is no event of the record, or if a field's "
            "text in the database is not the one last answered as saved."
        ),
    ]
    return "\n".join(lines) + "\n"


def _times(spread: dict[str, float]) -> str:
    return " | ".join(
        f"{spread[name]:,.0f}" for name in ("median_ms", "p95_ms", "p99_ms", "most_ms")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

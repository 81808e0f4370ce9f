"""The `nayu` command. Exit code 0 only when it did all it said."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nayu.config import allocate_commands, record_commands

Command = Callable[[argparse.Namespace], int]
DEMO_DAY = "2025-07-15"  # 15 July 2568
KINDS = ("plan-book", "agency-plan", "request-details", "project-form", "all")
BREAKDOWNS = ("none", "element", "agency", "expenditure", "function", "source", "district")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse, set Django up, do it; answers the exit code."""
    parser = _parser()
    options = parser.parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nayu.config.settings")
    if options.command == "demo":
        os.environ.setdefault("NAYU_SAMPLE_CITY", "1")
        os.environ.setdefault("NAYU_TODAY", DEMO_DAY)
        os.environ.setdefault("NAYU_URL", f"http://{options.host}:{options.port}")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as wrong:
        print(wrong, file=sys.stderr)
        return 1
    from nayu.config.refusals import details, sentence
    from nayu.core.dates import DateOfWrongEra
    from nayu.core.errors import RuleBroken
    from nayu.core.fiscal_year import FIRST_BE, LAST_BE

    run: Command = options.run
    year = getattr(options, "fiscal_year", None)
    try:
        if year is not None and not FIRST_BE <= year <= LAST_BE:
            raise DateOfWrongEra(value=str(year), year=year)
        return run(options)
    except RuleBroken as broken:
        print(sentence(broken), file=sys.stderr)
        for line in details(broken):
            print(f"  {line}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nayu", description="A city's yearly plan and budget (น่าอยู่)."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: Command, words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(run=run)
        return added

    demo = add("demo", _demo, "build the sample city once and serve it with a worker beside it")
    demo.add_argument("--no-serve", action="store_true", help="build only")
    demo.add_argument("--reset", action="store_true", help="throw the sample city away first")
    demo.add_argument("--entries", type=int, default=None, help="about how many project entries")
    _with_port(demo)
    _with_port(add("serve", _serve, "serve the pages"))
    worker = add("worker", _worker, "do background work until stopped")
    worker.add_argument("--once", action="store_true", help="stop when the queue is empty")
    add("migrate", _migrate, "bring the database up to this version, and load the city's frame")
    add("likeness", _likeness, "keep all texts anew for finding like projects and shared texts")
    add(
        "sweep", _sweep, "take away files that no attachment shows, and tell of those that are lost"
    )
    imported = add("import", _import, "take in budget files, and account for every baht in them")
    imported.add_argument("profile", help="nayu, thai-budget-lines, bma-projects, or a TOML file")
    imported.add_argument("files", nargs="+", type=Path, metavar="FILE")
    _with_year(imported)
    imported.add_argument("--stage", help="stage of the amounts; the profile's own by default")
    imported.add_argument(
        "--dry-run", action="store_true", help="say what would happen, write nothing"
    )
    imported.add_argument("--json", action="store_true", help="one JSON object a file")
    imported.add_argument("--report", type=Path, help="write the findings to this CSV file")
    template = add("template", _template, "write an agency's workbook, to be filled and imported")
    template.add_argument("agency", metavar="AGENCY_CODE")
    _with_year(template)
    template.add_argument("--out", type=Path, required=True, help="the .xlsx file to write")
    check = add("check", _check, "look through a year for what a budget examiner would ask about")
    _with_year(check)
    check.add_argument("--json", action="store_true")
    book = add("book", _book, "write the official documents")
    _with_year(book)
    book.add_argument("--agency", metavar="CODE")
    book.add_argument("--project", metavar="CODE")
    book.add_argument("--kind", choices=KINDS, default="plan-book")
    book.add_argument("--format", choices=("pdf", "docx", "xlsx", "all"), default="pdf")
    book.add_argument("--language", choices=("th", "en"), default="th")
    book.add_argument("--digits", choices=("thai", "arabic"), default="thai")
    book.add_argument("--version", choices=("published", "working"), default="published")
    book.add_argument("--out", type=Path, required=True, metavar="DIR")
    totals = add("totals", _totals, "add the year up, one way or another, to the same total")
    _with_year(totals)
    totals.add_argument("--stage", required=True)
    totals.add_argument("--version", choices=("published", "working"), default="working")
    totals.add_argument("--framework", metavar="CODE", help="for --by element")
    totals.add_argument("--by", choices=BREAKDOWNS, default="none")
    totals.add_argument("--json", action="store_true")
    record_commands.add_to(commands)
    allocate_commands.add_to(commands)
    return parser


def _with_year(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fiscal-year", type=int, required=True, metavar="Y", help="Buddhist Era, such as 2569"
    )


def _with_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--host", default="127.0.0.1")


def _migrate(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from nayu.config.database import ensure_thai_is_searchable
    from nayu.practice.services import load_frame

    ensure_thai_is_searchable()
    call_command("migrate", interactive=False, verbosity=0)
    load_frame()
    print("the database is up to date")
    return 0


def _likeness(options: argparse.Namespace) -> int:
    from nayu.portal.services import rebuild_likeness

    texts, pairs = rebuild_likeness()
    print(f"{texts:,} texts kept; {pairs:,} pairs are one text with small changes")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from nayu.config.database import ensure_thai_is_searchable, forget_database
    from nayu.portal.services import reindex_all
    from nayu.practice import services as practice

    if options.reset:
        forget_database()
    ensure_thai_is_searchable()
    print("database …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    if practice.is_built():
        print("the sample city is already here (make demo-reset builds it afresh)")
    else:
        wanted = {"entries": options.entries} if options.entries else {}
        practice.build(say=lambda text: print(f"  {text}", flush=True), **wanted)
        print("  search index", flush=True)
        reindex_all()
    _print_sign_ins()
    if options.no_serve:
        return 0
    return _serve_with_worker(options)


def _print_sign_ins() -> None:
    from nayu.practice.services import PASSWORD, PEOPLE

    print("\nSample sign-ins (password for all: " + PASSWORD + ")")
    for username, name, post in PEOPLE:
        print(f"  {username:<10} {post:<20} {name}")
    print(flush=True)


def _ensure_port_is_free(options: argparse.Namespace) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as taken:
            sys.exit(
                f"{options.host}:{options.port} cannot be served ({taken.strerror})."
                f" Stop what uses it, or choose another: PORT={options.port + 1} make demo"
            )


def _server(options: argparse.Namespace) -> list[str]:
    _ensure_port_is_free(options)
    print(f"http://{options.host}:{options.port}  (Ctrl-C stops)", flush=True)
    return [
        sys.executable, "-m", "gunicorn", "nayu.config.wsgi:application",
        "--bind", f"{options.host}:{options.port}", "--workers", os.environ.get("NAYU_WORKERS", "2"),
        "--threads", "4", "--timeout", "120", "--log-level", "warning",
        "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else ".",
    ]  # fmt: skip


def _serve(options: argparse.Namespace) -> int:
    from nayu.config.database import ensure_thai_is_searchable

    ensure_thai_is_searchable()
    command = _server(options)
    # In place of this process, so that whoever stops `nayu serve` stops the server itself.
    os.execv(command[0], command)  # noqa: S606 - our own server


def _serve_with_worker(options: argparse.Namespace) -> int:
    """The server, and one worker that ends with it."""
    command = _server(options)
    worker = subprocess.Popen([sys.executable, "-m", "nayu", "worker"])
    server = subprocess.Popen(command)  # noqa: S603 - our own server

    def stop(*_args: object) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        code = server.wait()
    finally:
        worker.terminate()
        worker.wait()
    return 0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else code


def _worker(options: argparse.Namespace) -> int:
    from nayu.jobs.services import run_worker

    return run_worker(once=options.once)


def _sweep(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from nayu.attachments.services import sweep

    swept = sweep(at=timezone.now())
    print(f"{swept.contents} contents and {swept.unfinished} unfinished uploads taken away")
    for digest in swept.lost:
        print(f"lost: {digest}", file=sys.stderr)
    return 1 if swept.lost else 0


def _import(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    from nayu.workbooks.services import import_files

    call_command("migrate", interactive=False, verbosity=0)

    return import_files(
        options.profile,
        options.files,
        fiscal_year_be=options.fiscal_year,
        stage=options.stage,
        dry_run=options.dry_run,
        as_json=options.json,
        report=options.report,
    )


def _template(options: argparse.Namespace) -> int:
    from nayu.workbooks.services import agency_template

    content = agency_template(options.agency, options.fiscal_year)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(content)
    print(f"{options.out}  {len(content)} bytes")
    return 0


def _check(options: argparse.Namespace) -> int:
    from nayu.budget.messages import check_sentence
    from nayu.budget.queries import checks_of

    found = checks_of(options.fiscal_year)
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return 0
    for finding in found.findings:
        sentence = check_sentence(finding.code, dict(finding.facts))
        print(f"{finding.place}\t{finding.code}\t{sentence}")
    print(f"{len(found.findings)} / {found.entries} entries, {found.lines} lines")
    return 0


def _book(options: argparse.Namespace) -> int:
    from nayu.documents.services import write_books

    for path, size, digest in write_books(
        options.fiscal_year,
        kind=options.kind,
        agency_code=options.agency,
        project_code=options.project,
        format=options.format,
        language=options.language,
        digits=options.digits,
        version=options.version,
        out=options.out,
    ):
        print(f"{path}  {size} bytes  sha256 {digest}", flush=True)
    return 0


def _totals(options: argparse.Namespace) -> int:
    from nayu.publication.queries import totals

    found = totals(
        options.fiscal_year,
        options.stage,
        version=options.version,
        by=options.by,
        framework_code=options.framework or "",
    )
    if options.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return 0
    from nayu.core.money import format_baht

    for row in found.rows:
        print(f"{row.code:<16} {format_baht(row.amount_baht):>24}  {row.name_th}")
    print(f"{'':<16} {format_baht(found.grand_total_baht):>24}  รวม / total")
    return 0


if __name__ == "__main__":
    sys.exit(main())

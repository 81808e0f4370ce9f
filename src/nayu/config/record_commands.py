"""`nayu audit …`: the record as a file, its check, and whether the sealer keeps up."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "export and check the record of deeds"
    group = commands.add_parser("audit", help=words, description=words)
    audit = group.add_subparsers(dest="audit_command", required=True)
    export = _add(audit, "export", _export, "write the sealed record as JSON lines")
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument(
        "--fiscal-year", type=int, metavar="Y", help="of other years only what the chain needs"
    )
    verify = _add(audit, "verify", _verify, "check an exported record; needs no database")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--head", action="append", default=[], metavar="HASH",
        help="a published head, or SEQUENCE:HASH; may be given again",
    )  # fmt: skip
    verify.add_argument("--heads", type=Path, metavar="FILE", help="the published file of heads")
    verify.add_argument("--against", type=Path, metavar="FILE", help="an earlier export")
    _add(audit, "status", _status, "whether events wait for the sealer; exit code 1 is an alarm")
    _add(audit, "seal", _seal, "seal what waits, now")


def _add(audit, name: str, run, words: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]
    added: argparse.ArgumentParser = audit.add_parser(name, help=words, description=words)
    added.set_defaults(run=run)
    return added


def _export(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from nayu.audit.domain import line_of
    from nayu.audit.queries import exported, unsealed_since

    options.out.parent.mkdir(parents=True, exist_ok=True)
    part = options.out.with_name(f"{options.out.name}.part")
    count = 0
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for value in exported(options.fiscal_year):
            file.write(f"{line_of(value)}\n")
            count = value.get("sequence", 0)
    part.replace(options.out)
    waiting = unsealed_since(timezone.now()).count
    print(f"{options.out}  {count} events; {waiting} wait for the sealer and are not in it")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from django.utils import translation

    from nayu.audit.domain import head_from, heads_in, verify
    from nayu.audit.messages import report_sentences

    try:
        heads = [head_from(text) for text in options.head]
        if options.heads:
            heads += heads_in(options.heads.read_text(encoding="utf-8"))
        report = verify(
            _lines(options.file),
            heads=heads,
            earlier=_lines(options.against) if options.against else (),
        )
    except (OSError, ValueError) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return 2
    for language in ("th", "en"):
        with translation.override(language):
            for sentence in report_sentences(report):
                print(sentence)
    return 0 if report.is_whole else 1


def _lines(path: Path) -> Iterator[str]:
    """What is not UTF-8 becomes letters that agree with nothing."""
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        yield from file


def _status(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from nayu.audit.queries import last_seal, strays, unsealed_since

    waiting, slipped_in, seal = unsealed_since(timezone.now()), strays(), last_seal()
    if seal:
        print(f"sealed: {seal.last_sequence} events, last {seal.sealed_at.isoformat()}")
        print(f"head:   {seal.head}")
    print(f"unsealed: {waiting.count}", *([f"since {waiting.since}"] if waiting.since else []))
    if waiting.is_alarm:
        print(f"ALARM: {waiting.late} events wait for more than five minutes: is a worker running?")
    if slipped_in:
        print(f"ALARM: {slipped_in} events call themselves sealed and stand in no seal")
    return 1 if waiting.is_alarm or slipped_in else 0


def _seal(options: argparse.Namespace) -> int:
    from nayu.audit.services import seal_all
    from nayu.db.clock import now

    count, head = seal_all(at=now())
    print(f"{count} events sealed, head {head}")
    return 0

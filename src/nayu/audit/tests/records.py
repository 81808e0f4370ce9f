"""Records as lists of JSON values, for tests that tamper with them."""

import json

from nayu.audit.domain import BEGINNING, FORMAT, digest_of, line_of, link


def event(number: int, **changes) -> dict:
    """One event with a value in every column."""
    values = {
        "sequence": number, "event": 100 + number, "at": f"2025-07-15T05:00:{number % 60:02}.000000Z",
        "written_at": f"2025-07-15T05:01:{number % 60:02}.000000Z", "person": f"{number:064x}",
        "post_code": "planner-11000000", "post_title_th": "นักวิเคราะห์", "post_title_en": "Planner",
        "verb": "project.edit", "subject_kind": "project", "subject_id": str(number),
        "agency_code": "11000000", "fiscal_year_be": 2570,
        "subject_label": text(f"โครงการ {number}"), "reason": text(f"เหตุผล {number}"),
        "facts": text({"changed": {"rationale": ["ก", f"ข{number}"]}, "line": number}),
    }  # fmt: skip
    return {**values, **changes}


def text(value) -> dict:
    return {"salt": "5a" * 16, "value": value}


def chained(events: list[dict]) -> list[dict]:
    """Header and events with their links, as an export writes them."""
    previous, rows = BEGINNING, []
    for columns in events:
        digest = columns["digest"] if "digest" in columns else digest_of(columns)
        rows.append({**columns, "previous": previous, "hash": link(previous, digest)})
        previous = rows[-1]["hash"]
    header = {"record": FORMAT, "events": len(rows), "head": previous, "fiscal_year_be": None}
    return [header, *rows]


def record_of(count: int) -> list[dict]:
    return chained([event(number) for number in range(1, count + 1)])


def rechained(rows: list[dict]) -> list[dict]:
    """All numbers and hashes made anew, as somebody would who has the whole record in hand."""
    bare = [
        {key: value for key, value in row.items() if key not in ("previous", "hash")}
        for row in rows[1:]
    ]
    return chained([{**row, "sequence": number} for number, row in enumerate(bare, start=1)])


def lines(rows: list[dict]) -> list[str]:
    return [f"{line_of(row)}\n" for row in rows]


def other(value):
    """Another value of the same kind."""
    if isinstance(value, dict) and set(value) == {"salt", "value"}:
        return {**value, "value": other(value["value"])}
    if isinstance(value, bool) or value is None:
        return "x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    return json.loads(json.dumps(value)) | {"x": 1}

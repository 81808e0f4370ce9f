"""Check an exported record of deeds: python verify_record.py FILE [HEAD]   (no packages needed)"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

TEXTS = ("subject_label", "reason", "facts")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def digest(event: dict[str, Any]) -> str:
    if "digest" in event:  # an event of another year: only its digest is in the file
        return str(event["digest"])
    told = {name: value for name, value in event.items() if name not in ("previous", "hash")}
    for name in TEXTS:
        text = told[name]
        told[name] = (
            text["withheld"]
            if "withheld" in text
            else sha256(text["salt"] + canonical(text["value"]))
        )
    return sha256(canonical(told))


def check(path: str, wanted: str = "") -> str:
    """What is wrong, or nothing."""
    heads, head, count = set(), "0" * 64, 0
    with Path(path).open(encoding="utf-8", newline="\n") as file:
        header = json.loads(next(file))
        for line in file:
            event, count = json.loads(line), count + 1
            before, head = head, sha256(head + digest(event))
            if (event["sequence"], event["previous"], event["hash"]) != (count, before, head):
                return f"event {count} is not what was sealed"
            heads.add(head)
    if (count, head) != (header["events"], header["head"]):
        return f"the file ends at event {count}, its first line says {header['events']}"
    if wanted and wanted not in heads:
        return f"the record of {count} events does not lead to the head {wanted}"
    return ""


if __name__ == "__main__":
    wrong = check(*sys.argv[1:])
    print(wrong or "the record is whole")
    sys.exit(1 if wrong else 0)

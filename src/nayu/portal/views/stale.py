"""What changed since a reader opened a desk: the same change told once, before against after."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from nayu.audit.models import Event
from nayu.core.money import format_baht, parse_number
from nayu.portal.views.differing import told_fields
from nayu.ui.components import Change


def changes_since(events: Iterable[Event], year: int) -> list[Change]:
    """Fields first, then lines: what stood when the desk was opened, and what stands now.

    `events` are the changes after the reader's mark, oldest first.
    """
    fields: dict[str, list[Any]] = {}
    lines: dict[Any, Change] = {}
    added: list[Change] = []
    for event in events:
        if event.verb == "project.include":
            added.append(Change(_("A project came into the request"), "", event.subject_label))
        elif "line" in event.facts:
            key = event.facts["line"], event.verb.split(".")[0]
            lines[key] = _line_change(event, lines.get(key))
        else:
            for name, (before, after) in event.facts.get("changed", {}).items():
                fields[name] = [fields.get(name, [before])[0], after]
    left = {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
    told = [Change(one.field, one.before, one.after) for one in told_fields(left, year)]
    return [*told, *added, *lines.values()]


def _line_change(event: Event, earlier: Change | None) -> Change:
    """One line over several deeds; equal amounts say that something else of it changed."""
    facts = event.facts
    item = str(facts.get("item") or event.subject_label)
    amount = _baht(str(facts["amount"]))
    gone, new = event.verb == "line.remove", event.verb == "line.add"
    before = "" if new else amount if gone else _baht(str(facts.get("before") or ""))
    if earlier is not None:
        before = earlier.before
    after = "" if gone else amount
    if before and before == after:
        after = _("%(amount)s, with other parts of the line changed") % {"amount": amount}
    return Change(_("Line: %(item)s") % {"item": item}, before, after)


def _baht(text: str) -> str:
    return format_baht(parse_number(text)) if text else ""

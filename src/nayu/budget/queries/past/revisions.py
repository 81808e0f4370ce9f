"""A line as it was at one of its revisions, read back from the record."""

from typing import Any

from nayu.approvals.domain import PROJECT, REQUEST
from nayu.audit.queries import events_of
from nayu.budget.models import Line
from nayu.budget.queries.told import columns_told


def line_at(line: Line, revision: int) -> dict[str, Any] | None:
    """What the line said at `revision`, by column; None where the record does not reach back so far.

    Each change of a line is one event that tells what stood before.
    """
    steps = line.revision - revision
    if steps < 0:
        return None
    told = columns_told(line)
    if steps == 0:
        return told
    events = (
        events_of(PROJECT, line.entry_id)
        if line.entry_id
        else events_of(REQUEST, f"{line.agency_id}/{line.fiscal_year_be}")
    )
    changes = list(events.filter(verb="line.change", facts__line=line.pk).order_by("-pk")[:steps])
    if len(changes) < steps or any("changed" not in event.facts for event in changes):
        return None
    for event in changes:
        told |= {name: pair[0] for name, pair in event.facts["changed"].items()}
    return told

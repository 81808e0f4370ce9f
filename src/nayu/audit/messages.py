"""Sentences about the sealed record: what a check found, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nayu.audit.domain import (
    ALTERED,
    ENDS_EARLY,
    HEADER,
    INSERTED,
    MOVED,
    REMOVED,
    REWRITTEN,
    UNREADABLE,
    Finding,
    Report,
)

MESSAGES: dict[str, Any] = {
    "no_such_person": _("Nobody with this sign-in is here, or they are forgotten already."),
}

FINDINGS: dict[str, Any] = {
    ALTERED: _("Event %(sequence)s was altered: what is written in it is not what was sealed."),
    REMOVED: _("Event %(sequence)s was removed; missing up to event %(last)s."),
    INSERTED: _("Event %(sequence)s was inserted: it was not there when the record was sealed."),
    MOVED: _("Event %(sequence)s does not stand in its place: events were put in another order."),
    REWRITTEN: _("Event %(sequence)s was rewritten, and hashes after it were made anew."),
    "rewritten_among": _(
        "Some event from %(first)s to %(last)s was rewritten, and hashes after it were made anew:"
        " the record does not lead to the published head. An earlier export tells which (--against)."
    ),
    UNREADABLE: _("Event %(sequence)s was altered: its line is not one JSON object."),
    HEADER: _(
        "The first line of the file does not agree with the events, of which the last is event"
        " %(sequence)s: the line was altered, or the last event was rewritten."
    ),
    ENDS_EARLY: _(
        "Event %(sequence)s is missing: the record was known up to event %(last)s. The last events"
        " were removed, or this file is older than what it is compared with."
    ),
}


def finding_sentence(finding: Finding) -> str:
    """What is wrong and where, in the language now active."""
    facts = {"sequence": finding.sequence, **finding.facts}
    code = finding.code
    if code == REWRITTEN and facts["first"] != facts["last"]:
        code = "rewritten_among"
    return str(FINDINGS[code]) % facts


def report_sentences(report: Report) -> list[str]:
    """What a check says of a file."""
    if report.finding:
        return [finding_sentence(report.finding)]
    said = [
        ngettext(
            "The record is whole: %(count)s event, head %(head)s.",
            "The record is whole: %(count)s events, head %(head)s.",
            report.events,
        )
        % {"count": report.events, "head": report.head}
    ]
    if not report.vouched:
        said.append(
            _t(
                "Nothing outside this file answers for it: it may have been rewritten throughout."
                " Compare it with a head from the public page (--head)."
            )
        )
    elif report.vouched < report.events:
        said.append(
            _t(
                "A published head answers for events up to %(vouched)s; for those after it only"
                " the file itself does."
            )
            % {"vouched": report.vouched}
        )
    if report.stubs:
        said.append(
            _t(
                "%(count)s events are of other years: their place is checked, their text is not here."
            )
            % {"count": report.stubs}
        )
    if report.withheld:
        said.append(
            _t("%(count)s events have texts withheld, as when a person was forgotten.")
            % {"count": report.withheld}
        )
    return said

"""What each part of a score was counted from: promises, districts, opinions, risks, in words."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from nayu.allocation.domain import scores
from nayu.allocation.messages import READY_WORDS
from nayu.allocation.models import RubricScore
from nayu.allocation.queries.figures import PERSON, READY
from nayu.allocation.queries.question import Asked
from nayu.allocation.views.common import named
from nayu.projects.models import ProjectEntry
from nayu.ui.templatetags.nayu import lang, quantity


def opened(asked: Asked, entry: ProjectEntry, marks: Sequence[RubricScore]) -> dict[str, list[str]]:
    """Sentences by part of the score; a part of which nothing is known has none."""
    return {
        scores.PEOPLE: _promises(asked, entry),
        scores.NEED: _districts(asked, entry),
        scores.ELEMENT: _elements(entry),
        scores.READINESS: _ready(asked, entry),
        scores.SUPPORT: _sides(asked, entry),
        scores.RISK: _risks(entry),
        scores.RUBRIC: [f"{lang(m, 'post_title')}: {m.mark}" for m in marks if m.is_done],
    }


def _promises(asked: Asked, entry: ProjectEntry) -> list[str]:
    told = []
    for promise in entry.promises.order_by("order"):
        words = f"{quantity(promise.number)} {lang(promise, 'unit')} · {lang(promise, 'who')}"
        if promise.unit_th != PERSON:
            words += " · " + _("not counted in people, so not added up")
        told.append(words)
    if told:
        told.append(
            _("Full from %(n)s people for a million baht (the year’s 95th percentile)")
            % {"n": f"{float(asked.cap):,.1f}"}
        )
    return told


def _districts(asked: Asked, entry: ProjectEntry) -> list[str]:
    parts = asked.read.districts.get(entry.pk, {})
    whole = sum(parts.values())
    return [
        _("%(district)s: %(share)s %% of its money, need %(need)s (the city’s is 100)")
        % {
            "district": named(asked.needs[code]),
            "share": f"{float(Fraction(weight * 100, whole)):,.1f}",
            "need": f"{float(asked.needs[code].index * 100):,.0f}",
        }
        for code, weight in sorted(parts.items())
    ]


def _elements(entry: ProjectEntry) -> list[str]:
    links = entry.links.filter(is_primary=True).select_related("element", "framework")
    return [f"{link.element.number} {named(link.element)}" for link in links if link.element]


def _ready(asked: Asked, entry: ProjectEntry) -> list[str]:
    done = asked.read.ready.get(entry.pk, set())
    return [
        (_("Done: %(what)s") if code in done else _("Missing: %(what)s"))
        % {"what": READY_WORDS[code]}
        for code in READY
    ]


def _sides(asked: Asked, entry: ProjectEntry) -> list[str]:
    known = asked.read.sides.get(entry.pk)
    if known is None:
        return [_("No opinion on it took a side")]
    in_favour, took_sides = known
    return [
        _("%(n)s for it, %(m)s against it") % {"n": in_favour, "m": took_sides - in_favour},
    ]


def _risks(entry: ProjectEntry) -> list[str]:
    return [
        f"{risk.likelihood} × {risk.impact} = {risk.likelihood * risk.impact} · {risk.event_th}"
        for risk in entry.risks.order_by("order")
    ]

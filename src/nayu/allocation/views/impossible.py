"""A question without an answer: which rules clash, in one sentence and line by line, and what would do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nayu.allocation.domain.problem import Question
from nayu.allocation.models import Run
from nayu.allocation.queries.results import Names
from nayu.allocation.views.common import amount_words, named, row_words

MONEY = ("satang", "scaled")
REQUIRED = ("COMMITTED", "LEGAL", "PINNED")


def clash_context(found: Run, question: Question) -> dict[str, Any]:
    """The rules that clash with their figures, the sentence, and what would do."""
    names = Names(question.fiscal_year_be)
    projects = {c.code: c for c in question.candidates}
    clash = found.answer.get("clash") or {"rows": [], "relaxations": []}
    rows = clash["rows"]
    return {
        "clash": [
            (row_words(names, name, projects),
             amount_words(unit, low if _is_least(low, high) else high),
             "least" if _is_least(low, high) else "most")
            for name, unit, low, high in rows
        ],
        "relaxations": [
            (row_words(names, name, projects), amount_words(unit, by))
            for name, unit, by in clash["relaxations"]
        ],
        "sentence": sentence_of_clash(names, rows, clash["relaxations"], projects),
        "together": clash.get("together", False),
    }  # fmt: skip


def _is_least(low: int | None, high: int | None) -> bool:
    return low is not None and (high is None or low > 0)


def sentence_of_clash(
    names: Names,
    rows: Sequence[Sequence[Any]],
    relaxations: Sequence[Sequence[Any]],
    projects: Mapping[str, Any],
) -> str:
    """“The floors of 3 districts and the past commitments of … exceed the ceiling by n million baht”.

    Only where one limit of money stands against rules that ask for more; "" otherwise. The figure is
    the least by which that limit alone would have to rise, in whole projects.
    """
    uppers = [row for row in rows if not _is_least(row[2], row[3]) and row[1] in MONEY]
    lowers = [row for row in rows if _is_least(row[2], row[3])]
    if len(uppers) != 1 or len(uppers) + len(lowers) != len(rows) or not lowers:
        return ""
    upper = uppers[0][0]
    by = next((by for name, _unit, by in relaxations if name == upper), None)
    if by is None:
        return ""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, *_rest in lowers:
        groups[name.partition("[")[0]].append(name)
    told = [_group(names, kind, found, projects) for kind, found in groups.items()]
    first = told[0] if len(told) == 1 else _("%(one)s and %(other)s") % {
        "one": ", ".join(told[:-1]), "other": told[-1],
    }  # fmt: skip
    words = ngettext(
        "%(rules)s exceeds %(limit)s by %(amount)s", "%(rules)s exceed %(limit)s by %(amount)s", len(lowers)
    ) % {
        "rules": first, "limit": row_words(names, upper, projects),
        "amount": amount_words(uppers[0][1], by),
    }  # fmt: skip
    return words[:1].upper() + words[1:]


def _group(names: Names, kind: str, found: Sequence[str], projects: Mapping[str, Any]) -> str:
    """One rule by its own words; several of a kind by their number, and their agency if it is one."""
    if len(found) == 1:
        return row_words(names, found[0], projects)
    count = {"n": len(found)}
    if kind == "DISTRICT":
        return (
            ngettext("the floor of %(n)s district", "the floors of %(n)s districts", len(found))
            % count
        )
    if kind in REQUIRED:
        codes = [name.partition("[")[2].removesuffix("]") for name in found]
        agencies = {projects[code].agency for code in codes if code in projects}
        words = {
            "COMMITTED": _("the past commitments of %(n)s projects"),
            "LEGAL": _("the legal duties of %(n)s projects"),
            "PINNED": _("the pinning of %(n)s projects"),
        }[kind] % count
        if len(agencies) == 1 and (agency := names.agencies.get(agencies.pop())):
            words += " " + _("of %(agency)s") % {"agency": named(agency)}
        return words
    return ", ".join(row_words(names, name, projects) for name in found)

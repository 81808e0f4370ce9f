"""An entry's parts as typed → what is saved, and back to flat texts."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _

from nayu.core.thai import normalise
from nayu.portal.forms.typed import Data, Lists, Typed, plain
from nayu.projects.domain import (
    GROUPS,
    LEVELS,
    ORIGINS,
    TEXT_LIMIT,
    ActivityValues,
    EntrySheet,
    PromiseValues,
    RiskValues,
)
from nayu.projects.services import EntryInput

MOST_ROWS = 200
ENTRY_NOVELTIES = ("new", "continuing")
# Parts that are plain texts, and the fields of the entry that each writes.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "rationale": ("rationale",),
    "objectives": ("objectives",),
    "targets": ("target_quantity", "target_quality"),
    "method": ("method",),
}
# Repeated rows: a row counts as soon as one of these is filled.
ROWS: Mapping[str, tuple[str, ...]] = {
    "promise": (
        "who_th", "number", "change_th", "lasts_th", "evidence_th", "share_percent", "who_en",
        "change_en", "evidence_en",
    ),
    "activity": ("name_th", "weight_percent"),
    "risk": ("event_th", "response_th"),
}  # fmt: skip


def filled_rows(data: Data, prefix: str) -> list[int]:
    """Numbers of the repeated rows in which anything is written."""
    return [
        n
        for n in range(MOST_ROWS)
        if any(normalise(data.get(f"{prefix}-{n}-{key}", "")) for key in ROWS[prefix])
    ]


def row_numbers(data: Data, prefix: str, spare: int) -> list[int]:
    """Rows to draw: those with anything in them, and spare ones after the last.

    A row keeps its number for life, so that two people who add and remove rows mean the same one.
    """
    filled = filled_rows(data, prefix)
    last = max(filled, default=-1)
    return [*filled, *range(last + 1, min(last + 1 + spare, MOST_ROWS))]


def promises_of(
    data: Data, lists: Lists, typed: Typed, *, indicators: Collection[str], districts: Collection[str]
) -> tuple[PromiseValues, ...]:  # fmt: skip
    return tuple(
        _promise(n + 1, f"promise-{n}-", data, lists, typed, indicators, districts)
        for n in filled_rows(data, "promise")
    )


def _promise(
    order: int, at: str, data: Data, lists: Lists, typed: Typed,
    indicators: Collection[str], districts: Collection[str],
) -> PromiseValues:  # fmt: skip
    def text(name: str, limit: int = TEXT_LIMIT) -> str:
        return typed.text(data, at + name, label=label, limit=limit)

    label = _("Promise %(n)s") % {"n": order}
    number = typed.number(data, f"{at}number", label=f"{label}, {_('how many')}")
    if number == 0 and f"{at}number" not in typed.problems:
        typed.problems[f"{at}number"] = _("%(label)s: how many gain?") % {"label": label}
    for name, question in (
        ("who_th", _("%(label)s: who gains?")),
        ("change_th", _("%(label)s: what changes?")),
    ):
        if not normalise(data.get(at + name, "")):
            typed.problems[at + name] = question % {"label": label}
    share = None
    if normalise(data.get(f"{at}share_percent", "")):
        share = typed.whole(data, f"{at}share_percent", 0, 100, label=label)
    return PromiseValues(
        order=order,
        who_th=text("who_th", 300),
        who_en=text("who_en", 300),
        number=number,
        unit_th=text("unit_th", 60) or "คน",
        unit_en=text("unit_en", 60),
        districts=tuple(code for code in lists.get(f"{at}districts", []) if code in districts),
        change_th=text("change_th"),
        change_en=text("change_en"),
        from_month=typed.whole(data, f"{at}from_month", 1, 12, label=label),
        lasts_th=text("lasts_th", 200),
        indicator_code=typed.choice(
            data, f"{at}indicator_code", ("", *indicators), label=label
        ),
        evidence_th=text("evidence_th"),
        evidence_en=text("evidence_en"),
        share_percent=share,
        group=typed.choice(data, f"{at}group", ("", *GROUPS), label=label),
        levels=_levels(data, at, typed, label, number),
    )  # fmt: skip


def _levels(
    data: Data, at: str, typed: Typed, label: str, whole: Decimal
) -> tuple[tuple[int, Decimal], ...]:
    """What is still promised for parts of the money; more for less money is asked about."""
    found = []
    most = whole
    for percent in LEVELS:
        name = f"{at}level_{percent}"
        if not normalise(data.get(name, "")):
            continue
        how_many = typed.number(data, name, label=label)
        if how_many > most and not {name, f"{at}number"} & typed.problems.keys():
            typed.problems[name] = _(
                "%(label)s: %(percent)s percent of the money cannot give more than more money does."
            ) % {"label": label, "percent": percent}
        most = min(most, how_many)
        found.append((percent, how_many))
    return tuple(found)


def months_of(data: Data, at: str, typed: Typed, label: str) -> tuple[int, int]:
    first = typed.whole(data, f"{at}first_month", 1, 12, label=label)
    last = typed.whole(data, f"{at}last_month", 1, 12, label=label)
    if last < first and not {f"{at}first_month", f"{at}last_month"} & typed.problems.keys():
        typed.problems[f"{at}last_month"] = _("%(label)s: it ends before it begins.") % {
            "label": label
        }
    return first, max(first, last)


def activities_of(data: Data, typed: Typed) -> tuple[ActivityValues, ...]:
    found = []
    for n in filled_rows(data, "activity"):
        at, label = f"activity-{n}-", _("Activity %(n)s") % {"n": n + 1}
        if not normalise(data.get(f"{at}name_th", "")):
            typed.problems[f"{at}name_th"] = _("%(label)s: what is done?") % {"label": label}
        first, last = months_of(data, at, typed, label)
        found.append(
            ActivityValues(
                n + 1,
                typed.text(data, f"{at}name_th", label=label, limit=500),
                first,
                last,
                typed.whole(data, f"{at}weight_percent", 0, 100, label=label),
            )
        )
    return tuple(found)


def risks_of(data: Data, typed: Typed) -> tuple[RiskValues, ...]:
    found = []
    for n in filled_rows(data, "risk"):
        at, label = f"risk-{n}-", _("Risk %(n)s") % {"n": n + 1}
        for name, question in (
            ("event_th", _("%(label)s: what may go wrong?")),
            ("response_th", _("%(label)s: what is the response?")),
        ):
            if not normalise(data.get(at + name, "")):
                typed.problems[at + name] = question % {"label": label}
        found.append(
            RiskValues(
                typed.text(data, f"{at}event_th", label=label),
                typed.whole(data, f"{at}likelihood", 1, 5, label=label),
                typed.whole(data, f"{at}impact", 1, 5, label=label),
                typed.text(data, f"{at}response_th", label=label),
                n + 1,
            )
        )
    return tuple(found)


def basics_of(data: Data, typed: Typed) -> EntryInput:
    if not normalise(data.get("name_th", "")):
        typed.problems["name_th"] = _("Write the name.")
    first, last = months_of(data, "", typed, _("Period"))
    return EntryInput(
        texts={
            "name_th": typed.text(data, "name_th", label=_("Name"), limit=500),
            "name_en": typed.text(data, "name_en", label=_("English name"), limit=500),
        },
        first_month=first,
        last_month=last,
        origin=typed.choice(data, "origin", ORIGINS, label=_("Where the project comes from")),
        novelty=typed.choice(data, "novelty", ENTRY_NOVELTIES, label=_("New or continuing")),
    )


def place_of(data: Data, lists: Lists, typed: Typed, *, districts: Collection[str]) -> EntryInput:
    """Place in words, and parts of the money by district; a part makes its district chosen."""
    weights: dict[str, int] = dict.fromkeys(lists.get("district", []), 1)
    for name, text in data.items():
        if name.startswith("weight-") and normalise(text):
            weights[name.removeprefix("weight-")] = typed.whole(
                data, name, 1, 1_000_000, label=_("Part of the money")
            )
    if not weights.keys() <= set(districts):
        typed.problems["district"] = _("%(label)s: choose from the list.") % {
            "label": _("Districts")
        }
    return EntryInput(
        texts={"place_text": typed.text(data, "place_text", label=_("Place"))},
        district_weights=weights,
    )


def links_of(
    data: Data, lists: Lists, typed: Typed,
    *, linkable: Mapping[str, Collection[str]], indicators: Collection[str],
) -> EntryInput:  # fmt: skip
    """One primary element in each framework, others besides, and indicators, all as ids.

    `linkable` gives the ids that may be chosen, by code of the framework.
    """
    primary, others = [], []
    for code, allowed in linkable.items():
        chosen = typed.choice(data, f"primary-{code}", ("", *allowed), label=_("Links"))
        if chosen and chosen in allowed:
            primary.append(int(chosen))
        others += [
            int(pk) for pk in lists.get(f"other-{code}", []) if pk in allowed and pk != chosen
        ]
    return EntryInput(
        primary_element_ids=tuple(primary),
        other_element_ids=tuple(dict.fromkeys(others)),
        indicator_ids=tuple(int(pk) for pk in lists.get("indicator", []) if pk in indicators),
    )


Numbered = TypeVar("Numbered", PromiseValues, ActivityValues, RiskValues)


def _by_number(rows: Iterable[Numbered]) -> list[tuple[int, Numbered]]:
    """Rows by their numbers from 0; one without a number, or with a taken one, comes next."""
    found: dict[int, Numbered] = {}
    for row in rows:
        n = row.order - 1
        found[n if n >= 0 and n not in found else max(found, default=-1) + 1] = row
    return sorted(found.items(), key=lambda pair: pair[0])


class Sent(NamedTuple):
    """Texts and lists of a form, as stored or as typed."""

    data: dict[str, str]
    lists: dict[str, list[str]]


SEVERAL = re.compile(r"promise-\d+-districts|district|supporting|indicator|other-.+")


def flat_of(sent: Sent) -> dict[str, str]:
    """One text for each field; what is chosen of a list stands one a line, in order of code."""
    flat = {name: text for name, text in sent.data.items() if not SEVERAL.fullmatch(name)}
    lists = {name: chosen for name, chosen in sent.lists.items() if SEVERAL.fullmatch(name)}
    return flat | {name: "\n".join(sorted(chosen)) for name, chosen in lists.items()}


def sent_of(flat: Data) -> Sent:
    """The form again from its flat texts."""
    lists = {
        name: [code for code in text.split("\n") if code]
        for name, text in flat.items()
        if SEVERAL.fullmatch(name)
    }
    return Sent({name: text for name, text in flat.items() if name not in lists}, lists)


def same_text(one: str, other: str) -> bool:
    """Whether two texts are no change: the same figure in other digits or with commas is none."""
    return _told(one) == _told(other)


def _told(text: str) -> str:
    clean = normalise(text, keep_lines=True)
    digits = clean.replace(",", "")
    return plain(int(digits)) if digits.isdigit() and len(digits) < 19 else clean


def stored(sheet: EntrySheet) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The flat texts (and lists) of every part of an entry but its links."""
    data = {
        name: str(getattr(sheet, name))
        for name in (
            "name_th", "name_en", "first_month", "last_month", "origin", "novelty", "rationale",
            "target_quantity", "target_quality", "method", "place_text",
        )
    }  # fmt: skip
    data["objectives"] = "\n".join(sheet.objectives)
    data["partners"] = "\n".join(name for name, _english in sheet.partners)
    lists = {
        "district": [code for code, *_rest in sheet.districts],
        "supporting": [code for code, *_rest in sheet.supporting],
    }
    for code, _th, _en, weight in sheet.districts:
        data[f"weight-{code}"] = str(weight)
    rows_data, rows_lists = stored_rows(sheet.promises, sheet.activities, sheet.risks)
    return data | rows_data, lists | rows_lists


def stored_rows(
    promises: Iterable[PromiseValues] = (),
    activities: Iterable[ActivityValues] = (),
    risks: Iterable[RiskValues] = (),
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The flat texts (and lists) of the repeated parts."""
    data: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for n, p in _by_number(promises):
        for name in (*ROWS["promise"], "unit_th", "unit_en", "from_month", "indicator_code"):
            value = getattr(p, name)
            data[f"promise-{n}-{name}"] = (
                value if isinstance(value, str) else plain(value)
            )  # fmt: skip
        lists[f"promise-{n}-districts"] = list(p.districts)
        data[f"promise-{n}-group"] = p.group
        stated_levels = dict(p.levels)
        for percent in LEVELS:
            data[f"promise-{n}-level_{percent}"] = plain(stated_levels.get(percent))
    for n, a in _by_number(activities):
        for name in (*ROWS["activity"], "first_month", "last_month"):
            data[f"activity-{n}-{name}"] = str(getattr(a, name))
    for n, r in _by_number(risks):
        for name in (*ROWS["risk"], "likelihood", "impact"):
            data[f"risk-{n}-{name}"] = str(getattr(r, name))
    return data, lists

"""The fields of an entry's parts, as drawn."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from nayu.core.fiscal_year import MONTHS
from nayu.portal.forms.entry import row_numbers
from nayu.portal.forms.typed import Choice, Drawing, Shown
from nayu.projects.domain import LEVELS

SPARE_ROWS, MORE_ROWS = 1, 4


def basics_fields(
    draw: Drawing, origins: Iterable[Choice], novelties: Iterable[Choice]
) -> list[Shown]:
    return [
        draw.text("name_th", _("Name"), most=500),
        draw.text("name_en", _("English name"), most=500, optional=True),
        draw.month("first_month", _("First month"), MONTHS[0]),
        draw.month("last_month", _("Last month"), MONTHS[-1]),
        draw.choice("origin", _("Where the project comes from"), origins),
        draw.choice("novelty", _("New or continuing"), novelties),
    ]  # fmt: skip


def text_fields(draw: Drawing, section: str) -> list[Shown]:
    if section == "targets":
        return [
            draw.area("target_quantity", _("Targets, quantity"), size=4),
            draw.area("target_quality", _("Targets, quality"), size=4, optional=True),
        ]
    labels = {
        "rationale": _("Principles and rationale"),
        "objectives": _("Objectives, one a line"),
        "method": _("Nature of the project"),
    }
    sizes = {"rationale": 14, "objectives": 6, "method": 10}
    return [draw.area(section, labels[section], size=sizes[section])]


Row = tuple[str, list[Shown], list[Shown]]  # legend, fields, fields kept out of sight at first


def group_choices() -> tuple[Choice, ...]:
    """Groups by which promises are gathered over projects."""
    return (
        Choice("", _("not stated")),
        Choice("everyone", _("everyone in the place")),
        Choice("children", _("children and pupils")),
        Choice("elderly", _("elderly people")),
        Choice("disabled", _("people with disabilities")),
        Choice("patients", _("patients")),
        Choice("low_income", _("people of low income")),
        Choice("women", _("women")),
        Choice("workers", _("workers and street vendors")),
        Choice("commuters", _("people on the way: drivers, passengers, pedestrians")),
        Choice("businesses", _("businesses")),
        Choice("communities", _("communities and households")),
    )


def promise_rows(
    draw: Drawing, spare: int, indicators: Iterable[Choice], districts: Iterable[Choice]
) -> list[Row]:
    known = (Choice("", _("none of them; written below")), *indicators)
    places = tuple(districts)
    rows = []
    for n in row_numbers(draw.data, "promise", spare):
        at = f"promise-{n}-"
        unit = draw.data.get(f"{at}unit_th") or "คน"
        more = [
            *(
                draw.figure(
                    f"{at}level_{percent}",
                    _("How many, if only %(percent)s percent of the money comes")
                    % {"percent": percent},
                    optional=True,
                    places=3,
                )
                for percent in LEVELS
            ),
            draw.several(
                f"{at}districts", _("Where, if not the project's own place"), places, optional=True
            ),
            draw.text(f"{at}who_en", _("Who gains, in English"), most=300, optional=True),
            draw.text(f"{at}unit_en", _("Unit, in English"), most=60, optional=True),
            draw.area(f"{at}change_en", _("What changes, in English"), size=2, optional=True),
            draw.area(
                f"{at}evidence_en", _("How we shall know, in English"), size=2, optional=True
            ),
        ]
        fields = [
            draw.text(f"{at}who_th", _("Who gains"), most=300),
            draw.figure(f"{at}number", _("How many"), places=3),
            draw.text(f"{at}unit_th", _("Unit"), value=unit, most=60),
            draw.choice(f"{at}group", _("Group of people"), group_choices()),
            draw.area(f"{at}change_th", _("What changes for them"), size=2),
            draw.month(f"{at}from_month", _("From month"), MONTHS[-1]),
            draw.text(f"{at}lasts_th", _("How long it lasts"), most=200, optional=True),
            draw.choice(f"{at}indicator_code", _("Known by the indicator"), known),
            draw.figure(
                f"{at}share_percent", _("Share of the money, percent"), optional=True, places=0
            ),
            draw.area(f"{at}evidence_th", _("How we shall know"), size=2),
        ]
        rows.append((_("Promise %(n)s") % {"n": n + 1}, fields, more))
    return rows


def activity_rows(draw: Drawing, spare: int) -> list[Row]:
    rows: list[Row] = []
    for n in row_numbers(draw.data, "activity", spare):
        at = f"activity-{n}-"
        fields = [
            draw.text(f"{at}name_th", _("What is done"), most=500),
            draw.month(f"{at}first_month", _("From month"), MONTHS[0]),
            draw.month(f"{at}last_month", _("To month"), MONTHS[-1]),
            draw.figure(f"{at}weight_percent", _("Weight, percent"), data="weight", places=0),
        ]
        rows.append((_("Activity %(n)s") % {"n": n + 1}, fields, []))
    return rows


def risk_rows(draw: Drawing, spare: int) -> list[Row]:
    chances = [
        Choice("1", _("1 hardly ever")), Choice("2", _("2 seldom")), Choice("3", _("3 at times")),
        Choice("4", _("4 often")), Choice("5", _("5 almost surely")),
    ]  # fmt: skip
    harms = [
        Choice("1", _("1 very small")), Choice("2", _("2 small")), Choice("3", _("3 middling")),
        Choice("4", _("4 great")), Choice("5", _("5 very great")),
    ]  # fmt: skip
    rows: list[Row] = []
    for n in row_numbers(draw.data, "risk", spare):
        at = f"risk-{n}-"
        fields = [
            draw.area(f"{at}event_th", _("What may go wrong"), size=2),
            draw.choice(
                f"{at}likelihood", _("Likelihood"), chances,
                value=draw.data.get(f"{at}likelihood") or "3",
            ),
            draw.choice(
                f"{at}impact", _("Impact"), harms, value=draw.data.get(f"{at}impact") or "3"
            ),
            draw.area(f"{at}response_th", _("Response"), size=2),
        ]  # fmt: skip
        rows.append((_("Risk %(n)s") % {"n": n + 1}, fields, []))
    return rows

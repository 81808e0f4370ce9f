"""What a project entry is as values, and what a complete one needs. Source: domain of the form.

The ten official headings are written from these values: 6 from activities, 7 from lines,
9 from promises and 10 from indicators.
"""

from dataclasses import dataclass
from decimal import Decimal

ORIGINS = ("agency", "governor", "community", "citizens", "council")
TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is missing or wrong: the part of the form, a code, and figures."""

    field: str
    code: str
    facts: tuple[tuple[str, object], ...] = ()


# Groups of people by which promises are gathered; "" is not stated.
GROUPS = (
    "everyone", "children", "elderly", "disabled", "patients", "low_income", "women", "workers",
    "commuters", "businesses", "communities",
)  # fmt: skip
# Parts of the money, in percent, for which an author may state what is still promised.
LEVELS = (75, 50, 25)


@dataclass(frozen=True, slots=True)
class PromiseValues:
    """`levels` are (percent of the money, how many then), as the author states them."""

    order: int
    who_th: str
    who_en: str
    number: Decimal
    unit_th: str
    unit_en: str
    districts: tuple[str, ...]
    change_th: str
    change_en: str
    from_month: int
    lasts_th: str
    indicator_code: str
    evidence_th: str
    evidence_en: str
    share_percent: int | None
    group: str = ""
    levels: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityValues:
    order: int
    name_th: str
    first_month: int
    last_month: int
    weight_percent: int


@dataclass(frozen=True, slots=True)
class RiskValues:
    event_th: str
    likelihood: int
    impact: int
    response_th: str
    order: int = 0

    @property
    def score(self) -> int:
        return self.likelihood * self.impact


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    code: str
    name_th: str
    name_en: str
    unit_th: str
    unit_en: str
    direction: str
    result_level: str
    formula_th: str
    data_source_th: str
    baseline: Decimal | None
    target: Decimal | None
    mark: str
    element_number: str = ""


@dataclass(frozen=True, slots=True)
class LinkValues:
    framework_code: str
    framework_name_th: str
    framework_name_en: str
    level_name_th: str
    level_name_en: str
    number: str
    name_th: str
    name_en: str
    position: int
    is_primary: bool
    path: tuple[tuple[str, str, str], ...] = ()  # (number, name_th, name_en) from the top down


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """A project's entry in one year's plan, whole, as values: what pages and documents draw."""

    entry_id: int
    project_code: str
    name_th: str
    name_en: str
    agency_code: str
    agency_name_th: str
    agency_name_en: str
    fiscal_year_be: int
    state: str
    first_fy: int
    last_fy: int
    origin: str
    novelty: str
    rationale: str
    objectives: tuple[str, ...]
    target_quantity: str
    target_quality: str
    method: str
    place_text: str
    first_month: int
    last_month: int
    districts: tuple[tuple[str, str, str, int], ...]  # (plan code, name_th, name_en, weight)
    supporting: tuple[tuple[str, str, str], ...]
    partners: tuple[tuple[str, str], ...]
    promises: tuple[PromiseValues, ...]
    activities: tuple[ActivityValues, ...]
    risks: tuple[RiskValues, ...]
    links: tuple[LinkValues, ...]
    indicators: tuple[IndicatorValues, ...]
    family: str = ""


def problems_of(
    sheet: EntrySheet, *, frameworks_in_force: frozenset[str], lines: int
) -> list[Problem]:
    """All that is missing or wrong for submission, told at once, in the order of the form."""
    found: list[Problem] = []
    if not sheet.promises:
        found.append(Problem("promises", "promise_missing"))
    for promise in sheet.promises:
        if not promise.evidence_th and not promise.indicator_code:
            found.append(
                Problem("promises", "promise_without_evidence", (("number", promise.order),))
            )
    shares = [p.share_percent for p in sheet.promises if p.share_percent is not None]
    if sum(shares) > 100:
        found.append(Problem("promises", "promise_shares_over_100", (("sum", sum(shares)),)))
    for field in ("rationale", "method", "place_text"):
        if not getattr(sheet, field).strip():
            found.append(Problem(field, "text_missing"))
    if not sheet.objectives:
        found.append(Problem("objectives", "text_missing"))
    if not sheet.target_quantity.strip() and not sheet.target_quality.strip():
        found.append(Problem("target_quantity", "text_missing"))
    found += _link_problems(sheet, frameworks_in_force)
    found += _activity_problems(sheet)
    if not sheet.risks:
        found.append(Problem("risks", "risk_missing"))
    if lines == 0:
        found.append(Problem("lines", "line_missing"))
    return found


def _link_problems(sheet: EntrySheet, frameworks_in_force: frozenset[str]) -> list[Problem]:
    found = []
    primary = [link.framework_code for link in sheet.links if link.is_primary]
    for code in sorted(frameworks_in_force):
        if primary.count(code) != 1:
            found.append(Problem("links", "primary_element_missing", (("framework", code),)))
    if not sheet.indicators:
        found.append(Problem("indicators", "indicator_missing"))
    for indicator in sheet.indicators:
        if indicator.target is None:
            found.append(
                Problem("indicators", "indicator_without_target", (("indicator", indicator.code),))
            )
        if not indicator.unit_th.strip():
            found.append(
                Problem("indicators", "indicator_without_unit", (("indicator", indicator.code),))
            )
    return found


def _activity_problems(sheet: EntrySheet) -> list[Problem]:
    if not sheet.activities:
        return [Problem("activities", "activity_missing")]
    found = []
    weights = sum(activity.weight_percent for activity in sheet.activities)
    if weights != 100:
        found.append(Problem("activities", "weights_not_100", (("sum", weights),)))
    for activity in sheet.activities:
        if activity.first_month < sheet.first_month or activity.last_month > sheet.last_month:
            found.append(
                Problem("activities", "activity_outside_period", (("number", activity.order),))
            )
    return found

"""The parts of one project that several documents show: links, promises, plan, money, risks."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from nayu.core.dates import Language
from nayu.core.money import total
from nayu.documents.content.parts import Parts
from nayu.documents.content.values import Edition, PlannedProject, amount_at
from nayu.documents.content.wording import (
    NOTHING,
    agency_name,
    direction,
    either,
    indicator_name,
    indicator_unit,
    month,
    months,
    places,
    plain,
    project_name,
    promise,
    promise_figure,
)
from nayu.documents.domain import Column, PromiseCard
from nayu.projects.domain import EntrySheet, LinkValues


def link_name(link: LinkValues, language: Language) -> str:
    """Framework: 1 เดินทางดี › 1.1 … › 1.1.1 …"""
    steps = [f"{number} {either(language, th, en)}" for number, th, en in link.path] or [
        f"{link.number} {either(language, link.name_th, link.name_en)}"
    ]
    framework = either(language, link.framework_name_th, link.framework_name_en)
    return f"{framework}: {' › '.join(steps)}"


def primary_links(sheet: EntrySheet, language: Language) -> list[str]:
    return [link_name(link, language) for link in sheet.links if link.is_primary]


def primary_goals(sheet: EntrySheet, language: Language) -> list[str]:
    """Number and name alone, for narrow places."""
    return [
        _("Goal %(number)s %(name)s")
        % {"number": link.number, "name": either(language, link.name_th, link.name_en)}
        for link in sheet.links
        if link.is_primary
    ]


def project_table(
    parts: Parts,
    caption: str,
    projects: Sequence[PlannedProject],
    language: Language,
    *,
    with_agency: bool = True,
) -> None:
    """Projects with what people get from them and their money."""
    parts.table(
        caption,
        (
            Column(_("Code"), "code"),
            Column(_("Project"), weight=40),
            Column(_("What people get"), weight=60),
            Column(_("Amount (baht)"), "money"),
        ),
        [
            (
                p.sheet.project_code,
                project_name(p.sheet, language)
                + (f"\n{agency_name(p.sheet, language)}" if with_agency else ""),
                "\n".join(promise(given, language) for given in p.sheet.promises),
                p.amount_baht,
            )
            for p in projects
        ],
        total=(None, _("Total"), None, total(p.amount_baht for p in projects)),
    )


def promises_of(parts: Parts, sheet: EntrySheet, language: Language) -> None:
    """ประชาชนได้อะไร: who, how many, what changes, from when, how we shall know."""
    cards = []
    for given in sheet.promises:
        begins = month(sheet.fiscal_year_be, given.from_month, language)
        facts = [_("From %(month)s") % {"month": begins}]
        if given.lasts_th:
            facts[0] += f" ({given.lasts_th})"
        evidence = either(language, given.evidence_th, given.evidence_en)
        if evidence:
            facts.append(_("Known by: %(evidence)s") % {"evidence": evidence})
        cards.append(
            PromiseCard(
                promise_figure(given, language),
                either(language, given.who_th, given.who_en),
                either(language, given.change_th, given.change_en),
                tuple(facts),
            )
        )
    parts.cards(cards)


def action_plan(parts: Parts, sheet: EntrySheet, caption: str = "") -> None:
    """Activities over the twelve months, with weights that add up to 100."""
    parts.table(
        caption,
        (
            Column(_("Activity"), weight=40),
            Column(_("Months"), "months"),
            Column(_("Weight (%)"), "number"),
        ),
        [
            (
                f"{a.order}. {a.name_th}",
                (a.first_month, a.last_month),
                Decimal(a.weight_percent),
            )
            for a in sheet.activities
        ],
        total=(_("Total"), None, Decimal(sum(a.weight_percent for a in sheet.activities))),
    )


def budget_table(
    parts: Parts, project: PlannedProject, edition: Edition, caption: str = ""
) -> None:
    """Lines with quantity and price, and the sum at the edition's stage."""
    language = edition.language
    parts.table(
        caption,
        (
            Column(_("Item"), weight=36),
            Column(_("Category"), weight=20),
            Column(_("Quantity"), weight=14),
            Column(_("Unit price (baht)"), "money"),
            Column(_("Amount (baht)"), "money"),
        ),
        [
            (
                line.item,
                either(language, line.category_th, line.category_en),
                f"{plain(line.quantity)} {line.unit}".strip(),
                line.unit_price,
                amount_at(line, edition.stage.code),
            )
            for line in project.lines
        ],
        total=(_("Total"), "", "", None, project.amount_baht),
    )


def commitments(project: PlannedProject) -> dict[int, Decimal]:
    """What the project's contracts take in each fiscal year, by year."""
    years: dict[int, list[Decimal]] = {}
    for line in project.lines:
        for year, amount in line.commitment_years:
            years.setdefault(year, []).append(amount)
    return {year: total(amounts) for year, amounts in sorted(years.items())}


def risks_of(parts: Parts, sheet: EntrySheet, caption: str = "") -> None:
    """Events with likelihood × impact, each 1–5, and the response."""
    parts.table(
        caption,
        (
            Column(_("Event"), weight=36),
            Column(_("Likelihood"), "number"),
            Column(_("Impact"), "number"),
            Column(_("Score"), "number"),
            Column(_("Response"), weight=44),
        ),
        [
            (r.event_th, Decimal(r.likelihood), Decimal(r.impact), Decimal(r.score), r.response_th)
            for r in sheet.risks
        ],
    )


def indicators_of(parts: Parts, sheet: EntrySheet, caption: str = "") -> None:
    """Baseline and target of the year, and how each indicator is measured."""
    language = parts.edition.language
    parts.table(
        caption,
        (
            Column(_("Indicator"), weight=36),
            Column(_("Unit"), weight=12),
            Column(_("Baseline"), "number"),
            Column(_("Target"), "number"),
            Column(_("How it is measured"), weight=36),
        ),
        [
            (
                f"{indicator_name(i, language)} ({i.code}; {direction(i.direction)})",
                indicator_unit(i, language),
                i.baseline,
                i.target,
                "\n".join(text for text in (i.formula_th, i.data_source_th) if text) or NOTHING,
            )
            for i in sheet.indicators
        ],
    )


def time_and_place(sheet: EntrySheet, language: Language) -> list[tuple[str, str]]:
    period = months(sheet.fiscal_year_be, sheet.first_month, sheet.last_month, language)
    facts = [(_("Period"), period)]
    if sheet.first_fy != sheet.last_fy:
        facts.append(
            (
                _("Life of the project"),
                _("fiscal years %(first)s–%(last)s")
                % {"first": sheet.first_fy, "last": sheet.last_fy},
            )
        )
    return [
        *facts,
        (_("Place"), sheet.place_text or NOTHING),
        (_("Districts"), places(sheet, language)),
    ]

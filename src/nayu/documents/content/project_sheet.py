"""The parts of one project that several documents show: links, promises, plan, money, risks."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from nayu.budget.domain.benefits import Benefits
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
from nayu.documents.domain import Cell, Column, PromiseCard
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
    edition: Edition,
    *,
    with_agency: bool = True,
) -> None:
    """Projects with what people get from them and their money."""
    language = edition.language
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
                "\n".join(promise(given, language) for given in p.benefits(edition).rows),
                p.amount_baht,
            )
            for p in projects
        ],
        total=(None, _("Total"), None, total(p.amount_baht for p in projects)),
    )


def promises_of(parts: Parts, project: PlannedProject) -> None:
    """ประชาชนได้อะไร: who, how many, what changes, from when, how we shall know; and the money."""
    sheet, language = project.sheet, parts.edition.language
    found = project.benefits(parts.edition)
    cards = []
    for benefit in found.rows:
        given = benefit.promise
        begins = month(sheet.fiscal_year_be, given.from_month, language)
        facts = [_("From %(month)s") % {"month": begins}]
        if given.lasts_th:
            facts[0] += f" ({given.lasts_th})"
        evidence = either(language, given.evidence_th, given.evidence_en)
        if evidence:
            facts.append(_("Known by: %(evidence)s") % {"evidence": evidence})
        cards.append(
            PromiseCard(
                promise_figure(benefit, language),
                either(language, given.who_th, given.who_en),
                either(language, given.change_th, given.change_en),
                tuple(facts),
            )
        )
    parts.cards(cards)
    money_and_promises(parts, [(None, found)])


def money_and_promises(parts: Parts, projects: Sequence[tuple[str | None, Benefits]]) -> None:
    """เงินกับประชาชนได้อะไร: the baht of each promise; all of them are the projects' money.

    `projects` are (code, or None where the document is of one project only; its promises).
    """
    language = parts.edition.language
    if not any(found.rows for _code, found in projects):
        return
    with_code = any(code for code, _found in projects)
    rows: list[tuple[Cell, ...]] = []
    for code, found in projects:
        at: tuple[Cell, ...] = (code,) if with_code else ()
        rows += [
            (
                *at,
                either(language, one.promise.who_th, one.promise.who_en),
                promise_figure(one, language),
                one.money.direct_baht,
                one.money.means_baht,
                one.money.total_baht,
                one.per_one_baht,
            )
            for one in found.rows
        ]
        if found.ledger.unpromised_baht:
            bare = found.ledger.unpromised_baht
            rows.append((*at, _("Under no promise"), "", None, None, bare, None))
    promised = [one.money for _code, found in projects for one in found.rows]
    parts.table(
        _("Money and what people get"),
        (
            *([Column(_("Code"), "code")] if with_code else []),
            Column(_("Promise to"), weight=30),
            Column(_("How many"), weight=26),
            Column(_("Directly (baht)"), "money"),
            Column(_("Share of the means (baht)"), "money"),
            Column(_("Together (baht)"), "money"),
            Column(_("Baht for each one"), "money"),
        ),
        rows,
        total=(
            *([None] if with_code else []),
            _("Total"),
            "",
            total(money.direct_baht for money in promised),
            total(money.means_baht for money in promised),
            total(found.ledger.total_baht for _code, found in projects),
            None,
        ),
    )


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

"""Words and figures as documents write them: years, months, shares, people, titles of versions."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from nayu.budget.domain.benefits import Benefit
from nayu.core.dates import Language, month_name, thai_date
from nayu.core.fiscal_year import BUDDHIST_ERA_OFFSET, FiscalYear
from nayu.core.money import MINUS, format_baht
from nayu.documents.content.values import WORKING, Edition
from nayu.projects.domain import EntrySheet, IndicatorValues, PromiseValues

HUNDRED = Decimal(100)
NOTHING = "–"


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Share in percent with two decimals, half up; 0.00 when there is no whole."""
    share = part * HUNDRED / whole if whole else Decimal(0)
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def plain(figure: Decimal | int | None) -> str:
    """A quantity without needless zeros: 24.6, 1,200."""
    if figure is None:
        return NOTHING
    text = f"{Decimal(figure):,f}".replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text


def month(fiscal_year_be: int, position: int, language: Language) -> str:
    """Month 1 = October … 12 = September, with its own calendar year: ต.ค. 2568."""
    day = FiscalYear(fiscal_year_be).month(position)
    name = month_name(day.month, form="short", language=language)
    return f"{name} {day.year + BUDDHIST_ERA_OFFSET}"


def months(fiscal_year_be: int, first: int, last: int, language: Language) -> str:
    begin = month(fiscal_year_be, first, language)
    return begin if first == last else f"{begin} – {month(fiscal_year_be, last, language)}"


def day_of(edition: Edition) -> str:
    return thai_date(edition.as_at, language=edition.language)


def version_name(edition: Edition) -> str:
    """Which version this is, in words a reader can quote."""
    if edition.version == WORKING:
        return _("Working copy, not published, as at %(day)s") % {"day": day_of(edition)}
    words = (
        _("Version %(number)s, in force from %(day)s")
        if edition.kind == "official"
        else _("Version %(number)s, draft for comment, published %(day)s")
    )
    return words % {"number": edition.number, "day": day_of(edition)}


def baht(amount: Decimal) -> str:
    return _("%(amount)s baht") % {"amount": format_baht(amount)}


def either(language: Language, thai: str, english: str) -> str:
    """The English text if it is asked for and there is one, else the Thai."""
    return english if language == "en" and english else thai


def project_name(sheet: EntrySheet, language: Language) -> str:
    return either(language, sheet.name_th, sheet.name_en)


def agency_name(sheet: EntrySheet, language: Language) -> str:
    return either(language, sheet.agency_name_th, sheet.agency_name_en)


def promise_figure(given: Benefit, language: Language) -> str:
    """38,000 people; at less money what the author stated for it, beside what was asked for."""
    asked = counted(given.promise, given.promise.number, language)
    if not given.is_less:
        return asked
    if given.kept.how_many is None:
        return _("how many is not stated for this money (for all of it: %(asked)s)") % {
            "asked": asked
        }
    return _(
        "%(figure)s (as stated for %(percent)s percent of the money; for all of it: %(asked)s)"
    ) % {
        "figure": counted(given.promise, given.kept.how_many, language),
        "percent": given.kept.percent,
        "asked": asked,
    }


def counted(given: PromiseValues, how_many: Decimal, language: Language) -> str:
    """A number with the promise's unit."""
    return f"{plain(how_many)} {either(language, given.unit_th, given.unit_en)}".strip()


def running_head(name: str, edition: Edition) -> str:
    """Whose document, and of which year."""
    return _("%(name)s, fiscal year %(year)s") % {"name": name, "year": edition.fiscal_year_be}


def promise(given: Benefit, language: Language) -> str:
    """38,000 older people who cannot easily leave home: what changes for them."""
    said = given.promise
    return _("%(figure)s, %(who)s: %(change)s") % {
        "figure": promise_figure(given, language),
        "who": either(language, said.who_th, said.who_en),
        "change": either(language, said.change_th, said.change_en),
    }


def places(sheet: EntrySheet, language: Language) -> str:
    """Districts by name; none named means the whole city."""
    if not sheet.districts:
        return _("the whole city")
    return ", ".join(either(language, th, en) for _code, th, en, _weight in sheet.districts)


def indicator_name(indicator: IndicatorValues, language: Language) -> str:
    return either(language, indicator.name_th, indicator.name_en)


def indicator_unit(indicator: IndicatorValues, language: Language) -> str:
    return either(language, indicator.unit_th, indicator.unit_en)


def price_reference(code: str) -> str:
    """The kind of evidence for a price."""
    words = {
        "standard": _("Standard price list"),
        "quotation": _("Quotation"),
        "past_purchase": _("Earlier purchase"),
        "design": _("Design and bill of quantities"),
        "payroll": _("Payroll"),
        "other": _("Other evidence"),
    }
    return words.get(code, NOTHING)


def price_basis(code: str, evidence: str) -> str:
    """The kind of evidence and the evidence, unless it says its kind itself."""
    kind = price_reference(code)
    if not evidence or evidence.startswith(kind):
        return evidence or kind
    return f"{kind}: {evidence}"


def novelty(code: str) -> str:
    words = {
        "new": _("New"),
        "continuing": _("Continuing"),
        "replacement": _("Replacement"),
    }
    return words.get(code, code)


def origin(code: str) -> str:
    """Where a project's idea came from."""
    words = {
        "agency": _("the agency"),
        "governor": _("the governor's policy"),
        "community": _("a community plan"),
        "citizens": _("citizens' proposals"),
        "council": _("the Bangkok Metropolitan Council"),
    }
    return words.get(code, code)


def direction(code: str) -> str:
    return {"up": _("more is better"), "down": _("less is better")}.get(code, _("reach the target"))


def part_in_signing(role: str) -> str:
    """What the holder of a post does with a paper."""
    words = {
        "planner": _("Written by"),
        "head": _("Proposed by"),
        "strategist": _("Reviewed by"),
        "budgeter": _("Budget examined by"),
        "executive": _("Approved by"),
    }
    return words.get(role, _("Signed by"))

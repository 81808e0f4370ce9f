"""What is written in an entry, as the coach reads it, and the remarks with their answers.

The number of questions asked of the database does not grow with the entry.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import get_language

from nayu.agencies.domain import Person
from nayu.budget.models import Line
from nayu.budget.queries import line_visibility
from nayu.coach.domain import Draft, Measure, Passage, Price, Remark, remarks
from nayu.coach.messages import ADVICE, HEADINGS, SEVERITY_NAMES, sentence
from nayu.coach.models import Answer
from nayu.coach.reading import words
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry, Promise
from nayu.projects.queries import sheet_of

# Shorter texts meet by chance; and no more like rows are read than a price band needs.
LEAST_TEXT = 25
MOST_LIKE = 2000
ROW = re.compile(r"(?:promise|activity|risk)-(\d+)-")
# The form itself asks months and place beside these; the coach does not ask again.
ASKED_BY_THE_FORM = ("activity", "method")
Used = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """A remark as people see it: which row of its heading, and what the author answered."""

    remark: Remark
    answer: Answer | None = None
    line_number: int | None = None

    @property
    def row(self) -> int | None:
        """1 for the first promise, activity, risk or line; None where a heading has no rows."""
        found = ROW.match(self.remark.field)
        return int(found[1]) + 1 if found else self.line_number

    @property
    def heading(self) -> str:
        name = str(HEADINGS[self.remark.heading])
        return f"{name} {self.row}" if self.row else name

    @property
    def sentence(self) -> str:
        # An indicator is chosen from a list: its whole name says which one is meant.
        chosen = self.remark.heading == "indicator"
        return sentence(self.remark.code, self.remark.text if chosen else self.remark.words)

    @property
    def advice(self) -> str:
        return str(ADVICE[self.remark.code])

    @property
    def severity_name(self) -> str:
        return str(SEVERITY_NAMES[self.remark.severity])

    @property
    def answer_post(self) -> str:
        """The post that answered, in the reader's language."""
        if self.answer is None:
            return ""
        english = self.answer.post_title_en
        return english if english and get_language() == "en" else self.answer.post_title_th

    @property
    def digest(self) -> str:
        return digest_of(self.remark.text)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry_remarks(
    entry: ProjectEntry, person: Person, sheet: EntrySheet | None = None
) -> list[Told]:
    """All remarks on an entry as it stands now, in the order of the form.

    Other entries' texts and prices are those that this person may see.
    """
    draft = draft_of(entry, person, sheet)
    found = [
        one
        for one in remarks(draft, words())
        if not (draft.place and one.kind == "no-place-or-time" and one.heading in ASKED_BY_THE_FORM)
    ]
    answers = {(one.rule, one.field, one.digest): one for one in Answer.objects.filter(entry=entry)}
    items = [one.field for one in draft.passages if one.kind == "line_item"]
    numbers = {
        field: n for n, item in enumerate(items, 1) for field in (item, f"{item}-if_not_funded")
    }
    return [
        Told(one, answers.get((one.code, one.field, digest_of(one.text))), numbers.get(one.field))
        for one in found
    ]


def draft_of(entry: ProjectEntry, person: Person, sheet: EntrySheet | None = None) -> Draft:
    """All that is written in the entry, with what it is compared with."""
    sheet = sheet or sheet_of(entry)
    lines = list(Line.objects.filter(entry=entry).order_by("order", "pk"))
    used = _used_elsewhere(entry, sheet, lines, person)
    passages = [
        *_texts(sheet, used),
        *_promises(sheet, used),
        *_rows(sheet),
        *_indicators(sheet),
        *_lines(lines, used, _like_prices(entry, lines, person)),
    ]
    return Draft(
        tuple(passages),
        objectives=sheet.objectives,
        activities=tuple(one.name_th for one in sheet.activities),
        indicators=(
            *(one.name_th for one in sheet.indicators),
            *(one.evidence_th for one in sheet.promises),
        ),
        lines=tuple(line.item for line in lines),
        place=sheet.place_text or " ".join(name for _code, name, *_rest in sheet.districts),
    )


def _texts(sheet: EntrySheet, used: Used) -> Iterable[Passage]:
    yield Passage("name", sheet.name_th, "name_th", used_elsewhere=used.get(sheet.name_th, ()))
    yield _long("rationale", sheet.rationale, "rationale", used)
    for one in sheet.objectives:
        yield _long("objective", one, "objectives", used)
    yield _long("target", sheet.target_quantity, "target_quantity", used)
    yield _long("target", sheet.target_quality, "target_quality", used)
    yield _long("method", sheet.method, "method", used)
    yield _long("place", sheet.place_text, "place_text", used)


def _long(kind: str, text: str, field: str, used: Used) -> Passage:
    return Passage(kind, text, field, used_elsewhere=used.get(text, ()))


def _promises(sheet: EntrySheet, used: Used) -> Iterable[Passage]:
    for one in sheet.promises:
        at = f"promise-{one.order - 1}"
        yield Passage("promise_who", one.who_th, f"{at}-who_th", one.number, one.unit_th)
        yield _long("promise_change", one.change_th, f"{at}-change_th", used)
        yield _long("promise_evidence", one.evidence_th, f"{at}-evidence_th", used)


def _rows(sheet: EntrySheet) -> Iterable[Passage]:
    for step in sheet.activities:
        yield Passage("activity", step.name_th, f"activity-{step.order - 1}-name_th")
    for risk in sheet.risks:
        yield Passage("risk", risk.event_th, f"risk-{risk.order - 1}-event_th")
        yield Passage("risk_response", risk.response_th, f"risk-{risk.order - 1}-response_th")


def _indicators(sheet: EntrySheet) -> Iterable[Passage]:
    for one in sheet.indicators:
        measure = Measure(one.unit_th, one.baseline, None, one.target, one.direction)
        yield Passage("indicator", one.name_th, "indicator", measure=measure)


def _lines(
    lines: list[Line], used: Used, like: dict[tuple[str, str], tuple[Decimal, ...]]
) -> Iterable[Passage]:
    for line in lines:
        price = Price(
            line.unit_price, line.quantity, line.unit, like.get((line.item, line.unit), ())
        )
        yield Passage("line_item", line.item, f"line-{line.pk}", unit=line.unit, price=price)
        yield _long("if_not_funded", line.if_not_funded, f"line-{line.pk}-if_not_funded", used)


# --- What stands in other entries ---------------------------------------------------------------


def _others(entry: ProjectEntry, person: Person, prefix: str = "") -> Q:
    """Entries of other projects, this year and the two beside it, that the person may see.

    Copies of one text over places (a family) are one text on purpose.
    """
    year = entry.fiscal_year_be
    visible = ProjectEntry.objects.visible_to(person).filter(
        fiscal_year_be__range=(year - 1, year + 1)
    )
    visible = visible.exclude(project_id=entry.project_id)
    if entry.project.family:
        visible = visible.exclude(project__family=entry.project.family)
    return Q(**{f"{prefix}in": visible.values("pk")})


def _used_elsewhere(
    entry: ProjectEntry, sheet: EntrySheet, lines: list[Line], person: Person
) -> Used:
    """Texts of this entry that stand word for word in another, as stored."""
    found: set[str] = set(
        ProjectEntry.objects.filter(
            _others(entry, person, "pk__"), name_th=sheet.name_th
        ).values_list("name_th", flat=True)[:1]
    )
    columns = {
        "rationale": sheet.rationale, "method": sheet.method,
        "objectives": "\n".join(sheet.objectives), "target_quantity": sheet.target_quantity,
        "target_quality": sheet.target_quality,
    }  # fmt: skip
    told = {name: text for name, text in columns.items() if len(text) >= LEAST_TEXT}
    condition = Q(pk__in=[])
    for name, text in told.items():
        condition |= Q(**{name: text})
    rows = ProjectEntry.objects.filter(_others(entry, person, "pk__"), condition)
    for row in rows.values(*columns)[:50]:
        found |= {text for name, text in told.items() if row[name] == text}
    if told.get("objectives") in found:
        found |= set(sheet.objectives)
    found |= _promised_elsewhere(entry, sheet, person)
    reasons = {one.if_not_funded for one in lines if len(one.if_not_funded) >= LEAST_TEXT}
    found |= set(
        Line.objects.filter(_others(entry, person, "entry__"), if_not_funded__in=reasons)
        .values_list("if_not_funded", flat=True)
        .distinct()
    )
    return {text: (text,) for text in found}


def _promised_elsewhere(entry: ProjectEntry, sheet: EntrySheet, person: Person) -> set[str]:
    wanted = {
        text
        for one in sheet.promises
        for text in (one.change_th, one.evidence_th)
        if len(text) >= LEAST_TEXT
    }
    rows = Promise.objects.filter(
        Q(change_th__in=wanted) | Q(evidence_th__in=wanted), _others(entry, person, "entry__")
    ).values_list("change_th", "evidence_th")[:50]
    return {text for row in rows for text in row} & wanted


def _like_prices(
    entry: ProjectEntry, lines: list[Line], person: Person
) -> dict[tuple[str, str], tuple[Decimal, ...]]:
    """Prices of the same item in the same unit in other lines, this year and before."""
    items = {line.item for line in lines}
    rows = (
        Line.objects.filter(
            line_visibility(person), item__in=items, fiscal_year_be__lte=entry.fiscal_year_be
        )
        .exclude(entry=entry)
        .values_list("item", "unit", "unit_price")[:MOST_LIKE]
    )
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for item, unit, price in rows:
        found[item, unit].append(price)
    return {key: tuple(prices) for key, prices in found.items()}

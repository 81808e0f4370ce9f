"""Input of allocation's pages: what was typed becomes rules, or sentences beside it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nayu.allocation.domain import scenario as s
from nayu.allocation.messages import PARTS, RULE_KINDS
from nayu.allocation.models import Scenario
from nayu.allocation.services import RuleInput, ScenarioInput
from nayu.core.errors import RuleBroken
from nayu.core.money import parse_baht, parse_number

HUNDRED = 100
OFFERED = ("people", "need", "element", "readiness", "legal", "support", "risk", "rubric")
EXACTLY = "exactly"
TYPED_KINDS = (
    s.AGENCY, s.TYPE, s.SOURCE, s.ELEMENT, s.NEED, s.LEGAL, s.PINNED, s.FORBIDDEN, s.GROUP, EXACTLY,
    s.NEEDS, s.PHASED, s.ELEMENT_WEIGHT, s.SCORE,
)  # fmt: skip


class BahtField(forms.CharField):
    """Whole baht as people type it, Thai digits and commas too; blank is None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if not text.strip():
            return None
        try:
            return parse_baht(text, whole=True)
        except RuleBroken:
            raise forms.ValidationError(
                _("This is not an amount in whole baht, such as 1,200,000")
            ) from None


class FigureField(forms.CharField):
    """A number from `least` to `most` with at most `places` decimals; blank is None."""

    def __init__(
        self, *, least: int = 0, most: int = HUNDRED, places: int = 2, **kwargs: Any
    ) -> None:
        self.least, self.most, self.places = least, most, places
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if not text.strip():
            return None
        wrong = forms.ValidationError(
            _("Write a number from %(least)s to %(most)s")
            % {"least": self.least, "most": self.most}
        )
        try:
            figure = parse_number(text.strip().removesuffix("%"))
        except RuleBroken:
            raise wrong from None
        scaled = figure * 10**self.places
        if not self.least <= figure <= self.most or scaled != scaled.to_integral_value():
            raise wrong
        return figure


def slider(most: int, step: int = 1) -> forms.NumberInput:
    widget = forms.NumberInput(
        attrs={"min": 0, "max": most, "step": step, "data-slider": "", "class": "range"}
    )
    widget.input_type = "range"
    return widget


class ScenarioForm(forms.Form):
    """The whole of a scenario but its rules for single subjects."""

    name_th = forms.CharField(label=_("Name in Thai"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("What it is for"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    stage = forms.ChoiceField(
        label=_("The stage that adoption writes"),
        choices=[
            (
                s.DECIDED_STAGE,
                _("Decided by the executive: requests that were proposed or decided"),
            ),
            (s.PROPOSED_STAGE, _("Proposed by the Budget Department: requests that were sent in")),
        ],
    )
    total = BahtField(
        label=_("Money of the year (baht)"),
        help_text=_(
            "Blank: the year’s revenue estimate. Routine work and the central fund come off first"
        ),
    )
    later_1 = BahtField(label=_("Money of the next year (baht)"))
    later_2 = BahtField(label=_("Money of the year after that (baht)"))
    later_3 = BahtField(
        label=_("Money of the third year (baht)"),
        help_text=_("Blank: no ceiling. Past commitments come off first"),
    )
    has_agencies = forms.BooleanField(
        label=_("Keep to the agencies’ ceilings of the year"), required=False
    )
    agencies = FigureField(
        label=_("of what they leave for projects, %"), most=200, widget=slider(150, 5)
    )
    has_sources = forms.BooleanField(
        label=_("Keep to the estimate of each source of funds"), required=False
    )
    has_levels = forms.BooleanField(
        label=_("Also the smaller levels whose promises their authors stated"), required=False
    )
    floor = BahtField(
        label=_("Floor of the districts together (baht)"),
        help_text=_("Divided by residents × need; each district gets at least its part"),
    )
    investment = FigureField(label=_("Least share of investment, %"), widget=slider(HUNDRED))
    stay = forms.ChoiceField(label=_("Not to stray from"), required=False)
    changes = FigureField(
        label=_("At most so many projects in or out"), most=s.MOST_CHANGES, places=0
    )
    revision = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, year: int, scenario: Scenario | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = Scenario.objects.filter(fiscal_year_be=year).order_by("number")
        if scenario is not None:
            others = others.exclude(pk=scenario.pk)
            del self.fields["stage"]
        stay: Any = self.fields["stay"]
        stay.choices = [
            ("", _("Nothing")),
            (s.LAST_YEAR, _("Last year’s plan")),
            *((str(o.number), f"{o.number}. {o.name_th}") for o in others),
        ]
        for code in OFFERED:
            self.fields[f"weight_{code}"] = FigureField(
                label=PARTS[code], places=0, widget=slider(HUNDRED, 5)
            )

    @property
    def weights(self) -> list[Any]:
        return [self[f"weight_{code}"] for code in OFFERED]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        found = sum((given.get(f"weight_{code}") or 0 for code in OFFERED), Decimal(0))
        if found != HUNDRED:
            self.add_error(
                None,
                _("The weights of the score add up to %(found)s. Make them add up to 100")
                % {"found": found},
            )
        if given.get("stay") and given.get("changes") is None:
            self.add_error("changes", _("Write how many may differ"))
        return given

    def to_input(self) -> ScenarioInput:
        given = self.cleaned_data
        rules = [
            RuleInput(s.WEIGHT, subject=code, least=int(given[f"weight_{code}"]))
            for code in OFFERED
            if given.get(f"weight_{code}")
        ]
        for kind, name in ((s.TOTAL, "total"), (s.FLOOR, "floor")):
            if given.get(name) is not None:
                rules.append(RuleInput(kind, amount=given[name]))
        for number in "123":
            if given.get(f"later_{number}") is not None:
                rules.append(RuleInput(s.LATER, subject=number, amount=given[f"later_{number}"]))
        if given.get("has_agencies"):
            percent = given.get("agencies")
            rules.append(
                RuleInput(
                    s.AGENCIES, least=int((HUNDRED if percent is None else percent) * HUNDRED)
                )
            )
        for kind in (s.SOURCES, s.LEVELS):
            if given.get(f"has_{kind}"):
                rules.append(RuleInput(kind))
        if given.get("investment"):
            rules.append(RuleInput(s.INVESTMENT, least=int(given["investment"] * HUNDRED)))
        if given.get("stay"):
            rules.append(RuleInput(s.STAY, subject=given["stay"], most=int(given["changes"])))
        return ScenarioInput(given["name_th"], given["reason"], given["name_en"], tuple(rules))


def initial_of(scenario: Scenario) -> dict[str, Any]:
    """What the form shows of a scenario as it stands."""
    found: dict[str, Any] = {
        "name_th": scenario.name_th, "name_en": scenario.name_en, "reason": scenario.reason,
        "revision": scenario.revision, "agencies": HUNDRED, "investment": 0,
        **{f"weight_{code}": 0 for code in OFFERED},
    }  # fmt: skip
    for rule in scenario.rules.all():
        match rule.kind:
            case s.TOTAL | s.FLOOR:
                found[rule.kind] = f"{rule.amount:,.0f}"
            case s.LATER:
                found[f"later_{rule.subject}"] = f"{rule.amount:,.0f}"
            case s.AGENCIES:
                found |= {"has_agencies": True, "agencies": plain(rule.least)}
            case s.SOURCES | s.LEVELS:
                found[f"has_{rule.kind}"] = True
            case s.INVESTMENT:
                found["investment"] = plain(rule.least)
            case s.STAY:
                found |= {"stay": rule.subject, "changes": rule.most}
            case s.WEIGHT:
                found[f"weight_{rule.subject}"] = rule.least
    return found


def plain(hundredths: int | None) -> str:
    """Hundredths as a plain figure: 1250 is 12.5."""
    whole, part = divmod(hundredths or 0, HUNDRED)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


def first_values() -> dict[str, Any]:
    """What a new scenario's form begins with."""
    return {
        "has_agencies": True, "agencies": HUNDRED, "has_levels": True, "investment": 0,
        "stage": s.DECIDED_STAGE,
        **{f"weight_{code}": s.USUAL_WEIGHTS.get(code, 0) for code in OFFERED},
    }  # fmt: skip


class RuleForm(forms.Form):
    """One rule for one subject; which fields count, the kind says."""

    kind = forms.ChoiceField(label=_("Rule"), choices=[(k, RULE_KINDS[k]) for k in TYPED_KINDS])
    subject = forms.CharField(label=_("Code or name"), max_length=100)
    amount = BahtField(label=_("Amount (baht)"))
    least = FigureField(label=_("Least, number or %"), most=10_000)
    most = FigureField(label=_("Most, %"))
    members = forms.CharField(
        label=_("Project codes, or percents"), required=False, max_length=4000,
        help_text=_("Of a group or a prerequisite, with blanks between"),
    )  # fmt: skip
    rule_reason = forms.CharField(
        label=_("Reason for the rule"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )

    def to_input(self) -> RuleInput:
        given = self.cleaned_data
        kind, subject, framework = given["kind"], given["subject"].strip(), ""
        least, most = given["least"], given["most"]
        if kind in (s.ELEMENT, s.NEED, s.SCORE, s.PHASED):
            least = None if least is None else least * HUNDRED
            most = None if most is None else most * HUNDRED
        if kind == s.ELEMENT:
            framework, _slash, subject = subject.rpartition("/")
        whole = None if least is None else int(least)
        if kind == s.GROUP:
            whole, most = None, least
        return RuleInput(
            s.GROUP if kind == EXACTLY else kind, subject, framework, given["amount"], whole,
            None if most is None else int(most), tuple(given["members"].split()),
            given["rule_reason"],
        )  # fmt: skip


class AdjustForm(forms.Form):
    """A project's level by hand, with its reason."""

    level = forms.ChoiceField(label=_("Give it"), required=False)
    hand_reason = forms.CharField(
        label=_("Reason for the hand change"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, levels: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = levels


class MarkForm(forms.Form):
    """One reviewer's mark and private note."""

    mark = forms.TypedChoiceField(
        label=_("Your mark, 0–5"), coerce=int, required=False, empty_value=None,
        choices=[("", "–"), *((n, str(n)) for n in range(6))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Private note, for yourself alone"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    done = forms.BooleanField(label=_("I am done with this project"), required=False)


class StepForm(forms.Form):
    """A step of the procedure with its reason."""

    step = forms.CharField(widget=forms.HiddenInput)
    step_reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    meeting = forms.CharField(label=_("Meeting number, if a meeting decided"), required=False)

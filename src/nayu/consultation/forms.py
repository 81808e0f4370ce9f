"""Input of consultation pages: what was typed becomes service input, or sentences beside it."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nayu.agencies.models import PartnerBody
from nayu.consultation.domain import (
    ABOUT_KINDS,
    GOAL,
    LONGEST,
    LONGEST_TITLE,
    OUTCOMES,
    PLAN,
    PROJECT,
    OpinionTooLong,
    OpinionTooShort,
    clean_text,
)
from nayu.consultation.messages import MESSAGES
from nayu.consultation.messages import OUTCOMES as OUTCOME_WORDS
from nayu.consultation.messages import STANCES as STANCE_WORDS
from nayu.consultation.queries import Filters
from nayu.consultation.services import AnswerInput, ConsultationInput, OpinionInput
from nayu.core.dates import parse_date
from nayu.core.errors import RuleBroken
from nayu.publication.models import FrozenEntry, PlanVersion
from nayu.strategy.models import Element


def sentence_of(broken: RuleBroken) -> str:
    """The sentence of one of this app's rules, in the reader's language."""
    return str(MESSAGES[broken.code]) % broken.facts


def in_language(thing: Any) -> str:
    english = getattr(thing, "name_en", "")
    return english if english and get_language() == "en" else str(thing.name_th)


class OpinionForm(forms.Form):
    """An opinion on the plan, one of its goals or one project; no name is asked."""

    about = forms.ChoiceField(label=_("What is it about?"))
    body = forms.ModelChoiceField(
        PartnerBody.objects.none(),
        label=_("Which body do you speak for?"),
        error_messages={"required": MESSAGES["partner_body_missing"]},
    )
    stance = forms.ChoiceField(
        label=_("Are you for it or against it?"),
        required=False,
        choices=[("", _("I take no side")), *STANCE_WORDS.items()],
        widget=forms.RadioSelect,
        initial="",
    )
    text = forms.CharField(
        label=_("Your opinion"),
        error_messages={"required": _("Write your opinion")},
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "From 10 to 4,000 characters. Say what should be added, changed or left out, and why"
        ),
    )
    # A trap for machines: people neither see nor reach this field.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        goals: list[Element],
        project: FrozenEntry | None,
        for_partner: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        about: Any = self.fields["about"]
        about.choices = _about_choices(goals, project)
        if for_partner:
            body: Any = self.fields["body"]
            body.queryset = PartnerBody.objects.order_by("name_th", "code")
            body.label_from_instance = in_language
        else:
            del self.fields["body"]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        try:
            clean_text(text)
        except (OpinionTooShort, OpinionTooLong) as broken:
            raise forms.ValidationError(sentence_of(broken)) from broken
        return text

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Clear the field “Leave this field empty” and send again")
            )
        return ""

    def to_input(self) -> OpinionInput:
        kind, _colon, code = self.cleaned_data["about"].partition(":")
        body = self.cleaned_data.get("body")
        return OpinionInput(
            kind,
            self.cleaned_data["text"],
            code,
            body.pk if body else None,
            "en" if get_language() == "en" else "th",
            self.cleaned_data["stance"],
        )


def about_value(kind: str, code: str) -> str:
    """The value of the field `about`: plan, goal:1.4.1 or project:11000000-0001."""
    return kind if kind == PLAN else f"{kind}:{code}"


def _about_choices(goals: list[Element], project: FrozenEntry | None) -> list[Any]:
    choices: list[Any] = []
    if project is not None:
        choices.append((about_value(PROJECT, project.project_code), in_language(project)))
    choices.append((PLAN, _("The plan as a whole")))
    choices.append(
        (
            _("A goal of the plan"),
            [(about_value(GOAL, g.number), f"{g.number} {_cut(in_language(g))}") for g in goals],
        )
    )
    return choices


def _cut(name: str, most: int = 90) -> str:
    return name if len(name) <= most else f"{name[:most].rstrip()}…"


class FilterForm(forms.Form):
    """The list's filters; what is not understood narrows nothing."""

    about = forms.ChoiceField(
        label=_("What it is about"),
        required=False,
        choices=[
            ("", _("Everything in the plan")),
            (PLAN, _("The plan as a whole")),
            (GOAL, _("Goals")),
            (PROJECT, _("Projects")),
        ],
    )
    code = forms.CharField(label=_("Goal number or project code"), required=False, max_length=40)
    answered = forms.ChoiceField(
        label=_("The answer"),
        required=False,
        choices=[("", _("Answered or not")), ("yes", _("Answered")), ("no", _("Not answered yet"))],
    )
    outcome = forms.ChoiceField(
        label=_("Outcome of the opinion"),
        required=False,
        choices=[("", _("Any outcome")), *((code, OUTCOME_WORDS[code]) for code in OUTCOMES)],
    )

    def to_filters(self) -> Filters:
        self.is_valid()
        given = self.cleaned_data
        about = given.get("about", "")
        return Filters(
            about if about in ABOUT_KINDS else "",
            given.get("code", ""),
            given.get("answered", ""),
            given.get("outcome", ""),
        )


class AnswerForm(forms.Form):
    """The city's answer: what is done, why, and what was changed."""

    outcome = forms.ChoiceField(
        label=_("What does the city do with it?"),
        choices=[(code, OUTCOME_WORDS[code]) for code in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": MESSAGES["outcome_unknown"]},
    )
    reason = forms.CharField(
        label=_("Reason for the answer"),
        error_messages={"required": _("Write the reason for the answer")},
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody reads it beside the opinion. In Thai"),
    )
    change = forms.CharField(
        label=_("What was changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only when the opinion is adopted in full or in part"),
    )
    change_project_code = forms.CharField(
        label=_("Project in which it was changed (code)"), required=False, max_length=40
    )
    change_version = forms.ModelChoiceField(
        PlanVersion.objects.none(),
        label=_("Version of the plan that shows it"),
        required=False,
        empty_label=_("Not published yet"),
    )

    def __init__(self, *args: Any, fiscal_year_be: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: Any = self.fields["change_version"]
        version.queryset = PlanVersion.objects.filter(fiscal_year_be=fiscal_year_be).order_by(
            "-number"
        )
        version.label_from_instance = version_words

    def to_input(self) -> AnswerInput:
        given = self.cleaned_data
        version = given["change_version"]
        return AnswerInput(
            given["outcome"],
            given["reason"],
            given["change"],
            given["change_project_code"].strip(),
            version.pk if version else None,
        )


def version_words(version: PlanVersion) -> str:
    kind = _("draft version") if version.kind == "draft" else _("announced version")
    return str(
        _("%(year)s, version %(number)s (%(kind)s)")
        % {"year": version.fiscal_year_be, "number": version.number, "kind": kind}
    )


class ConsultationForm(forms.Form):
    """Opening a round: which version, from when until when, what is asked."""

    version = forms.ModelChoiceField(PlanVersion.objects.none(), label=_("Version of the plan"))
    title_th = forms.CharField(label=_("Title in Thai"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(
        label=_("Title in English"), max_length=LONGEST_TITLE, required=False
    )
    first_day = forms.CharField(label=_("First day"), help_text=_("Such as 1 ก.ค. 2568"))
    last_day = forms.CharField(label=_("Last day"), help_text=_("Opinions are taken on it too"))
    purpose = forms.CharField(
        label=_("What the city wants to know"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: Any = self.fields["version"]
        version.queryset = PlanVersion.objects.filter(consultation=None).order_by(
            "-fiscal_year_be", "-number"
        )
        version.label_from_instance = version_words

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        for name in ("first_day", "last_day"):
            if name not in given:
                continue
            try:
                given[name] = parse_date(given[name])
            except RuleBroken:
                self.add_error(name, _("This is not a date, such as 3 พ.ย. 2569 or 3/11/2569"))
        return given

    def to_input(self) -> ConsultationInput:
        given = self.cleaned_data
        return ConsultationInput(
            given["first_day"],
            given["last_day"],
            given["title_th"],
            given["title_en"],
            given["purpose"],
        )

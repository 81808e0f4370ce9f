"""The choice of a document, as posted: kind, agency or project, format, digits, language."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from nayu.agencies.queries import budget_holders
from nayu.core.dates import Digits, Language
from nayu.core.thai import normalise, to_arabic_digits
from nayu.documents.content.values import (
    AGENCY_PLAN,
    FORMATS,
    PLAN_BOOK,
    PROJECT_FORM,
    PUBLISHED,
    REQUEST_DETAILS,
    WORKING,
)
from nayu.documents.services import Choice

KIND_NAMES: dict[str, Any] = {
    PLAN_BOOK: _("Plan book of the city"),
    AGENCY_PLAN: _("Annual plan of an agency"),
    REQUEST_DETAILS: _("Details of an agency's budget request"),
    PROJECT_FORM: _("Project form, ten headings"),
}
FORMAT_NAMES: dict[str, Any] = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
KIND_CHOICES = [
    (PLAN_BOOK, _("Plan book of the city (PDF, Excel)")),
    (AGENCY_PLAN, _("Annual plan of an agency (PDF, Word, Excel)")),
    (REQUEST_DETAILS, _("Details of an agency's budget request (PDF, Excel)")),
    (PROJECT_FORM, _("Project form, ten headings (PDF, Word)")),
]


class OrderForm(forms.Form):
    """What to make. The version is asked only of those who may see working entries."""

    fiscal_year_be = forms.IntegerField(
        min_value=2500, max_value=2700, widget=forms.HiddenInput, label=_("Fiscal year")
    )
    kind = forms.ChoiceField(choices=KIND_CHOICES, label=_("Document"), initial=PLAN_BOOK)
    agency_code = forms.ChoiceField(
        required=False,
        label=_("Agency"),
        help_text=_("For the plan of an agency and the details of its request"),
    )
    project_code = forms.CharField(
        required=False,
        max_length=40,
        label=_("Project code"),
        help_text=_("For the project form, such as 11000000-0001"),
    )
    format = forms.ChoiceField(choices=list(FORMAT_NAMES.items()), label=_("Format"), initial="pdf")
    digits = forms.ChoiceField(
        choices=[("thai", _("Thai digits ๑๒๓")), ("arabic", _("Arabic digits 123"))],
        label=_("Digits"),
        initial="thai",
    )
    language = forms.ChoiceField(
        choices=[("th", _("Thai")), ("en", _("English"))], label=_("Language"), initial="th"
    )
    version = forms.ChoiceField(
        required=False,
        choices=[
            (PUBLISHED, _("As published")),
            (WORKING, _("Working copy, as it stands now")),
        ],
        label=_("Version"),
        initial=PUBLISHED,
    )

    def __init__(
        self, *args: Any, fiscal_year_be: int, sees_working: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("fiscal_year_be", fiscal_year_be)
        agencies = cast("forms.ChoiceField", self.fields["agency_code"])
        agencies.choices = [
            ("", _("Choose an agency")),
            *((a.code, f"{a.name_th} ({a.code})") for a in budget_holders(fiscal_year_be)),
        ]
        if not sees_working:
            del self.fields["version"]

    def clean_project_code(self) -> str:
        return to_arabic_digits(normalise(self.cleaned_data["project_code"]))

    def clean(self) -> dict[str, Any]:
        """A document of an agency needs one; a form of a project needs its code."""
        given = super().clean() or self.cleaned_data
        kind = given.get("kind")
        if kind in (AGENCY_PLAN, REQUEST_DETAILS) and not given.get("agency_code"):
            self.add_error("agency_code", _("Choose the agency that the document is about."))
        if kind == PROJECT_FORM and not given.get("project_code"):
            self.add_error("project_code", _("Write the code of the project."))
        if kind and given.get("format") not in FORMATS[kind]:
            offered = ", ".join(str(FORMAT_NAMES[name]) for name in FORMATS[kind])
            self.add_error(
                "format",
                forms.ValidationError(
                    _("This document is made as %(formats)s."), params={"formats": offered}
                ),
            )
        return given

    def choice(self) -> Choice:
        """The clean choice; parts that the kind does not use are left out."""
        given = self.cleaned_data
        kind = given["kind"]
        return Choice(
            kind,
            given["fiscal_year_be"],
            given["format"],
            given["agency_code"] if kind in (AGENCY_PLAN, REQUEST_DETAILS) else "",
            given["project_code"] if kind == PROJECT_FORM else "",
            given.get("version") or PUBLISHED,
            cast("Digits", given["digits"]),
            cast("Language", given["language"]),
        )

"""The form of wishes: when, what and in which language mail comes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nayu.notices.domain import DAILY, DELIVERIES, DIGEST, KINDS, LANGUAGES, NEVER
from nayu.notices.messages import DELIVERY_NAMES, KIND_NAMES, LANGUAGE_NAMES
from nayu.notices.models import Wishes
from nayu.notices.services.wishes import WishesInput

HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class WishesForm(forms.Form):
    """One choice for each kind of notice, quiet hours, language."""

    digest = forms.ChoiceField(
        label=KIND_NAMES[DIGEST],
        choices=[(DAILY, _("Every working morning at 8:00")), (NEVER, DELIVERY_NAMES[NEVER])],
        help_text=_("What is to be fixed, what waits for you, and what closes soon"),
    )
    quiet_first_hour = forms.TypedChoiceField(
        label=_("Quiet from"), choices=HOURS, coerce=int,
        help_text=_("Mail that comes at once waits until the quiet hours are over"),
    )  # fmt: skip
    quiet_last_hour = forms.TypedChoiceField(label=_("Quiet until"), choices=HOURS, coerce=int)
    quiet_weekends = forms.BooleanField(label=_("No mail on Saturday and Sunday"), required=False)
    language = forms.ChoiceField(
        label=_("Language of mail"), choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for kind in KINDS:
            self.fields[kind] = forms.ChoiceField(
                label=KIND_NAMES[kind], choices=[(d, DELIVERY_NAMES[d]) for d in DELIVERIES]
            )
        self.order_fields([*KINDS, DIGEST])

    @classmethod
    def of(cls, wishes: Wishes) -> "WishesForm":
        names = (*WishesInput.__dataclass_fields__,)
        return cls(initial={name: getattr(wishes, name) for name in names})

    def wishes(self) -> WishesInput:
        return WishesInput(**self.cleaned_data)

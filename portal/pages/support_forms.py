"""What is entered about support access: by whoever asks, and by the customer who decides."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.views import spoken
from portal.accounts.models import Person
from portal.support.domain.consent import Terms
from portal.support.models import MINUTES, Rule


def length(minutes: int) -> str:
    """15 min, 1 h"""
    return spoken.span(timedelta(minutes=minutes))


class AskForm(forms.Form):
    """As whom, why, and for how long."""

    person = forms.TypedChoiceField(label="As whom", coerce=int)
    reason = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer reads this, now and later. At least ten letters.",
    )
    minutes = forms.TypedChoiceField(label="For", coerce=int)
    case = forms.IntegerField(
        required=False, min_value=1, label="Case", help_text="Its number, if it is about one."
    )

    def __init__(self, data: Any = None, *, people: Iterable[Person], longest: int) -> None:
        super().__init__(data)
        named = [(one.pk, f"{one.name}, {one.role.label}") for one in people]
        self.fields["person"].choices = named  # type: ignore[attr-defined]
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (one, length(one)) for one in MINUTES if one <= longest
        ]


class ConsentForm(forms.Form):
    """What a customer allows from now on."""

    rule = forms.ChoiceField(label=_("How"), choices=Rule, widget=forms.RadioSelect)
    longest = forms.TypedChoiceField(
        label=_("At most"), coerce=int, choices=[(one, length(one)) for one in MINUTES]
    )
    until = forms.DateField(
        label=_("Ask again from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only without asking: from that day on you are asked each time."),
    )

    @classmethod
    def showing(cls, terms: Terms) -> "ConsentForm":
        until = timezone.localtime(terms.until).date() if terms.until else None
        return cls(initial={"rule": terms.rule, "longest": terms.longest, "until": until})

    def ends_at(self) -> datetime | None:
        """The beginning of the chosen day in the reader's zone."""
        day = self.cleaned_data["until"]
        zone = timezone.get_current_timezone()
        return datetime.combine(day, time.min, tzinfo=zone) if day else None

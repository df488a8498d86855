"""What people enter about what is kept and what is erased."""

from typing import Any

from django import forms

from portal.core import clock
from portal.customers.models import Customer
from portal.privacy.domain.retention import Term


class DaysForm(forms.Form):
    """How long one kind is kept."""

    days = forms.IntegerField(label="Kept for, days")

    def __init__(self, data: Any = None, *, term: Term) -> None:
        super().__init__(data, initial={"days": term.days}, prefix=term.kind)
        self.fields["days"].help_text = f"{term.least} to {term.most}."


class HoldForm(forms.Form):
    """Of a customer, or of a person."""

    customer = forms.ModelChoiceField(
        Customer.objects.order_by("name"), required=False, empty_label="of a person, named below",
        label="All data of",
    )  # fmt: skip
    person = forms.CharField(
        required=False, max_length=254, label="Person",
        help_text="Their mail, phone number or name, as it would be entered to erase it.",
    )  # fmt: skip
    reason = forms.CharField(max_length=300, help_text="Such as the number of the case at court.")
    until = forms.DateField(
        required=False, help_text="Blank: until it is lifted.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("customer")) == bool(given.get("person", "").strip()):
            raise forms.ValidationError("Choose a customer or name a person, one of both.")
        if given.get("until") and given["until"] < clock.now().date():
            self.add_error("until", "This day is over.")
        return given


class LiftForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(max_length=300)


class PersonForm(forms.Form):
    """Whom to look for."""

    email = forms.CharField(
        required=False, max_length=254, label="Mail", help_text="The whole address, never a domain."
    )
    phone = forms.CharField(
        required=False, max_length=60, label="Phone", help_text="As it is written in the documents."
    )
    name = forms.CharField(
        required=False, max_length=120, label="Name",
        help_text="Only where it is theirs alone: it is replaced wherever it stands.",
    )  # fmt: skip
    one_word = forms.BooleanField(
        required=False, label="The name has one word",
        help_text="Otherwise first and last name are wanted: one word alone may be of others as well.",
    )  # fmt: skip
    reason = forms.CharField(
        max_length=300, help_text="Such as the number of their letter. It is kept: name nobody."
    )

    def terms(self) -> list[str]:
        return [self.cleaned_data[name] for name in ("email", "phone", "name")]

    def clean(self) -> dict[str, Any]:
        """The reason stays for ever: it must not hold what is erased."""
        given = super().clean() or self.cleaned_data
        reason = given.get("reason", "").casefold()
        for name in ("email", "phone", "name"):
            if (term := given.get(name, "").strip().casefold()) and term in reason:
                self.add_error("reason", "This is kept. Say it without naming the person.")
                break
        return given

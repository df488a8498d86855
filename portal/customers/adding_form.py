"""What a person enters about a new customer."""

from typing import Any

from django import forms

from portal.core import zones
from portal.core.currencies import MINOR_UNITS
from portal.customers import adding, languages

_OFF = {"autocomplete": "off"}
_NOT_OFFERED = {"invalid_choice": "That is not offered. Choose one of the list."}


class AddingForm(forms.Form):
    """After `is_valid`, `cleaned_data` is what `adding.add` takes."""

    name = forms.CharField(
        max_length=80,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": "Give the customer a name, such as Harbor Outfitters."},
    )
    slug = forms.CharField(
        label="Short name",
        max_length=41,
        required=False,
        widget=forms.TextInput(attrs=_OFF),
        help_text="Lower-case letters and digits, in addresses and files. It stays as it is."
        " Left blank it is made of the name, such as harboroutfitters.",
    )
    time_zone = forms.ChoiceField(error_messages=_NOT_OFFERED)
    language = forms.ChoiceField(
        required=False,
        choices=[("", "as every customer"), *languages.CHOICES.items()],
        help_text="Of their people who choose none themselves.",
        error_messages=_NOT_OFFERED,
    )
    currency = forms.ChoiceField(
        choices=[(code, code) for code in sorted(MINOR_UNITS)], error_messages=_NOT_OFFERED
    )

    def __init__(self, data: Any = None, *, zone: str) -> None:
        super().__init__(data, initial={"time_zone": zone, "currency": "USD"})
        self.fields["time_zone"].choices = zones.choices(zone)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "slug" in given:
            entered = given["slug"].strip().lower()
            given["slug"] = entered or adding.suggest(given.get("name", ""))
            if not given["slug"] and "name" in given:
                self.add_error("slug", "No short name can be made of this name. Enter one.")
        return given

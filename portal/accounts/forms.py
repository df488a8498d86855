"""What a person enters to sign in, and about themselves."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from portal.accounts.models import Person
from portal.core import zones

NOT_FOUND = "Email and password do not go together. Check both; capitals count in the password."


class LoginForm(forms.Form):
    """Signing in. After `is_valid`, `person` is whoever it is."""

    username = forms.EmailField(
        label="Email",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.person: Person | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            self.person = authenticate(self.request, **given)  # type: ignore[assignment]
            if self.person is None:
                raise forms.ValidationError(NOT_FOUND)
        return given


class SettingsForm(forms.Form):
    """How a person wants their pages: the zone of their times, and whether letters are keys.

    `zone` is the one they have without a choice of their own. Customers' pages have no keys.
    """

    time_zone = forms.ChoiceField(
        label="Times in",
        required=False,
        error_messages={"invalid_choice": "There is no zone %(value)s. Choose one of the list."},
    )
    single_keys = forms.BooleanField(
        label="Single keys",
        required=False,
        help_text="J, K, R and the like act at once. Switch them off if you dictate, or if keys act by"
        " accident: Tab, Enter, Esc and Ctrl\u00a0↵ go on working.",
    )

    def __init__(self, data: Any, *, person: Person, zone: str) -> None:
        kept = {"time_zone": person.time_zone, "single_keys": person.single_keys}
        super().__init__(data, initial=kept)
        unchosen = ("", f"{zone.replace('_', ' ')}, as everybody here")
        self.fields["time_zone"].choices = [unchosen, *zones.choices(person.time_zone)]  # type: ignore[attr-defined]
        if person.is_customer:
            del self.fields["single_keys"]

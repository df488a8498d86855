"""What a person enters to sign in, and about themselves."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from portal.accounts.models import Person
from portal.core import zones


class LoginForm(forms.Form):
    """Signing in by password."""

    username = forms.EmailField(
        label="Email",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ConfirmForm(forms.Form):
    """The password again."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class CodeForm(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )

    def __init__(self, data: Any, *, label: str = "Code") -> None:
        super().__init__(data)
        self.fields["code"].label = label


class PasskeyForm(forms.Form):
    """What a person calls a passkey."""

    name = forms.CharField(max_length=60, help_text="So that you know which one it is.")


class ForgotForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class NewPasswordForm(forms.Form):
    """A new password, twice; `asks_old`: the one until now, too. It is not checked here."""

    old = forms.CharField(
        label="Password until now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text="At least 10 characters, and not one that everybody uses.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any, *, person: Person, asks_old: bool = False) -> None:
        super().__init__(data)
        self.person = person
        if not asks_old:
            del self.fields["old"]

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        return new

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"new", "again"} <= given.keys() and given["new"] != given["again"]:
            self.add_error("again", "The two are not the same. Enter the new password twice.")
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

"""What a person enters to sign in, and about themselves."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import password_words
from portal.accounts.models import Person
from portal.core import clock, manner, zones
from portal.core.manner import Manner


class LoginForm(forms.Form):
    """Signing in by password."""

    username = forms.EmailField(
        label=gettext_lazy("Email"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmForm(forms.Form):
    """The password again."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
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

    def __init__(self, data: Any, *, label: str = "") -> None:
        super().__init__(data)
        self.fields["code"].label = label or _("Code")


class PasskeyForm(forms.Form):
    """What a person calls a passkey."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("So that you know which one it is."),
    )


class ForgotForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice; `asks_old`: the one until now, too. It is not checked here."""

    old = forms.CharField(
        label=gettext_lazy("Password until now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=200,
        help_text=gettext_lazy("At least 10 characters, and not one that everybody uses."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"),
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
        if wrong := password_words.problems(new, person=self.person):
            raise forms.ValidationError(wrong)
        return new

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"new", "again"} <= given.keys() and given["new"] != given["again"]:
            self.add_error("again", _("The two are not the same. Enter the new password twice."))
        return given


class SettingsForm(forms.Form):
    """How a person wants their pages: language, zone, numbers, days and times, and whether letters are keys.

    `zone` and `language` are those they have without a choice of their own; a blank language is what their
    browser asks for. Customers' pages have no keys, and only they are translated.
    """

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Times in"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("There is no zone %(value)s. Choose one of the list.")
        },
    )
    numbers = forms.ChoiceField(label=gettext_lazy("Numbers"), required=False)
    days = forms.ChoiceField(label=gettext_lazy("Days"), required=False)
    clock = forms.ChoiceField(label=gettext_lazy("Clock"), required=False)
    single_keys = forms.BooleanField(
        label="Single keys",
        required=False,
        help_text="J, K, R and the like act at once. Switch them off if you dictate, or if keys act by"
        " accident: Tab, Enter, Esc and Ctrl\u00a0↵ go on working.",
    )

    def __init__(self, data: Any, *, person: Person, zone: str, language: str = "") -> None:
        super().__init__(data, initial={name: getattr(person, name) for name in self.base_fields})
        unchosen = ("", _("%(zone)s, as everybody here") % {"zone": zone.replace("_", " ")})
        self._offer("language", [("", _unchosen(language)), *settings.LANGUAGES])
        self._offer("time_zone", [unchosen, *zones.choices(person.time_zone)])
        self._offer("numbers", _samples("numbers", manner.NUMBERS, _number))
        self._offer("days", _samples("days", manner.DAYS, _day))
        self._offer("clock", _samples("clock", manner.CLOCKS, _time))
        del self.fields["single_keys" if person.is_customer else "language"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _unchosen(language: str) -> str:
    known = dict(settings.LANGUAGES).get(language)
    return (
        _("%(language)s, as everybody here") % {"language": known}
        if known
        else _("as my browser asks for")
    )


def _samples(field: str, values: Iterable[str], write: Callable[[], str]) -> list[tuple[str, str]]:
    """Each way of writing, shown by what it makes of the same thing; first the language's own."""
    usual = manner.of_language()
    found = [("", _("%(sample)s, as usual") % {"sample": _written(usual, write)})]
    return found + [(one, _written(replace(usual, **{field: one}), write)) for one in values]


def _written(how: Manner, write: Callable[[], str]) -> str:
    with manner.override(how):
        return write()


def _number() -> str:
    return manner.number(1234.5, 2)


def _day() -> str:
    return manner.day(clock.now().date(), with_year=True)


def _time() -> str:
    return manner.time(clock.now().replace(hour=13, minute=5))

"""What a person enters to sign in."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from portal.accounts.models import Person

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

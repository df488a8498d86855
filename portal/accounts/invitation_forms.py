"""Inviting somebody, and being invited."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import password_words, role_words
from portal.accounts.models import Invitation, Person, Role

_NOT_OFFERED = {"invalid_choice": gettext_lazy("That is not offered. Choose one of the list.")}


class InviteForm(forms.Form):
    """Whom to invite as what. Without `customers` (id, name) nobody is asked whose people they are.

    The roles are those the person who invites may give; `only_customers` says why none of them is of our own
    people, where that is so; `customer` is the id of the one to begin with.
    """

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        error_messages={"invalid": gettext_lazy("Write it like name@company.example.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("As others see it."),
    )
    role = forms.TypedChoiceField(
        label=gettext_lazy("Role"), coerce=int, error_messages=_NOT_OFFERED
    )
    customer = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, error_messages=_NOT_OFFERED,
        help_text="For the roles of customers' people: whose they are.",
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        roles: Sequence[Role],
        customers: Sequence[tuple[int, str]] = (),
        only_customers: str = "",
        customer: str = "",
    ) -> None:
        super().__init__(data, initial={"customer": customer})
        if only_customers:
            self.fields["role"].help_text = only_customers
            self.fields["role"].error_messages["invalid_choice"] = only_customers
        self.fields["role"].choices = [("", _("choose one")), *_grouped(roles)]  # type: ignore[attr-defined]
        self.fields["customer"].choices = [("", "none"), *customers]  # type: ignore[attr-defined]
        if not customers:
            del self.fields["customer"]


def _grouped(roles: Sequence[Role]) -> list[Any]:
    """Choices, in two groups where there are roles of both kinds."""
    ours = [(role.pk, role.label) for role in roles if not role.for_customers]
    theirs = [(role.pk, role_words.said(role.label)) for role in roles if role.for_customers]
    if ours and theirs:
        return [("Our own people", ours), ("Customers' people", theirs)]
    return ours + theirs


class JoinForm(forms.Form):
    """What somebody who was invited enters: their name, and a password twice."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("Ten characters or more."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"name": invitation.name})
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password = given.get("password", "")
        someone = Person(email=self.invitation.email, name=given.get("name", ""))
        for problem in password_words.problems(password, person=someone) if password else []:
            self.add_error("password", problem)
        if password and "again" in given and given["again"] != password:
            self.add_error("again", _("The two are not the same. Write the password once more."))
        return given

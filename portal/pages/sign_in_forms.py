"""What a person enters about a provider and its rules."""

import json
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from portal.accounts.domain import openid_calls
from portal.accounts.models import Provider, Role
from portal.accounts.models.provider import USUAL_SCOPES
from portal.accounts.openid.errors import OpenIdError
from portal.tenants.hosts import names

_FIELDS: Final = (
    "name", "issuer", "client_id", "scopes", "button", "email_domains", "makes_people",
    "decides_roles", "trusts_second_step",
)  # fmt: skip
_NOT_OFFERED: Final = {"invalid_choice": "That is not offered. Choose one of the list."}


class ProviderForm(forms.Form):
    """A provider. Its secret is written and never read."""

    name = forms.CharField(max_length=40, help_text="What your people call it: Kestrel ID.")
    issuer = forms.CharField(
        max_length=300,
        help_text="To the letter as the provider says it: https://login.example.com/your-tenant.",
    )
    client_id = forms.CharField(label="Client ID", max_length=300)
    secret = forms.CharField(
        label="Client secret",
        required=False,
        max_length=500,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "spellcheck": "false"}, render_value=False
        ),
        help_text="Blank where the provider wants none.",
    )
    scopes = forms.CharField(
        max_length=200,
        initial=USUAL_SCOPES,
        help_text="With blanks between them. openid is needed.",
    )
    button = forms.CharField(
        label="Words on the button",
        max_length=60,
        required=False,
        help_text="Left blank: Log in with, and its name.",
    )
    email_domains = forms.CharField(
        label="Mail domains",
        required=False,
        max_length=2000,
        help_text="Whose addresses, once the provider has proven them, stand for people here:"
        " your-company.com. Several with commas between. Blank: nobody comes in for the first time.",
    )
    makes_people = forms.BooleanField(
        label="Lets new people in",
        required=False,
        help_text="Whoever a rule gives a role becomes one of your people, without an invitation.",
    )
    decides_roles = forms.BooleanField(
        label="Sets roles at each login",
        required=False,
        help_text="The rules say anew who has which role; whoever none fits stays out.",
    )
    trusts_second_step = forms.BooleanField(
        label="Counts as a second step",
        required=False,
        help_text="Where the provider says that it asked for one, ours is not asked for.",
    )

    def __init__(self, data: Any = None, *, kept: Provider | None = None) -> None:
        super().__init__(data, initial=_as_entered(kept) if kept else None)
        self.kept = kept
        if kept and kept.sealed:
            self.fields["secret"].help_text = "It is set and not shown. Leave it blank to keep it."

    def clean_issuer(self) -> str:
        issuer = str(self.cleaned_data["issuer"]).strip()
        try:
            openid_calls.must_be_callable(issuer)
        except OpenIdError as error:
            raise ValidationError(str(error)) from error
        return issuer

    def clean_scopes(self) -> str:
        scopes = str(self.cleaned_data["scopes"]).split()
        if "openid" not in scopes:
            raise ValidationError("Without openid nobody says who signs in. Add it.")
        return " ".join(scopes)

    def clean_email_domains(self) -> list[str]:
        entered = str(self.cleaned_data["email_domains"]).replace(",", " ").split()
        return [_mail_domain(one.removeprefix("@").lower()) for one in entered]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("makes_people") and not given.get("email_domains"):
            self.add_error("email_domains", "Say whose people it may make: one domain at least.")
        return given

    def given(self) -> dict[str, Any]:
        """What is kept as it is."""
        return {name: self.cleaned_data[name] for name in _FIELDS}


def _mail_domain(text: str) -> str:
    """As addresses have it: in punycode. It may be one that is not on the internet."""
    try:
        domain = names.punycode(text)
        validate_email(f"somebody@{domain}")
    except (names.NotAHostNameError, ValidationError):
        raise ValidationError(
            f"{text} is no mail domain. Enter what stands after the @, such as your-company.com."
        ) from None
    return domain


def _as_entered(kept: Provider) -> dict[str, Any]:
    known = {name: getattr(kept, name) for name in _FIELDS}
    return {**known, "email_domains": ", ".join(names.shown(one) for one in kept.email_domains)}


class RuleForm(forms.Form):
    """Whoever's claim has a value gets a role."""

    claim = forms.CharField(
        max_length=120,
        help_text="groups, roles or a name of your own; realm_access.roles for one inside.",
    )
    value = forms.CharField(max_length=200, help_text="One of its values. Capitals count.")
    role = forms.TypedChoiceField(coerce=int, error_messages=_NOT_OFFERED)
    customer = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, error_messages=_NOT_OFFERED,
        help_text="Whose people they are; for your own people: the one they work for.",
    )  # fmt: skip
    group = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, error_messages=_NOT_OFFERED,
        help_text="Your own people who work for one group of customers only.",
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        roles: Sequence[Role],
        customers: Sequence[tuple[int, str]],
        groups: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        choices = [(role.pk, role.label) for role in roles]
        self.fields["role"].choices = [("", "choose one"), *choices]  # type: ignore[attr-defined]
        self.fields["customer"].choices = [("", "everybody"), *customers]  # type: ignore[attr-defined]
        self.fields["group"].choices = [("", "none"), *groups]  # type: ignore[attr-defined]


class PreviewForm(forms.Form):
    """What a provider says of somebody, to see what the rules make of it."""

    claims = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "id"}),
        help_text="As JSON, such as the payload of an ID token. Nothing of it is kept.",
    )

    def clean_claims(self) -> dict[str, Any]:
        try:
            claims = json.loads(self.cleaned_data["claims"])
        except (ValueError, RecursionError):
            claims = None
        if not isinstance(claims, dict):
            raise ValidationError('Write an object, such as {"groups": ["operators"]}.')
        return claims

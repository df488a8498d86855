"""What a person enters for a channel: fields for each kind, never an address of any scheme."""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from monitoring.alert_fields import SecretField, ZoneField
from monitoring.alerting.places import host_of, objection
from monitoring.models import AlertChannel
from portal.core.errors import CrossdockError
from portal.core.guard import permitted_addresses

NAME_TAKEN: Final = "There is a channel of this name: choose another."
_MOST_ADDRESSES: Final = 20
_ROUTING_KEY: Final = re.compile(r"[A-Za-z0-9]{32}")


class ChannelForm(forms.Form):
    """A name and whose night it is. Each kind adds what opens it."""

    kind: ClassVar[str]
    secret_names: ClassVar[tuple[str, ...]] = ()

    name = forms.CharField(max_length=60, help_text="As it stands in rules and in the log.")

    def __init__(self, data: Any, *, channel: AlertChannel) -> None:
        kept = {"name": channel.name, "time_zone": channel.time_zone, "is_on": channel.is_on}
        super().__init__(data, initial={**kept, **channel.settings})
        self.channel = channel
        self.add(is_set=bool(channel.secrets))
        self.fields["time_zone"] = ZoneField(
            label="Read in", required=False, blank="the zone of this house", kept=channel.time_zone,
            help_text="Quiet hours and digests keep this zone.",
        )  # fmt: skip
        self.fields["is_on"] = forms.BooleanField(
            label="Switched on", required=False, help_text="Off: nothing is sent here."
        )

    def add(self, *, is_set: bool) -> None:
        """The fields of the kind."""

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if AlertChannel.objects.exclude(pk=self.channel.pk).filter(name__iexact=name).exists():
            raise ValidationError(NAME_TAKEN)
        return name

    def apply(self) -> AlertChannel:
        """The channel as the form has it, not saved."""
        given = self.cleaned_data
        self.channel.name, self.channel.kind = given["name"], self.kind
        self.channel.time_zone, self.channel.is_on = given["time_zone"], given["is_on"]
        self.channel.settings = {**self.channel.settings, **self.settings()}
        return self.channel

    def settings(self) -> dict[str, Any]:
        """What may be shown."""
        return {}

    def secrets(self) -> dict[str, str]:
        """What is encrypted; blank for what stays as it is."""
        return {name: self.cleaned_data.get(name) or "" for name in self.secret_names}


class MailForm(ChannelForm):
    kind = "mail"

    def add(self, *, is_set: bool) -> None:
        self.fields["addresses"] = forms.CharField(
            widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000,
            help_text="One on each line, 20 at most.",
        )  # fmt: skip
        kept = self.channel.settings.get("addresses", ())
        self.initial["addresses"] = "\n".join(kept)

    def clean_addresses(self) -> list[str]:
        lines = str(self.cleaned_data["addresses"]).replace(",", "\n").split("\n")
        found = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if not 1 <= len(found) <= _MOST_ADDRESSES:
            raise ValidationError(f"Enter 1 to {_MOST_ADDRESSES} addresses.")
        for address in found:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(f"{address[:80]} is no mail address.") from None
        return found

    def settings(self) -> dict[str, Any]:
        return {"addresses": self.cleaned_data["addresses"]}


class _UrlForm(ChannelForm):
    """A service that takes messages at an address, which is a secret itself."""

    secret_names: ClassVar[tuple[str, ...]] = ("url",)
    help: ClassVar[str]

    def add(self, *, is_set: bool) -> None:
        self.fields["url"] = SecretField(label="Address", is_set=is_set, help_text=self.help)

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"] or "").strip()
        wrong = objection(self.kind, url) if url else ""
        if wrong:
            raise ValidationError(wrong)
        return url

    def settings(self) -> dict[str, Any]:
        url = self.cleaned_data["url"]
        return {"host": host_of(url)} if url else {}


class SlackForm(_UrlForm):
    kind = "slack"
    help = (
        "Of an incoming webhook: in Slack, add the app Incoming WebHooks to the room and copy it."
    )


class TeamsForm(_UrlForm):
    kind = "teams"
    help = "Of the workflow “Post to a channel when a webhook request is received”."


class WebhookForm(_UrlForm):
    kind = "webhook"
    secret_names = ("url", "secret")
    help = "JSON is posted here, with its time and signature in X-Alert-Time and X-Alert-Signature."

    def add(self, *, is_set: bool) -> None:
        super().add(is_set=is_set)
        self.fields["secret"] = SecretField(
            label="Signing secret", is_set=is_set, min_length=16,
            help_text="16 characters or more. The signature is HMAC-SHA256 of “time.body” with it.",
        )  # fmt: skip

    def clean_url(self) -> str:
        url = super().clean_url()
        if url:
            try:
                permitted_addresses(host_of(url))
            except CrossdockError as error:
                raise ValidationError(f"{error}.") from None
        return url


class PagerDutyForm(ChannelForm):
    kind = "pagerduty"
    secret_names = ("routing_key",)

    def add(self, *, is_set: bool) -> None:
        self.fields["routing_key"] = SecretField(
            label="Integration key", is_set=is_set,
            help_text="32 letters and digits, of an Events API v2 integration of the service.",
        )  # fmt: skip
        self.fields["region"] = forms.ChoiceField(
            label="Region", choices=[("us", "United States"), ("eu", "Europe")]
        )

    def clean_routing_key(self) -> str:
        key = str(self.cleaned_data["routing_key"] or "").strip()
        if key and not _ROUTING_KEY.fullmatch(key):
            raise ValidationError("An integration key has 32 letters and digits.")
        return key

    def settings(self) -> dict[str, Any]:
        return {"region": self.cleaned_data["region"]}


FORMS: Final[dict[str, type[ChannelForm]]] = {
    form.kind: form for form in (MailForm, SlackForm, TeamsForm, PagerDutyForm, WebhookForm)
}

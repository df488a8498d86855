"""What a person enters for a receiver and for a replay."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.core import clock
from portal.customers.models import Customer
from portal.webhooks.catalogue import CHOOSABLE, EVENTS
from portal.webhooks.domain import places
from portal.webhooks.domain.retention import KEPT
from portal.webhooks.models import Webhook

EVERY, SOME = "every", "some"


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """The types by group, each with when it happens."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in CHOOSABLE:
        groups.setdefault(EVENTS[name].group, []).append((name, EVENTS[name].says))
    return list(groups.items())


class WebhookForm(forms.Form):
    """Where to, of whom, and of what."""

    name = forms.CharField(max_length=60, help_text="What it is for, such as Data lake.")
    url = forms.CharField(
        label="Address", max_length=places.LONGEST, widget=forms.URLInput,
        help_text="Events are posted here as JSON, over https.",
    )  # fmt: skip
    customer = forms.ModelChoiceField(
        Customer.objects.all(), required=False, empty_label="all customers",
        help_text="A receiver for one customer hears of nobody else.",
    )  # fmt: skip
    which = forms.ChoiceField(
        choices=[(EVERY, "Every event, also those that come later"), (SOME, "Only these")],
        widget=forms.RadioSelect, initial=EVERY, label="Events",
    )  # fmt: skip
    types = forms.MultipleChoiceField(
        choices=grouped, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, webhook: Webhook) -> None:
        kept = {
            "name": webhook.name,
            "url": webhook.url,
            "customer": webhook.customer_id,
            "which": SOME if webhook.types else EVERY,
            "types": webhook.types,
        }
        super().__init__(data, initial=kept if webhook.pk else None)
        self.webhook = webhook

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Webhook.objects.exclude(pk=self.webhook.pk).filter(name__iexact=name).exists():
            raise ValidationError("There is a webhook of this name: choose another.")
        return name

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        wrong = places.objection(url)
        if wrong:
            raise ValidationError(wrong)
        return url

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("which") == SOME and not given.get("types") and "types" not in self.errors:
            self.add_error("which", "Choose at least one event, or every one.")
        return given

    def apply(self, *, by: str) -> Webhook:
        """The receiver as the form has it, not saved."""
        given, webhook = self.cleaned_data, self.webhook
        webhook.name, webhook.url = given["name"], given["url"]
        webhook.customer = given["customer"]
        webhook.types = sorted(given["types"]) if given["which"] == SOME else []
        webhook.made_by = webhook.made_by or by[:80]
        return webhook


class ReplayForm(forms.Form):
    """From when on, and of what. The time is in the reader's zone."""

    error_text: Final = "Enter a day and a time of the last thirty days."

    since = forms.DateTimeField(
        label="Since",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Events are kept for thirty days. The oldest go first, at most 10,000.",
        error_messages={"invalid": error_text},
    )
    type = forms.ChoiceField(label="Events", required=False)

    def __init__(self, data: Any, *, webhook: Webhook, since: datetime) -> None:
        super().__init__(data, initial={"since": timezone.localtime(since)})
        field: Any = self.fields["type"]
        names = webhook.types or CHOOSABLE
        field.choices = [("", "every one that it hears of"), *((name, name) for name in names)]

    def clean_since(self) -> datetime:
        since: datetime = self.cleaned_data["since"]
        if not clock.now() - KEPT - timedelta(days=1) <= since <= clock.now():
            raise ValidationError(self.error_text)
        return since

"""Fields that several forms of alerts have: a local time, a zone, secrets that are written and never read."""

from datetime import time
from typing import Any

from django import forms

from portal.accounts.models import Person
from portal.core import zones
from portal.customers.models import Customer, CustomerGroup

_GROUP = "group:"


class LocalTimeField(forms.TimeField):
    """A time of day, as minutes after local midnight."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return None if found is None else found.hour * 60 + found.minute

    def prepare_value(self, value: Any) -> Any:
        return time(*divmod(value, 60)) if isinstance(value, int) else value


class WhoseField(forms.ChoiceField):
    """All customers, one of them, or a group. Cleaned it is the customer and the group, one of them None."""

    def __init__(self) -> None:
        super().__init__(
            label="Customer",
            required=False,
            error_messages={"invalid_choice": "This customer or group is gone. Choose again."},
        )
        customers = [(str(one.pk), one.name) for one in Customer.objects.order_by("name")]
        groups = [(f"{_GROUP}{one.pk}", one.label) for one in CustomerGroup.objects.all()]
        parts = [("Customers", customers), ("Groups", groups)] if groups else customers
        self.choices = [("", "any"), *parts]

    @staticmethod
    def chosen(rule: Any) -> str:
        """The choice that a rule holds."""
        if rule.group_id:
            return f"{_GROUP}{rule.group_id}"
        return str(rule.customer_id or "")

    def clean(self, value: Any) -> Any:
        said = str(super().clean(value))
        if said.startswith(_GROUP):
            return None, CustomerGroup.objects.get(pk=int(said.removeprefix(_GROUP)))
        return (Customer.objects.get(pk=int(said)) if said else None), None


class ZoneField(forms.ChoiceField):
    """A time zone; blank, where it may be, is the partner's. `kept`: the one that is chosen so far."""

    def __init__(self, *, blank: str = "", kept: str = "", **kwargs: Any) -> None:
        super().__init__(
            error_messages={
                "invalid_choice": "There is no zone %(value)s. Choose one of the list."
            },
            **kwargs,
        )
        found = zones.choices(kept)
        self.choices = [("", blank), *found] if blank else found


class SecretField(forms.CharField):
    """A secret: never sent to the browser again. Left blank where one is kept, that one stays."""

    def __init__(self, *, is_set: bool, help_text: str, **kwargs: Any) -> None:
        if is_set:
            help_text = f"It is set and not shown. Leave it blank to keep it. {help_text}"
        widget = forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False
        )
        super().__init__(
            widget=widget, required=not is_set, help_text=help_text, max_length=2_000, **kwargs
        )


def people() -> Any:
    """The partner's people who may be told: those who see alerts."""
    found = Person.objects.filter(is_active=True, customer_id=None)
    return found.filter(role__permissions__contains="alerts.view").order_by("name", "pk")

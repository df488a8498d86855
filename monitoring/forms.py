"""What a person enters to resolve a case. `up_to` freezes the list to what the page showed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from portal.core.moment_field import MomentField

_MONO = {"class": "mono"}


class FrozenForm(forms.Form):
    """A remedy for everything the page showed."""

    up_to = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class LookupForm(FrozenForm):
    """One row for a crosswalk."""

    code = forms.CharField(max_length=200, widget=forms.TextInput(attrs=_MONO))
    value = forms.CharField(
        label="becomes", max_length=200, widget=forms.TextInput(attrs={**_MONO, "list": "known"})
    )
    table = forms.ChoiceField(label="in")
    insist = forms.BooleanField(label="use it anyway", required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, tables: Sequence[tuple[str, str]], word: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = tables  # type: ignore[attr-defined]
        self.fields["code"].label = word

    def refuse(self, why: Exception) -> None:
        """The value leads nowhere; whoever knows better may insist."""
        self.add_error("value", str(why))
        self.fields["insist"].widget = forms.CheckboxInput()


class EditForm(forms.Form):
    """One document, changed by hand. Which one stands in the address."""

    payload = forms.CharField(
        label="Document",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "mono", "spellcheck": "false"}),
        help_text="The original stays as it came; the edited one is kept beside it.",
    )
    reason = forms.CharField(max_length=200, help_text="Stands in the history of the document.")


class RerouteForm(FrozenForm):
    """Another warehouse."""

    site = forms.ChoiceField(label="Send to")

    def __init__(self, *args: Any, sites: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = sites  # type: ignore[attr-defined]


class ReasonForm(FrozenForm):
    """Why."""

    reason = forms.CharField(
        label="Because",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "long"}),
        error_messages={"required": "Say why: it stands in the history of every document."},
    )


class SkipForm(ReasonForm):
    """Why, and which: of a fix those with one reason, else all."""

    fix = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    first = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class WaitForm(ReasonForm):
    """On whom, and why."""

    on = forms.ChoiceField(
        label="Wait on", choices=[("customer", "the customer"), ("third_party", "a third party")]
    )
    field_order = ("on", "reason")


class SnoozeForm(FrozenForm):
    """Until when, in the person's zone."""

    until = MomentField(label="Until")
    reason = forms.CharField(label="because", max_length=150, required=False)


class MappingForm(FrozenForm):
    """Which draft."""

    change = forms.ChoiceField(label="with the draft")

    def __init__(self, *args: Any, drafts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].choices = drafts  # type: ignore[attr-defined]


class ProductForm(FrozenForm):
    """An item that no system has told of."""

    sku = forms.CharField(label="Number", max_length=120, widget=forms.TextInput(attrs=_MONO))
    title = forms.CharField(label="called", max_length=200)
    uom = forms.CharField(label="counted in", max_length=10, initial="EA")

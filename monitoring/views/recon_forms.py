"""What a person enters for a reconciliation, and for a correction."""

from typing import Any

from django import forms

from monitoring.domain import reconcile_define
from monitoring.models import Reconciliation
from monitoring.reconcile import QuantityError, counted
from portal.customers.models import Customer

_STARTS = [(kind.value, kind.label.capitalize()) for kind in Reconciliation.Kind]


class NewForm(forms.Form):
    """Whose systems, and what of them; the sides come from the customer's endpoints."""

    customer = forms.ModelChoiceField(Customer.objects.all(), empty_label=None)
    kind = forms.ChoiceField(
        label="Compare", choices=_STARTS, help_text="The sides are the customer's endpoints."
    )
    label = forms.CharField(label="Name", max_length=80)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        customer, kind = given.get("customer"), given.get("kind")
        if customer and kind and reconcile_define.usual(customer, kind) is None:
            text = f"{customer.name} has no two endpoints that could be compared for this."
            raise forms.ValidationError(text)
        if customer and customer.reconciliations.filter(label=given.get("label")).exists():
            self.add_error("label", f"{customer.name} has one of this name. Choose another.")
        return given


class ScheduleForm(forms.Form):
    """When it runs."""

    enabled = forms.BooleanField(label="Runs by itself", required=False)
    hourly = forms.BooleanField(
        label="Every hour", required=False,
        help_text="Of stock a light run: items of class A, and what is used up.",
    )  # fmt: skip
    nightly_at = forms.TimeField(
        label="Every day at", required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text="In the customer's time zone. Empty: not.",
    )  # fmt: skip


class LimitsForm(forms.Form):
    """What may differ, how long one side may be behind, and from which worth on two people are asked."""

    value_limit = forms.DecimalField(
        label="Limit", min_value=0, max_digits=12, decimal_places=2,
        help_text="What is worth more needs a second person.",
    )  # fmt: skip
    interval_minutes = forms.IntegerField(
        label="One side may be behind", min_value=1, max_value=60 * 24,
        help_text="Minutes. What moved less than twice as long ago is under way.",
    )  # fmt: skip
    agreeing_runs = forms.IntegerField(
        label="Runs that agree", min_value=1, max_value=10, help_text="Before anybody is told."
    )
    piece = forms.DecimalField(
        label="Pieces may differ by", min_value=0, max_digits=12, decimal_places=3, required=False
    )
    weight_share = forms.DecimalField(
        label="Weight may differ by", min_value=0, max_value=100, max_digits=6, decimal_places=3,
        help_text="Per cent, or one unit if that is more.",
    )  # fmt: skip


class BooksForm(forms.Form):
    """What may differ between books: how long documents may take, and from which worth on two are asked."""

    value_limit = LimitsForm.base_fields["value_limit"]
    settle_days = forms.IntegerField(
        label="Days to book", min_value=1, max_value=90,
        help_text="How long an invoice or a credit note may take.",
    )  # fmt: skip
    agreeing_runs = LimitsForm.base_fields["agreeing_runs"]


class CorrectionForm(forms.Form):
    """What to do about a break, and why."""

    def __init__(self, *args: Any, quantity: str = "", pairs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if quantity:
            self.fields["quantity"] = forms.CharField(
                label="Adjust the ERP by", max_length=20, initial=quantity,
                help_text="The gap, or less of it.",
            )  # fmt: skip
        if pairs:
            self.fields["order"] = forms.CharField(
                label="Belongs to order",
                max_length=60,
                help_text="One of which something was shipped.",
            )
        self.fields["reason"] = forms.CharField(
            label="Why", max_length=300, help_text="It goes with the document, and into the log."
        )

    def clean_quantity(self) -> str:
        """As the domain takes it: without the signs that only people write."""
        given: str = self.cleaned_data["quantity"].replace("−", "-").replace("+", "")
        try:
            counted(given)
        except QuantityError as error:
            raise forms.ValidationError(f"{error} Write it as -2 or 2.5.") from None
        return given

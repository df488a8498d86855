"""What a person enters about an invoice: why, and how much is given back."""

from decimal import Decimal
from typing import Any

from django import forms

from billing.domain import credit_notes
from billing.domain.credit_notes import Left
from billing.models import Invoice
from integrations.views import spoken
from monitoring.seal import digest
from portal.core.money import parse_amount


class ReasonForm(forms.Form):
    """Why: it stays with the invoice."""

    reason = forms.CharField(label="Why", max_length=300, help_text="It stays with the invoice.")


class CreditForm(forms.Form):
    """An amount for each line of which something is left, and why. `lines` are its bound fields.

    `given` is what was given back when the form was shown: sent twice, it gives back once.
    """

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="The customer reads it. Wrong usage or terms are amended instead: the next invoice gives"
        " the difference back by itself.",
    )
    given = forms.CharField(widget=forms.HiddenInput, max_length=30)

    def __init__(self, invoice: Invoice, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["given"].initial = f"{credit_notes.given(invoice).net:f}"
        self.currency = invoice.currency
        self.left = credit_notes.left(invoice) if invoice.state in Invoice.STANDING else []
        for one in self.left:
            self.fields[self._name(one)] = forms.CharField(
                label=one.line.name, required=False, max_length=30,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "field": self[self._name(one)],
                "name": one.line.name,
                "left": spoken.amount(one.amount, self.currency),
            }
            for one in self.left
        ]

    @staticmethod
    def _name(one: Left) -> str:
        """That of its line, which stays when others are given back whole."""
        return f"line-{digest(one.line.key.encode())[:12]}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for one in self.left:
            self._read(given, self._name(one))
        return given

    def _read(self, given: dict[str, Any], name: str) -> None:
        text = (given.get(name) or "").replace(",", "").strip()
        try:
            given[name] = parse_amount(text) if text else Decimal(0)
        except ValueError:
            self.add_error(name, f"{text} is no amount. Write it like 12.50.")

    @property
    def amounts(self) -> dict[str, Decimal]:
        """By the key of the line, of those that were entered."""
        entered = ((one.line.key, self._name(one)) for one in self.left)
        return {
            key: self.cleaned_data[name] for key, name in entered if self.cleaned_data.get(name)
        }

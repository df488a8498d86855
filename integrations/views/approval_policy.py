"""Who has to approve a customer's changes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.domain import approval, differences
from integrations.models import Kind
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.customers.models import Customer

CHOICES = (
    (approval.TWO, "somebody other than the author"),
    (approval.ONE, "the author may, too"),
)


class PolicyForm(forms.Form):
    """One choice for each kind of change, and for edits of held documents."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in differences.NOUNS:
            label = Kind(kind).label.capitalize()
            self.fields[kind] = forms.ChoiceField(label=label, choices=CHOICES)
        self.fields[approval.AMOUNT] = forms.ChoiceField(
            label="Edited amount",
            choices=CHOICES,
            help_text="A held document is edited and is then worth something else.",
        )
        self.fields[approval.SKIP] = forms.ChoiceField(
            label="Skipped documents",
            choices=CHOICES,
            help_text="Of the kinds that matter: documents end without effect.",
        )
        self.fields[approval.STOCK] = forms.ChoiceField(
            label="Corrected differences",
            choices=CHOICES,
            help_text="Of a reconciliation, worth more than its limit.",
        )
        self.fields[approval.RESOURCE] = forms.ChoiceField(
            label="Published resources",
            choices=CHOICES,
            help_text="A table of a system is opened to callers of the API.",
        )


@requires("people.manage")
def policy(request: HttpRequest) -> HttpResponse:
    """The customer in the address; without one the first."""
    select, chosen = customer_filter(request)
    customer = chosen or Customer.objects.first()
    if customer is None:
        return redirect("/changes/")
    form = PolicyForm(request.POST or None, initial=approval.policy_of(customer))
    if request.method == "POST" and form.is_valid():
        approval.set_policy(customer, form.cleaned_data, actor=request.user.name)  # type: ignore[union-attr]
        messages.success(request, f"Changes of {customer.name} are approved like this from now on")
        return redirect(f"{request.path}?customer={customer.slug}")
    context = {"form": form, "customer": customer, "filters": [select], "clear_url": ""}
    status = 422 if form.errors else 200
    return render(request, "integrations/approval_policy.html", context, status=status)

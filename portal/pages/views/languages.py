"""Which language the people of customers are spoken to in as long as they choose none themselves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.accounts.rules import requires
from portal.customers import languages
from portal.customers.models import Customer
from portal.tenants.models import Partner

EVERYBODY = "everybody"


class LanguagesForm(forms.Form):
    """A choice for everybody, and one for each customer. Whoever works for some customers chooses for these
    only."""

    def __init__(
        self, data: Any, *, partner: Partner, customers: Sequence[Customer], whole: bool
    ) -> None:
        super().__init__(data)
        self.customers = {f"customer-{one.pk}": one for one in customers}
        if whole:
            self.fields[EVERYBODY] = _field(
                "Every customer", "as each browser asks for", partner.language
            )
        for name, one in self.customers.items():
            self.fields[name] = _field(one.name, "as every customer", one.language)

    def changed(self) -> list[tuple[Customer, str]]:
        """The customers whose choice is another one than before."""
        given = self.cleaned_data
        return [
            (one, given[name]) for name, one in self.customers.items() if name in self.changed_data
        ]


def _field(label: str, none: str, now: str) -> forms.ChoiceField:
    choices = [("", none), *languages.CHOICES.items()]
    wrong = {"invalid_choice": "%(value)s is no language of these pages. Choose one of the list."}
    return forms.ChoiceField(
        label=label, choices=choices, required=False, initial=now, error_messages=wrong
    )


@requires("customers.edit")
def page(request: HttpRequest) -> HttpResponse:
    """All of them on one page: there are as many customers as a person knows by name."""
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    whole = not request.user.is_limited  # type: ignore[union-attr]
    form = LanguagesForm(
        request.POST or None, partner=partner, customers=list(Customer.objects.all()), whole=whole
    )
    if request.method == "POST" and form.is_valid():
        _keep(form, partner)
        messages.success(request, "Saved. It holds from their next page and mail on")
        return redirect("customer-languages")
    status = 422 if form.errors else 200
    return render(request, "customers/languages.html", {"form": form}, status=status)


@transaction.atomic
def _keep(form: LanguagesForm, partner: Partner) -> None:
    if EVERYBODY in form.changed_data:
        languages.choose_for_all(partner, form.cleaned_data[EVERYBODY])
    for customer, language in form.changed():
        languages.choose(customer, language)

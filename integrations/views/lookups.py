"""Lookup tables: which there are, and a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.domain import lookups as verbs
from integrations.models import LookupTable
from integrations.queries import lookup_seen
from integrations.views import lookups_words
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.core.manner import number
from portal.customers.models import Customer

_VALUE = LookupTable.Default.VALUE


class DefaultForm(forms.Form):
    """What a code without a row does."""

    default = forms.ChoiceField(label="A code without a row", choices=LookupTable.Default.choices)
    default_value = forms.CharField(label="Fixed value", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("default") != _VALUE:
            data["default_value"] = ""
        elif not data.get("default_value"):
            self.add_error("default_value", "Say which value is used.")
        return data


class TableForm(DefaultForm):
    """A new table."""

    name = forms.RegexField(
        r"^[a-z][a-z0-9_]*$",
        max_length=40,
        help_text="As mappings ask for it: small letters, digits and _.",
        error_messages={
            "invalid": "A name begins with a letter and has small letters, digits and _."
        },
    )
    customer = forms.ModelChoiceField(
        Customer.objects.all(), required=False, empty_label="all customers"
    )
    field_order = ("name", "customer", "default", "default_value")


@requires("lookups.edit")
def lookups(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    found = LookupTable.objects.select_related("customer").annotate(size=Count("rows"))
    if customer:
        found = found.filter(Q(customer=customer) | Q(customer=None))
    tables = list(found.order_by("name", "customer__name"))
    unmapped = lookup_seen.unmapped(tables)
    action = {"label": "New lookup table", "url": "/lookups/new/"}
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "tables": [_table(table, len(unmapped[table.pk])) for table in tables],
        "empty": None if tables else {"text": "No lookup table yet.", "action": action},
    }
    return render(request, "integrations/lookups.html", context)


def _table(table: Any, unmapped: int) -> dict[str, Any]:
    return {
        **lookups_words.head(table),
        "size": number(table.size),
        "unmapped": number(unmapped) if unmapped else "none",
    }


@requires("lookups.edit")
def new_lookup(request: HttpRequest) -> HttpResponse:
    form = TableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            table = verbs.make(**form.cleaned_data)
        except verbs.NameTakenError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"{table.name} is there. Add its rows, or import them")
            return redirect(f"/lookups/{table.pk}/")
    status = 422 if form.errors else 200
    return render(request, "integrations/lookup_new.html", {"form": form}, status=status)

"""Another price for one charge of one account, from one month to another, with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from billing.domain import accounts as known
from billing.domain import subscriptions
from billing.models import Account, Subscription
from billing.plans import price_words, reading
from billing.plans.content import PlanCharge
from billing.rating import MODELS, TermsError
from billing.views.account_forms import MonthField
from billing.views.accounts import load
from billing.views.invoice import this_person
from portal.accounts.rules import requires

_LABELS = {
    "amount": "Amount", "unit_amount": "Each", "free_units": "Free units",
    "package_size": "Package of", "rate": "Percent", "fixed_amount": "For each event",
    "free_events": "Free events", "free_amount": "Free worth", "minimum": "At least",
    "maximum": "At most", "tiers": "Tiers",
}  # fmt: skip
_TIERS = "A line each: up to, price, fixed amount. The last one ends with no limit: write - for it."


class PriceForm(forms.Form):
    """A field for each term of the charge, as it is now; months; why."""

    begins = MonthField(label="First month")
    until = MonthField(label="Last month")
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, charge: PlanCharge, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.charge = charge
        self.names = list(MODELS[charge.model][1])
        prices = {name: self._field(name) for name in self.names}
        self.fields = {**prices, **self.fields}

    def _field(self, name: str) -> forms.Field:
        value = self.charge.terms.get(name)
        if name == "tiers":
            return forms.CharField(
                label="Tiers", max_length=5000, initial=_lines(value or []), help_text=_TIERS,
                widget=forms.Textarea(attrs={"rows": 6, "class": "mono"}),
            )  # fmt: skip
        return forms.CharField(
            label=_LABELS[name], required=False, max_length=30, initial=value,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )  # fmt: skip

    @property
    def terms(self) -> dict[str, Any]:
        """As the charge's model reads them. ValueError for lines that are no tiers."""
        given = {name: self.cleaned_data[name] for name in self.names if self.cleaned_data[name]}
        if "tiers" in given:
            price = "rate" if self.charge.model == "graduated_percentage" else "unit_amount"
            given["tiers"] = [
                _tier(line, price) for line in given["tiers"].splitlines() if line.strip()
            ]
        if str(given.get("free_events", "")).isdecimal():
            given["free_events"] = int(given["free_events"])
        return given


def _lines(tiers: list[dict[str, Any]]) -> str:
    return "\n".join(
        " ".join(
            [one.get("up_to") or "-", str(one.get("unit_amount", one.get("rate"))), *_flat(one)]
        )
        for one in tiers
    )


def _flat(tier: dict[str, Any]) -> list[str]:
    return [tier["flat_amount"]] if tier.get("flat_amount") else []


def _tier(line: str, price: str) -> dict[str, Any]:
    parts = line.replace(",", " ").split()
    if not 2 <= len(parts) <= 3:
        raise ValueError(f"{line.strip()} is no tier: write up to, price, fixed amount.")
    tier = {"up_to": None if parts[0] == "-" else parts[0], price: parts[1]}
    return {**tier, "flat_amount": parts[2]} if parts[2:] else tier


@requires("money.prices")
@require_http_methods(["GET", "POST"])
def price(request: HttpRequest, slug: str, pk: int, key: str) -> HttpResponse:
    one = load(slug)
    subscription, charge = _found(one, pk, key)
    this = known.this_month(one)
    form = PriceForm(charge, request.POST or None, initial={"begins": this})
    if (
        request.method == "POST"
        and form.is_valid()
        and _agreed(request, subscription, charge, form)
    ):
        messages.success(request, f"{charge.name} has a price of its own for {one.name}")
        return redirect(f"/billing/{slug}/")
    context = {
        "account": one,
        "address": f"/billing/{slug}/",
        "plan": str(subscription.version),
        "charge": charge.name,
        "now": price_words.price(charge, one.currency),
        "form": form,
    }
    return render(
        request, "billing/account_price.html", context, status=422 if form.errors else 200
    )


def _found(one: Account, pk: int, key: str) -> tuple[Subscription, PlanCharge]:
    found = one.subscriptions.select_related("version__plan").filter(pk=pk).first()
    charges = reading.read(found.version.content).charges if found else ()
    charge = next((each for each in charges if each.key == key), None)
    if found is None or charge is None:
        raise Http404
    return found, charge


def _agreed(
    request: HttpRequest, subscription: Subscription, charge: PlanCharge, form: PriceForm
) -> bool:
    """Whether it was kept; otherwise the form says why not."""
    given = form.cleaned_data
    try:
        subscriptions.override(
            subscription, charge.key, form.terms, begins=given["begins"], until=given["until"],
            reason=given["reason"], author=this_person(request),
        )  # fmt: skip
    except TermsError as error:
        for place, text in error.problems:
            name = place.partition("[")[0]
            said = text if name == place else f"{place}: {text}"
            form.add_error(name if name in form.fields else None, said)
        return False
    except ValueError as error:  # NotAgreedError, and lines that are no tiers
        form.add_error(None, str(error))
        return False
    return True

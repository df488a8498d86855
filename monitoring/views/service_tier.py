"""The tier of a customer: what it promises, side by side, and moving them to the other."""

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from monitoring import slo
from monitoring.domain import objectives
from monitoring.domain.objectives import NotPromisedError
from monitoring.models import Objective
from monitoring.promise_forms import TierForm
from monitoring.views import promise_words as words
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers.models import Customer

_LIST: Final = "/service-levels/?customer={slug}"


@requires("promises.edit")
def tier(request: HttpRequest, slug: str) -> HttpResponse:
    """The promises of both tiers beside those in force; agreed ones stay whatever the tier."""
    customer = Customer.objects.filter(slug=slug).first()
    if customer is None:
        raise Http404
    form = TierForm(
        request.POST or None,
        tier=objectives.tier_of(customer),
        windows=words.choices(_month(customer), customer.time_zone),
    )
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = _move(customer, form, request.user)
        except NotPromisedError as error:
            refused = str(error)
        else:
            said = f"{customer.name} is {form.cleaned_data['tier']}: {len(made)} promises changed"
            messages.success(request, said)
            return redirect(_LIST.format(slug=slug))
    context = {
        "customer": customer,
        "list_url": _LIST.format(slug=slug),
        "tier": objectives.tier_of(customer),
        "form": form,
        "refused": refused,
        "rows": _rows(customer, clock.now()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/service_tier.html", context, status=status)


def _month(customer: Customer) -> slo.TimeWindow:
    return slo.TimeWindow("M", zone=customer.time_zone)


def _move(customer: Customer, form: TierForm, person: Any) -> list[Objective]:
    given, month = form.cleaned_data, _month(customer).of(clock.now())
    since = month.begins if given["since"] == "running" else month.ends
    return objectives.set_tier(
        customer, given["tier"], since=since, why=given["why"], person=person
    )


def _rows(customer: Customer, now: datetime) -> list[dict[str, Any]]:
    in_force = {one.sli: one for one in objectives.in_force(customer.pk, now)}
    return [_row(customer, sli, in_force.get(sli)) for sli in objectives.USUAL]


def _row(customer: Customer, sli: str, now: Objective | None) -> dict[str, Any]:
    usual = {tier: objectives.usual(customer, sli, tier) for tier in slo.TIERS}
    title = usual["standard"].sli.title
    return {
        "title": title.replace(" within {limit}", "").replace(" no older than {limit}", ""),
        "now": words.terms(now.promise) if now else "",
        "agreed": now is not None and not now.tier,
        "tiers": [words.terms(usual[tier]) for tier in slo.TIERS],
    }

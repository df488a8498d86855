"""Routing rules in words, customer by customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.models import Endpoint, Flow, RoutingRules
from integrations.routing.lines import write_actions, write_conditions
from integrations.views import spoken
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.customers.models import Customer

MOST = 100


@requires("endpoints.view")
def routes(request: HttpRequest) -> HttpResponse:
    """The newest rules of each customer that routes orders, or could."""
    select, customer = customer_filter(request)
    routed = Flow.objects.filter(routed=True).values("customer")
    customers = Customer.objects.filter(pk__in=routed) | Customer.objects.filter(
        pk__in=RoutingRules.objects.values("customer")
    )
    if customer:
        customers = customers.filter(pk=customer.pk)
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "sets": _sets(list(customers.distinct()[:MOST])),
        "may_edit": request.user.may("mappings.edit"),  # type: ignore[union-attr]
    }
    return render(request, "integrations/routes.html", context)


def _sets(customers: list[Customer]) -> list[dict[str, Any]]:
    newest = RoutingRules.objects.filter(customer__in=customers).order_by("customer_id", "-version")
    by_customer = {r.customer_id: r for r in newest.distinct("customer_id")}
    sites = _sites(customers)
    return [
        {
            "customer": customer,
            "sites": ", ".join(sites.get(customer.pk, ())) or "no site yet",
            **_rules(by_customer.get(customer.pk)),
        }
        for customer in customers
    ]


def _sites(customers: list[Customer]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Endpoint.objects.filter(customer__in=customers).exclude(site="")
    for owner, site in rows.order_by("site").values_list("customer_id", "site").distinct():
        found.setdefault(owner, []).append(site)
    return found


def _rules(found: RoutingRules | None) -> dict[str, Any]:
    if found is None:
        return {"version": "", "since": "", "rules": []}
    return {
        "version": f"v{found.version}",
        "since": spoken.moment(found.created_at),
        "rules": [
            {
                "n": rule["n"],
                "when": write_conditions(rule["if"]).splitlines() or ["every order"],
                "then": write_actions(rule["then"]).splitlines(),
            }
            for rule in found.rules
        ],
    }

"""The flow map: what goes from where to where right now, what goes wrong, and what is slow."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.connectors import registry
from integrations.models import Endpoint
from integrations.queries import failures, flow_rates, volumes
from integrations.queries.failures import Failures
from integrations.queries.flow_rates import Rate
from integrations.queries.windows import Window
from integrations.views import spoken, traffic_charts
from integrations.views.endpoint_words import condition
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.core import clock, panels
from portal.core.charts.graphs import MOST_EDGES, Edge, Node, State, graph
from portal.core.manner import number
from portal.core.panels import Panel
from portal.customers.models import Customer

BASE = "/flow-map/"
MOST_SLOW = 10
_FLOWS = "integrations/flow_map/flows.html"
_ERRORS = "integrations/flow_map/errors.html"
_SLOWEST = "integrations/flow_map/slowest.html"


def _flows(request: HttpRequest) -> dict[str, Any]:
    customer = _customer(request)
    if customer is None:
        return {"graph": None, "customer": "", "more": 0}
    found = flow_rates.rates(customer.pk, clock.now())
    seen = found[:MOST_EDGES]
    return {
        "graph": graph(_nodes(seen), [_edge(rate, customer) for rate in seen]) if seen else None,
        "customer": customer.name,
        "rows": [_row(rate) for rate in seen],
        "more": len(found) - len(seen),
    }


def _customer(request: HttpRequest) -> Customer | None:
    """The one in the address, else the one with the most going on, else the first."""
    slug = request.GET.get("customer", "")
    if chosen := Customer.objects.filter(slug=slug).first() if slug else None:
        return chosen
    busiest = flow_rates.busiest_customer(clock.now())
    return Customer.objects.filter(pk=busiest or 0).first() or Customer.objects.first()


def _nodes(rates: list[Rate]) -> list[Node]:
    ends = [end for rate in rates for end in (rate.flow.source, rate.flow.target)]
    endpoints = {endpoint.pk: endpoint for endpoint in ends}
    return [_node(one) for one in sorted(endpoints.values(), key=lambda one: one.label)]


def _node(endpoint: Endpoint) -> Node:
    now = condition(endpoint)
    states: dict[str, State] = {"bad": "bad", "risk": "warn"}
    word = f"{now.word} {now.since}".strip() if now.shape in states else ""
    url = f"/endpoints/{endpoint.slug}/"
    return Node(str(endpoint.pk), endpoint.label, url, states.get(now.shape, ""), word)


def _edge(rate: Rate, customer: Customer) -> Edge:
    flow = rate.flow
    return Edge(
        source=str(flow.source_id),
        target=str(flow.target_id),
        label=f"{_what(flow.object_type)} from {flow.source.label}",
        rate=rate.hour.sent,
        said=_said(rate),
        url=f"/flows/?customer={customer.slug}",
        state=_state(rate),
    )


def _what(object_type: str) -> str:
    return object_type.replace("_", " ")


def _state(rate: Rate) -> State:
    if rate.queue.held or condition(rate.flow.target).shape == "bad":
        return "bad"
    return "warn" if rate.queue.waiting and rate.hour.retried else ""


def _said(rate: Rate) -> str:
    said = f"{number(rate.quarter.sent)} in 15 min, {number(rate.hour.sent)} in 1 h"
    return f"{said}, {number(rate.queue.held)} held" if rate.queue.held else said


def _row(rate: Rate) -> dict[str, Any]:
    return {
        "source": rate.flow.source.label,
        "target": rate.flow.target.label,
        "what": _what(rate.flow.object_type),
        "quarter": number(rate.quarter.sent),
        "hour": number(rate.hour.sent),
        "retried": number(rate.hour.retried),
        "waiting": number(rate.queue.waiting),
        "oldest": spoken.age(rate.queue.oldest) or "none",
        "held": rate.queue.held,
    }


def _mappings(request: HttpRequest) -> dict[str, Any]:
    found = failures.by_mapping(clock.now(), customer_id=_chosen_id(request))
    return {"rows": [_failure(row, name=row.name) for row in found]}


def _connectors(request: HttpRequest) -> dict[str, Any]:
    found = failures.by_connector(clock.now(), customer_id=_chosen_id(request))
    return {"rows": [_failure(row, name=_label(row.name)) for row in found]}


def _label(connector: str) -> str:
    return registry.get(connector).manifest.label


def _failure(row: Failures, *, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "code": row.code,
        "url": f"/desk/?cause={row.code}",
        "documents": number(row.documents),
        "last": spoken.moment(row.last),
    }


def _chosen_id(request: HttpRequest) -> int | None:
    slug = request.GET.get("customer", "")
    if not slug:
        return None
    return Customer.objects.filter(slug=slug).values_list("pk", flat=True).first()


def _slowest(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    window = Window(hour - timedelta(hours=1), hour + timedelta(hours=1))
    chosen = _chosen_id(request)
    mine = {"customer_id": chosen} if chosen else {}
    out = volumes.delays(window, kind="out", keys=("endpoint_id",), **mine)
    answers = volumes.delays(window, kind="answer", keys=("endpoint_id",), **mine)
    p95 = {key[0]: traffic_charts.percentile(found, 0.95) or 0.0 for key, found in out.items()}
    slowest = sorted(p95, key=lambda pk: -p95[pk])[:MOST_SLOW]
    endpoints = Endpoint.objects.select_related("customer").in_bulk(slowest)
    return {
        "rows": [
            {
                "name": endpoints[pk].label,
                "url": f"/endpoints/{endpoints[pk].slug}/",
                "customer": endpoints[pk].customer.name,
                "documents": f"{number(sum(out[pk,].values()))}",
                "half": _length(out[pk,], 0.5),
                "most": _length(out[pk,], 0.95),
                "answer": _length(answers.get((pk,), {}), 0.95),
            }
            for pk in slowest
            if pk in endpoints
        ]
    }


def _length(delays: Any, share: float) -> str:
    found = traffic_charts.percentile(delays, share)
    return "none" if found is None else traffic_charts.about(found)


PANELS = {
    "flows": Panel("What goes where", _FLOWS, _flows),
    "mappings": Panel("Errors by mapping version, 24 h", _ERRORS, _mappings),
    "connectors": Panel("Errors by kind of system, 24 h", _ERRORS, _connectors),
    "slowest": Panel("Slowest endpoints, this hour and the last", _SLOWEST, _slowest),
}


@requires("endpoints.view")
def flow_map(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    context = {
        "filters": [select] if len(select["options"]) > 1 else [],
        "clear_url": BASE if customer else "",
        "panels": panels.shown(request, PANELS, base=BASE),
    }
    return render(request, "integrations/flow_map.html", context)


@requires("endpoints.view")
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel again, or nothing where it has not changed."""
    return panels.answer(request, PANELS, slug, base=BASE)

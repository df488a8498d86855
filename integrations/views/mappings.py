"""The mappings that flows use."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.canonical.schema import schema_of
from integrations.domain import configuration
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.flow_choices import taken_as
from integrations.domain.subjects import mapping_key
from integrations.mapping.check import missing
from integrations.models import ChangeRequest, Kind
from integrations.views.endpoint_words import object_words
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.customers.models import Customer

MOST_CUSTOMERS = 50


class Used(NamedTuple):
    endpoint: EndpointConfig
    object_type: str
    direction: Any


@requires("endpoints.view")
def mappings(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    customers = [customer] if customer else list(Customer.objects.all()[:MOST_CUSTOMERS])
    drafts = _drafts()
    rows = [
        _row(one, config, used, drafts)
        for one in customers
        for config in (configuration.of(one.pk),)
        for used in in_use(config)
    ]
    nothing = "No flow yet, so no mapping is used. Onboard an endpoint first."
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "mappings": rows,
        "empty": None if rows else {"text": nothing, "action": None},
    }
    return render(request, "integrations/mappings.html", context)


def in_use(config: Configuration) -> list[Used]:
    """Both mappings of each flow, each once."""
    found = {(u.endpoint.label, u.endpoint.id, u[1], u[2]): u for u in _of_flows(config)}
    return [found[key] for key in sorted(found)]


def _of_flows(config: Configuration) -> Iterator[Used]:
    for flow in config.flows:
        source, target = config.endpoints[flow.source_id], config.endpoints[flow.target_id]
        yield Used(source, flow.object_type, "in")
        yield Used(target, taken_as(flow.object_type, is_channel=target.channel is not None), "out")


def _drafts() -> dict[str, str]:
    """Who has an open draft of which mapping."""
    found = ChangeRequest.objects.filter(kind=Kind.MAPPING, state__in=ChangeRequest.OPEN)
    return dict(found.values_list("key", "author_name"))


def _row(
    customer: Customer, config: Configuration, used: Used, drafts: dict[str, str]
) -> dict[str, Any]:
    place = (used.endpoint.id, used.object_type, used.direction)
    rows = config.rows(*place)
    mapped = config.mapping(*place)
    lacks = missing(schema_of(used.object_type), rows) if used.direction == "in" else []
    way = "from" if used.direction == "in" else "to"
    key = mapping_key(used.endpoint.slug, used.object_type, used.direction)
    return {
        "title": f"{object_words(used.object_type)} {way} {used.endpoint.label}",
        "url": f"/mappings/{key.replace(' ', '/')}/",
        "customer": customer.name,
        "version": mapped.name.rpartition(" ")[2] if mapped and key in mapped.name else "default",
        "rows": len(rows),
        "missing": len(lacks),
        "draft": drafts.get(key, ""),
    }

"""What can be changed, one subject at a time, and what each says now.

A subject's content is plain JSON. The live tables, the history, a draft and a template all speak it,
and `configuration.build` makes everything that decides over documents from nothing else but it (and
the endpoints' secrets).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import time
from typing import Any, NamedTuple

from django.db.models import Q

from integrations.models import (
    Contract,
    Endpoint,
    Flow,
    Kind,
    LookupTable,
    MappingVersion,
    RoutingRules,
)
from portal.customers.models import Customer

Content = dict[str, Any]


class Subject(NamedTuple):
    """`customer_id` None: the partner's, for all customers. `key` names it within its kind."""

    customer_id: int | None
    kind: str
    key: str


Contents = dict[Subject, Content]


def owned_by(subject: Subject) -> dict[str, Any]:
    """The columns of what belongs to the subject's customer, or to the partner."""
    return {"customer_id": subject.customer_id}


def digest(content: Content | None) -> str:
    """SHA-256, in hex, of the content's JSON with sorted keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def mapping_key(endpoint: str, object_type: str, direction: str) -> str:
    return f"{endpoint} {object_type} {direction}"


def live(customer: Customer) -> Contents:
    """Everything that decides over the customer's documents, as the live tables have it now."""
    return {
        Subject(owner, kind, key): content
        for owner, kind, key, content in (
            (customer.pk, Kind.POLICY, "", _policy(customer)),
            *_endpoints(customer),
            *_mappings(customer),
            *_contracts(customer),
            *_flows(customer),
            *_rules(customer),
            *_lookups(customer),
            *_extensions(customer),
        )
    }


Found = Iterator[tuple[int | None, str, str, Content]]


def _policy(customer: Customer) -> Content:
    return {"zone": customer.time_zone, "policies": customer.policies}


def _endpoints(customer: Customer) -> Found:
    for e in Endpoint.objects.filter(customer=customer).order_by("pk"):
        yield customer.pk, Kind.ENDPOINT, e.slug, endpoint_content(e)


def endpoint_content(endpoint: Endpoint) -> Content:
    """An endpoint without its secrets."""
    return {
        "id": endpoint.pk,
        "label": endpoint.label,
        "connector": endpoint.connector,
        "settings": endpoint.settings,
        "state": endpoint.state,
        "site": endpoint.site,
        "pickup": endpoint.pickup,
        "channel": endpoint.channel,
        "rate": endpoint.rate_per_second,
        "concurrency": endpoint.concurrency,
    }


def _mappings(customer: Customer) -> Found:
    versions = MappingVersion.objects.filter(endpoint__customer=customer)
    newest = versions.order_by("endpoint_id", "object_type", "direction", "-version").distinct(
        "endpoint_id", "object_type", "direction"
    )
    for v in newest.select_related("endpoint"):
        key = mapping_key(v.endpoint.slug, v.object_type, v.direction)
        yield customer.pk, Kind.MAPPING, key, {"version": v.version, "rows": v.rows}


def _contracts(customer: Customer) -> Found:
    for c in Contract.objects.filter(endpoint__customer=customer).select_related("endpoint"):
        key = f"{c.endpoint.slug} {c.object_type}"
        yield customer.pk, Kind.CONTRACT, key, {"schema": c.schema}


def _flows(customer: Customer) -> Found:
    for flow in Flow.objects.filter(customer=customer).order_by("pk"):
        yield customer.pk, Kind.FLOW, flow.slug, flow_content(flow)


def flow_content(flow: Flow) -> Content:
    return {
        "id": flow.pk,
        "object": flow.object_type,
        "from": flow.source_id,
        "to": flow.target_id,
        "latency": flow.latency,
        "every_minutes": flow.every_minutes,
        "at_time": flow.at_time and flow.at_time.isoformat(),
        "routed": flow.routed,
        "enabled": flow.enabled,
        "drift": flow.drift,
    }


def time_of(content: Content) -> time | None:
    return time.fromisoformat(content["at_time"]) if content["at_time"] else None


def _rules(customer: Customer) -> Found:
    newest = RoutingRules.objects.filter(customer=customer).order_by("-version").first()
    if newest:
        yield (
            customer.pk,
            Kind.RULES,
            "",
            {"version": newest.version, "rules": newest.rules},
        )


def _lookups(customer: Customer) -> Found:
    """The partner's tables first: the customer's own are laid over them."""
    tables = LookupTable.objects.filter(Q(customer=None) | Q(customer=customer))
    for table in tables.prefetch_related("rows").order_by("customer_id", "name"):
        yield table.customer_id, Kind.LOOKUP, table.name, lookup_content(table)


def lookup_content(table: LookupTable) -> Content:
    rows = {row.code: row.value for row in table.rows.all()}
    return {"default": table.default, "default_value": table.default_value, "rows": rows}


def _extensions(customer: Customer) -> Found:
    for entity, namespaces in customer.extensions.items():
        for namespace, schema in namespaces.items():
            yield customer.pk, Kind.EXTENSION, f"{entity} {namespace}", {"schema": schema}


def without_number(content: Content) -> Content:
    """What a content says, without the number its live table gave it."""
    return {name: value for name, value in content.items() if name != "version"}

"""What the partner has now, by the names a file uses."""

from dataclasses import dataclass

from integrations.models import Endpoint, Flow, LookupTable, MappingVersion, RoutingRules
from portal.customers.models import Customer

MappingKey = tuple[str, str, str]  # endpoint, object type, direction
LookupKey = tuple[str, str]  # customer or "" for the whole partner, name


@dataclass
class Stored:
    """The rows of one partner. `rules` and `mappings` hold the newest version of each."""

    customers: dict[str, Customer]
    endpoints: dict[str, Endpoint]
    flows: dict[str, Flow]
    rules: dict[str, RoutingRules]
    lookups: dict[LookupKey, LookupTable]
    mappings: dict[MappingKey, MappingVersion]


def load() -> Stored:
    """Read everything, each kind in one query."""
    flows = Flow.objects.select_related("customer", "source", "target").order_by("slug")
    rules = RoutingRules.objects.select_related("customer").order_by("customer__slug", "version")
    lookups = LookupTable.objects.select_related("customer").prefetch_related("rows")
    versions = MappingVersion.objects.select_related("endpoint__customer").order_by(
        "endpoint__slug", "object_type", "direction", "version"
    )
    endpoints = Endpoint.objects.select_related("customer").prefetch_related("cursors")
    return Stored(
        customers={row.slug: row for row in Customer.objects.order_by("slug")},
        endpoints={row.slug: row for row in endpoints.order_by("slug")},
        flows={row.slug: row for row in flows},
        rules={row.customer.slug: row for row in rules},
        lookups=dict(sorted((_lookup_key(row), row) for row in lookups)),
        mappings={(row.endpoint.slug, row.object_type, row.direction): row for row in versions},
    )


def _lookup_key(table: LookupTable) -> LookupKey:
    return (table.customer.slug if table.customer else "", table.name)

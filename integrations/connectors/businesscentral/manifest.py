"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="businesscentral",
    label="Microsoft Dynamics 365 Business Central",
    category="erp",
    summary="Sales orders out; posted shipments, stock, items, customers, invoices and credit memos in.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="OAuth 2.0 client credentials of an application registered in Microsoft Entra ID.",
    reads=frozenset({"shipment", "inventory", "product", "customer", "invoice"}),
    writes=frozenset({"order"}),
    quality={
        "sales orders with all lines in one call": "done",
        "look before a repeated delivery": "done, by the external document number and the customer",
        "changes with If-Match, read again after a conflict": "done",
        "polling that resumes and cannot skip a changed row": "done",
        "stock: what stands still is told once": "done, over all locations: the API tells no others",
        "refusals in the system's own words": "done",
        "rate limits": "done: 15 calls a second for each process, Retry-After of 429 and 503",
        "tried against the real service": "todo: tried against golden payloads written from the vendor's "
        "published schema, not against the real service",
        "webhooks": "todo: lists are polled",
        "variants as products": "todo",
        "tracking numbers": "todo: API v2.0 tells none of a posted shipment",
        "snapshots for the comparison of stock and orders": "todo",
        "changed quantities of an order that is there": "todo: a person is asked",
    },
)

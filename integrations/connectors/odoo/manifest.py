"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="odoo",
    label="Odoo",
    category="erp",
    summary="Sales orders out; deliveries, stock, products, customers and invoices in.",
    capabilities=frozenset({"poll", "deliver", "snapshot"}),
    auth="A user's API key, for JSON-2 (Odoo 19 and later) and JSON-RPC (16 to 18).",
    reads=frozenset({"shipment", "inventory", "product", "customer", "invoice"}),
    writes=frozenset({"order"}),
    quality={
        "sales orders with all lines in one call": "done",
        "look before each order that is made": "done, by the customer's reference and the customer",
        "both protocols with the same tests": "done: JSON-2 and JSON-RPC",
        "polling that resumes and cannot skip a changed row": "done, behind the last id",
        "stock: what stands still is told once": "done",
        "fields that a version or a module has not": "done, each model is asked for its fields",
        "refusals in the system's own words": "done, those that come with status 200 too",
        "rate limits": "done: Retry-After of 429, and a call a second for Odoo Online",
        "snapshots for the comparison of stock and orders": "done",
        "tried against the real service": "todo: tried against golden payloads and a server of the "
        "tests, written from the vendor's published API, not against the real service",
        "changed lines of a confirmed order": "todo: a person is asked",
        "freight and order discounts": "todo: not sent as lines",
        "returns, receipts and price lists": "todo",
        "webhooks": "exempt: Odoo's automation rules send what each installation makes of them, unsigned",
    },
)

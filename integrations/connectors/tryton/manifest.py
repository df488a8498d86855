"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="tryton",
    label="Tryton",
    category="erp",
    summary="Orders and shipments out; shipments, stock, invoices, products and customers in.",
    capabilities=frozenset({"poll", "deliver", "snapshot"}),
    auth="A key of the user application REST, sent as a bearer token over TLS.",
    reads=frozenset({"shipment", "inventory", "invoice", "product", "customer"}),
    writes=frozenset({"order", "shipment"}),
    quality={
        "tried against Tryton 8.2": "done: docs/counterparts.md",
        "polling that resumes and cannot skip a changed row": "done",
        "look before an order is created, always": "done",
        "refusals in Tryton's own words": "done",
        "partial shipments, the rest stays to be shipped": "done",
        "cancelled orders, as long as Tryton has not begun": "done",
        "tax rules of parties": "done",
        "price lists": "exempt: Tryton computes prices by formula and has no list of them",
        "purchases and receipts": "todo",
        "rate limits": "exempt: REST has none; 429, 503 and a locked record (423) are tried again",
    },
)

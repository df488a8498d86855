"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="sap",
    label="SAP S/4HANA (OData)",
    category="erp",
    summary="Sales orders out; goods issues, stock, products, customers and billing documents in.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="OAuth 2.0 client credentials, or the user and password of a communication arrangement.",
    reads=frozenset({"shipment", "inventory", "product", "customer", "invoice"}),
    writes=frozenset({"order"}),
    quality={
        "sales orders with all items in one call": "done",
        "look before a repeated delivery": "done, by the customer's reference and the sold-to party",
        "token against forged requests, renewed once": "done",
        "changes with If-Match, read again after 412": "done",
        "polling that resumes and cannot skip a changed row": "done",
        "stock: what stands still is told once": "done",
        "refusals in the system's own words": "done",
        "rate limits": "done: Retry-After of 429 and 503",
        "tried against a system of others": "done for token, forged-request token, If-Match, orders, "
        "deliveries, products and invoices: mock-sap 0.22.0, itself no SAP system",
        "tried against the real service": "todo: golden payloads written from the vendor's published schema, "
        "not against the real service",
        "snapshots for the comparison of stock and orders": "todo",
        "changed quantities of an order that is there": "todo: a person is asked",
        "returns": "todo",
    },
)

"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="bigcommerce",
    label="BigCommerce",
    category="storefront",
    summary="Orders, products and customers in; shipments, stock and price lists out.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="The access token of a store-level API account, over TLS.",
    reads=frozenset({"order", "product", "customer"}),
    writes=frozenset({"shipment", "availability", "price_list"}),
    quality={
        "polling that resumes and cannot skip a changed row": "done",
        "order products and shipping addresses": "done: calls of their own for each order",
        "look before a repeated delivery": "done, by the shipment number in the comments",
        "several shipments of one order": "done",
        "stock in batches": "done",
        "rate limits": "done: X-Rate-Limit-* and 429",
        "orders to several addresses": "exempt: they are refused with a problem, for a person to split",
        "webhooks": "exempt: they carry an id only and are not signed; polls bring the order itself",
        "refunds as returns": "todo",
        "base prices of the catalogue": "todo: variants cannot be found by many SKUs at once",
        "tried against a real store": "todo: tried against golden payloads written from the vendor's"
        " published schema, not against the real service",
    },
)

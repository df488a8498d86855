"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="magento",
    label="Magento 2 and Adobe Commerce",
    category="storefront",
    summary="Orders, products, customers and credit memos in; shipments, stock and base prices out.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="An integration's four keys (calls are signed, OAuth 1.0), or its access token as bearer.",
    reads=frozenset({"order", "product", "customer", "return"}),
    writes=frozenset({"shipment", "availability", "price_list"}),
    quality={
        "polling that resumes and cannot skip a changed row": "done",
        "look before a repeated delivery": "done, by the shipment number in a comment",
        "several shipments of one order": "done",
        "configurable products and bundles": "done",
        "multi-source inventory": "done: one source for each endpoint",
        "errors in good answers": "done: prices",
        "rate limits": "exempt: Magento has none; 429 and 503 of its host are honoured",
        "webhooks": "exempt: Magento Open Source has none",
        "tier and special prices": "todo",
        "tried against a real shop": "todo: tried against golden payloads written from the vendor's"
        " published schema, not against the real service",
    },
)

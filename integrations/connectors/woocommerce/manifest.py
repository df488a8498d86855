"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="woocommerce",
    label="WooCommerce",
    category="storefront",
    summary="Orders, products, customers and refunds in; status, tracking, stock and prices out.",
    capabilities=frozenset({"webhook", "poll", "deliver", "snapshot"}),
    auth="Consumer key and secret of the REST API, sent as Basic authentication over TLS.",
    reads=frozenset({"order", "product", "customer", "return"}),
    writes=frozenset({"order", "shipment", "availability", "price_list"}),
    quality={
        "signed webhooks": "done",
        "two webhook secrets during rotation": "done",
        "polling that resumes and cannot skip a changed row": "done",
        "look before a repeated delivery": "done",
        "several shipments of one order": "done",
        "variations: stock and prices out": "done",
        "variations: reading them as products": "todo",
        "OAuth 1.0a for stores without TLS": "exempt: credentials do not travel without TLS",
        "rate limits": "exempt: WooCommerce has none; the host's 429 and 503 are honoured",
    },
)

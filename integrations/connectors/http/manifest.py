"""Who the connector is and what it can do."""

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="http",
    label="JSON over HTTP",
    category="generic",
    summary="Signed JSON webhooks in, JSON calls out, for systems with no connector of their own.",
    capabilities=frozenset({"webhook", "deliver"}),
    auth="In: HMAC-SHA256 as GitHub, Shopify, WooCommerce, Stripe and Standard Webhooks sign, a token or "
    "basic. Out: a secret header or OAuth 2.0.",
    reads=frozenset(OBJECT_TYPES),
    writes=frozenset(OBJECT_TYPES),
    quality={
        "signed webhooks": "done",
        "two webhook secrets during rotation": "done",
        "replay guard": "done for Stripe and Standard Webhooks; the other schemes sign no time",
        "look before a repeated delivery": "done, where a look-up address is entered",
        "idempotency key": "done",
        "polling": "exempt: a system that is polled is described in YAML, see REST",
        "OAuth 2.0": "done",
    },
)

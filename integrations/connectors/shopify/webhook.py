"""The door's check of a webhook: whose it is, what it speaks of, and whether it came before."""

from collections.abc import Mapping
from typing import Final

from integrations.connectors import signatures, webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from integrations.connectors.signatures import SHOPIFY
from portal.core import clock

_OBJECT_TYPES: Final = {
    **{
        f"orders/{event}": "order"
        for event in (
            "create",
            "updated",
            "paid",
            "cancelled",
            "fulfilled",
            "partially_fulfilled",
        )
    },
    "customers/create": "customer",
    "customers/update": "customer",
    "refunds/create": "return",
}
_LONGEST_ID: Final = 60


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The document in a webhook. Raises Refused: 401 for a wrong signature, 202 for what we do not read.

    `headers` by lower-case name.
    """
    secrets = webhook_secrets.of(connection)
    if secret := connection.secrets.get("client_secret"):
        secrets.append(secret.reveal())
    event = signatures.verify(SHOPIFY, headers, body, secrets, clock.now())
    topic = headers.get("x-shopify-topic", "")
    object_type = _OBJECT_TYPES.get(topic)
    if object_type is None:
        raise Refused(202, "topic", "Documents of this topic are not read.")
    known = 0 < len(event) <= _LONGEST_ID
    return Received(
        object_type, topic, body, event_key(f"{event}:{topic}", body) if known else None
    )


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook that is not signed."""
    signatures.check_headers(SHOPIFY, headers, clock.now())

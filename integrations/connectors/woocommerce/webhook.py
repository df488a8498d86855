"""The door's check of a webhook: whose it is, what it speaks of, and whether it came before."""

import re
from collections.abc import Mapping

from integrations.connectors import signatures, webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from integrations.connectors.signatures import WOOCOMMERCE
from portal.core import clock

_OBJECT_TYPES = {
    f"{resource}.{event}": object_type
    for resource, object_type in (
        ("order", "order"),
        ("product", "product"),
        ("customer", "customer"),
    )
    for event in ("created", "updated", "restored")
}
_PING_DIGITS = 2  # of its length: the ping has some 20 bytes
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")
_LONGEST_ID = 60
_SIGNATURE = "x-wc-webhook-signature"


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The document in a webhook. Raises Refused: 401 for a wrong signature, 202 for what we do not
    read, 200 for the ping that announces a new webhook (WooCommerce does not sign it).

    `headers` by lower-case name.
    """
    if _SIGNATURE not in headers:
        raise _unsigned(body)
    secrets = webhook_secrets.of(connection)
    delivery = signatures.verify(WOOCOMMERCE, headers, body, secrets, clock.now())
    topic = headers.get("x-wc-webhook-topic", "")
    object_type = _OBJECT_TYPES.get(topic)
    if object_type is None:
        raise Refused(202, "topic", "Documents of this topic are not read.")
    known = 0 < len(delivery) <= _LONGEST_ID
    return Received(
        object_type, topic, body, event_key(f"{delivery}:{topic}", body) if known else None
    )


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook that is neither signed nor short enough to be the ping."""
    if _SIGNATURE in headers:
        return
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or len(length) > _PING_DIGITS:
        raise _unsigned(b"")


def _unsigned(body: bytes) -> Refused:
    if _PING.fullmatch(body):
        return Refused(200, "ping", "Ready.")
    return Refused(401, "signature", "The X-WC-Webhook-Signature header is missing.")

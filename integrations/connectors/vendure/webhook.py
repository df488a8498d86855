"""The door's check of a webhook from the plugin that the README shows."""

from collections.abc import Mapping
from typing import Final

from integrations.connectors import signatures, webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received
from integrations.connectors.signatures import HMAC_HEX
from portal.core import clock

HEADER: Final = "X-Vendure-Signature"


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The order in a webhook. Raises Refused 401 for a wrong signature.

    `headers` by lower-case name. The plugin sends no event id: the hub tells repeats by the bytes.
    """
    secrets = webhook_secrets.of(connection)
    signatures.verify(HMAC_HEX, headers, body, secrets, clock.now(), header=HEADER)
    return Received("order", "orders.changed", body, None)


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook that is not signed."""
    signatures.check_headers(HMAC_HEX, headers, clock.now(), header=HEADER)

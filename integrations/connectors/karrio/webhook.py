"""The door's check of a webhook: whose it is, and whether it speaks of a shipment."""

from collections.abc import Mapping
from typing import Final

from integrations.connectors import signatures, webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from integrations.connectors.signatures import TOKEN
from integrations.mapping.decode import DecodeError, loads
from portal.core import clock

_HEADER: Final = "X-Event-Id"  # it holds the webhook's secret, whatever its name says
_LONGEST_ID: Final = 60


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The event in a webhook. Raises Refused: 401 for a wrong secret, 202 for what is not read."""
    secrets = webhook_secrets.of(connection)
    signatures.verify(TOKEN, headers, body, secrets, clock.now(), header=_HEADER)
    try:
        said = loads(body)
    except DecodeError:
        said = None
    event = str(said.get("event") or "") if isinstance(said, dict) else ""
    data = said.get("data") if isinstance(said, dict) else None
    if not event.startswith("shipment_") or not isinstance(data, dict):
        raise Refused(202, "topic", "Only events of shipments are read.")
    known = str(data.get("id") or "")
    fits = 0 < len(known) <= _LONGEST_ID
    return Received("shipment", event[:60], body, event_key(known, body) if fits else None)


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook without the secret."""
    signatures.check_headers(TOKEN, headers, clock.now(), header=_HEADER)

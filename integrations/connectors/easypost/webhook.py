"""The door's check of a webhook: whose it is, and whether it speaks of a parcel on its way."""

from collections.abc import Mapping

from integrations.connectors import signatures, webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from integrations.connectors.signatures import EASYPOST
from integrations.mapping.decode import DecodeError, loads
from portal.core import clock

_TOPICS = ("tracker.created", "tracker.updated")
_LONGEST_ID = 60


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The event in a webhook. Raises Refused: 401 for a wrong signature, 202 for what is not read."""
    secrets = webhook_secrets.of(connection)
    event = signatures.verify(EASYPOST, headers, body, secrets, clock.now())
    try:
        said = loads(body)
    except DecodeError:
        said = None
    topic = str(said.get("description") or "") if isinstance(said, dict) else ""
    if topic not in _TOPICS:
        raise Refused(202, "topic", "Only events of trackers are read.")
    known = 0 < len(event) <= _LONGEST_ID
    return Received("shipment", topic, body, event_key(event, body) if known else None)


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook without a signature."""
    signatures.check_headers(EASYPOST, headers, clock.now())

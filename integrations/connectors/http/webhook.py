"""The door's check of a webhook, under the scheme that its sender signs with."""

import json
from collections.abc import Mapping
from typing import Final

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors import signatures, webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from integrations.connectors.signatures import BASIC, SCHEMES, Scheme
from portal.core import clock

_LONGEST_ID: Final = 100


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The document in a webhook. Raises Refused 401 for a wrong or missing signature and for a time
    too far from ours, 202 for an object type there is none of.

    `headers` by lower-case name.
    """
    settings = connection.settings
    scheme = SCHEMES[settings["scheme"]]
    secrets = _secrets(scheme, connection)
    header = settings["signature_header"]
    event = signatures.verify(scheme, headers, body, secrets, clock.now(), header=header)
    if not scheme.names_event:
        event = headers.get(settings["event_id_header"].lower(), "")
    object_type = _object_type(headers, body, settings)
    known = 0 < len(event) <= _LONGEST_ID
    return Received(object_type, object_type, body, event_key(event, body) if known else None)


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook that no body could make good: unsigned, or of another time."""
    settings = connection.settings
    header = settings["signature_header"]
    signatures.check_headers(SCHEMES[settings["scheme"]], headers, clock.now(), header=header)


def _secrets(scheme: Scheme, connection: Connection) -> list[str]:
    secrets = webhook_secrets.of(connection)
    if scheme is not BASIC:
        return secrets
    return [f"{connection.settings['basic_user']}:{password}" for password in secrets]


def _object_type(headers: Mapping[str, str], body: bytes, settings: Mapping[str, str]) -> str:
    header, field = settings["object_type_header"], settings["object_type_field"]
    named = headers.get(header.lower()) if header else None
    if named is None and field:
        named = _named_in(body, field)
    object_type = named or settings["object_type"]
    if object_type not in OBJECT_TYPES:
        raise Refused(202, "topic", "Documents of this type are not read.")
    return object_type


def _named_in(body: bytes, field: str) -> str | None:
    """What the document says. One that is not JSON says nothing, and is stored to be held."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    named = document.get(field) if isinstance(document, dict) else None
    return named if isinstance(named, str) else None

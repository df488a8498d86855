"""The door's check of a webhook, under one of three schemes."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import Final

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors import webhook_secrets
from integrations.connectors.connection import Connection
from integrations.connectors.http.settings import STANDARD, TOKEN
from integrations.connectors.inbound import Received, Refused, event_key
from portal.core import clock

TOLERANCE: Final = 300.0  # seconds, as Standard Webhooks recommends
_LONGEST_ID: Final = 100


def admit(headers: Mapping[str, str], body: bytes, connection: Connection) -> Received:
    """The document in a webhook. Raises Refused 401 for a wrong or missing signature and for a time
    too far from ours, 202 for an object type there is none of.

    `headers` by lower-case name.
    """
    settings = connection.settings
    if settings["scheme"] == STANDARD:
        _check_standard(headers, body, connection)
        event = headers["webhook-id"]
    else:
        _check_header(headers, body, connection)
        event = headers.get(settings["event_id_header"].lower(), "")
    object_type = _object_type(headers, body, settings)
    known = 0 < len(event) <= _LONGEST_ID
    return Received(object_type, object_type, body, event_key(event, body) if known else None)


def check_headers(headers: Mapping[str, str], connection: Connection) -> None:
    """Raises Refused 401 for a webhook that no body could make good: unsigned, or of another time."""
    if connection.settings["scheme"] == STANDARD:
        _check_time(headers)
    else:
        _given(headers, connection.settings["signature_header"])


def _given(headers: Mapping[str, str], name: str) -> str:
    given = headers.get(name.lower())
    if given is None:
        raise Refused(401, "signature", f"The {name} header is missing.")
    return given


def _check_header(headers: Mapping[str, str], body: bytes, connection: Connection) -> None:
    name = connection.settings["signature_header"]
    given = _given(headers, name)
    if connection.settings["scheme"] == TOKEN:
        expected = [secret.encode() for secret in webhook_secrets.of(connection)]
    else:
        given = given.removeprefix("sha256=").lower()
        expected = [
            hmac.digest(secret.encode(), body, "sha256").hex().encode()
            for secret in webhook_secrets.of(connection)
        ]
    if not webhook_secrets.is_among(given, expected):
        raise Refused(401, "signature", f"The {name} header does not match the secret.")


def _check_standard(headers: Mapping[str, str], body: bytes, connection: Connection) -> None:
    """Standard Webhooks 1.0: base64 HMAC-SHA256 of `id.timestamp.body`, one good one is enough."""
    _check_time(headers)
    event, sent = headers["webhook-id"], headers["webhook-timestamp"]
    given = headers["webhook-signature"]
    signed = f"{event}.{sent}.".encode("latin-1", "replace") + body
    expected = [_sign(secret, signed) for secret in webhook_secrets.of(connection)]
    signatures = [part[3:] for part in given.split(" ")[:10] if part.startswith("v1,")]
    if not any(webhook_secrets.is_among(part, expected) for part in signatures):
        raise Refused(401, "signature", "The webhook-signature header does not match the secret.")


def _check_time(headers: Mapping[str, str]) -> None:
    _, sent, _ = (
        _given(headers, name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if not (sent.isascii() and sent.isdigit() and len(sent) < 16):
        raise Refused(401, "timestamp", "The webhook-timestamp header is not a time in seconds.")
    if abs(clock.now().timestamp() - int(sent)) > TOLERANCE:
        raise Refused(401, "timestamp", "The webhook-timestamp header is too far from our time.")


def _sign(secret: str, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = secret.encode()
    return base64.b64encode(hmac.digest(key, signed, "sha256"))


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

"""What a person enters for a system that speaks JSON over HTTP."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from integrations.connectors import access, webhook_secrets
from integrations.connectors.connection import Connection, Setting
from integrations.connectors.signatures import BASIC, HMAC_HEX, SCHEMES
from portal.core.errors import Permanent

SETTINGS = (
    Setting(
        "scheme",
        "How webhooks are signed",
        "Choose the sender's own name where it is listed, else what its documentation says. Token and HTTP "
        "basic only where it can do no better: they prove who sent it and not what.",
        required=False,
        default=HMAC_HEX.name,
        kind="choice",
        choices=tuple(SCHEMES),
        words=tuple(scheme.label for scheme in SCHEMES.values()),
        part="Documents that come",
    ),
    *webhook_secrets.settings(
        "The secret shared with the sender, the token, or the password of basic. Without one no "
        "webhook is taken."
    ),
    Setting(
        "signature_header",
        "Signature or token header",
        "Where the sender puts the HMAC or the token.",
        required=False,
        default="X-Hub-Signature-256",
        when=("scheme", tuple(s.name for s in SCHEMES.values() if s.chooses_header)),
    ),
    Setting(
        "basic_user",
        "User name of the sender",
        "Whom the sender says that it is.",
        required=False,
        default="",
        when=("scheme", BASIC.name),
    ),
    Setting(
        "event_id_header",
        "Event id header",
        "The header that is the same when one event is sent again.",
        required=False,
        default="X-Event-Id",
        when=("scheme", tuple(s.name for s in SCHEMES.values() if not s.names_event)),
        seldom=True,
    ),
    Setting(
        "object_type",
        "What comes in",
        "The object type of a document that does not say it itself.",
        required=False,
        default="order",
    ),
    Setting(
        "object_type_header",
        "Object type header",
        "The header that names the object type, if the sender has one.",
        required=False,
        default="",
        seldom=True,
    ),
    Setting(
        "object_type_field",
        "Object type field",
        "The field of the JSON object that names the object type, if it has one.",
        required=False,
        default="",
        seldom=True,
    ),
    Setting(
        "url",
        "Base address",
        "Where documents are sent, such as https://erp.example.com/api. Empty: nothing is sent.",
        required=False,
        default="",
        kind="url",
        place=True,
        part="Documents that go",
    ),
    Setting(
        "auth_header",
        "Header for the secret",
        "Which header carries the secret with every call.",
        required=False,
        default="Authorization",
    ),
    Setting(
        "auth_token",
        "Secret header value",
        "The whole value, such as Bearer 1234. It may go beside an access token, under another header.",
        secret=True,
        required=False,
    ),
    *access.SETTINGS,
    Setting(
        "calls",
        "Calls",
        "One per line: object type (or *), method, path. In the path {business_key}, "
        "{object_type}, {remote_id} and {message_id} stand for the document's own.",
        required=False,
        default=("* POST /{object_type}",),
        kind="lines",
    ),
    Setting(
        "look_ups",
        "Look-ups",
        "Asked before a delivery that may have arrived already is repeated. One per line: object "
        "type (or *), GET, path. 200 means that it arrived, 404 that it did not.",
        required=False,
        default=(),
        kind="lines",
        seldom=True,
    ),
    Setting(
        "idempotency_header",
        "Idempotency header",
        "The header that carries the same key with every try of one delivery.",
        required=False,
        default="Idempotency-Key",
        seldom=True,
    ),
    Setting(
        "conflict_confirms",
        "409 means it is there already",
        "For systems that answer a repeated delivery with 409.",
        required=False,
        default=False,
        kind="flag",
        seldom=True,
    ),
    Setting(
        "id_field",
        "Id in the answer",
        "The field of the answer that holds the system's own id.",
        required=False,
        default="id",
        seldom=True,
    ),
    Setting(
        "check_path",
        "Path of the connection test",
        "Asked with GET by the connection test.",
        required=False,
        default="/",
        seldom=True,
    ),
)

_LINE: Final = re.compile(r"([a-z_]+|\*)\s+(GET|POST|PUT|PATCH)\s+(/\S*)")
_PLACE: Final = re.compile(r"\{(business_key|object_type|remote_id|message_id)\}")


class Call(NamedTuple):
    """One kind of call: the parts of its path alternate between fixed text and names of values."""

    method: str
    parts: tuple[str, ...]


def calls(connection: Connection, name: str) -> Mapping[str, Call]:
    """Object type (or `*`) → call, from the setting `name`. Permanent for an unreadable line."""
    return dict(_parse(line, name) for line in connection.lines(name))


def _parse(line: str, name: str) -> tuple[str, Call]:
    match = _LINE.fullmatch(line)
    if match is None or re.search(r"[{}?#\\]", _PLACE.sub("", match[3])):
        raise Permanent(
            f"The setting {name} has an unreadable line: {line[:80]}", code="bad_setting"
        )
    return match[1], Call(match[2], tuple(_PLACE.split(match[3])))

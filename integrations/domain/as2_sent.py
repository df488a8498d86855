"""Files that go out over AS2: what is known of each before it is sent, and what its receipt has to say."""

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from integrations.connectors import as2_partner
from integrations.domain.configuration import EndpointConfig
from integrations.models import As2Went
from portal.core import clock
from portal.jobs import lanes

LANE = "as2"


def announce(target: EndpointConfig, interchange_id: UUID, file_name: str, body: bytes) -> None:
    """Note the message of a file before it is sent: its receipt may come before the sending ends."""
    if not _speaks_as2(target):
        return
    message_id = as2_partner.message_id_of(target.connection, file_name, body)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO integrations_as2went AS w
                (endpoint_id, message_id, interchange_id, state, unread, said)
            VALUES (%s, %s, %s, 'sending', false, '')
            ON CONFLICT (endpoint_id, message_id) DO UPDATE SET at = now(),
                state = CASE WHEN w.state = 'refused' THEN 'sending' ELSE w.state END
            """,
            [target.id, message_id, interchange_id],
        )


def note(
    target: EndpointConfig, interchange_id: UUID, answer: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """Keep what came back for a message. Returns what people are shown, and whether its documents are
    confirmed by it: a receipt says that the file arrived, which is the last word only where the partner is
    not expected to acknowledge documents."""
    shown = dict(answer)
    kept = shown.pop("as2", None)
    if kept is None:
        return shown, False
    expected = {
        name: kept[name] for name in ("mic", "mic_algorithm", "receipt", "signed", "mic_needed")
    }
    proof = kept["proof"]
    known = As2Went.objects.filter(endpoint=target.id, message_id=kept["message_id"])
    if proof:
        known.update(
            expected=expected, state=As2Went.State.PROVEN, receipt_headers=proof["headers"],
            receipt_body=base64.b64decode(proof["body"]), receipt_at=clock.now(), unread=False,
        )  # fmt: skip
        return shown, confirms(target)
    state = As2Went.State.AWAITED if kept["receipt"] else As2Went.State.UNASKED
    known.exclude(state=As2Went.State.PROVEN).update(expected=expected, state=state)
    lanes.wake(LANE, str(target.id))
    return shown, False


def confirms(target: EndpointConfig) -> bool:
    """Whether a receipt is the partner's last word about documents."""
    return float(target.connection.settings.get("ack_hours") or 0) <= 0


def _speaks_as2(target: EndpointConfig) -> bool:
    return bool(target.connector.as2 and target.connector.as2(target.connection))

"""Answers on their way to the partner who sent something: documents that no flow carries."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from portal.core.cursors import binary_cursor
from portal.core.ids import uuid7
from portal.jobs import lanes


class Answer(NamedTuple):
    """A document as JSON, and the order it speaks of with its key, where it speaks of one."""

    body: bytes
    order_id: UUID | None = None
    key: str = ""


def queue(
    customer_id: int,
    endpoint_id: int,
    answers: Sequence[Answer],
    *,
    cause: str,
    to: UUID | None = None,
) -> None:
    """Queue answers for an endpoint. How long they take is counted from when the message `to` came."""
    bodies = [answer.body for answer in answers]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH a AS (
                SELECT * FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::uuid[], %b::text[])
                AS a(id, sha, body, order_id, key)
            ), stored AS (
                INSERT INTO integrations_payload (sha256, body, content_type)
                SELECT DISTINCT ON (sha) sha, body, 'application/json' FROM a ON CONFLICT DO NOTHING
            ), made AS (
                INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type,
                    topic, state, payload_id, business_key, mapping, part, attempts, lane, order_id,
                    source_at)
                SELECT id, 'out', %s, %s, 'acknowledgement', '', 'waiting', sha, key, '', 0, 0, 1, order_id,
                    (SELECT created_at FROM integrations_message WHERE id = %s) FROM a
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, '', 'waiting', '', %s FROM a
            """,
            [
                [uuid7() for _ in bodies], [sha256(body).digest() for body in bodies], bodies,
                [answer.order_id for answer in answers], [answer.key for answer in answers],
                endpoint_id, customer_id, to, cause,
            ],
        )  # fmt: skip
    lanes.wake("deliver", str(endpoint_id))

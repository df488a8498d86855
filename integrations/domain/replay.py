"""What a person does with held messages: replay, edit, skip, retry, send elsewhere.

Every verb writes who did it and why, closes the problems it answers, and wakes the lanes.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction

from integrations.domain import problems
from portal.jobs import lanes


@transaction.atomic
def replay(message_ids: Sequence[UUID], *, actor: str, cause: str) -> int:
    """Send held messages through again, each from where it stopped. Returns how many. `actor` empty:
    the pipeline found that their problem is gone.

    Order per object is kept: messages are worked off in the order in which they came.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS (
                SELECT id, direction FROM integrations_message WHERE id = ANY(%s) AND state = 'held'
                ORDER BY id FOR UPDATE
            ), moved AS (
                UPDATE integrations_message m SET due_at = NULL, updated_at = now(), attempts = 0,
                    interchange_id = NULL,
                    state = CASE m.direction WHEN 'in' THEN 'received' ELSE 'waiting' END
                FROM chosen WHERE m.id = chosen.id
                RETURNING m.id, m.direction, m.customer_id, m.endpoint_id
            ), told AS (
                INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
                SELECT id, 'held', CASE direction WHEN 'in' THEN 'received' ELSE 'waiting' END, %s, %s
                FROM moved ORDER BY id
            )
            SELECT id, direction, customer_id, endpoint_id FROM moved
            """,
            [list(message_ids), actor[:80], cause[:300]],
        )
        moved = cursor.fetchall()
    problems.close_problems([row[0] for row in moved], actor=actor, cause=cause)
    for _, direction, customer_id, endpoint_id in moved:
        if direction == "in":
            lanes.wake("translate", str(customer_id))
        else:
            lanes.wake("deliver", str(endpoint_id))
    return len(moved)


@transaction.atomic
def skip(message_ids: Sequence[UUID], *, actor: str, reason: str) -> int:
    """End held messages without effect, with the reason; accept what was only remarked on the others.

    Returns how many were held.
    """
    if not reason.strip():
        raise ValueError("Skipping needs a reason.")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS (
                SELECT id FROM integrations_message WHERE id = ANY(%s) AND state = 'held'
                ORDER BY id FOR UPDATE
            ), moved AS (
                UPDATE integrations_message m SET state = 'skipped', updated_at = now()
                FROM chosen WHERE m.id = chosen.id RETURNING m.id, m.endpoint_id, m.direction
            ), told AS (
                INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
                SELECT id, 'held', 'skipped', %s, %s FROM moved ORDER BY id
            )
            SELECT id, endpoint_id, direction FROM moved
            """,
            [list(message_ids), actor[:80], reason[:300]],
        )
        moved = cursor.fetchall()
    problems.close_problems(message_ids, actor=actor, cause=f"skipped: {reason}")
    for _, endpoint_id, direction in moved:  # later versions of the same record may go now
        if direction == "out":
            lanes.wake("deliver", str(endpoint_id))
    return len(moved)


class NotEditableError(ValueError):
    """The edited document is not what its format asks for; the text says where."""


@transaction.atomic
def edit_and_replay(message_id: UUID, body: bytes, *, actor: str, reason: str) -> int:
    """Replace a held inbound document's bytes and replay it. The original stays in its events."""
    if body.lstrip()[:1] in (b"{", b"["):
        try:
            json.loads(body)
        except ValueError as error:
            raise NotEditableError(f"This is not JSON: {error}") from error
    digest = sha256(body).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH old AS (
                SELECT id, payload_id FROM integrations_message
                WHERE id = %s AND state = 'held' AND direction = 'in' FOR UPDATE
            ), stored AS (
                INSERT INTO integrations_payload (sha256, body, content_type)
                SELECT %s, %s, coalesce((SELECT content_type FROM integrations_payload
                    WHERE sha256 = old.payload_id), 'application/json') FROM old
                ON CONFLICT (sha256) DO NOTHING
            ), told AS (
                INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause,
                    payload_id) SELECT id, 'held', 'edited', %s, %s, payload_id FROM old
            )
            UPDATE integrations_message m SET payload_id = %s FROM old WHERE m.id = old.id
            """,
            [message_id, digest, body, actor[:80], reason[:300], digest],
        )
        if not cursor.rowcount:
            return 0
    return replay([message_id], actor=actor, cause=f"edited: {reason}")

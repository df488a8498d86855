"""Sending again what a system should have and has not, however it was lost there."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from integrations.domain import replay
from portal.jobs import lanes


@transaction.atomic
def again(message_ids: Sequence[UUID], *, actor: str, cause: str) -> int:
    """Send these outbound messages once more. Returns how many are on their way now.

    Each goes as a repeat: with the same idempotency key, or after a look whether it is there. A file of a
    partner who acknowledges goes under new control numbers, since the old ones are used up.
    """
    held = replay.replay(message_ids, actor=actor, cause=cause)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ours AS (
                SELECT id, state FROM integrations_message WHERE id = ANY(%s) AND direction = 'out'
                AND state IN ('delivered', 'confirmed') ORDER BY id FOR UPDATE
            ), moved AS (
                UPDATE integrations_message m SET state = 'waiting', due_at = NULL, lease_until = NULL,
                    interchange_id = NULL, attempts = greatest(m.attempts, 1), updated_at = now()
                FROM ours WHERE m.id = ours.id RETURNING m.id, m.endpoint_id
            ), told AS (
                INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
                SELECT id, state, 'waiting', %s, %s FROM ours ORDER BY id
            )
            SELECT endpoint_id FROM moved
            """,
            [list(message_ids), actor[:80], cause[:300]],
        )
        endpoints = [row[0] for row in cursor.fetchall()]
    for endpoint_id in set(endpoints):
        lanes.wake("deliver", str(endpoint_id))
    return held + len(endpoints)

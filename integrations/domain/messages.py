"""Ending sent messages on the word of somebody else than the one who took them."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection


def end(message_ids: Sequence[UUID], state: str, cause: str, *, of: Sequence[str]) -> set[UUID]:
    """Move messages on; returns those that were in one of the states `of`."""
    if not message_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ours AS (
                SELECT id, state FROM integrations_message WHERE id = ANY(%s)
                AND state = ANY(%s) ORDER BY id FOR UPDATE
            ), ended AS (
                UPDATE integrations_message m SET state = %s, lease_until = NULL, due_at = NULL,
                    updated_at = now() FROM ours WHERE m.id = ours.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, state, %s, '', %s FROM ours RETURNING message_id
            """,
            [list(message_ids), list(of), state, state, cause[:300]],
        )
        return {row[0] for row in cursor.fetchall()}

"""Moving messages on by another's word than that of the pipeline which works on them."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from portal.core import events

_TOLD: Final = frozenset({"held", "delivered", "confirmed", "skipped"})


class DocumentsMoved(NamedTuple):
    """A pass of this partner's was worked off: so many documents."""

    documents: int


class DocumentsEnded(NamedTuple):
    """Documents are held, delivered, confirmed or skipped: (id, state)."""

    ended: list[tuple[UUID, str]]


def tell_ended(moved: Iterable[tuple[UUID, str]]) -> None:
    """Publish those of the moves (id, state) that somebody may wait for."""
    ended = [(message_id, state) for message_id, state in moved if state in _TOLD]
    if ended:
        events.publish(DocumentsEnded(ended))


def end(
    message_ids: Sequence[UUID], state: str, cause: str, *, of: Sequence[str], actor: str = ""
) -> set[UUID]:
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
            SELECT id, state, %s, %s, %s FROM ours RETURNING message_id
            """,
            [list(message_ids), list(of), state, state, actor[:80], cause[:300]],
        )
        moved = {row[0] for row in cursor.fetchall()}
    tell_ended((message_id, state) for message_id in moved)
    return moved

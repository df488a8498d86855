"""What a person does with held messages: replay, edit, skip, retry, send elsewhere.

Every verb writes who did it and why, closes the problems it answers, and wakes the lanes.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction

from integrations.domain import follow_ups, messages, problems
from portal.jobs import lanes

OUTDONE = "A newer version goes instead; nothing of this record was taken before"


@transaction.atomic
def replay(message_ids: Sequence[UUID], *, actor: str, cause: str) -> int:
    """Send held messages through again, each from where it stopped. Returns how many. `actor` empty:
    the pipeline found that their problem is gone.

    Order per object is kept: messages are worked off in the order in which they came. Where a target
    never took any version of a record, only the newest goes, and takes the place of those before it.
    """
    outdone = _give_way_to_newest(message_ids, actor=actor)
    problems.close_problems(list(outdone), actor=actor, cause=OUTDONE)
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
    wake = {
        ("translate", customer_id) if direction == "in" else ("deliver", endpoint_id)
        for _, direction, customer_id, endpoint_id in moved
    }
    for kind, key in wake | {("deliver", endpoint_id) for endpoint_id in outdone.values()}:
        lanes.wake(kind, str(key))
    return len(moved) + len(outdone.keys() & set(message_ids))


def _give_way_to_newest(message_ids: Sequence[UUID], *, actor: str) -> dict[UUID, int]:
    """End the versions before the newest one that may go now, where every try of each was refused.

    After a try without an answer the target may have the version, so it has to be sent as it was. What
    was delivered and refused later changes what the target has, and goes version by version too.
    Returns the messages with their endpoints.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH way AS (
                SELECT DISTINCT flow_id, record_id FROM integrations_message
                WHERE id = ANY(%(ids)s) AND state = 'held' AND direction = 'out'
                AND record_version IS NOT NULL
            ), newest AS (
                SELECT m.flow_id, m.record_id, max(m.record_version) FILTER (
                    WHERE m.state = 'waiting' OR (m.state = 'held' AND m.id = ANY(%(ids)s))) AS version
                FROM way JOIN integrations_message m USING (flow_id, record_id)
                WHERE m.direction = 'out' GROUP BY 1, 2
                HAVING NOT bool_or(m.state IN ('sending', 'delivered', 'confirmed')
                    OR EXISTS (SELECT 1 FROM integrations_messageevent e WHERE e.message_id = m.id
                        AND (e.to_state IN ('delivered', 'confirmed')
                            OR (e.from_state = 'sending' AND e.to_state = 'waiting'))))
            ), older AS (
                SELECT m.id, m.state, m.endpoint_id
                FROM newest n JOIN integrations_message m USING (flow_id, record_id)
                WHERE m.direction = 'out' AND m.record_version < n.version
                AND m.state IN ('waiting', 'held') ORDER BY m.id FOR UPDATE OF m
            ), gone AS (
                UPDATE integrations_message m SET state = 'superseded', due_at = NULL,
                    updated_at = now() FROM older WHERE m.id = older.id
            ), told AS (
                INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
                SELECT id, state, 'superseded', %(actor)s, %(cause)s FROM older ORDER BY id
            )
            SELECT id, endpoint_id FROM older
            """,
            {"ids": list(message_ids), "actor": actor[:80], "cause": OUTDONE},
        )
        return dict(cursor.fetchall())


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
                FROM chosen WHERE m.id = chosen.id
                RETURNING m.id, m.endpoint_id, m.direction, m.customer_id, m.order_id
            ), told AS (
                INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
                SELECT id, 'held', 'skipped', %s, %s FROM moved ORDER BY id
            )
            SELECT id, endpoint_id, direction, customer_id, order_id FROM moved
            """,
            [list(message_ids), actor[:80], reason[:300]],
        )
        moved = cursor.fetchall()
    messages.tell_ended((row[0], "skipped") for row in moved)
    problems.close_problems(message_ids, actor=actor, cause=f"skipped: {reason}")
    sent = [row for row in moved if row[2] == "out"]
    for endpoint_id in {row[1] for row in sent}:  # later versions of the same record may go now
        lanes.wake("deliver", str(endpoint_id))
    for customer_id in {row[3] for row in sent}:  # and what follows it
        orders = {row[4] for row in sent if row[3] == customer_id and row[4]}
        follow_ups.release(customer_id, sorted(orders))
    return len(moved)


class NotEditableError(ValueError):
    """The edited document is not what its format asks for; the text says where."""


def must_be_readable(body: bytes) -> None:
    """NotEditableError for what looks like JSON and is none."""
    if body.lstrip()[:1] in (b"{", b"["):
        try:
            json.loads(body)
        except ValueError as error:
            raise NotEditableError(f"This is not JSON: {error}") from error
        except RecursionError as error:
            raise NotEditableError("Its lists and objects nest too deep.") from error


@transaction.atomic
def edit_and_replay(message_id: UUID, body: bytes, *, actor: str, reason: str) -> int:
    """Replace a held inbound document's bytes and replay it. The original stays in its events."""
    must_be_readable(body)
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

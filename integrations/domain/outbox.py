"""The outbound side of the message store: one message per record version and flow."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from integrations.domain import messages
from portal.core import clock
from portal.core.cursors import binary_cursor
from portal.core.ids import uuid7
from portal.jobs import lanes

STATE_LIKE = frozenset({"inventory", "availability", "product", "price_list", "customer"})
LANES = {
    "order": 1,
    "acknowledgement": 1,
    "shipment": 2,
    "return": 3,
    "invoice": 4,
    "availability": 6,
}
LEASE = "60 seconds"


class Posting(NamedTuple):
    """A record version to be sent over a flow."""

    flow_id: int
    endpoint_id: int
    object_type: str
    record_id: UUID
    record_version: int
    order_id: UUID | None
    business_key: str
    due_at: datetime | None


class Claimed(NamedTuple):
    """An outbound message this worker may send now."""

    id: UUID
    flow_id: int | None
    object_type: str
    record_id: UUID | None
    record_version: int | None
    order_id: UUID | None
    business_key: str
    attempts: int
    interchange_id: UUID | None
    payload_id: bytes | None


def post(customer_id: int, postings: Sequence[Posting]) -> None:
    """Queue postings. Of state-like records, older versions still waiting are superseded."""
    if not postings:
        return
    _supersede_older([p for p in postings if p.object_type in STATE_LIKE])
    ids = [uuid7() for _ in postings]
    columns = [list(column) for column in zip(*postings, strict=True)]
    ranks = [LANES.get(p.object_type, 5) for p in postings]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH p AS (SELECT * FROM unnest(%b::uuid[], %b::smallint[], %b::bigint[], %b::bigint[],
                %b::text[], %b::uuid[], %b::int[], %b::uuid[], %b::text[], %b::timestamptz[])
                AS p(id, lane, flow_id, endpoint_id, object_type, record_id, version, order_id,
                     business_key, due_at)
            ), made AS (
                INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type,
                    topic, state, business_key, flow_id, record_id, record_version, order_id, due_at,
                    lane, part, mapping, attempts)
                SELECT id, 'out', endpoint_id, %s, object_type, '', 'waiting', business_key, flow_id,
                    record_id, version, order_id, due_at, lane, 0, '', 0 FROM p
                ON CONFLICT (flow_id, record_id, record_version) WHERE direction = 'out' DO NOTHING
                RETURNING id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, '', 'waiting', '', '' FROM made
            """,
            [ids, ranks, *columns, customer_id],
        )
    wake_for(postings)


def wake_for(postings: Sequence[Posting]) -> None:
    """Wake the lanes of the targets."""
    earliest: dict[int, datetime | None] = {}
    for posting in postings:
        known = earliest.get(posting.endpoint_id, posting.due_at)
        earliest[posting.endpoint_id] = (
            None if known is None or posting.due_at is None else min(known, posting.due_at)
        )
    for endpoint_id, due_at in earliest.items():
        lanes.wake("deliver", str(endpoint_id), at=due_at)


def _supersede_older(postings: Sequence[Posting]) -> None:
    if not postings:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH p AS (SELECT * FROM unnest(%b::bigint[], %b::uuid[], %b::int[])
                AS p(flow_id, record_id, version)
            ), outdone AS (
                UPDATE integrations_message m SET state = 'superseded', updated_at = now() FROM p
                WHERE m.flow_id = p.flow_id AND m.record_id = p.record_id AND m.direction = 'out'
                AND m.record_version < p.version AND m.state = 'waiting' RETURNING m.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, 'waiting', 'superseded', '', 'A newer version is on its way' FROM outdone
            """,
            [
                [p.flow_id for p in postings],
                [p.record_id for p in postings],
                [p.record_version for p in postings],
            ],
        )


def withdraw(record_ids: Sequence[UUID], *, cause: str, actor: str = "") -> list[UUID]:
    """Take back what was not sent of these records. Returns the messages, some of them held before."""
    if not record_ids:
        return []
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH open AS (
                SELECT id, state FROM integrations_message WHERE record_id = ANY(%s)
                AND direction = 'out' AND state IN ('waiting', 'held') FOR UPDATE
            ), gone AS (
                UPDATE integrations_message m SET state = 'superseded', updated_at = now()
                FROM open WHERE m.id = open.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, state, 'superseded', %s, %s FROM open RETURNING message_id
            """,
            [list(record_ids), actor, cause],
        )
        return [row[0] for row in cursor.fetchall()]


def flows_already_used(record_ids: Sequence[UUID]) -> set[tuple[UUID, int]]:
    """(record, flow) pairs over which something was sent or is being sent."""
    if not record_ids:
        return set()
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT record_id, flow_id FROM integrations_message WHERE record_id = ANY(%s)"
            " AND direction = 'out' AND state IN ('sending', 'delivered', 'confirmed')",
            [list(record_ids)],
        )
        return {(row[0], row[1]) for row in cursor.fetchall()}


def flows_delivered(record_ids: Sequence[UUID]) -> set[tuple[UUID, int]]:
    """(record, flow) pairs of which some version reached its target."""
    if not record_ids:
        return set()
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT record_id, flow_id FROM integrations_message WHERE record_id = ANY(%s)"
            " AND direction = 'out' AND state IN ('delivered', 'confirmed')",
            [list(record_ids)],
        )
        return {(row[0], row[1]) for row in cursor.fetchall()}


def free_orphans(endpoint_id: int) -> int:
    """Return what a dead worker was sending. The caller holds the endpoint's lane, so nobody else is.

    After a restart of the database the old worker may still be alive without its lane: then its lease
    has to run out first.
    """
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH orphan AS (
                UPDATE integrations_message SET state = 'waiting', due_at = NULL, lease_until = NULL,
                    updated_at = now()
                WHERE endpoint_id = %s AND direction = 'out' AND state = 'sending'
                AND (lease_until < now() OR updated_at > pg_postmaster_start_time()) RETURNING id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, 'sending', 'waiting', '', 'The worker that was sending it ended' FROM orphan
            """,
            [endpoint_id],
        )
        return cursor.rowcount


def claim(
    endpoint_id: int, *, limit: int, early: bool = False, among: Collection[UUID] | None = None
) -> list[Claimed]:
    """Take the messages to send next, in order; of one record and flow only the oldest open one.

    `early`: also what waits for its next try, for the probe of an endpoint that was down should be the
    oldest message, or those behind it would overtake it. `among`: none but these, due or not.
    """
    due = "(m.due_at IS NULL OR m.due_at <= %s OR (%s AND m.attempts > 0))"
    which = [clock.now(), early] if among is None else [list(among)]
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            WITH next AS (
                SELECT m.id FROM integrations_message m
                WHERE m.endpoint_id = %s AND m.direction = 'out' AND m.state = 'waiting'
                AND {due if among is None else "m.id = ANY(%b)"}
                AND NOT EXISTS (
                    SELECT 1 FROM integrations_message p WHERE p.flow_id = m.flow_id
                    AND p.record_id = m.record_id AND p.direction = 'out'
                    AND p.state IN ('waiting', 'sending', 'held') AND p.record_version < m.record_version)
                ORDER BY m.lane, m.id LIMIT %s FOR UPDATE SKIP LOCKED
            )
            UPDATE integrations_message m SET state = 'sending', attempts = attempts + 1,
                lease_until = now() + interval '{LEASE}', updated_at = now()
            FROM next WHERE m.id = next.id
            RETURNING m.id, m.flow_id, m.object_type, m.record_id, m.record_version, m.order_id,
                m.business_key, m.attempts, m.interchange_id, m.payload_id, m.lane
            """,
            [endpoint_id, *which, limit],
        )
        rows = sorted(cursor.fetchall(), key=lambda row: (row[-1], row[0]))
        return [Claimed(*row[:-1]) for row in rows]


def put_back(message_ids: Collection[UUID]) -> None:
    """Let claimed messages wait as before: they were not tried."""
    if not message_ids:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_message SET state = 'waiting', attempts = attempts - 1,"
            " lease_until = NULL, updated_at = now() WHERE id = ANY(%b) AND state = 'sending'",
            [list(message_ids)],
        )


def next_due(endpoint_id: int) -> datetime | None:
    """When the next message of the endpoint wants to be sent; None when none waits."""
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT min(coalesce(m.due_at, %s)) FROM integrations_message m
            WHERE m.endpoint_id = %s AND m.direction = 'out' AND m.state = 'waiting'
            AND NOT EXISTS (
                SELECT 1 FROM integrations_message p WHERE p.flow_id = m.flow_id
                AND p.record_id = m.record_id AND p.direction = 'out' AND p.state = 'held'
                AND p.record_version < m.record_version)
            """,
            [clock.now(), endpoint_id],
        )
        waiting = cursor.fetchone()[0]
        cursor.execute(
            "SELECT min(lease_until) FROM integrations_message"
            " WHERE endpoint_id = %s AND direction = 'out' AND state = 'sending'",
            [endpoint_id],
        )
        leased = cursor.fetchone()[0]
    return min((at for at in (waiting, leased) if at is not None), default=None)


class Sent(NamedTuple):
    """The end of one try, ready to be written."""

    message_id: UUID
    state: str  # confirmed, delivered, waiting or held
    cause: str
    due_at: datetime | None
    payload: bytes | None  # sha256 of the bytes sent
    answer: str | None  # JSON
    mapping: str


def finish(tries: Sequence[Sent], *, configuration: int | None) -> list[UUID]:
    """Write the ends of tries and their events, and by which configuration they were made.

    Returns the messages that were still ours to end.
    """
    if not tries:
        return []
    columns: list[list[Any]] = [list(column) for column in zip(*tries, strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH t AS (SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::timestamptz[],
                %b::bytea[], %b::text[], %b::text[])
                AS t(id, state, cause, due_at, payload, answer, mapping)
            ), ended AS (
                UPDATE integrations_message m SET state = t.state, due_at = t.due_at, lease_until = NULL,
                    updated_at = now(), payload_id = coalesce(t.payload, m.payload_id),
                    mapping = t.mapping, configuration = %s
                FROM t WHERE m.id = t.id AND m.state = 'sending' RETURNING m.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause,
                payload_id, answer)
            SELECT t.id, 'sending', t.state, '', left(t.cause, 300), t.payload, t.answer::jsonb
            FROM t JOIN ended USING (id) RETURNING message_id
            """,
            [*columns, configuration],
        )
        ended = [row[0] for row in cursor.fetchall()]
    states = {one.message_id: one.state for one in tries}
    messages.tell_ended((message_id, states[message_id]) for message_id in ended)
    return ended

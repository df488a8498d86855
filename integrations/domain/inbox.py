"""The inbound side of the message store: taking received documents, and noting what became of them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from integrations.domain import messages
from portal.core import clock
from portal.core.cursors import binary_cursor

MOST_BYTES = 32 * 1024 * 1024


class Inbound(NamedTuple):
    """A received document, claimed for this transaction."""

    id: UUID
    endpoint_id: int
    object_type: str
    topic: str
    body: bytes
    received_at: datetime
    again: bool = False  # it was worked on before


class Result(NamedTuple):
    """What became of an inbound message."""

    message_id: UUID
    state: str
    cause: str = ""
    object_type: str = ""
    business_key: str = ""
    record_id: UUID | None = None
    record_version: int | None = None
    order_id: UUID | None = None
    mapping: str = ""
    source_at: datetime | None = None


def waiting(customer_id: int, *, limit: int, among: Sequence[UUID] | None = None) -> list[UUID]:
    """The customer's oldest received documents: at most `limit`, at most 32 MB but at least one.

    What others have claimed is left out, and what is not `among` these, where they are named.
    """
    narrowed = "" if among is None else "AND m.id = ANY(%s)"
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id, octet_length(p.body) FROM integrations_message m
            JOIN integrations_payload p ON p.sha256 = m.payload_id
            WHERE m.customer_id = %s AND m.state = 'received' AND (m.due_at IS NULL OR m.due_at <= %s)
            {narrowed} ORDER BY m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED
            """,
            [customer_id, clock.now(), *([] if among is None else [list(among)]), limit],
        )
        chosen: list[UUID] = []
        size = 0
        for message_id, length in cursor.fetchall():
            size += length
            if chosen and size > MOST_BYTES:
                break
            chosen.append(message_id)
        return chosen


def claim(message_ids: Sequence[UUID]) -> list[Inbound]:
    """Take those of the documents that are received still and that nobody else has.

    The claim is the row lock of the running transaction, so a killed worker's claim is free at once.
    """
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.endpoint_id, m.object_type, m.topic, p.body, m.created_at,
                m.updated_at > m.created_at
            FROM integrations_message m JOIN integrations_payload p ON p.sha256 = m.payload_id
            WHERE m.id = ANY(%s) AND m.state = 'received' ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
            """,
            [list(message_ids)],
        )
        return [Inbound(*row) for row in cursor.fetchall()]


def next_due(customer_id: int) -> datetime | None:
    """When the next received document that was put off is due."""
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT min(coalesce(due_at, %s)) FROM integrations_message"
            " WHERE customer_id = %s AND state = 'received'",
            [clock.now(), customer_id],
        )
        return cursor.fetchone()[0]


def finish(results: Sequence[Result], *, configuration: int | None) -> None:
    """Write the new states and their events, and by which configuration they came about."""
    if not results:
        return
    columns = [list(column) for column in zip(*results, strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH r AS (SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[],
                %b::uuid[], %b::int[], %b::uuid[], %b::text[], %b::timestamptz[])
                AS r(id, state, cause, object_type, business_key, record_id, version, order_id, mapping,
                     source_at)
            ), changed AS (
                UPDATE integrations_message m SET state = r.state, updated_at = now(), due_at = NULL,
                    object_type = coalesce(nullif(r.object_type, ''), m.object_type),
                    business_key = r.business_key, record_id = r.record_id, record_version = r.version,
                    order_id = r.order_id, mapping = r.mapping, source_at = r.source_at,
                    configuration = %s
                FROM r WHERE m.id = r.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, 'received', state, '', left(cause, 300) FROM r
            """,
            [*columns, configuration],
        )
    messages.tell_ended((result.message_id, result.state) for result in results)


def add_parts(
    parent: Inbound, parts: Sequence[tuple[UUID, str, str, bytes]], *, customer_id: int
) -> None:
    """Store the documents of a container as messages of their own: (id, type, topic, body)."""
    rows = [
        (i, t, topic, hashlib.sha256(body).digest(), body, n)
        for n, (i, t, topic, body) in enumerate(parts)
    ]
    if not rows:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH part AS (SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::bytea[],
                %b::bytea[], %b::int[]) AS part(id, object_type, topic, sha, body, n)
            ), stored AS (
                INSERT INTO integrations_payload (sha256, body, content_type)
                SELECT DISTINCT ON (sha) sha, body, 'application/edi-x12' FROM part
                ON CONFLICT (sha256) DO NOTHING
            ), made AS (
                INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type,
                    topic, state, payload_id, parent_id, part, business_key, mapping, attempts, lane)
                SELECT id, 'in', %s, %s, object_type, topic, 'received', sha, %s, n, '', '', 0, 5
                FROM part
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, '', 'received', '', 'Part of a larger document' FROM part
            """,
            [
                *[list(column) for column in zip(*rows, strict=True)],
                parent.endpoint_id, customer_id, parent.id,
            ],
        )  # fmt: skip


def supersede(endpoint_id: int, dedup_keys: Sequence[str]) -> list[UUID]:
    """What is held or waits of these documents needs nothing any more. Returns their ids."""
    if not dedup_keys:
        return []
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH old AS (
                SELECT id, state FROM integrations_message WHERE endpoint_id = %s
                AND dedup_key = ANY(%s) AND state IN ('held', 'received') FOR UPDATE
            ), outdone AS (
                UPDATE integrations_message m SET state = 'superseded', updated_at = now()
                FROM old WHERE m.id = old.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, state, 'superseded', '', 'It needs nothing any more' FROM old
            RETURNING message_id
            """,
            [endpoint_id, list(dedup_keys)],
        )
        return [row[0] for row in cursor.fetchall()]


class Seen(NamedTuple):
    """A document of one object that was read just now."""

    endpoint_id: int
    business_key: str
    message_id: UUID
    source_at: datetime | None


def supersede_held(seen: Sequence[Seen]) -> list[UUID]:
    """Held earlier documents of the same objects are outdone by later ones, whether these passed or
    are held themselves, unless the source says that they are older. Returns their ids."""
    columns = [list(column) for column in zip(*seen, strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH seen AS (SELECT * FROM unnest(%b::bigint[], %b::text[], %b::uuid[], %b::timestamptz[])
                AS seen(endpoint_id, business_key, id, source_at)
            ), outdone AS (
                UPDATE integrations_message m SET state = 'superseded', updated_at = now()
                FROM seen JOIN integrations_message later USING (id)
                WHERE m.endpoint_id = seen.endpoint_id AND m.direction = 'in'
                AND m.object_type = later.object_type
                AND m.business_key = seen.business_key AND m.state = 'held' AND m.id < seen.id
                AND NOT coalesce(m.source_at > seen.source_at, false)
                RETURNING m.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT DISTINCT id, 'held', 'superseded', '', 'A later document of the same object came'
            FROM outdone RETURNING message_id
            """,
            columns,
        )
        return [row[0] for row in cursor.fetchall()]

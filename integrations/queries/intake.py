"""Storing documents as they arrive, in one statement per schema.

Shared by the door (asynchronous, many sites on one connection) and by polls (inside a site).
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import sql

from integrations.connectors.inbound import Received
from portal.core.cursors import binary_cursor
from portal.core.ids import uuid7
from portal.tenants.current import current_schema


class Arrival(NamedTuple):
    """A document with where it arrived."""

    endpoint_id: int
    customer_id: int
    document: Received


_STORE = """
WITH doc AS (
    SELECT * FROM unnest(%(id)b::uuid[], %(endpoint)s::bigint[], %(customer)s::bigint[],
        %(type)s::text[], %(topic)s::text[], %(dedup)s::text[], %(sha)b::bytea[], %(body)b::bytea[],
        %(content_type)s::text[])
      AS d(id, endpoint_id, customer_id, object_type, topic, dedup_key, sha, body, content_type)
), stored AS (
    INSERT INTO {payload} (sha256, body, content_type)
    SELECT DISTINCT ON (sha) sha, body, content_type FROM doc
    ON CONFLICT (sha256) DO NOTHING
), fresh AS (
    INSERT INTO {message} (id, direction, endpoint_id, customer_id, object_type, topic, state,
        dedup_key, payload_id, business_key, part, mapping, attempts, lane)
    SELECT id, 'in', endpoint_id, customer_id, object_type, topic, 'received',
        dedup_key, sha, '', 0, '', 0, 5 FROM doc ORDER BY dedup_key
    ON CONFLICT (endpoint_id, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
    RETURNING id, endpoint_id, dedup_key
), again AS (
    SELECT coalesce(old.id, twin.id) AS id, doc.endpoint_id, doc.dedup_key FROM doc
    LEFT JOIN fresh USING (id)
    LEFT JOIN {message} old ON old.endpoint_id = doc.endpoint_id AND old.dedup_key = doc.dedup_key
    LEFT JOIN fresh twin ON twin.endpoint_id = doc.endpoint_id AND twin.dedup_key = doc.dedup_key
    WHERE fresh.id IS NULL
), told AS (
    INSERT INTO {event} (message_id, from_state, to_state, actor, cause)
    SELECT id, '', 'received', '', '' FROM fresh
    UNION ALL
    SELECT id, '', 'duplicate', '', 'The same document came again' FROM again
    WHERE id IS NOT NULL AND %(note_repeats)s
)
SELECT endpoint_id, dedup_key FROM again WHERE id IS NULL
"""
_TELL = """
INSERT INTO {event} (message_id, from_state, to_state, actor, cause)
SELECT m.id, '', 'duplicate', '', 'The same document came again'
FROM unnest(%s::bigint[], %s::text[]) AS d(endpoint_id, dedup_key)
JOIN {message} m USING (endpoint_id, dedup_key)
"""


def statement(schema: str) -> sql.Composed:
    """The storing statement for one schema, fully qualified.

    Returns (endpoint, dedup key) of documents whose first coming was being stored at that moment by
    somebody else: a statement does not see what began after it. They are for `tell_duplicates`.
    """
    return sql.SQL(_STORE).format(**_tables(schema))


def tell_duplicates(schema: str) -> sql.Composed:
    """The statement that notes the duplicates another one came too early for: two arrays."""
    return sql.SQL(_TELL).format(**_tables(schema))


def _tables(schema: str) -> dict[str, sql.Identifier]:
    return {
        name: sql.Identifier(schema, f"integrations_{table}")
        for name, table in (
            ("payload", "payload"),
            ("message", "message"),
            ("event", "messageevent"),
        )
    }


def store(arrivals: Sequence[Arrival], *, note_repeats: bool = True) -> list[UUID]:
    """Store documents in the current partner's schema. Returns the ids of the new ones, in order."""
    ids, columns = values(arrivals, note_repeats=note_repeats)
    with binary_cursor() as cursor:
        cursor.execute(statement(current_schema()), columns)
    return ids


def values(
    arrivals: Sequence[Arrival], *, note_repeats: bool = True
) -> tuple[list[UUID], dict[str, Any]]:
    """The new ids, in order, and the statement's arrays.

    `note_repeats`: whether a document that came before is noted as a duplicate. A poll, which asks for
    the last minutes again on purpose, does not note them.
    """
    ids = [uuid7() for _ in arrivals]
    documents = [arrival.document for arrival in arrivals]
    return ids, {
        "id": ids,
        "endpoint": [arrival.endpoint_id for arrival in arrivals],
        "customer": [arrival.customer_id for arrival in arrivals],
        "type": [document.object_type for document in documents],
        "topic": [document.topic for document in documents],
        "dedup": [document.dedup_key for document in documents],
        "sha": [hashlib.sha256(document.body).digest() for document in documents],
        "body": [document.body for document in documents],
        "content_type": [document.content_type for document in documents],
        "note_repeats": note_repeats,
    }

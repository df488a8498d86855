"""Who may come in: the endpoint behind a webhook address, from a cache that changes invalidate."""

import re
import time
from typing import Any, NamedTuple

from psycopg import AsyncConnection, sql
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from integrations.connectors import registry
from integrations.connectors.connection import Connection, connection_from
from integrations.connectors.connector import Connector
from integrations.formats.as2 import Agreement
from portal.tenants.lifecycle import DOORS, OPEN, ShutDoor

TRUST_SECONDS = 30.0
FORGET_UNKNOWN_SECONDS = 2.0
_SLUG = re.compile(r"[a-z][a-z0-9]{1,40}")
_ENDPOINT = """
    SELECT e.id, e.customer_id, e.slug, e.connector, e.settings, e.secrets, e.state, e.concurrency
    FROM {table} e WHERE e.slug = %s
"""


class Admission(NamedTuple):
    """What the door needs to know about one address."""

    schema: str
    endpoint_id: int
    customer_id: int
    connector: Connector
    connection: Connection
    agreement: Agreement | None  # of an endpoint that speaks AS2


class _Row(NamedTuple):
    id: int
    customer_id: int
    slug: str
    connector: str
    settings: dict[str, Any]
    secrets: bytes | None
    state: str
    concurrency: int


class Addresses:
    """The known webhook addresses: (partner, endpoint slug) → Admission, a shut door, or None when
    unknown."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._known: dict[tuple[str, str], tuple[float, Admission | ShutDoor | None]] = {}
        self._changes = 0

    async def find(self, schema: str, slug: str) -> Admission | ShutDoor | None:
        """The admission for an address; a change to the endpoint or its partner is seen after `forget`.
        Of a partner that is not open it is what a sender is answered instead."""
        if not (_SLUG.fullmatch(schema) and _SLUG.fullmatch(slug)) or schema == "public":
            return None
        entry = self._known.get((schema, slug))
        if entry and entry[0] > time.monotonic():
            return entry[1]
        changes = self._changes
        admission = await self._load(schema, slug)
        if changes != self._changes:  # it may be what was there before
            return admission
        trust = TRUST_SECONDS if admission else FORGET_UNKNOWN_SECONDS
        self._known[schema, slug] = (time.monotonic() + trust, admission)
        if len(self._known) > 10_000:  # guesses must not fill the memory
            self._known.clear()
        return admission

    def forget(self, schema: str) -> None:
        """Drop what is known of a partner; its configuration changed."""
        self._changes += 1
        for key in [key for key in self._known if key[0] == schema]:
            del self._known[key]

    def forget_all(self) -> None:
        """Drop everything; changes may have been missed."""
        self._changes += 1
        self._known.clear()

    async def _load(self, schema: str, slug: str) -> Admission | ShutDoor | None:
        async with self._pool.connection() as connection:
            state = await _state_of(connection, schema)
            if state != OPEN:
                return DOORS.get(state)
            query = sql.SQL(_ENDPOINT).format(table=sql.Identifier(schema, "integrations_endpoint"))
            cursor = connection.cursor(row_factory=class_row(_Row))
            row = await (await cursor.execute(query, [slug])).fetchone()
        if row is None:
            return None
        connector = registry.get(row.connector)
        if connector.admit is None and connector.as2 is None:
            return None
        connection_ = connection_from(
            connector.settings,
            endpoint_id=row.id,
            slug=row.slug,
            settings=row.settings,
            secrets=row.secrets,
            concurrency=row.concurrency,
        )
        agreement = connector.as2(connection_) if connector.as2 else None
        if connector.admit is None and agreement is None:
            return None
        return Admission(schema, row.id, row.customer_id, connector, connection_, agreement)


async def _state_of(connection: AsyncConnection, schema: str) -> str:
    """Blank where there is no such partner."""
    cursor = await connection.execute(
        "SELECT state FROM public.tenants_partner WHERE schema_name = %s", [schema]
    )
    row = await cursor.fetchone()
    return row[0] if row else ""

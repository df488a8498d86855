"""Removing the bytes of documents that nothing needs any more. Their hashes stay with the messages.

A document that arrives meanwhile with the same bytes must find them or store them anew. So the removal
locks the table of bytes against whoever stores, for the moment that it takes to look at what came since.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import OperationalError, connection, transaction
from psycopg import errors

from integrations.models import RemovedPayload
from portal.core import clock
from portal.core.ids import first_id_at

_OPEN: Final = "('received', 'waiting', 'sending', 'held')"
_LOOK_BACK: Final = timedelta(minutes=10)  # an id may be that much older than its commit
_EVENTS_BACK: Final = 20_000  # the same, of a sequence
# Bytes that messages of `which` name: their own, those of the whole they are a part of, of their file, and
# those that they had before somebody edited them.
_NAMED: Final = """
    SELECT m.payload_id FROM integrations_message m WHERE {which}
    UNION ALL SELECT whole.payload_id FROM integrations_message m
    JOIN integrations_message whole ON whole.id = m.parent_id WHERE {which}
    UNION ALL SELECT i.payload_id FROM integrations_message m
    JOIN integrations_interchange i ON i.id = m.interchange_id WHERE {which}
    UNION ALL SELECT e.payload_id FROM integrations_messageevent e
    JOIN integrations_message m ON m.id = e.message_id WHERE e.payload_id IS NOT NULL AND {which}
"""
_IS_OPEN: Final = f"m.state IN {_OPEN}"
_MUST_STAY: Final = f"({_IS_OPEN} OR m.id >= %(young)s OR m.customer_id = ANY(%(held)s))"
_OLD: Final = f"""
    WITH needed AS MATERIALIZED ({_NAMED.format(which=_MUST_STAY)})
    SELECT p.sha256, octet_length(p.body) FROM integrations_payload p
    WHERE p.stored_at < %(before)s
    AND NOT EXISTS (SELECT FROM needed WHERE needed.payload_id = p.sha256)
    AND NOT EXISTS (SELECT FROM integrations_resource r WHERE r.content = encode(p.sha256, 'hex'))
    LIMIT %(most)s
"""
_TOUCHED: Final = """m.id IN (
    SELECT id FROM integrations_message WHERE id >= %(back)s
    UNION SELECT message_id FROM integrations_messageevent WHERE id > %(event)s)"""
_AMONG: Final = (
    "SELECT DISTINCT payload_id FROM ({named}) AS named WHERE payload_id = ANY(%(digests)s)"
)
_STILL_OPEN: Final = _AMONG.format(named=_NAMED.format(which=_IS_OPEN))
# Of those, whoever is still open needs its bytes; and what is young keeps them where only age is why they go.
_CAME_SINCE: Final = _AMONG.format(
    named=_NAMED.format(which=f"{_TOUCHED} AND ({_IS_OPEN} OR m.id >= %(young)s)")
)


class Look(NamedTuple):
    """When bytes were chosen to be removed: what came later may name them again."""

    at: datetime
    event: int


class Removed(NamedTuple):
    """How many contents, and how many bytes."""

    number: int
    size: int


class BusyError(Exception):
    """Documents are being stored just now and do not let go for long enough. Try again later."""


def old(before: datetime, *, held_customers: Sequence[int], most: int) -> list[tuple[bytes, int]]:
    """(hash, size) of bytes stored before a moment that no young, open or held customer's message names."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OLD,
            {"before": before, "young": first_id_at(before), "held": list(held_customers), "most": most},
        )  # fmt: skip
        return [(bytes(digest), size) for digest, size in cursor.fetchall()]


def look() -> Look:
    """This moment, before anything is chosen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM integrations_messageevent")
        return Look(clock.now(), cursor.fetchone()[0])


def needed(digests: Sequence[bytes]) -> set[bytes]:
    """Those of these that a document on its way, or held, still needs."""
    return _found(_STILL_OPEN, {"digests": list(digests)})


def _came_since(digests: Sequence[bytes], chosen: Look, *, why: RemovedPayload.Why) -> set[bytes]:
    back = first_id_at(chosen.at - _LOOK_BACK)
    by_age = why == RemovedPayload.Why.AGE
    values = {
        "digests": list(digests), "back": back, "event": chosen.event - _EVENTS_BACK,
        "young": back if by_age else first_id_at(chosen.at + timedelta(days=1)),
    }  # fmt: skip
    return _found(_CAME_SINCE, values)


def _found(statement: str, values: dict[str, Any]) -> set[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {bytes(row[0]) for row in cursor.fetchall()}


@transaction.atomic
def remove(digests: Sequence[bytes], *, why: RemovedPayload.Why, chosen: Look) -> Removed:
    """Remove these bytes, but for those that are needed again by what came, or was touched, since they were
    `chosen`. BusyError where the table could not be had for a moment."""
    if not digests:
        return Removed(0, 0)
    _lock()
    kept = _came_since(digests, chosen, why=why)
    going = [digest for digest in digests if digest not in kept]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM integrations_payload WHERE sha256 = ANY(%s)
                RETURNING sha256, octet_length(body) AS size
            ), noted AS (
                INSERT INTO integrations_removedpayload (sha256, removed_at, why)
                SELECT sha256, %s, %s FROM gone
                ON CONFLICT (sha256) DO UPDATE
                    SET removed_at = excluded.removed_at, why = excluded.why
            )
            SELECT count(*), coalesce(sum(size), 0) FROM gone
            """,
            [going, clock.now(), why],
        )
        return Removed(*map(int, cursor.fetchone()))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        try:
            with transaction.atomic():
                cursor.execute("LOCK TABLE integrations_payload IN SHARE ROW EXCLUSIVE MODE")
        except OperationalError as error:
            if isinstance(error.__cause__, errors.LockNotAvailable):
                raise BusyError from None
            raise
        cursor.execute("SET LOCAL lock_timeout = 0")

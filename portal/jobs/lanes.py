"""Lanes of work: waking one, handing due ones to the queue, and who may run one.

A lane is (schema, kind, key), for example the deliveries to one endpoint. Waking is cheap and may be
lost; every handler finds its work in its own tables.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from portal.core import clock
from portal.tenants.current import current_schema

CHANNEL = "crossdock_wake"
PLATFORM = "public"
QUEUED_SECONDS = 30
RUNNING_FOR = timedelta(seconds=120)
WAKE_SQL = """
    INSERT INTO public.jobs_wake (schema, kind, key, due_at, running)
    VALUES (%(schema)s, %(kind)s, %(key)s, %(at)s, false)
    ON CONFLICT (schema, kind, key) DO UPDATE SET due_at = excluded.due_at
    WHERE jobs_wake.due_at IS NULL OR jobs_wake.due_at > excluded.due_at
"""
# Lanes of a partner that is not open rest until it is.
_AWAKE = """NOT EXISTS (SELECT FROM public.tenants_partner
    WHERE schema_name = jobs_wake.schema AND state <> 'open')"""
_LANE_LOCK = "hashtextextended(%(schema)s || '/' || %(kind)s || '/' || %(key)s, 0)"


class Lane(NamedTuple):
    schema: str
    kind: str
    key: str


class Ticket(NamedTuple):
    """The right to run a lane once."""

    lane: Lane
    token: UUID


def wake(
    kind: str, key: str = "", *, at: datetime | None = None, schema: str | None = None
) -> None:
    """Say that a lane has work, now or at a time, once the transaction is through."""
    schema = schema or current_schema()
    if not schema or schema == PLATFORM:
        raise ValueError("A lane belongs to a partner's schema.")
    transaction.on_commit(lambda: _wake(Lane(schema, kind, key), at))


def wake_platform(kind: str, key: str = "") -> None:
    """Say that one of the platform's own lanes has work: its kind is `for_platform`."""
    transaction.on_commit(lambda: _wake(Lane(PLATFORM, kind, key), None))


def begin(kind: str, *, schema: str) -> None:
    """Make a lane that has work now, within the running transaction: for what nothing else wakes."""
    _wake(Lane(schema, kind, ""), None)


def _wake(lane: Lane, at: datetime | None) -> None:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(WAKE_SQL, {**lane._asdict(), "at": at or now})
        if cursor.rowcount and (at is None or at <= now):
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def take_due(*, limit: int = 100) -> list[Ticket]:
    """Give tickets for the lanes that are due, or whose ticket was lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE public.jobs_wake SET token = gen_random_uuid(), running = false,
                   lease_until = now() + make_interval(secs => %s)
            WHERE id IN (
                SELECT id FROM public.jobs_wake
                WHERE ((token IS NULL AND due_at <= now()) OR (lease_until < now())) AND {_AWAKE}
                ORDER BY due_at NULLS FIRST LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING schema, kind, key, token
            """,
            [QUEUED_SECONDS, limit],
        )
        return [Ticket(Lane(*row[:3]), row[3]) for row in cursor.fetchall()]


def free_dead() -> int:
    """Make lanes due again whose runner's database session is gone. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH lane AS (SELECT id, hashtextextended(schema || '/' || kind || '/' || key, 0) AS lock
                          FROM public.jobs_wake WHERE running)
            UPDATE public.jobs_wake SET token = NULL, running = false, lease_until = NULL, due_at = now()
            WHERE id IN (SELECT id FROM lane WHERE NOT EXISTS (
                SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
                AND classid::bigint = (lane.lock >> 32) & 4294967295
                AND objid::bigint = lane.lock & 4294967295))
            """
        )
        return cursor.rowcount


def seconds_to_next(*, most: float) -> float:
    """How long until the next idle lane is due, at most `most` seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM min(due_at) - now()) FROM public.jobs_wake"
            f" WHERE token IS NULL AND {_AWAKE}"
        )
        wait = cursor.fetchone()[0]
    return most if wait is None else min(max(float(wait), 0.0), most)


def next_at(kind: str) -> datetime | None:
    """When the lane of this kind, in the schema of this request, is due next; None while it runs or where
    nothing has begun it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_at FROM public.jobs_wake WHERE schema = %s AND kind = %s AND key = ''",
            [current_schema(), kind],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def begin_pass(ticket: Ticket) -> bool:
    """Take or keep the lane for one pass: our session holds its lock and the ticket is still ours."""
    values = {**ticket.lane._asdict(), "token": ticket.token, "lease": RUNNING_FOR}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_LANE_LOCK})", values)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(
            """
            UPDATE public.jobs_wake SET running = true, due_at = NULL, lease_until = now() + %(lease)s
            WHERE schema = %(schema)s AND kind = %(kind)s AND key = %(key)s AND token = %(token)s
            """,
            values,
        )
        return cursor.rowcount == 1


def is_due(ticket: Ticket) -> bool:
    """Whether somebody woke the lane since the pass began."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_at <= now() FROM public.jobs_wake WHERE token = %s", [ticket.token]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def leave(ticket: Ticket, *, next_due: datetime | None) -> None:
    """Give the lane back, due at the earlier of `next_due` and any wake-up that came meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE public.jobs_wake SET token = NULL, running = false, lease_until = NULL,
                   due_at = least(due_at, %s) WHERE token = %s RETURNING due_at <= now()
            """,
            [next_due, ticket.token],
        )
        row = cursor.fetchone()
        cursor.execute("SELECT pg_advisory_unlock_all()")
        if row and row[0]:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])

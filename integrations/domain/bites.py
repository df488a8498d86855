"""What is being translated at the moment, noted before the work begins and struck out with it.

A worker that is killed leaves its note. Whoever comes next finds it and tries those documents one by
one, so that the one that kills workers is found, and in the end held.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from portal.core.cursors import binary_cursor
from portal.core.ids import uuid7

MOST_DEATHS = 3  # the first in company; a neighbour in a crew may be to blame for one more
# Between noting and taking up its work a worker that lives has a moment without a lock.
TAKEN_UP_AFTER = "2 seconds"


class Bite(NamedTuple):
    """A note. `begun`: how often its documents were begun without coming to an end."""

    id: UUID
    message_ids: list[UUID]
    begun: int


class Left(NamedTuple):
    """What a dead worker left, oldest first. `is_settled`: nobody can be about to take it up."""

    bite: Bite
    is_settled: bool


def left_behind(customer_id: int) -> Left | None:
    """The customer's oldest note that nobody works on."""
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT id, message_ids, begun, begun_at < clock_timestamp() - interval '{TAKEN_UP_AFTER}'
            FROM integrations_bite WHERE customer_id = %s
            ORDER BY message_ids LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
            [customer_id],
        )
        row = cursor.fetchone()
    return Left(Bite(*row[:3]), row[3]) if row else None


def begin(customer_id: int, message_ids: Sequence[UUID]) -> Bite:
    """Note what a worker is about to work on. To be committed before the work."""
    bite = Bite(uuid7(), list(message_ids), 1)
    _insert(customer_id, [bite], begun_at="clock_timestamp()")
    return bite


def begin_again(bite: Bite) -> Bite:
    """Note that it is begun once more. To be committed before the work."""
    with binary_cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_bite SET begun = begun + 1, begun_at = clock_timestamp()"
            " WHERE id = %s",
            [bite.id],
        )
    return bite._replace(begun=bite.begun + 1)


def take_apart(customer_id: int, bite: Bite) -> None:
    """Instead of the note one for each of its documents, to be tried alone."""
    strike_out(bite)
    alone = [Bite(uuid7(), [message_id], bite.begun) for message_id in bite.message_ids]
    _insert(customer_id, alone, begun_at="to_timestamp(0)")


def strike_out(bite: Bite) -> bool:
    """Remove the note in the transaction of its work, which locks it; False if another one has it."""
    with binary_cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_bite WHERE id = ("
            "SELECT id FROM integrations_bite WHERE id = %s FOR UPDATE SKIP LOCKED)",
            [bite.id],
        )
        return cursor.rowcount == 1


def not_its_fault(bite: Bite) -> None:
    """The worker lives and the work was only broken off: this beginning does not count."""
    with (
        suppress(OperationalError, InterfaceError),
        transaction.atomic(),
        binary_cursor() as cursor,
    ):
        cursor.execute("DELETE FROM integrations_bite WHERE id = %s AND begun = 1", [bite.id])
        cursor.execute(
            "UPDATE integrations_bite SET begun = begun - 1, begun_at = to_timestamp(0) WHERE id = %s",
            [bite.id],
        )


def _insert(customer_id: int, bites: Sequence[Bite], *, begun_at: str) -> None:
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO integrations_bite (id, customer_id, message_ids, begun, begun_at)
            SELECT id, %s, string_to_array(ids, ',')::uuid[], begun, {begun_at}
            FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS b(id, ids, begun)
            """,
            [
                customer_id,
                [bite.id for bite in bites],
                [",".join(map(str, bite.message_ids)) for bite in bites],
                [bite.begun for bite in bites],
            ],
        )

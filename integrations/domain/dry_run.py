"""Work that is taken back: the pipeline's own code in a transaction that ends with a rollback.

Nothing is sent and nothing stays. What live passes have locked is waited for only a moment, much shorter
than PostgreSQL's deadlock_timeout of a second: where both wait for each other, this work gives up.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from uuid import UUID

import psycopg
import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from integrations.canonical.problem import Problem
from integrations.connectors.outbound import Controls, Outbound
from integrations.domain import (
    compose,
    deliver,
    enveloped,
    follow_ups,
    inbox,
    onward,
    outbox,
    receive,
)
from integrations.domain.compose import Composed
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.hub import Change
from integrations.domain.inbox import Inbound
from integrations.domain.receive import Worked
from integrations.domain.translate import Reading
from portal.core import events
from portal.core.ids import uuid7

log = structlog.get_logger()
LOCK_TIMEOUT = "200ms"
TRIES = 20
PAUSE_SECONDS = 0.25
# The last: another wrote the same row between our look and our writing; the next try sees it.
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.UniqueViolation,
)
ANY_CONTROLS = Controls(interchange=1, group=1, first_set=1)

T = TypeVar("T")


class BusyError(Exception):
    """Others were at work on the same documents for as long as one waits for them: try again later."""


class TooLongError(Exception):
    """The documents keep their rows locked for longer than live work should wait: take fewer."""


def taken_back(work: Callable[[], T]) -> T:
    """What `work` returns, done in a transaction that is rolled back. BusyError if others do not let go.

    Nobody hears of it: no event reaches a receiver, no lane is woken, no channel is told of stock.
    Not to be called inside a transaction that has something of its own to lose.
    """
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            return _once(work)
        except (OperationalError, IntegrityError) as error:
            if not isinstance(error.__cause__, _BUSY):
                raise
    raise BusyError("Others are at work on these documents just now. Try again in a moment.")


def _once(work: Callable[[], T]) -> T:
    connection.cursor().close()  # before: where the session looks for tables would be taken back, too
    with transaction.atomic(), events.silenced(), onward.channels_untold():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        result = work()
        transaction.set_rollback(True)
    return result


class Outgoing(NamedTuple):
    """A message on its way out because of a document."""

    id: UUID
    endpoint_id: int
    record_id: UUID | None
    record_version: int | None


def version(change: Change) -> tuple[UUID, int]:
    """The version of a record that a document speaks of."""
    return change.record.id, change.record.version


@dataclass
class Carried:
    """How far documents came: what was read of each and what that meant to the hub, the versions of
    records that are new in it, the documents a container was taken apart into, what is on its way out
    (by id, and by record), that of it which waits for its order, and that which is ready to be sent."""

    readings: dict[UUID, Reading] = field(default_factory=dict)
    changes: dict[UUID, list[Change]] = field(default_factory=dict)
    news: set[tuple[UUID, int]] = field(default_factory=set)
    parts: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    outgoing: dict[UUID, Outgoing] = field(default_factory=dict)
    of_record: dict[UUID, list[Outgoing]] = field(default_factory=lambda: defaultdict(list))
    parked: set[UUID] = field(default_factory=set)
    ready: dict[UUID, Outbound] = field(default_factory=dict)


class Before(NamedTuple):
    """What tells what a dry run brings about from what was there: the time it began, as an id, and the
    messages that had ended or were held."""

    since: UUID
    dormant: list[UUID]


def before(message_ids: Sequence[UUID]) -> Before:
    """To be called first in the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM integrations_message WHERE direction = 'out' AND record_id IN ("
            " SELECT record_id FROM integrations_message WHERE id = ANY(%s) AND record_id IS NOT NULL)"
            " AND state IN ('held', 'superseded', 'skipped')",
            [list(message_ids)],
        )
        return Before(uuid7(), [row[0] for row in cursor.fetchall()])


def carry(
    config: Configuration,
    message_ids: Sequence[UUID],
    *,
    begun: Before,
    untried: set[UUID],
    ends: float,
) -> Carried:
    """Bring released documents as far as they come without anything being sent. TooLongError when that
    is not done at `ends`, on the monotonic clock. `untried` are not read.

    Runs in the caller's transaction and leaves everything as a live pass would.
    """
    carried = Carried()
    among = [i for i in message_ids if i not in untried]
    while chosen := inbox.waiting(config.customer_id, limit=receive.BITE, among=among):
        for worked in _pass(config, inbox.claim(chosen)):
            _note(carried, worked)
        if any(carried.readings[i].split for i in chosen if i in carried.readings):
            among += _note_parts(carried, config.customer_id, begun.since)
        _in_time(ends)
    for one in _outgoing(carried, message_ids, begun):
        carried.outgoing[one.id] = one
        if one.record_id:
            carried.of_record[one.record_id].append(one)
    carried.parked = follow_ups.parked(list(carried.outgoing))
    _compose_all(config, carried, ends=ends)
    return carried


def _in_time(ends: float) -> None:
    if time.monotonic() > ends:
        raise TooLongError


def _pass(config: Configuration, claimed: Sequence[Inbound]) -> list[Worked]:
    """One pass; where a document breaks our own code, each alone, as the translate lane does."""
    try:
        with transaction.atomic():
            return [receive.work_off(config, claimed)]
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("dry run failed; going on one by one", customer_id=config.customer_id)
    return [_alone(config, one) for one in claimed]


def _alone(config: Configuration, one: Inbound) -> Worked:
    try:
        with transaction.atomic():
            return receive.work_off(config, [one])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("poison document", message_id=str(one.id))
        receive.hold_broken(config, [one], receive.broken_by(error))
    return Worked([], [])


def _note(carried: Carried, worked: Worked) -> None:
    found: dict[UUID, list[Change]] = defaultdict(list)
    for change in worked.changes:
        if change.is_news:
            carried.news.add(version(change))
        if change.offer.message_id:
            found[change.offer.message_id].append(change)
    for reading in worked.readings:
        carried.readings[reading.message.id] = reading
        carried.changes[reading.message.id] = found[reading.message.id]


def _note_parts(carried: Carried, customer_id: int, since: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, parent_id FROM integrations_message WHERE customer_id = %s"
            " AND state = 'received' AND id > %s AND parent_id = ANY(%s) ORDER BY id",
            [customer_id, since, list(carried.readings)],
        )
        found = cursor.fetchall()
    for part, container in found:
        carried.parts[container].append(part)
    return [part for part, _ in found]


def _outgoing(carried: Carried, message_ids: Sequence[UUID], begun: Before) -> list[Outgoing]:
    """What waits to be sent since: new messages of the records, and released ones."""
    changed = {c.record.id for changes in carried.changes.values() for c in changes}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, endpoint_id, record_id, record_version FROM integrations_message
            WHERE direction = 'out' AND state = 'waiting' AND id = ANY(%(ids)s)
            UNION
            SELECT id, endpoint_id, record_id, record_version FROM integrations_message
            WHERE direction = 'out' AND state = 'waiting' AND record_id IN (
                SELECT unnest(%(changed)s::uuid[]) UNION
                SELECT record_id FROM integrations_message WHERE id = ANY(%(ids)s))
            AND (id > %(since)s OR id = ANY(%(dormant)s))
            ORDER BY id
            """,
            {
                "ids": list(message_ids),
                "changed": list(changed),
                "since": begun.since,
                "dormant": begun.dormant,
            },
        )
        return [Outgoing(*row) for row in cursor.fetchall()]


def _compose_all(config: Configuration, carried: Carried, *, ends: float) -> None:
    waiting: dict[int, list[UUID]] = defaultdict(list)
    for one in carried.outgoing.values():
        if one.id not in carried.parked:
            waiting[one.endpoint_id].append(one.id)
    for endpoint_id, ids in waiting.items():
        target = config.endpoints[endpoint_id]
        while claimed := outbox.claim(endpoint_id, limit=deliver.BITE, among=ids):
            composed = compose.compose(config, target, claimed)
            by_id = {message.id: message for message in claimed}
            deliver.hold_unmapped(config, target, composed, by_id)
            refused = _refused_by_envelope(target, composed)
            deliver.hold(config, target, refused, by_id, composed.mappings)
            for item in composed.ready:
                if item.message_id not in refused:
                    carried.ready[item.message_id] = item
            _in_time(ends)


def _refused_by_envelope(target: EndpointConfig, composed: Composed) -> dict[UUID, list[Problem]]:
    if "envelope" not in target.connector.manifest.capabilities:
        return {}
    found: dict[UUID, list[Problem]] = {}
    for documents in enveloped.files(target, composed.ready):
        found |= enveloped.envelope(target, documents, ANY_CONTROLS).problems
    return found

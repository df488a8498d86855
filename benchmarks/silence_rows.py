"""A customer's story as the rows that the lane reads: sums of traffic, and legs, five minutes at a time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import psycopg

from benchmarks.silence_world import Leg, Story

SLOT: Final = timedelta(minutes=5)
_DELTA: Final = """INSERT INTO integrations_trafficdelta (slot, customer_id, endpoint_id, flow_id,
    object_type, direction, received, duplicate, applied, unchanged, split, queued, retried, replayed,
    sent, confirmed, held, superseded, skipped)
SELECT slot, c, e, f, t, d, CASE d WHEN 'in' THEN n ELSE 0 END, 0, 0, 0, 0, 0, 0, 0,
    CASE d WHEN 'out' THEN n ELSE 0 END, 0, 0, 0, 0
FROM unnest(%s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
    %s::int[]) AS rows(slot, c, e, f, t, d, n)"""
_LEGS: Final = """INSERT INTO monitoring_leg (customer_id, kind, subject, endpoint_id, number, began_at,
    outcome, message_id, ended_at)
SELECT c, k, s, e, n, b, CASE WHEN en IS NULL THEN '' ELSE 'done' END, m, en
FROM unnest(%s::bigint[], %s::text[], %s::uuid[], %s::bigint[], %s::text[], %s::timestamptz[],
    %s::uuid[], %s::timestamptz[]) AS rows(c, k, s, e, n, b, m, en)"""
_END: Final = """UPDATE monitoring_leg l SET outcome = 'done', ended_at = rows.at
FROM unnest(%s::text[], %s::uuid[], %s::bigint[], %s::timestamptz[]) AS rows(kind, subject, endpoint, at)
WHERE (l.kind, l.subject, l.endpoint_id) = (rows.kind, rows.subject, rows.endpoint)"""
_SENT: Final = """INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type,
    topic, state, business_key, part, mapping, attempts, lane, interchange_id, created_at, updated_at)
SELECT id, 'out', e, c, 'order', '', 'delivered', 'order/' || n, 0, '', 1, 5, %s, at, at
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[]) AS rows(id, e, c, n, at)"""
LATE_ACK: Final = timedelta(hours=3)  # such documents are there as documents, too


class Ids(NamedTuple):
    """Of one customer: endpoints by slug, flows by (source, target, type)."""

    customer: int
    endpoints: dict[str, int]
    flows: dict[tuple[str, str, str], int]


class Row(NamedTuple):
    """One leg, with the ids it has."""

    ids: Ids
    leg: Leg
    subject: UUID
    number: str
    message: UUID | None


class Ledger:
    """What becomes known in each five minutes, by when they end."""

    def __init__(self) -> None:
        self.documents: dict[datetime, dict[tuple, int]] = defaultdict(lambda: defaultdict(int))
        self.begun: dict[datetime, list[Row]] = defaultdict(list)
        self.ended: dict[datetime, list[Row]] = defaultdict(list)

    def add(self, told: Story, ids: Ids) -> None:
        for at, what in told.came():
            self.documents[_slot(at)][_key(what, ids)] += 1
        for number, order in enumerate(told.orders):
            for leg in order.legs():
                late = leg.what.startswith("ack") and leg.ended - leg.began > LATE_ACK
                row = Row(ids, leg, uuid4(), f"SO-{number}", uuid4() if late else None)
                self.begun[_slot(leg.began)].append(row)
                self.ended[_slot(leg.ended)].append(row)

    def write(self, connection: psycopg.Connection, start: datetime, end: datetime) -> None:
        """Everything from `start` to before `end`, which are ends of five minutes."""
        slots = _slots(start, end)
        _documents(
            connection, [(slot, self.documents[slot]) for slot in slots if slot in self.documents]
        )
        begun = [row for slot in slots for row in self.begun.get(slot, ())]
        _begin(connection, begun, end)
        new = {id(row) for row in begun}
        over = [row for slot in slots for row in self.ended.get(slot, ()) if id(row) not in new]
        _end(connection, over)


def _slot(at: datetime) -> datetime:
    return datetime.fromtimestamp(int(at.timestamp()) // 300 * 300, at.tzinfo)


def _slots(start: datetime, end: datetime) -> list[datetime]:
    return [start + n * SLOT for n in range((end - start) // SLOT)]


def _key(what: str, ids: Ids) -> tuple:
    endpoint, object_type, direction, *source = what.split("/")
    flow = ids.flows[source[0], endpoint, object_type] if source else 0
    return (ids.customer, ids.endpoints[endpoint], flow, object_type, direction)


def _documents(connection: psycopg.Connection, slots: Iterable[tuple[datetime, dict]]) -> None:
    rows = [(slot, *key, n) for slot, counts in slots for key, n in counts.items()]
    if rows:
        connection.execute(_DELTA, _columns(rows))


def _begin(connection: psycopg.Connection, rows: list[Row], now: datetime) -> None:
    if not rows:
        return
    made = []
    for row in rows:
        kind, slug = row.leg.what.split("/")
        ended = row.leg.ended if row.leg.ended < now else None
        made.append((row.ids.customer, kind, row.subject, row.ids.endpoints[slug], row.number,
                     row.leg.began, row.message, ended))  # fmt: skip
    connection.execute(_LEGS, _columns(made))
    sent = [(row.message, row.ids.endpoints["house"], row.ids.customer, row.number, row.leg.began)
            for row in rows if row.message]  # fmt: skip
    if sent:
        connection.execute(_SENT, [uuid4(), *_columns(sent)])


def _end(connection: psycopg.Connection, rows: list[Row]) -> None:
    if not rows:
        return
    made = []
    for row in rows:
        kind, slug = row.leg.what.split("/")
        made.append((kind, row.subject, row.ids.endpoints[slug], row.leg.ended))
    connection.execute(_END, _columns(made))
    confirmed = [row.message for row in rows if row.message]
    if confirmed:
        connection.execute(
            "UPDATE integrations_message SET state = 'confirmed' WHERE id = ANY(%s)", [confirmed]
        )
        connection.execute(
            "UPDATE integrations_problem SET closed_at = now() WHERE message_id = ANY(%s)",
            [confirmed],
        )


def _columns(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]

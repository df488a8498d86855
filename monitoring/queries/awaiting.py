"""Legs that are open, overdue or over: what expectations of next documents are judged by."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection

from monitoring.expect.awaited import Leg as Awaited
from monitoring.models import Expectation, Leg

KINDS: Final = tuple(str(kind) for kind in Expectation.LEGS)
MOST: Final = 500  # legs of one side that are looked at; the count is of all
SAMPLE: Final = 600
LONGEST: Final = timedelta(weeks=8)


class Side(NamedTuple):
    """Whose turn it is, and for what."""

    customer_id: int
    kind: str
    endpoint_id: int


class Overdue(NamedTuple):
    """The oldest legs of one side that are past due, of `waiting` in all."""

    legs: list[Awaited]
    waiting: int


def sides(customer_ids: Sequence[int], *, since: datetime) -> list[Side]:
    """The sides that had a leg since then."""
    found = (
        Leg.objects.filter(
            customer_id__in=customer_ids, kind__in=KINDS, began_at__gte=since, endpoint_id__gt=0
        )
        .order_by()
        .values_list("customer_id", "kind", "endpoint_id")
        .distinct()
    )
    return [Side(*row) for row in found]


def without_due(sides: Iterable[Side], *, limit: int) -> list[tuple[int, Side, datetime]]:
    """Open legs of these sides of which nobody has said yet when they are due: id, side, since when."""
    wanted = list(sides)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.id, l.customer_id, l.kind, l.endpoint_id, l.began_at FROM monitoring_leg l
            JOIN unnest(%s::bigint[], %s::text[], %s::bigint[]) AS s(customer_id, kind, endpoint_id)
                USING (customer_id, kind, endpoint_id)
            WHERE l.outcome = '' AND l.due_at IS NULL LIMIT %s
            """,
            [
                [side.customer_id for side in wanted], [side.kind for side in wanted],
                [side.endpoint_id for side in wanted], limit,
            ],
        )  # fmt: skip
        return [(row[0], Side(*row[1:4]), row[4]) for row in cursor.fetchall()]


def set_due(dues: Iterable[tuple[int, datetime]]) -> None:
    rows = list(dues)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE monitoring_leg l SET due_at = d.due_at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS d(id, due_at)"
            " WHERE l.id = d.id AND l.outcome = ''",
            [[pk for pk, _ in rows], [due for _, due in rows]],
        )


def overdue(*, now: datetime) -> dict[Side, Overdue]:
    """The sides of which something is past due. What is held here is told of by its own case."""
    found: dict[Side, list[Awaited]] = defaultdict(list)
    counts: dict[Side, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"now": now, "kinds": list(KINDS), "most": MOST})
        for customer, kind, endpoint, count, number, began, amount, currency in cursor.fetchall():
            side = Side(customer, kind, endpoint)
            found[side].append(Awaited(number, began, None, amount, currency or ""))
            counts[side] = count
    return {side: Overdue(legs, counts[side]) for side, legs in found.items()}


_OVERDUE: Final = """
SELECT late.customer_id, late.kind, late.endpoint_id, late.n, late.number, late.began_at, r.amount,
    r.currency
FROM (
    SELECT l.*, count(*) OVER side AS n, row_number() OVER (side ORDER BY l.began_at) AS place
    FROM monitoring_leg l
    WHERE l.outcome = '' AND l.due_at <= %(now)s AND l.kind = ANY(%(kinds)s) AND l.endpoint_id > 0
        AND NOT EXISTS (SELECT 1 FROM integrations_message m
            WHERE m.id = l.message_id AND m.state = 'held')
    WINDOW side AS (PARTITION BY l.customer_id, l.kind, l.endpoint_id)
) AS late LEFT JOIN integrations_record r ON r.id = late.order_id
WHERE late.place <= %(most)s ORDER BY late.began_at
"""


def last_met(wanted: Iterable[tuple[Side, datetime]]) -> dict[Side, datetime]:
    """When each side last brought what was awaited, as far as it was after a time of its own."""
    rows = list(wanted)
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.customer_id, s.kind, s.endpoint_id, max(l.ended_at)
            FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[])
                AS s(customer_id, kind, endpoint_id, since)
            JOIN monitoring_leg l ON l.customer_id = s.customer_id AND l.kind = s.kind
                AND l.endpoint_id = s.endpoint_id AND l.began_at >= s.since - interval '30 days'
                AND l.ended_at >= s.since AND l.outcome IN ('done', 'refused')
            GROUP BY 1, 2, 3
            """,
            [
                [side.customer_id for side, _ in rows], [side.kind for side, _ in rows],
                [side.endpoint_id for side, _ in rows], [since for _, since in rows],
            ],
        )  # fmt: skip
        return {Side(*row[:3]): row[3] for row in cursor.fetchall()}


class Taken(NamedTuple):
    """The newest legs of one side that were met (from, to), the longest of eight weeks, and how many there
    were in 30 days."""

    legs: list[tuple[datetime, datetime]]
    longest: list[tuple[datetime, datetime]]
    a_month: int


def taken(customer_id: int, *, now: datetime) -> dict[Side, Taken]:
    """How long the legs of a customer took in the last eight weeks, by side: the newest 600, and the 20
    that took longest by the clock on the wall."""
    found: dict[Side, Taken] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, endpoint_id, began_at, ended_at, month, place <= %(most)s, length <= 20 FROM (
                SELECT l.*, row_number() OVER (side ORDER BY began_at DESC) AS place,
                    row_number() OVER (side ORDER BY ended_at - began_at DESC) AS length,
                    count(*) FILTER (WHERE began_at >= %(month)s) OVER side AS month
                FROM monitoring_leg l WHERE customer_id = %(customer)s AND kind = ANY(%(kinds)s)
                    AND began_at >= %(since)s AND outcome = 'done' AND endpoint_id > 0
                WINDOW side AS (PARTITION BY kind, endpoint_id)
            ) AS met WHERE place <= %(most)s OR length <= 20
            """,
            {
                "customer": customer_id, "kinds": list(KINDS), "since": now - LONGEST,
                "month": now - timedelta(days=30), "most": SAMPLE,
            },
        )  # fmt: skip
        for kind, endpoint, began, ended, month, is_new, is_long in cursor.fetchall():
            taken = found.setdefault(Side(customer_id, kind, endpoint), Taken([], [], month))
            if is_new:
                taken.legs.append((began, ended))
            if is_long:
                taken.longest.append((began, ended))
    return found


class Waiting(NamedTuple):
    """What waits for one side: how many, how many of them past due, and when the next is due."""

    documents: int = 0
    overdue: int = 0
    next_due: datetime | None = None


def waiting(sides: Iterable[Side], *, now: datetime) -> dict[Side, Waiting]:
    """What waits for each of these sides; those for which nothing does are left out."""
    wanted = list(sides)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.customer_id, l.kind, l.endpoint_id, count(*),
                count(*) FILTER (WHERE l.due_at <= %s), min(l.due_at) FILTER (WHERE l.due_at > %s)
            FROM monitoring_leg l
            JOIN unnest(%s::bigint[], %s::text[], %s::bigint[]) AS s(customer_id, kind, endpoint_id)
                USING (customer_id, kind, endpoint_id)
            WHERE l.outcome = '' GROUP BY 1, 2, 3
            """,
            [
                now, now, [side.customer_id for side in wanted], [side.kind for side in wanted],
                [side.endpoint_id for side in wanted],
            ],
        )  # fmt: skip
        return {Side(*row[:3]): Waiting(*row[3:]) for row in cursor.fetchall()}

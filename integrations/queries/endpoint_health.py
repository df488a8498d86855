"""How endpoints are doing: what waits, how fast they answer, what they refused, what failed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from integrations.models import DoorRefusal, Problem
from integrations.queries import volumes
from integrations.queries.volumes import Volume
from integrations.queries.windows import Window
from portal.core import clock

DAY = timedelta(hours=24)
SAMPLE = 200
_DOCUMENTS = Count(
    Coalesce(
        NullIf("message__business_key", Value("")), Cast("message_id", output_field=TextField())
    ),
    distinct=True,
)


class Queue(NamedTuple):
    """Documents that wait for an endpoint or came from it and are not worked off; held ones apart."""

    waiting: int = 0
    oldest: datetime | None = None
    held: int = 0


class Speed(NamedTuple):
    """Milliseconds of the newest answered tries; None where there are none."""

    p50: int | None = None
    p95: int | None = None


def queues(endpoint_ids: Collection[int]) -> dict[int, Queue]:
    """What waits per endpoint. Each part reads one of the small indexes of what is open: OFFSET 0 keeps
    the planner from going through all that an endpoint ever had. Held ones are counted before any are left
    out, which takes half as long as looking at each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT endpoint_id, sum(waiting)::int, min(oldest), sum(held)::int FROM (
                SELECT endpoint_id, count(*) AS waiting, min(created_at) AS oldest, 0 AS held
                FROM integrations_message WHERE direction = 'out' AND state IN ('waiting', 'sending')
                    AND endpoint_id = ANY(%(ids)s) GROUP BY 1
                UNION ALL
                SELECT endpoint_id, count(*), min(created_at), 0 FROM (
                    SELECT endpoint_id, created_at FROM integrations_message
                    WHERE state = 'received' OFFSET 0) AS received
                WHERE endpoint_id = ANY(%(ids)s) GROUP BY 1
                UNION ALL
                SELECT endpoint_id, 0, NULL, held FROM (
                    SELECT endpoint_id, count(*) AS held FROM integrations_message
                    WHERE state = 'held' GROUP BY 1 OFFSET 0) AS held
                WHERE endpoint_id = ANY(%(ids)s)) AS parts
            GROUP BY 1
            """,
            {"ids": list(endpoint_ids)},
        )
        return {row[0]: Queue(*row[1:]) for row in cursor.fetchall()}


def speeds(endpoint_ids: Collection[int]) -> dict[int, Speed]:
    """p50 and p95 of the tries of each endpoint's newest 200 outbound messages."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms))::int,
                round(percentile_cont(0.95) WITHIN GROUP (ORDER BY t.ms))::int
            FROM unnest(%s::bigint[]) AS e(id) CROSS JOIN LATERAL (
                SELECT (v.answer->>'ms')::numeric AS ms FROM (
                    SELECT id FROM integrations_message WHERE endpoint_id = e.id AND direction = 'out'
                    ORDER BY id DESC LIMIT %s) AS m
                JOIN integrations_messageevent v ON v.message_id = m.id
                WHERE jsonb_typeof(v.answer->'ms') = 'number') AS t
            GROUP BY e.id
            """,
            [list(endpoint_ids), SAMPLE],
        )
        return {row[0]: Speed(*row[1:]) for row in cursor.fetchall()}


def last_received(endpoint_ids: Collection[int]) -> dict[int, datetime]:
    """When each last gave us a document, as far as its newest 200 messages tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id, m.created_at FROM unnest(%s::bigint[]) AS e(id) CROSS JOIN LATERAL (
                SELECT created_at FROM (
                    SELECT id, direction, created_at FROM integrations_message
                    WHERE endpoint_id = e.id ORDER BY id DESC LIMIT %s) AS newest
                WHERE direction = 'in' ORDER BY id DESC LIMIT 1) AS m
            """,
            [list(endpoint_ids), SAMPLE],
        )
        return dict(cursor.fetchall())


def held_counts(endpoint_ids: Collection[int]) -> dict[int, int]:
    """Documents that had a problem in the last 24 h. One may have had several, and may have come
    twice, by a webhook and by the poll behind it: it counts once."""
    found = (
        Problem.objects.filter(endpoint_id__in=endpoint_ids, opened_at__gte=clock.now() - DAY)
        .values_list("endpoint_id")
        .annotate(n=_DOCUMENTS)
    )
    return dict(found)


def problem_codes(endpoint_id: int) -> list[dict[str, Any]]:
    """Problems of the last 24 h by code: {code, count (of documents), last, text}."""
    found = (
        Problem.objects.filter(endpoint_id=endpoint_id, opened_at__gte=clock.now() - DAY)
        .values("code")
        .annotate(count=_DOCUMENTS, last=Max("opened_at"), text=Min("text"))
        .order_by("-count")[:20]
    )
    return [dict(row) for row in found]


def failed_tries(endpoint_id: int) -> list[dict[str, Any]]:
    """Why tries of the newest messages failed and will be repeated: {text, count, last}."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.cause, count(*), max(v.at) FROM (
                SELECT id FROM integrations_message WHERE endpoint_id = %s AND direction = 'out'
                ORDER BY id DESC LIMIT %s) AS m
            JOIN integrations_messageevent v ON v.message_id = m.id
            WHERE v.from_state = 'sending' AND v.to_state = 'waiting' AND v.cause <> ''
                AND v.at > %s
            GROUP BY 1 ORDER BY 2 DESC LIMIT 10
            """,
            [endpoint_id, SAMPLE, clock.now() - DAY],
        )
        return [dict(zip(("text", "count", "last"), row, strict=True)) for row in cursor.fetchall()]


def refusals(endpoint_id: int) -> list[dict[str, Any]]:
    """What the door refused in the last 24 h: {reason, count, last, said}, the last time's words."""
    found = (
        DoorRefusal.objects.filter(endpoint_id=endpoint_id, hour__gte=clock.now() - DAY)
        .values("reason")
        .annotate(count=Sum("count"), last=Max("hour"))
        .order_by("-count")
    )
    words = DoorRefusal.objects.filter(endpoint_id=endpoint_id, hour__gte=clock.now() - DAY)
    said = dict(words.exclude(said="").order_by("hour").values_list("reason", "said"))
    return [{**row, "said": said.get(row["reason"], "")} for row in found]


class Hour(NamedTuple):
    """What happened at an endpoint in one hour: documents that came, that went, that were held."""

    at: datetime
    received: int
    sent: int
    held: int


def hours(endpoint_id: int) -> list[Hour]:
    """The last 24 h, hour by hour, oldest first; hours without documents included."""
    window = day(clock.now())
    found = volumes.series(window, level=1, endpoint_id=endpoint_id).get((), {})
    slots = [window.start + timedelta(hours=n) for n in range(24)]
    return [
        Hour(at, one.received, one.sent, one.held)
        for at in slots
        for one in [found.get(at, Volume())]
    ]


def day(now: datetime) -> Window:
    """24 full hours, the running one the last of them."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return Window(hour - timedelta(hours=23), hour + timedelta(hours=1))


def first_id(at: datetime) -> UUID:
    """The smallest id a message made at `at` or later can have: ids are in time order. A minute is
    allowed for clocks that differ."""
    milliseconds = int((at.timestamp() - 60) * 1000)
    return UUID(int=milliseconds << 80)

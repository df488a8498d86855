"""When documents came and went, from the sums of traffic: the last, hour by hour, one by one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from monitoring.expect.learn import Seen

SLOT: Final = timedelta(minutes=5)
NOT_BUSINESS: Final = ("", "interchange", "acknowledgement")
_COLUMNS: Final = "customer_id, endpoint_id, flow_id, object_type, direction"
_NUMBER: Final = "CASE direction WHEN 'in' THEN received ELSE sent END"
_KEYS: Final = """unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
    %s::timestamptz[]) AS k(customer_id, endpoint_id, flow_id, object_type, direction, since)"""
_SAME: Final = """AND t.endpoint_id = k.endpoint_id AND t.flow_id = k.flow_id
    AND t.object_type = k.object_type AND t.direction = k.direction"""
_SOME: Final = "CASE t.direction WHEN 'in' THEN t.received ELSE t.sent END > 0"


class Key(NamedTuple):
    """One way documents take: into us from an endpoint (`flow_id` 0), or by a flow to one."""

    customer_id: int
    endpoint_id: int
    flow_id: int
    object_type: str
    direction: str


def known(*, since: datetime) -> list[Key]:
    """The ways on which business documents moved since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT {_COLUMNS} FROM integrations_traffic
            WHERE level = 2 AND at >= date_trunc('day', %s AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                AND {_NUMBER} > 0 AND object_type <> ALL(%s)
            """,
            [since, list(NOT_BUSINESS)],
        )
        return [Key(*row) for row in cursor.fetchall()]


def last(wanted: Iterable[tuple[Key, datetime]]) -> dict[Key, datetime]:
    """When the last document came on each way after a time of its own: the beginning of its five
    minutes. Ways on which none came are left out."""
    rows = list(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT k.*, greatest(sums.at, waiting.at) FROM {_KEYS}
            LEFT JOIN LATERAL (SELECT t.at FROM integrations_traffic t WHERE t.level = 0
                AND t.customer_id = k.customer_id AND t.at > k.since {_SAME} AND {_SOME}
                ORDER BY t.at DESC LIMIT 1) AS sums ON true
            LEFT JOIN LATERAL (SELECT max(t.slot) AS at FROM integrations_trafficdelta t
                WHERE t.customer_id = k.customer_id AND t.slot > k.since {_SAME} AND {_SOME}
                ) AS waiting ON true
            WHERE sums.at IS NOT NULL OR waiting.at IS NOT NULL
            """,
            _arrays(rows),
        )
        return {Key(*row[:5]): row[6] for row in cursor.fetchall()}


def _arrays(rows: Sequence[tuple[Key, datetime]]) -> list[list[Any]]:
    keys = zip(*(key for key, _ in rows), strict=True) if rows else ([] for _ in Key._fields)
    return [*(list(column) for column in keys), [since for _, since in rows]]


def hourly(keys: Iterable[Key], *, since: datetime, zone: str) -> dict[Key, dict[datetime, int]]:
    """Documents by the beginning (UTC) of the local hours of `zone` that begin at `since` or later."""
    found: dict[Key, dict[datetime, int]] = defaultdict(dict)
    level = 0 if _shift(zone, since) else 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT k.customer_id, k.endpoint_id, k.flow_id, k.object_type, k.direction,
                date_bin('1 hour', t.at, %s), sum(t.n)
            FROM {_KEYS} CROSS JOIN LATERAL (
                SELECT t.at, {_NUMBER} AS n FROM integrations_traffic t WHERE t.level = %s
                    AND t.customer_id = k.customer_id AND t.at >= k.since {_SAME}
                UNION ALL SELECT t.slot, {_NUMBER} FROM integrations_trafficdelta t
                WHERE t.customer_id = k.customer_id AND t.slot >= k.since {_SAME}) AS t
            GROUP BY 1, 2, 3, 4, 5, 6
            """,
            [_origin(zone, since), *_arrays([(key, since) for key in keys]), level],
        )
        for *key, at, count in cursor.fetchall():
            found[Key(*key)][at] = int(count)
    return found


def history(customer_id: int, *, since: datetime, zone: str) -> dict[Key, dict[datetime, Seen]]:
    """All ways of a customer, hour by local hour: documents, and five minutes that had some."""
    found: dict[Key, dict[datetime, Seen]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {_COLUMNS}, date_bin('1 hour', at, %s), sum({_NUMBER})::int,
                (count(*) FILTER (WHERE {_NUMBER} > 0))::int
            FROM integrations_traffic WHERE level = 0 AND customer_id = %s AND at >= %s
                AND object_type <> ALL(%s)
            GROUP BY 1, 2, 3, 4, 5, 6
            """,
            [_origin(zone, since), customer_id, since, list(NOT_BUSINESS)],
        )
        for *key, at, documents, slots in cursor.fetchall():
            found[Key(*key)][at] = Seen(documents, slots)
    return found


def moments(keys: Iterable[Key], *, since: datetime) -> dict[Key, list[datetime]]:
    """The five minutes in which something came, in order."""
    found: dict[Key, list[datetime]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT k.customer_id, k.endpoint_id, k.flow_id, k.object_type, k.direction, t.at
            FROM {_KEYS} JOIN integrations_traffic t ON t.level = 0
                AND t.customer_id = k.customer_id AND t.at >= k.since {_SAME} AND {_SOME}
            ORDER BY t.at
            """,
            _arrays([(key, since) for key in keys]),
        )
        for *key, at in cursor.fetchall():
            found[Key(*key)].append(at)
    return found


def gaps(customer_id: int, *, since: datetime) -> dict[Key, list[tuple[datetime, datetime]]]:
    """Of all ways of a customer the times without a document, as far as they were a quarter of an hour."""
    found: dict[Key, list[tuple[datetime, datetime]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT * FROM (
                SELECT {_COLUMNS}, lag(at) OVER (PARTITION BY {_COLUMNS} ORDER BY at) AS before, at
                FROM integrations_traffic WHERE level = 0 AND customer_id = %s AND at >= %s
                    AND {_NUMBER} > 0 AND object_type <> ALL(%s)) AS steps
            WHERE at - before > interval '20 minutes'
            """,
            [customer_id, since, list(NOT_BUSINESS)],
        )
        for *key, before, at in cursor.fetchall():
            found[Key(*key)].append((before + SLOT, at))
    return found


def _shift(zone: str, at: datetime) -> int:
    """By how many minutes local hours begin after those of UTC."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(-offset.total_seconds() // 60 % 60)


def _origin(zone: str, at: datetime) -> datetime:
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=_shift(zone, at))

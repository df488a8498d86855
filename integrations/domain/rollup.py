"""Keeping the sums of traffic: folding what was added, and making or checking them from the events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from integrations.models.traffic import COUNTERS, Level
from integrations.models.traffic_sql import (
    KEYS,
    NAMES,
    NEW_RECORDS,
    delays_of,
    new_records_of,
    traffic_of,
)

# Not a query: a transaction that has to see all that was committed before it got the lock still can.
_ALONE: Final = "LOCK TABLE integrations_traffic IN SHARE ROW EXCLUSIVE MODE"
_TABLES: Final = ("traffic", "delay", "newrecords", "trafficdelta", "delaydelta", "newrecordsdelta")
_SUMS: Final = ", ".join(f"sum({name})" for name in COUNTERS)
_MORE: Final = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in COUNTERS)
_LEVELS: Final = """CROSS JOIN LATERAL (VALUES (0, slot), (1, date_bin('1 hour', slot, 'epoch')),
        (2, date_bin('1 day', slot, 'epoch'))) AS levels(level, at)"""
_TRAFFIC_FROM: Final = f"""
    INSERT INTO integrations_traffic AS t (level, at, {KEYS}, {NAMES})
    SELECT level, at, {KEYS}, {_SUMS} FROM gone {_LEVELS}
    GROUP BY level, at, {KEYS}
"""
_FOLD_TRAFFIC: Final = f"""
    WITH gone AS (DELETE FROM integrations_trafficdelta RETURNING *) {_TRAFFIC_FROM}
    ON CONFLICT (level, customer_id, at, endpoint_id, flow_id, object_type, direction)
    DO UPDATE SET {_MORE}
"""
_FOLD_DELAYS: Final = f"""
    WITH gone AS (DELETE FROM integrations_delaydelta RETURNING *)
    INSERT INTO integrations_delay AS d (at, {KEYS}, kind, bin, count)
    SELECT at, {KEYS}, kind, bin, sum(count) FROM gone GROUP BY at, {KEYS}, kind, bin
    ON CONFLICT (at, {KEYS}, kind, bin) DO UPDATE SET count = d.count + excluded.count
"""
_FOLD_RECORDS: Final = f"""
    WITH gone AS (DELETE FROM integrations_newrecordsdelta RETURNING *)
    INSERT INTO integrations_newrecords AS r ({NEW_RECORDS})
    SELECT slot, customer_id, object_type, sum(count) FROM gone GROUP BY 1, 2, 3
    ON CONFLICT (object_type, slot, customer_id) DO UPDATE SET count = r.count + excluded.count
"""
_EVENTS: Final = "integrations_messageevent e JOIN integrations_message m ON m.id = e.message_id"
# Straight into the sums: by way of what waits to be folded, millions of dead rows would stay there, and
# every page would read them until they are vacuumed. In the order of time, as folding writes them: what a
# page asks for together lies together.
_ALL_TRAFFIC: Final = f"""
    WITH gone (slot, {KEYS}, {NAMES}) AS ({traffic_of(_EVENTS)}) {_TRAFFIC_FROM} ORDER BY 1, 2
"""
_ALL_DELAYS: Final = f"""
    INSERT INTO integrations_delay (at, {KEYS}, kind, bin, count) {delays_of(_EVENTS)} ORDER BY 1, 2, 3
"""
_ALL_RECORDS: Final = f"""
    INSERT INTO integrations_newrecords ({NEW_RECORDS}) {new_records_of("integrations_record")}
"""
_UNEQUAL: Final = f"""
    WITH made AS (
        SELECT * FROM ({traffic_of(_EVENTS)}) AS made (slot, {KEYS}, {NAMES})
    ), told AS (
        SELECT level, at, {KEYS}, {NAMES} FROM integrations_traffic
        UNION ALL SELECT level, at, {KEYS}, {NAMES} FROM integrations_trafficdelta {_LEVELS}
        UNION ALL SELECT level, at, {KEYS}, {", ".join(f"-{n}" for n in COUNTERS)} FROM made {_LEVELS}
    )
    SELECT level, at, {KEYS}, {_SUMS} FROM told GROUP BY level, at, {KEYS}
    HAVING {" OR ".join(f"sum({n}) <> 0" for n in COUNTERS)}
    ORDER BY 2, 1 LIMIT %s
"""
_UNEQUAL_DELAYS: Final = f"""
    WITH made AS (
        SELECT * FROM ({delays_of(_EVENTS)}) AS made (at, {KEYS}, kind, bin, count)
    ), told AS (
        SELECT at, {KEYS}, kind, bin, count FROM integrations_delay
        UNION ALL SELECT at, {KEYS}, kind, bin, count FROM integrations_delaydelta
        UNION ALL SELECT at, {KEYS}, kind, bin, -count FROM made
    )
    SELECT at, {KEYS}, kind, bin, sum(count) FROM told GROUP BY at, {KEYS}, kind, bin
    HAVING sum(count) <> 0 ORDER BY 1 LIMIT %s
"""
_UNEQUAL_RECORDS: Final = f"""
    SELECT {NEW_RECORDS.replace("count", "sum(count)")} FROM (
        SELECT {NEW_RECORDS} FROM integrations_newrecords
        UNION ALL SELECT {NEW_RECORDS} FROM integrations_newrecordsdelta
        UNION ALL SELECT slot, customer_id, object_type, -count FROM (
            {new_records_of("integrations_record")}) AS made ({NEW_RECORDS})) AS told
    GROUP BY 1, 2, 3 HAVING sum(count) <> 0 ORDER BY 1 LIMIT %s
"""


@transaction.atomic
def fold() -> int:
    """Add what was written since to the sums. Returns how many sums changed."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
        return _changed(cursor, _FOLD_TRAFFIC, _FOLD_DELAYS, _FOLD_RECORDS)


def _changed(cursor: Any, *statements: str) -> int:
    """How many rows they wrote."""
    changed = 0
    for text in statements:
        cursor.execute(text)
        changed += cursor.rowcount
    return changed


def rebuild() -> int:
    """Make all sums anew from the events, while others go on writing: what they write meanwhile is not
    seen here, and is folded afterwards. Returns the number of sums."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_ALONE)
        for table in _TABLES:
            cursor.execute(f"DELETE FROM integrations_{table}")
        return add_up()


def add_up() -> int:
    """Make the sums of all events, where there are none yet, in the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        return _changed(cursor, _ALL_TRAFFIC, _ALL_DELAYS, _ALL_RECORDS)


def differences(*, most: int = 20) -> list[str]:
    """Where the sums are not what the events add up to, a sentence each; none when all is well."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_UNEQUAL, [most])
        found = [_of_traffic(*row[:7], counts=row[7:]) for row in cursor.fetchall()]
        cursor.execute(_UNEQUAL_DELAYS, [most])
        found += [_of_delays(*row) for row in cursor.fetchall()]
        cursor.execute(_UNEQUAL_RECORDS, [most])
        return found + [_of_records(*row) for row in cursor.fetchall()]


def _of_traffic(level: int, at: datetime, *key: Any, counts: Sequence[int]) -> str:
    wrong = [f"{name} {n:+}" for name, n in zip(COUNTERS, counts, strict=True) if n]
    return f"{Level(level).label} from {at:%Y-%m-%d %H:%M} UTC, {_key(*key)}: {', '.join(wrong)}"


def _of_delays(at: datetime, *key_kind_bin: Any) -> str:
    *key, kind, bin_, count = key_kind_bin
    return f"hour from {at:%Y-%m-%d %H:%M} UTC, {_key(*key)}: ways {kind} in bin {bin_} {count:+}"


def _of_records(slot: datetime, customer: int, object_type: str, count: int) -> str:
    return (
        f"five minutes from {slot:%Y-%m-%d %H:%M} UTC, customer {customer}:"
        f" new records of {object_type} {count:+}"
    )


def _key(customer: int, endpoint: int, flow: int, object_type: str, direction: str) -> str:
    what = object_type or "no type"
    return f"customer {customer}, endpoint {endpoint}, flow {flow}, {what}, {direction}"

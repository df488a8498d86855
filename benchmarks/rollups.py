"""Are the sums of traffic equal to the events they sum, and what does keeping them cost?

`python -m benchmarks.rollups`: a million messages over 60 days in which America's and Europe's clocks
changed, written in batches with the triggers at work. Then random windows of local days and hours in eight
time zones are asked of the sums, half of them folded, then all, then made anew, and are counted from the raw
events: every figure must be the same. What the triggers cost is measured before, with and without in turn.
"""

import os
import random
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from benchmarks import report
from benchmarks.rig import SCHEMA, rig, shop_to
from benchmarks.traffic_rows import CUSTOMERS, ENDS, SHOPS, fill

MESSAGES, DAYS, WINDOWS = 1_000_000, 60, 120
MEASURED = 240_000  # messages
ZONES = (
    "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Chatham", "UTC",
)  # fmt: skip
LIMIT_IS = "the same batches written with the triggers off"
_TABLES = (
    "message", "messageevent", "traffic", "trafficdelta", "delay", "delaydelta",
)  # fmt: skip


def main() -> None:
    with rig() as one:
        one.configure(shop_to("http://127.0.0.1:9"))
        _set_up()
        with one.database() as connection:
            on, off = _cost(connection)
            found = _check(connection)
    row = report.row("rollup_rows", on, "events/s", limit=off, limit_is=LIMIT_IS, **found)
    report.show(row)
    if found["unequal"] or found["differences"]:
        raise SystemExit("The sums are not what the events add up to.")


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()


def _cost(connection: psycopg.Connection) -> tuple[float, float]:
    """Events a second with the triggers on and off, batches in turn. Nothing of it stays."""
    rates: dict[bool, list[float]] = {True: [], False: []}
    batches = fill(connection, messages=MEASURED, days=DAYS)
    began = time.perf_counter()
    for number, events in enumerate(batches):
        rates[number % 2 == 0].append(events / (time.perf_counter() - began))
        verb = "ENABLE" if number % 2 else "DISABLE"
        connection.execute(f"ALTER TABLE integrations_messageevent {verb} TRIGGER note_traffic")
        began = time.perf_counter()
    connection.execute("ALTER TABLE integrations_messageevent ENABLE TRIGGER note_traffic")
    connection.execute(f"TRUNCATE {', '.join(f'integrations_{name}' for name in _TABLES)}")
    return _middle(rates[True]), _middle(rates[False])


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _check(connection: psycopg.Connection) -> dict[str, Any]:
    from django_tenants.utils import schema_context

    from integrations.domain import rollup

    half = MESSAGES // 2 // 20_000 // 2
    with schema_context(SCHEMA):
        events = 0
        for number, written in enumerate(fill(connection, messages=MESSAGES, days=DAYS), start=1):
            events += written
            if number == half:
                rollup.fold()
        connection.execute("CREATE INDEX raw_by_time ON integrations_messageevent (at)")
        connection.execute("ANALYZE")
        unequal = [_unequal(connection, random.Random(4))]  # half folded, half not
        rollup.fold()
        unequal.append(_unequal(connection, random.Random(5)))
        began = time.perf_counter()
        differences = len(rollup.differences())
        checking = time.perf_counter() - began
        began = time.perf_counter()
        sums = rollup.rebuild()
        building = time.perf_counter() - began
        unequal.append(_unequal(connection, random.Random(6)))
    return {
        "messages": MESSAGES,
        "events": events,
        "sums": sums,
        "windows": WINDOWS * len(unequal),
        "unequal": sum(unequal),
        "differences": differences,
        "check_seconds": round(checking, 1),
        "rebuild_seconds": round(building, 1),
        "rebuild_events_per_s": round(events / building),
    }


def _unequal(connection: psycopg.Connection, chance: random.Random) -> int:
    """How many of the windows the sums and the raw events tell differently about."""
    from integrations.queries import volumes

    wrong = 0
    for _ in range(WINDOWS):
        window, filters = _window(chance), _filters(chance)
        told = volumes.total(window, **filters)
        wrong += tuple(told) != _raw(connection, window, filters)
    return wrong


def _window(chance: random.Random) -> Any:
    """Some local hours or days, every third over a change of the clocks."""
    from integrations.queries.windows import Window

    zone = ZoneInfo(chance.choice(ZONES))
    if chance.random() < 1 / 3:
        day = chance.choice([date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5)])
        first = _local(day - timedelta(days=chance.randint(0, 1)), 0, zone)
        return Window(first, _local(day + timedelta(days=1), 0, zone))
    begins = ENDS.date() - timedelta(days=chance.randint(2, DAYS))
    first = _local(begins, chance.randint(0, 23), zone)
    length = chance.choice([timedelta(hours=chance.randint(1, 30)), timedelta(days=7)])
    return Window(first, first + length)


def _local(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock_time(hour), zone).astimezone(ZoneInfo("UTC"))


def _filters(chance: random.Random) -> dict[str, Any]:
    shop = chance.randint(1, SHOPS)
    return chance.choice(
        [
            {},
            {"customer_id": chance.randint(1, CUSTOMERS)},
            {"endpoint_id": [1000 + shop, 1000 + SHOPS + shop], "object_type": "order"},
            {"flow_id": shop, "direction": "out"},
        ]
    )


def _raw(connection: psycopg.Connection, window: Any, filters: dict[str, Any]) -> tuple[int, ...]:
    from integrations.models.traffic import COUNTERS

    counts = ", ".join(f"count(*) FILTER (WHERE {which})" for which in COUNTERS.values())
    where = "".join(f" AND m.{name} = ANY(%s)" for name in filters)
    values = [value if isinstance(value, list) else [value] for value in filters.values()]
    row = connection.execute(
        f"SELECT {counts} FROM integrations_messageevent e"
        f" JOIN integrations_message m ON m.id = e.message_id WHERE e.at >= %s AND e.at < %s{where}",
        [*window, *values],
    ).fetchone()
    return tuple(row or ())


if __name__ == "__main__":
    main()

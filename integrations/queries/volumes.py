"""How much moved in any window of time, from sums and never from the messages themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from integrations.models.traffic import COUNTERS, GROWTH, KEY
from integrations.queries.windows import Piece, Window, pieces

Filters = Mapping[
    str, Any
]  # customer_id, endpoint_id, flow_id, object_type, direction: one or a list
_NAMES: Final = ", ".join(COUNTERS)
_SUMS: Final = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in COUNTERS)
_AT: Final = {0: "5 minutes", 1: "1 hour", 2: "1 day"}


class Volume(NamedTuple):
    """How often each thing happened; the names are those of `COUNTERS`."""

    received: int = 0
    duplicate: int = 0
    applied: int = 0
    unchanged: int = 0
    split: int = 0
    queued: int = 0
    retried: int = 0
    replayed: int = 0
    sent: int = 0
    confirmed: int = 0
    held: int = 0
    superseded: int = 0
    skipped: int = 0


def total(window: Window, **filters: Any) -> Volume:
    """All of a window of whole slots."""
    return by((), window, **filters).get((), Volume())


def by(keys: Sequence[str], window: Window, **filters: Any) -> dict[tuple, Volume]:
    """The window summed for each combination of `keys`, which are of customer_id, endpoint_id, flow_id,
    object_type, direction."""
    _check(keys)
    named = ", ".join(keys)
    select = f"SELECT {named + ', ' if named else ''}{_SUMS}"
    group = f"GROUP BY {named}" if named else ""
    rows = _rows(select, group, window, filters, parts=pieces(window))
    return {tuple(row[: len(keys)]): Volume(*row[len(keys) :]) for row in rows}


def series(
    window: Window,
    *,
    level: int,
    keys: Sequence[str] = (),
    every: timedelta | None = None,
    **filters: Any,
) -> dict[tuple, dict[datetime, Volume]]:
    """For each combination of `keys` its sums by their beginning: of five minutes (`level` 0), an hour
    (1) or a UTC day (2), or of `every` so long from the beginning of the window on. Those in which
    nothing happened are left out.

    The window begins and ends with whole sums of that level, or ValueError.
    """
    _check(keys)
    if any(part.level < level for part in pieces(window)):
        raise ValueError(f"the window does not consist of sums of {_AT[level]}")
    found: dict[tuple, dict[datetime, Volume]] = {}
    named = "".join(f"{key}, " for key in keys)
    step = f"date_bin('{every or _AT[level]}', at, '{window.start.isoformat()}')"
    grouped = f"GROUP BY {named}{step}"
    chosen = f"SELECT {named}{step}, {_SUMS}"
    for row in _rows(chosen, grouped, window, filters, parts=[Piece(level, *window)]):
        key, at, counts = row[: len(keys)], row[len(keys)], row[len(keys) + 1 :]
        found.setdefault(tuple(key), {})[at] = Volume(*counts)
    return found


def delays(window: Window, *, kind: str, keys: Sequence[str] = (), **filters: Any) -> dict[
    tuple, dict[tuple[datetime, int], int]
]:  # fmt: skip
    """For each combination of `keys`: (hour, bin) → how many ways of that kind took so long. Of every
    hour that begins in the window."""
    _check(keys)
    named = "".join(f"{key}, " for key in keys)
    where, values = _where(filters)
    columns = f"at, {', '.join(KEY)}, kind, bin, count"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {named}at, bin, sum(count)::bigint FROM (
                SELECT {columns} FROM integrations_delay
                UNION ALL SELECT {columns} FROM integrations_delaydelta) AS delays
            WHERE at >= %s AND at < %s AND kind = %s{where} GROUP BY {named}at, bin
            HAVING sum(count) <> 0
            """,
            [*window, kind, *values],
        )
        found: dict[tuple, dict[tuple[datetime, int], int]] = {}
        for row in cursor.fetchall():
            at, bin_, count = row[len(keys) :]
            found.setdefault(tuple(row[: len(keys)]), {})[at, bin_] = count
    return found


def milliseconds(bin_: int) -> float:
    """The middle of a bin: within 4.8 % of everything in it."""
    return float(2 * GROWTH**bin_ / (GROWTH + 1))


def _check(keys: Sequence[str]) -> None:
    unknown = set(keys) - set(KEY)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is no key of traffic")


def _rows(
    select: str, group: str, window: Window, filters: Filters, *, parts: Sequence[Piece]
) -> list[tuple]:
    where, values = _where(filters)
    columns = f"{', '.join(KEY)}, {_NAMES}"
    sums = [
        f"SELECT at, {columns} FROM integrations_traffic"
        f" WHERE level = %s AND at >= %s AND at < %s{where}"
    ] * len(parts)
    waiting = (
        f"SELECT slot AS at, {columns} FROM integrations_trafficdelta"
        f" WHERE slot >= %s AND slot < %s{where}"
    )
    arguments = [value for part in parts for value in (*part, *values)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{select} FROM ({' UNION ALL '.join([waiting, *sums])}) AS sums {group}",
            [*window, *values, *arguments],
        )
        return cursor.fetchall()


def _where(filters: Filters) -> tuple[str, list[Any]]:
    _check(list(filters))
    clauses = "".join(f" AND {name} = ANY(%s)" for name in filters)
    return clauses, [
        list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        for value in filters.values()
    ]

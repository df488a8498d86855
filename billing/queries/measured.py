"""How much an account used: what metrics count of its facts, as an invoice knew or would know them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg import sql

from billing.metering import Point, time_weighted
from billing.models import Account, Metric
from billing.rating import Usage
from portal.core.money import add_up

A = Metric.Aggregation
_LOCAL: Final = (A.COUNT, A.SUM, A.MAX, A.UNIQUE)
# Of every key the highest revision that is known, and none that is free.
EFFECTIVE: Final = """
    f.account_id = %(account)s AND f.kind = ANY(%(kinds)s) AND f.billed_in <= %(known_by)s
    AND f.day < %(ends)s AND NOT EXISTS (
        SELECT FROM billing_usagefact a WHERE a.account_id = %(account)s AND a.revision > 0
        AND a.kind = f.kind AND a.key = f.key AND a.revision > f.revision
        AND a.billed_in <= %(known_by)s)
"""
BILLABLE: Final = f"{EFFECTIVE} AND f.free = '' AND f.times > 0"
ALWAYS: Final = "9999-12"


class Days(NamedTuple):
    """From `begins` up to and without `ends`."""

    begins: date
    ends: date


class _Group(NamedTuple):
    """Facts of a kind that are alike in what metrics look at."""

    kind: str
    values: Mapping[str, str | None]
    times: int
    quantity: Decimal
    highest: Decimal
    each: tuple[Decimal, ...]


def measure(
    account: Account,
    metrics: Sequence[Metric],
    days: Days,
    *,
    known_by: str = ALWAYS,
    each: bool = False,
) -> dict[str, Usage]:
    """The usage of each metric by its code, over some days.

    `known_by`: only what the invoice of that month knew. `each`: sums and counts with the quantity of every
    event, in the order in which they happened.
    """
    about = _About(account, days, known_by)
    local = [one for one in metrics if one.aggregation in _LOCAL]
    groups = _groups(about, local, each=each) if local else []
    found = {one.code: _of_groups(one, groups) for one in local}
    for one in metrics:
        if one.aggregation not in _LOCAL:
            found[one.code] = Usage(_held(about, one))
    return found


class _About(NamedTuple):
    account: Account
    days: Days
    known_by: str

    def values(self, kinds: Iterable[str]) -> dict[str, Any]:
        return {
            "account": self.account.pk, "kinds": sorted(set(kinds)), "known_by": self.known_by,
            "begins": self.days.begins, "ends": self.days.ends,
        }  # fmt: skip

    def instant(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.account.time_zone))


def _groups(about: _About, metrics: Sequence[Metric], *, each: bool) -> list[_Group]:
    names = sorted({name for one in metrics for name in looked_at(one)})
    columns = [sql.SQL("f.properties->>{}").format(sql.Literal(name)) for name in names]
    chosen = sql.SQL("").join(sql.SQL(", {}").format(column) for column in columns)
    grouped = sql.SQL(", ").join(sql.SQL(str(at)) for at in range(1, len(names) + 2))
    text = sql.SQL(
        "SELECT f.kind{chosen}, sum(f.times), sum(f.quantity), max(f.quantity),"
        " {each} FROM billing_usagefact f WHERE {which} AND f.day >= %(begins)s GROUP BY {grouped}"
    ).format(
        chosen=chosen,
        each=sql.SQL("array_agg(f.quantity ORDER BY f.happened_at, f.id)" if each else "NULL"),
        which=sql.SQL(BILLABLE),
        grouped=grouped,
    )
    with connection.cursor() as cursor:
        cursor.execute(text, about.values(kind for one in metrics for kind in one.kinds))
        return [_group(names, row) for row in cursor.fetchall()]


def looked_at(metric: Metric) -> set[str]:
    """The properties that a metric looks at."""
    return {*metric.filters, *([metric.field] if metric.field else [])}


def _group(names: Sequence[str], row: Sequence[Any]) -> _Group:
    times, quantity, highest, each = row[-4:]
    values = dict(zip(names, row[1:-4], strict=True))
    return _Group(row[0], values, int(times), quantity, highest, tuple(each or ()))


def _of_groups(metric: Metric, groups: Iterable[_Group]) -> Usage:
    mine = [one for one in groups if fits(metric, one.kind, one.values)]
    match metric.aggregation:
        case A.COUNT:
            return Usage(Decimal(sum(one.times for one in mine)))
        case A.MAX:
            return Usage(max((one.highest for one in mine), default=Decimal(0)))
        case A.UNIQUE:
            return Usage(Decimal(len({one.values[metric.field] for one in mine} - {None})))
    each = tuple(quantity for one in mine for quantity in one.each)
    return Usage(add_up(one.quantity for one in mine), each)


def fits(metric: Metric, kind: str, values: Mapping[str, Any]) -> bool:
    """Whether a metric counts a fact of this kind with these properties."""
    return kind in metric.kinds and all(
        str(values.get(name)) in [str(one) for one in wanted]
        for name, wanted in metric.filters.items()
    )


def _held(about: _About, metric: Metric) -> Decimal:
    """What holds until it is said otherwise, for each value of the metric's field: the latest of them,
    or their averages over time, added up."""
    series = _series(about, metric).values()
    if metric.aggregation == A.LATEST:
        return add_up(max(points).value for points in series)
    begins, ends = about.instant(about.days.begins), about.instant(about.days.ends)
    return add_up(time_weighted(points, begins=begins, ends=ends) for points in series)


def _series(about: _About, metric: Metric) -> dict[str | None, list[Point]]:
    found: defaultdict[str | None, list[Point]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.happened_at, f.quantity, f.kind, f.properties::text FROM billing_usagefact f"
            f" WHERE {BILLABLE} ORDER BY f.happened_at, f.id",
            about.values(metric.kinds),
        )
        for at, quantity, kind, properties in cursor.fetchall():
            values = json.loads(properties)
            if fits(metric, kind, values):
                found[values.get(metric.field)].append(Point(at, quantity))
    return found

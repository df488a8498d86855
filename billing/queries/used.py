"""How much several accounts used in a month, for examples and marks on charts: in one query."""

import json
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from billing.models import Metric
from billing.plans.month import Month
from billing.queries.measured import fits, looked_at

MOST_ACCOUNTS: Final = 40
A = Metric.Aggregation
# As in `measured`, of several accounts and as everything is known now.
_ROWS: Final = """
    SELECT f.account_id, f.kind, (SELECT coalesce(jsonb_object_agg(name, f.properties->name), '{}')
            FROM unnest(%(looked_at)s::text[]) AS name)::text AS apart,
        sum(f.times), sum(f.quantity), max(f.quantity), count(*)
    FROM billing_usagefact f
    WHERE f.account_id = ANY(%(accounts)s) AND f.kind = ANY(%(kinds)s) AND f.day >= %(begins)s
        AND f.day < %(ends)s AND f.free = '' AND f.times > 0 AND NOT EXISTS (
            SELECT FROM billing_usagefact a WHERE a.account_id = f.account_id AND a.revision > 0
            AND a.kind = f.kind AND a.key = f.key AND a.revision > f.revision)
    GROUP BY 1, 2, 3
"""
_Row = tuple[int, str, dict[str, Any], int, Decimal, Decimal, int]


def used(
    accounts: Sequence[int], metrics: Sequence[Metric], of: Month
) -> dict[str, dict[int, Decimal]]:
    """By metric and account what was used in a month; accounts that used nothing are left out. What holds
    over time is averaged over its facts: near enough for an example."""
    rows = _rows(accounts, metrics, of) if accounts and metrics else []
    return {one.code: _of(one, rows) for one in metrics}


def _rows(accounts: Sequence[int], metrics: Sequence[Metric], of: Month) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "looked_at": sorted({name for one in metrics for name in looked_at(one)}),
                "accounts": list(accounts), "kinds": sorted({k for one in metrics for k in one.kinds}),
                "begins": of.begins, "ends": of.ends,
            },
        )  # fmt: skip
        return [(row[0], row[1], json.loads(row[2]), *row[3:]) for row in cursor.fetchall()]


def _of(metric: Metric, rows: Sequence[_Row]) -> dict[int, Decimal]:
    mine: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        if fits(metric, row[1], row[2]):
            mine[row[0]].append(row)
    found = {account: _amount(metric, held) for account, held in mine.items()}
    return {account: amount for account, amount in found.items() if amount}


def _amount(metric: Metric, rows: Sequence[_Row]) -> Decimal:
    match metric.aggregation:
        case A.COUNT:
            return Decimal(sum(int(row[3]) for row in rows))
        case A.SUM:
            return sum((row[4] for row in rows), Decimal(0))
        case A.MAX:
            return max(row[5] for row in rows)
        case A.UNIQUE:
            return Decimal(len({row[2].get(metric.field) for row in rows} - {None}))
    facts = sum(row[6] for row in rows)
    return (sum((row[4] for row in rows), Decimal(0)) / facts).quantize(Decimal("0.0001"))

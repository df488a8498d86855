"""Each customer's part of what a partner used: by what a wholesale fee is shared."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import Account, Metric
from billing.plans.month import Month
from billing.queries.measured import BILLABLE, fits

CUSTOMER = "customer"


def shares(account: Account, of: Month, metrics: Sequence[Metric]) -> dict[str, dict[int, Decimal]]:
    """By metric and customer how much the facts of the month amount to; what is averaged or counted once
    is shared by the sums of its facts."""
    kinds = sorted({kind for one in metrics for kind in one.kinds})
    rows = _rows(account, of, kinds) if kinds else []
    found: dict[str, dict[int, Decimal]] = {}
    for metric in metrics:
        parts: defaultdict[int, Decimal] = defaultdict(Decimal)
        for kind, properties, times, quantity in rows:
            if CUSTOMER in properties and fits(metric, kind, properties):
                is_count = metric.aggregation == Metric.Aggregation.COUNT
                parts[int(properties[CUSTOMER])] += Decimal(times) if is_count else quantity
        found[metric.code] = dict(parts)
    return found


def _rows(
    account: Account, of: Month, kinds: Sequence[str]
) -> list[tuple[str, Mapping[str, Any], int, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.kind, f.properties::text, sum(f.times), sum(f.quantity)"
            f" FROM billing_usagefact f WHERE {BILLABLE} AND f.day >= %(begins)s GROUP BY 1, 2",
            {
                "account": account.pk, "kinds": list(kinds), "known_by": "9999-12",
                "begins": of.begins, "ends": of.ends,
            },
        )  # fmt: skip
        return [
            (kind, json.loads(properties), int(times), quantity)
            for kind, properties, times, quantity in cursor.fetchall()
        ]

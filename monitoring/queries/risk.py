"""What open cases put at risk: each order once, in however many cases it is.

The cases keep what they put at risk, each order once within a case. What is counted twice between
cases costs a second for 100,000 documents: a small desk has it counted at once, of a large one it was
measured not long ago, see `domain.overlap`.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Sum

from monitoring.models import ExceptionCase, Overlap

COUNTED_AT_ONCE: Final = 2_000  # documents: 20 ms

_OVERLAP: Final = """
SELECT currency, sum(counted - worth) FROM (
    SELECT currency, sum(worth) AS counted, max(worth) AS worth FROM (
        SELECT k.case_id, coalesce(m.order_id::text, CASE
                WHEN m.direction = 'in' AND m.business_key <> ''
                THEN m.endpoint_id || '/' || m.object_type || '/' || m.business_key
                ELSE m.id::text END) AS thing,
            max(coalesce(nullif(p.currency, ''), r.currency, '')) AS currency,
            max(coalesce(p.amount, r.amount)) AS worth
        FROM monitoring_casecause k
        JOIN integrations_problem p ON p.fingerprint = k.fingerprint AND p.closed_at IS NULL
        JOIN integrations_message m ON m.id = p.message_id
        LEFT JOIN integrations_record r ON r.id = m.order_id
        WHERE k.is_open GROUP BY 1, 2
    ) AS in_a_case WHERE worth > 0 GROUP BY thing, currency HAVING count(*) > 1
) AS in_several GROUP BY 1
"""

_OF_CASES: Final = """
    SELECT customer_id, currency, sum(at_risk) FROM monitoring_exceptioncase
    WHERE closed_at IS NULL AND at_risk > 0 GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""
_OF_CUSTOMERS: Final = """
    SELECT customer_id, currency, sum(amount) FROM (
        SELECT DISTINCT ON (coalesce(m.order_id, m.id)) p.customer_id,
            coalesce(p.amount, r.amount) AS amount,
            coalesce(nullif(p.currency, ''), r.currency, '') AS currency
        FROM monitoring_exceptioncase c
        JOIN monitoring_casecause k ON k.case_id = c.number AND k.is_open
        JOIN integrations_problem p ON p.fingerprint = k.fingerprint AND p.closed_at IS NULL
        JOIN integrations_message m ON m.id = p.message_id
        LEFT JOIN integrations_record r ON r.id = m.order_id
        WHERE c.closed_at IS NULL
        ORDER BY coalesce(m.order_id, m.id), coalesce(p.amount, r.amount) DESC NULLS LAST
    ) AS one_per_order
    WHERE amount > 0 GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""


class Stake(NamedTuple):
    """One sum for each currency, the largest first. `as_of`: when it was last seen what stands in
    several cases; None for now."""

    amounts: list[tuple[str, Decimal]]
    as_of: datetime | None


def stake(*, documents: int) -> Stake:
    """What all open cases, which hold so many documents, put at risk."""
    sums = (
        ExceptionCase.objects.filter(closed_at=None, at_risk__gt=0)
        .values_list("currency")
        .annotate(amount=Sum("at_risk"))
    )
    if documents <= COUNTED_AT_ONCE:
        return Stake(_less(dict(sums), overlap()), None)
    kept = Overlap.objects.first()
    twice = {c: Decimal(a) for c, a in kept.amounts.items()} if kept else {}
    return Stake(_less(dict(sums), twice), kept.measured_at if kept else None)


def _less(sums: dict[str, Decimal], twice: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    """What is counted twice, taken off. Between two measurements it may be more than there is."""
    once = {currency: amount - twice.get(currency, 0) for currency, amount in sums.items()}
    known = [(currency, amount) for currency, amount in once.items() if amount > 0]
    return sorted(known, key=lambda one: (-one[1], one[0]))


def overlap() -> dict[str, Decimal]:
    """By currency, what the sum over the cases counts more than once."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAP)
        return dict(cursor.fetchall())


def by_customer(*, documents: int) -> dict[int, list[tuple[str, Decimal]]]:
    """Customer → (currency, amount), the largest first, of open cases that hold so many documents. A
    document of no order counts for itself. Of a large desk it is the sum of what its cases keep, which
    counts twice what stands in several of them."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_CASES if documents > COUNTED_AT_ONCE else _OF_CUSTOMERS)
        found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
        for customer_id, currency, amount in cursor.fetchall():
            found[customer_id].append((currency, amount))
        return found

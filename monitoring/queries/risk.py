"""What open cases put at risk: each order once, in however many cases it is."""

from collections import defaultdict
from decimal import Decimal

from django.db import connection


def by_customer() -> dict[int, list[tuple[str, Decimal]]]:
    """Customer → (currency, amount), the largest first. A document of no order counts for itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
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
        )
        found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
        for customer_id, currency, amount in cursor.fetchall():
            found[customer_id].append((currency, amount))
        return found


def total() -> list[tuple[str, Decimal]]:
    """One sum for each currency, the largest first."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amounts in by_customer().values():
        for currency, amount in amounts:
            sums[currency] += amount
    return sorted(sums.items(), key=lambda one: (-one[1], one[0]))

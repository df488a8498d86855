"""What the business of each customer costs in people's work, and what rules took off their hands."""

from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

from integrations.queries import volumes
from integrations.queries.volumes import Volume
from integrations.queries.windows import Window
from monitoring.queries import memory

_TOUCHES: Final = """
    SELECT c.customer_id, count(*) FROM (
        SELECT DISTINCT case_id, person_id FROM monitoring_lease WHERE began_at >= %s AND began_at < %s
    ) AS l JOIN monitoring_exceptioncase c ON c.number = l.case_id GROUP BY 1
"""
# What `domain.rule_record` adds up for a rule: a remedy of it after which more passed than was held.
_BY_RULES: Final = """
    SELECT c.customer_id, c.code, count(*) FROM monitoring_fix f
    JOIN monitoring_exceptioncase c ON c.number = f.case_id
    WHERE f.rule_id IS NOT NULL AND f.state = 'done' AND f.undone_at IS NULL
        AND f.finished_at >= %s AND f.finished_at < %s
        AND (SELECT count(*) FILTER (WHERE outcome <> 'held') FROM monitoring_fixitem i
            WHERE i.fix_id = f.id AND i.released_at IS NOT NULL) > 0
    GROUP BY 1, 2
"""


class Effort(NamedTuple):
    """Of one customer in a window. `touches`: how often a person took up a case; `orders`: order
    documents that came, changes included; `by_rules`: cases that rules resolved, `saved`: the minutes
    such cases take a person."""

    touches: int = 0
    orders: int = 0
    by_rules: int = 0
    saved: float = 0.0

    @property
    def per_thousand(self) -> float | None:
        """Touches per 1,000 orders; None where no order came."""
        return 1000 * self.touches / self.orders if self.orders else None


def efforts(window: Window) -> dict[int, Effort]:
    """By customer, those with any; in four queries."""
    touches = {row[0]: row[1] for row in _ask(_TOUCHES, window)}
    orders = volumes.by(("customer_id",), window, object_type="order", direction="in")
    rules: dict[int, list[tuple[str, int]]] = {}
    for customer_id, code, times in _ask(_BY_RULES, window):
        rules.setdefault(customer_id, []).append((code, times))
    minutes = memory.usual_minutes_of({code for rows in rules.values() for code, _ in rows})
    customers = {*touches, *rules, *(key[0] for key in orders)}
    return {
        pk: Effort(
            touches=touches.get(pk, 0),
            orders=_news(orders.get((pk,), Volume())),
            by_rules=sum(times for _, times in rules.get(pk, [])),
            saved=sum(minutes[code] * times for code, times in rules.get(pk, [])),
        )
        for pk in customers
    }


def _news(volume: Volume) -> int:
    """Polls bring the same again and again: that is no order."""
    return max(volume.received - volume.unchanged, 0)


def _ask(text: str, window: tuple[datetime, datetime]) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(text, list(window))
        return list(cursor.fetchall())

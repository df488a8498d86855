"""What moved in a window and what is open now, per customer and object type."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count

from integrations.queries import held_orders, volumes
from integrations.queries.endpoint_health import first_id
from integrations.queries.windows import Window
from portal.core import clock

LATE_AFTER = timedelta(minutes=15)
NOT_BUSINESS = ("interchange", "acknowledgement")


class Moved(NamedTuple):
    """Documents received with news and delivered in a window; waiting, late and held ones now. `came`:
    those received in the window, with news or without."""

    received: int = 0
    delivered: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    late: int = 0
    held: int = 0
    came: int = 0

    def plus(self, other: "Moved") -> "Moved":
        times = [at for at in (self.oldest, other.oldest) if at]
        return Moved(
            self.received + other.received,
            self.delivered + other.delivered,
            self.waiting + other.waiting,
            min(times, default=None),
            self.late + other.late,
            self.held + other.held,
            self.came + other.came,
        )


_OPEN: Final = """
    SELECT customer_id, object_type, sum(waiting)::int, min(oldest), sum(late)::int, sum(held)::int
    FROM (
        SELECT customer_id, object_type, count(*) AS waiting, min(created_at) AS oldest,
            count(*) FILTER (WHERE coalesce(due_at, created_at) < %(late)s
                AND created_at < %(late)s) AS late, 0 AS held
        FROM integrations_message WHERE direction = 'out' AND state IN ('waiting', 'sending')
        GROUP BY 1, 2
        UNION ALL
        SELECT customer_id, object_type, count(*), min(created_at),
            count(*) FILTER (WHERE created_at < %(late)s), 0
        FROM integrations_message WHERE state = 'received' GROUP BY 1, 2
        UNION ALL
        SELECT customer_id, object_type, 0, NULL, 0, count(*)
        FROM integrations_message WHERE state = 'held' GROUP BY 1, 2) AS parts
    GROUP BY 1, 2
"""


_NEW_ORDERS: Final = """
    SELECT customer_id, sum(count)::int FROM (
        SELECT customer_id, count FROM integrations_newrecords
        WHERE object_type = 'order' AND slot >= %s
        UNION ALL SELECT customer_id, count FROM integrations_newrecordsdelta
        WHERE object_type = 'order' AND slot >= %s) AS sums
    GROUP BY 1
"""


def moved(window: Window) -> dict[tuple[int, str], Moved]:
    """By (customer, object type): what moved in the window, and what is open now. Late is what has waited
    15 min longer than it was meant to."""
    found: dict[tuple[int, str], Moved] = {}
    for key, one in volumes.by(("customer_id", "object_type", "direction"), window).items():
        came = one.received if key[2] == "in" else 0
        news = max(came - one.unchanged - one.superseded, 0) if came else 0
        told = Moved(received=news, delivered=one.sent, came=came)
        found[key[:2]] = found.get(key[:2], Moved()).plus(told)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"late": clock.now() - LATE_AFTER})
        for row in cursor.fetchall():
            key = (row[0], row[1])
            found[key] = found.get(key, Moved()).plus(Moved(0, 0, *row[2:]))
    return {key: one for key, one in found.items() if key[1] and key[1] not in NOT_BUSINESS}


def new_orders(since: datetime) -> dict[int, int]:
    """By customer the orders that are new since then, from sums: `since` begins a slot of five minutes.
    Those held before the hub are orders that have come, too."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ORDERS, [since, since])
        found = Counter(dict(cursor.fetchall()))
    held = held_orders.unknown().filter(pk__gte=first_id(since), created_at__gte=since)
    found.update(dict(held.values_list("customer_id").annotate(n=Count("pk"))))
    return dict(found)

"""Stock as its sources report it: as of when, and since when it is known."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate

from integrations.models import Endpoint, Record
from integrations.queries.endpoint_health import first_id
from monitoring import slo
from portal.customers.models import Customer

BEFORE: Final = timedelta(days=7)  # the report that still showed at the beginning
_REPORTS: Final = """
    SELECT m.endpoint_id, m.source_at, min(m.created_at), max(m.updated_at), min(m.id::text)
    FROM integrations_message m
    WHERE m.customer_id = %s AND m.id >= %s AND m.direction = 'in' AND m.object_type = 'inventory'
        AND m.state IN ('applied', 'unchanged') AND m.source_at IS NOT NULL
        AND m.created_at < %s
    GROUP BY 1, 2 ORDER BY 1, 3
"""


class Report(NamedTuple):
    """One report of a source: what it says is `as_of`, it `came`, and was `shown` from then on."""

    as_of: datetime
    came: datetime
    shown: datetime
    message_id: str


def feeds(
    customer: Customer, reach: slo.Interval, party_of: Callable[[Endpoint], slo.Party]
) -> list[slo.Evidence]:
    """The stock of each source, weighed by its items. An item counts from the day after it was first told,
    so that a day which was measured does not weigh more when others come."""
    reports = _reports(customer.pk, reach)
    sources = Endpoint.objects.in_bulk(reports)
    return [
        slo.Feed(
            f"stock-{pk}",
            tuple(slo.Reading(r.shown, r.as_of, f"message-{r.message_id}") for r in reports[pk]),
            weight,
            tuple(_silences(reports[pk], sources[pk], party_of(sources[pk]))),
            begins,
        )
        for pk, begins, weight in _items(customer.pk, reach)
        if pk in sources
    ]


def _reports(customer_id: int, reach: slo.Interval) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    first = first_id(reach.begins - BEFORE)
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS, [customer_id, first, reach.ends])
        for endpoint_id, *report in cursor.fetchall():
            found[endpoint_id].append(Report(*report))
    return found


def _items(customer_id: int, reach: slo.Interval) -> list[tuple[int, datetime, int]]:
    """Source, since when they count, how many: those that counted before the span of time as one."""
    stock = Record.objects.filter(
        customer_id=customer_id, object_type="inventory", source__isnull=False
    )
    by_day = stock.annotate(day=TruncDate("created_at", tzinfo=UTC)).values("source_id", "day")
    found: dict[tuple[int, datetime], int] = defaultdict(int)
    for row in by_day.annotate(items=Count("pk")):
        after = datetime.combine(row["day"] + timedelta(days=1), time(), tzinfo=UTC)
        if after < reach.ends:
            found[row["source_id"], max(after, reach.begins)] += row["items"]
    return [(source, begins, items) for (source, begins), items in sorted(found.items())]


def _silences(reports: Sequence[Report], source: Endpoint, party: slo.Party) -> list[slo.Hold]:
    """Between what was shown and the next that came, the next was their turn."""
    why, proof = f"{source.label} sent no stock report", f"endpoint-{source.pk}"
    between = [
        slo.Hold(party, why, one.shown, following.came, proof)
        for one, following in pairwise(reports)
        if following.came > one.shown
    ]
    return [*between, *(slo.Hold(party, why, one.shown, None, proof) for one in reports[-1:])]

"""The events of an application, in one order that never changes.

Events are written in many transactions at once, and one that began earlier may be committed later. So an
event gets its place when it is read for the first time, which is after it was committed: whoever has read
as far as a place has read all there will ever be before it.
"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from integrations.domain.applications import Application
from integrations.models import Record
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit
from portal.webhooks.domain import told
from portal.webhooks.models import WebhookEvent

LONGEST_WAIT: Final = 20
_LOOK_EVERY: Final = 0.5  # seconds
_MOST_WAITING: Final = 2  # of a process's threads; the others serve everybody else
_MOST_PLACED: Final = 5_000
_LOOKS: Final = 5
_waiting = BoundedSemaphore(_MOST_WAITING)
# Places are microseconds: they grow even where all that was kept is gone.
_PLACE: Final = """
    WITH after AS (
        SELECT greatest(coalesce(max(place), 0), (extract(epoch FROM clock_timestamp()) * 1e6)::bigint)
            AS place FROM webhooks_webhookevent WHERE customer_id = %(customer)s
    ), next AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM (
            SELECT id FROM webhooks_webhookevent
            WHERE customer_id = %(customer)s AND place IS NULL ORDER BY id LIMIT %(most)s) AS new
    )
    UPDATE webhooks_webhookevent e SET place = after.place + next.n FROM after, next
    WHERE e.id = next.id
"""


class Told(NamedTuple):
    """One event: `id` as webhooks tell it, and the order or shipment it is about, as that is now."""

    id: str
    type: str
    at: datetime
    data: Mapping[str, Any]
    record: Record | None


class Read(NamedTuple):
    """Some events and the place they end at: where to go on."""

    events: list[Told]
    place: int


def read(application: Application, *, after: int, most: int, wait: int = 0) -> Read:
    """The next events behind a place, at most `most`. Where there are none, wait some seconds for one.

    No transaction is open while it waits. Where too many wait already, it answers at once.
    """
    found = _read(application, after=after, most=most)
    if found.events or not wait or not _waiting.acquire(blocking=False):
        return found
    try:
        ends = time.monotonic() + min(wait, LONGEST_WAIT)
        while not found.events and (left := ends - time.monotonic()) > 0:
            time.sleep(min(_LOOK_EVERY, left))
            found = _read(application, after=found.place, most=most)
    finally:
        _waiting.release()
    return found


def _read(application: Application, *, after: int, most: int) -> Read:
    """A look: past the events of other systems, of which there may be many, a bounded number of times."""
    _give_places(application.customer_id)
    for _ in range(_LOOKS):
        kept = WebhookEvent.objects.filter(
            customer_id=application.customer_id, place__gt=after, type__in=told.TOLD
        )
        rows = list(kept.order_by("place")[:most])
        if not rows:
            break
        after = rows[-1].place or after
        if own := _own(application, rows):
            return Read(own, after)
    return Read([], after)


def _give_places(customer_id: int) -> None:
    new = WebhookEvent.objects.filter(customer_id=customer_id, place=None)
    if not new.exists():
        return
    with beyond_limit(), transaction.atomic(), connection.cursor() as cursor:
        name = f"{current_schema()}/{customer_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [name])
        cursor.execute(_PLACE, {"customer": customer_id, "most": _MOST_PLACED})


def _own(application: Application, rows: Sequence[WebhookEvent]) -> list[Told]:
    """Those of the application's own orders, and those of stock."""
    bodies = {row.pk: json.loads(row.body) for row in rows}
    wanted = [bodies[row.pk]["data"]["id"] for row in rows if row.type in told.ORDERS | told.PARTS]
    known = {str(pk): one for pk, one in _records(application, wanted).items()}
    found = []
    for row in rows:
        body = bodies[row.pk]
        data = body["data"]
        record = known.get(data["id"]) if row.type in told.ORDERS | told.PARTS else None
        if record or row.type in told.STOCK or _is_own(application, row.type, data):
            at = datetime.fromisoformat(body["timestamp"])
            found.append(Told(row.message_id, row.type, at, data, record))
    return found


def _is_own(application: Application, event_type: str, data: Mapping[str, Any]) -> bool:
    return (
        event_type in told.DOCUMENTS
        and data["endpoint"] == application.slug
        and data["direction"] == "in"
    )


def _records(application: Application, ids: Sequence[str]) -> dict[UUID, Record]:
    """Of these the application's orders and what belongs to them. Its own key stands on the order alone."""
    found = Record.objects.filter(customer_id=application.customer_id, pk__in=set(ids))
    records = {one.pk: one for one in found}
    orders = Record.objects.filter(
        customer_id=application.customer_id, object_type="order", source_id=application.endpoint_id
    )
    named = {one.order_id or pk for pk, one in records.items()}
    own = set(orders.filter(pk__in=named).values_list("pk", flat=True))
    return {pk: one for pk, one in records.items() if (one.order_id or pk) in own}

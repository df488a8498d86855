"""What happened is written down with it, in the same transaction, for everybody who wants to hear of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from portal.core import clock
from portal.core.cursors import binary_cursor
from portal.core.ids import uuid7
from portal.customers.models import Customer
from portal.jobs import lanes
from portal.tenants.rows import beyond_limit
from portal.webhooks.domain import wanted

LANE: Final = "webhooks"


class News(NamedTuple):
    """One event. `data` as the catalogue says, without its customer; None: it concerns the whole house.

    `is_private`: it is about a customer and no affair of theirs, so that a receiver for that customer alone
    does not hear of it.
    """

    type: str
    customer_id: int | None
    data: Mapping[str, Any]
    is_private: bool = False

    @property
    def audience(self) -> int | None:
        """Whose receivers hear of it, beside those for all customers."""
        return None if self.is_private else self.customer_id


def tell(news: Iterable[News]) -> int:
    """Keep what somebody wants and queue it for those who are switched on. Returns how many were kept."""
    listeners = wanted.listeners()
    kept = [one for one in news if any(who.hears(one.type, one.audience) for who in listeners)]
    if not kept:
        return 0
    with beyond_limit():  # whoever did it: others are told of it, and that is not theirs to see
        _write(kept)
    for who in listeners:
        if who.is_on and any(who.hears(one.type, one.audience) for one in kept):
            lanes.wake(LANE, str(who.id))
    return len(kept)


def body_of(event_type: str, data: Mapping[str, Any]) -> str:
    """The body of an event that happens now."""
    body = {"type": event_type, "timestamp": clock.now().isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _write(news: Sequence[News]) -> None:
    slugs = _slugs({one.customer_id for one in news if one.customer_id is not None})
    rows = [
        (
            uuid7(),
            one.type,
            one.audience,
            body_of(one.type, {"customer": slugs.get(one.customer_id or 0), **one.data}),
        )
        for one in news
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with binary_cursor() as cursor:
        # Whom it is for is decided by the rows as they are now, not by what was remembered of them.
        cursor.execute(
            """
            WITH e AS (
                INSERT INTO webhooks_webhookevent (id, type, customer_id, body)
                SELECT * FROM unnest(%b::uuid[], %b::text[], %b::bigint[], %b::text[])
                RETURNING id, type, customer_id
            )
            INSERT INTO webhooks_webhookdelivery (event_id, webhook_id, state, tries, due_at, made_at,
                last_error, asked_by)
            SELECT e.id, w.id, 'waiting', 0, now.at, now.at, '', ''
            FROM (SELECT %s::timestamptz AS at) AS now, e JOIN webhooks_webhook w ON w.is_on
                AND (w.types = '{}' OR e.type = ANY(w.types))
                AND (w.customer_id IS NULL OR w.customer_id = e.customer_id)
            ORDER BY e.id, w.id
            """,
            [*columns, clock.now()],
        )


def _slugs(customer_ids: set[int]) -> dict[int, str]:
    if not customer_ids:
        return {}
    return dict(Customer.objects.filter(pk__in=customer_ids).values_list("pk", "slug"))

"""What orders claim of sites' stock: claimed, changed, told to the site, shipped, let go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from integrations.availability.claim import Claim, after_shipping, claim_for, let_go
from integrations.canonical.fulfilment import Fulfilment

OPEN = ("hard", "sent")


class Hold(NamedTuple):
    """One order line's claim on a site's stock."""

    order_id: UUID
    line_no: str
    site: str
    sku: str
    quantity: Decimal


class _Key(NamedTuple):
    order_id: UUID
    line_no: str
    site: str
    sku: str


def hold(customer_id: int, holds: Sequence[Hold]) -> None:
    """Claim what orders ask of a site now. `holds` has all lines of each order: a line that is gone
    from it, or asks for another item, lets go."""
    if not holds:
        return
    places = {(h.order_id, h.site) for h in holds}
    before = {
        key: claim
        for key, claim in _read({h.order_id for h in holds}).items()
        if (key.order_id, key.site) in places
    }
    after = {key: let_go(claim) for key, claim in before.items()}
    for one in holds:
        key = _Key(one.order_id, one.line_no, one.site, one.sku)
        after[key] = claim_for(before.get(key, Claim()), one.quantity)
    _write(customer_id, before, after)


def ship(customer_id: int, fulfilments: Mapping[UUID, Fulfilment]) -> set[str]:
    """Bring the claims of orders in line with what left of them. Returns the SKUs concerned.

    Reckoned from all shipments of an order each time, so a shipment told twice or corrected counts
    once. A complete order claims nothing more anywhere.
    """
    before = _read(set(fulfilments))
    lines: dict[tuple[UUID, str, str], list[_Key]] = defaultdict(list)
    for key in before:
        lines[key.order_id, key.site, key.sku].append(key)
    after: dict[_Key, Claim] = {}
    for (order_id, site, sku), keys in lines.items():
        done = fulfilments[order_id]
        found = after_shipping(
            [before[key] for key in keys],
            shipped=done.shipped.get((site, sku), Decimal(0)),
            ended=done.complete or (site, sku) in done.ended,
        )
        if (site, sku) in done.shipped or done.complete:
            after.update(zip(keys, found, strict=True))
    return _write(customer_id, before, after)


def move(
    order_ids: Sequence[UUID], *, to: str, of: Sequence[str], site: str | None = None
) -> set[str]:
    """Move the claims of orders on, e.g. hard → sent. Returns the SKUs concerned."""
    if not order_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
                DELETE FROM integrations_reservation WHERE order_id = ANY(%s) AND state = ANY(%s)
                AND (%s::text IS NULL OR site = %s)
                RETURNING order_id, line_no, site, sku, customer_id, quantity
            )
            INSERT INTO integrations_reservation AS r (order_id, line_no, site, sku, customer_id, state,
                quantity)
            SELECT order_id, line_no, site, sku, customer_id, %s, sum(quantity) FROM moved
            GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT (order_id, line_no, site, sku, state) DO UPDATE
            SET quantity = r.quantity + excluded.quantity, changed_at = now()
            RETURNING sku
            """,
            [list(order_ids), list(of), site, site, to],
        )
        return {row[0] for row in cursor.fetchall()}


def _read(order_ids: Iterable[UUID]) -> dict[_Key, Claim]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT order_id, line_no, site, sku, state, quantity FROM integrations_reservation"
            " WHERE order_id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(order_ids)],
        )
        found: dict[_Key, Claim] = {}
        for *key, state, quantity in cursor.fetchall():
            claim = found.get(_Key(*key), Claim())
            found[_Key(*key)] = claim._replace(**{state: quantity})
        return found


def _write(customer_id: int, before: Mapping[_Key, Claim], after: Mapping[_Key, Claim]) -> set[str]:
    """Write the claims that differ; a state a claim has nothing in has no row."""
    rows = [
        (*key, state, quantity)
        for key, claim in after.items()
        for state, quantity in claim._asdict().items()
        if quantity != getattr(before.get(key, Claim()), state)
    ]
    if not rows:
        return set()
    with connection.cursor() as cursor:
        # Less of a state is no news to the site's next report: only more of it counts from now.
        cursor.execute(
            """
            WITH c AS (SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
                %s::numeric[]) AS c(order_id, line_no, site, sku, state, quantity)
            ), gone AS (
                DELETE FROM integrations_reservation r USING c WHERE c.quantity = 0
                AND (r.order_id, r.line_no, r.site, r.sku, r.state)
                    = (c.order_id, c.line_no, c.site, c.sku, c.state)
            )
            INSERT INTO integrations_reservation AS r (order_id, line_no, site, sku, state, quantity,
                customer_id)
            SELECT order_id, line_no, site, sku, state, quantity, %s FROM c WHERE quantity > 0
            ON CONFLICT (order_id, line_no, site, sku, state) DO UPDATE SET quantity = excluded.quantity,
                changed_at = CASE WHEN excluded.quantity > r.quantity THEN now() ELSE r.changed_at END
            """,
            [*[list(column) for column in zip(*rows, strict=True)], customer_id],
        )
    return {row[3] for row in rows}

"""Stock: what sites have, what orders hold of it, and what channels may be told."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.availability import ChannelPolicy, Level, Reserved, atp, explain_channel
from integrations.canonical.content import content_hash
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.hub import Offer, moment

REPORTS_COME_WITHIN_HOURS = 48


class Hold(NamedTuple):
    """One order line's claim on a site's stock."""

    order_id: UUID
    line_no: str
    site: str
    sku: str
    quantity: Decimal


def levels(customer_id: int, skus: Iterable[str]) -> dict[str, list[Level]]:
    """What each site reported of these SKUs, lots added up."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT body->>'sku', body->>'site', sum((body->>'on_hand')::numeric),
                sum(coalesce((body->>'committed')::numeric, 0)),
                sum(coalesce((body->>'reserved')::numeric, 0) + coalesce((body->>'damaged')::numeric, 0)
                    + coalesce((body->>'quality_hold')::numeric, 0)),
                sum(coalesce((body->>'safety_stock')::numeric, 0)), min(body->>'as_of')
            FROM integrations_record
            WHERE customer_id = %s AND object_type = 'inventory' AND number = ANY(%s)
            GROUP BY 1, 2 ORDER BY 1, 2
            """,
            [customer_id, sorted(set(skus))],
        )
        found: dict[str, list[Level]] = defaultdict(list)
        for sku, site, on_hand, committed, blocked, safety, as_of in cursor.fetchall():
            level = Level(
                site=site,
                on_hand=on_hand - blocked,
                committed=committed,
                safety=safety,
                as_of=_required(moment(as_of)),
            )
            found[sku].append(level)
        return found


def sites_with_stock(customer_id: int, sites: Iterable[str]) -> set[str]:
    """The sites that report stock at all; of the others it is unknown, which is not zero."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT site FROM unnest(%s::text[]) AS s(site) WHERE EXISTS (
                SELECT 1 FROM integrations_record WHERE customer_id = %s AND object_type = 'inventory'
                AND business_key COLLATE "C" >= site || '/' AND business_key COLLATE "C" < site || '0')
            """,
            [sorted(set(sites)), customer_id],
        )
        return {row[0] for row in cursor.fetchall()}


def reserved(customer_id: int, skus: Iterable[str]) -> dict[str, list[Reserved]]:
    """What orders hold of these SKUs, and what left so lately that no report may show it yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT sku, site, quantity,
                CASE state WHEN 'consumed' THEN 'sent' ELSE state END, changed_at
            FROM integrations_reservation WHERE customer_id = %s AND sku = ANY(%s) AND (
                state IN ('hard', 'sent')
                OR (state = 'consumed' AND changed_at > now() - make_interval(hours => %s)))
            """,
            [customer_id, sorted(set(skus)), REPORTS_COME_WITHIN_HOURS],
        )
        found: dict[str, list[Reserved]] = defaultdict(list)
        for sku, site, quantity, state, changed_at in cursor.fetchall():
            found[sku].append(
                Reserved(site=site, quantity=quantity, state=state, changed_at=changed_at)
            )
        return found


def free_stock(customer_id: int, skus: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """(site, sku) → what a new order could take there."""
    wanted = sorted(set(skus))
    held = reserved(customer_id, wanted)
    return {
        (level.site, sku): atp([level], held.get(sku, []))
        for sku, found in levels(customer_id, wanted).items()
        for level in found
    }


def hold(customer_id: int, holds: Sequence[Hold]) -> None:
    """Reserve; a changed order's line takes the new quantity unless it has left already."""
    if not holds:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO integrations_reservation (order_id, line_no, site, sku, quantity, customer_id, state)
            SELECT *, %s, 'hard' FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::numeric[])
            ON CONFLICT (order_id, line_no, site) DO UPDATE SET quantity = excluded.quantity,
                changed_at = now(), state = 'hard'
            WHERE integrations_reservation.state IN ('hard', 'released')
            """,
            [customer_id, *[list(column) for column in zip(*holds, strict=True)]],
        )


def move(
    order_ids: Sequence[UUID], *, to: str, of: Sequence[str], site: str | None = None
) -> list[str]:
    """Move reservations of orders on, e.g. hard → sent. Returns the SKUs concerned."""
    if not order_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_reservation SET state = %s, changed_at = now()"
            " WHERE order_id = ANY(%s) AND state = ANY(%s) AND (%s::text IS NULL OR site = %s)"
            " RETURNING sku",
            [to, list(order_ids), list(of), site, site],
        )
        return sorted({row[0] for row in cursor.fetchall()})


def availability(config: Configuration, skus: Iterable[str], *, now: datetime) -> list[Offer]:
    """What each sales channel may be told of these SKUs, as offers to the hub."""
    channels = [e for e in config.endpoints.values() if e.channel is not None]
    wanted = sorted(set(skus))
    if not channels or not wanted:
        return []
    found, held = levels(config.customer_id, wanted), reserved(config.customer_id, wanted)
    return [
        _offer(channel, sku, found[sku], held.get(sku, []), now=now)
        for sku in wanted
        if sku in found
        for channel in channels
    ]


def _offer(
    channel: EndpointConfig,
    sku: str,
    found: Sequence[Level],
    held: Sequence[Reserved],
    *,
    now: datetime,
) -> Offer:
    chosen: Mapping[str, Any] = channel.channel or {}
    policy = ChannelPolicy(
        share=Decimal(str(chosen.get("share", 1))),
        buffer=chosen.get("buffer", 0),
        cap=chosen.get("cap"),
    )
    explanation = explain_channel(found, held, policy=policy)
    counted = {"channel": channel.slug, "sku": sku, "quantity": explanation["quantity"]}
    body = {
        **counted,
        "computed_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "explanation": explanation,
    }
    # Only the figure counts as content: computing the same again must not send it again.
    key = f"{channel.slug}/{sku}"
    return Offer(
        None, channel.id, "availability", key, body, json.dumps(body), content_hash(counted)
    )


def _required(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("an inventory record without as_of passed its schema")
    return at

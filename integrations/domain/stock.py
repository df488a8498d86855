"""Stock: what sites have, what is free of it, and what channels may be told."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from integrations.availability import ChannelPolicy, Level, Reserved, atp, explain_channel
from integrations.canonical.content import content_hash
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.hub import Offer, moment

REPORTS_COME_WITHIN_HOURS = 48


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


def reserved(customer_id: int, found: Mapping[str, Sequence[Level]]) -> dict[str, list[Reserved]]:
    """What orders hold of these SKUs at the sites of their levels, added up for each state.

    With what left so lately that the site's report does not show it yet; older claims the report knows.
    """
    asked = [(sku, level.site, level.as_of) for sku, at in found.items() for level in at]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.sku, r.site, sum(r.quantity), CASE r.state WHEN 'hard' THEN 'hard' ELSE 'sent' END,
                max(r.changed_at)
            FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS l(sku, site, as_of)
            JOIN integrations_reservation r ON r.customer_id = %s AND r.sku = l.sku AND r.site = l.site
                AND (r.state = 'hard' OR (r.state = 'sent' AND r.changed_at > l.as_of)
                    OR (r.state = 'consumed' AND r.changed_at > l.as_of
                        AND r.changed_at > now() - make_interval(hours => %s)))
            GROUP BY 1, 2, 4
            """,
            [*[list(column) for column in zip(*asked, strict=True)], customer_id,
             REPORTS_COME_WITHIN_HOURS],
        )  # fmt: skip
        held: dict[str, list[Reserved]] = defaultdict(list)
        for sku, site, quantity, state, changed_at in cursor.fetchall():
            held[sku].append(Reserved(site, quantity, state, changed_at))
        return held


def free_stock(customer_id: int, skus: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """(site, sku) → what a new order could take there."""
    found = levels(customer_id, skus)
    held = reserved(customer_id, found)
    return {
        (level.site, sku): atp([level], held.get(sku, []))
        for sku, at in found.items()
        for level in at
    }


def availability(config: Configuration, skus: Iterable[str], *, now: datetime) -> list[Offer]:
    """What each sales channel may be told of these SKUs, as offers to the hub."""
    channels = [e for e in config.endpoints.values() if e.channel is not None]
    wanted = sorted(set(skus))
    if not channels or not wanted:
        return []
    found = levels(config.customer_id, wanted)
    held = reserved(config.customer_id, found)
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

"""Sending orders to another warehouse than the rules chose, because a person says so."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from integrations.domain import (
    claims,
    configuration,
    follow_ups,
    hub,
    onward,
    outbox,
    problems,
)
from integrations.domain.configuration import Configuration, FlowConfig
from integrations.domain.hub import Milestone
from integrations.domain.outbox import Posting
from integrations.models import Message, Problem, Record, RouteDecision
from portal.core import clock

NO_SITE = ("no_site_allowed", "insufficient_stock")
MAY_GO = ("received", "validated", "released", "sent_to_warehouse", "acknowledged")
_UNDER_WAY = ("sending", "delivered", "confirmed")


class Rerouted(NamedTuple):
    """The orders that go to the site now, and why the others do not."""

    sent: list[UUID]
    refused: dict[UUID, str]


class _Way(NamedTuple):
    """One order with the flow it shall take and the routed flows it shall not."""

    order: Record
    flow: FlowConfig
    others: list[FlowConfig]


@transaction.atomic
def reroute(order_ids: Collection[UUID], *, site: str, actor: str) -> Rerouted:
    """Send orders of one customer to `site`, and take back what no other warehouse has got.

    An order that is on its way to a warehouse is refused: two would ship it. The decision is stored
    with the person's name, reservations move along, and the problems this answers are closed.
    """
    orders = list(
        Record.objects.select_for_update()
        .filter(pk__in=order_ids, object_type="order")
        .order_by("pk")
    )
    if not orders:
        return Rerouted([], {})
    config = configuration.of(orders[0].customer_id)
    under_way = _under_way(config, orders)
    ways, refused = [], {}
    for order in orders:
        way = _way(config, order, site)
        objection = _objection(order, way, site, under_way.get(order.pk))
        if way is None or objection:
            refused[order.pk] = objection
        else:
            ways.append(way)
    if ways:
        _go(config, ways, site=site, actor=actor)
    return Rerouted([way.order.pk for way in ways], refused)


def _way(config: Configuration, order: Record, site: str) -> _Way | None:
    routed = [f for f in config.flows_from(order.source_id or 0, "order") if f.routed]
    flow = next((f for f in routed if config.endpoints[f.target_id].site == site), None)
    return _Way(order, flow, [f for f in routed if f is not flow]) if flow else None


def _under_way(config: Configuration, orders: Sequence[Record]) -> dict[UUID, str]:
    """Order → the warehouse that has it or is getting it just now. Locks what is still ours."""
    routed = {flow.id: config.endpoints[flow.target_id] for flow in config.flows if flow.routed}
    found = (
        Message.objects.select_for_update()
        .filter(record_id__in=[o.pk for o in orders], direction="out", flow_id__in=routed)
        .order_by("pk")
    )
    return {
        m.record_id: routed[m.flow_id].label  # type: ignore[index, misc]
        for m in found
        if m.state in _UNDER_WAY
    }


def _objection(order: Record, way: _Way | None, site: str, taker: str | None) -> str:
    if way is None:
        return f"no flow leads to {site}"
    if taker:
        return f"{taker} has it"
    return "" if order.state in MAY_GO else f"it is {order.state.replace('_', ' ')}"


def _go(config: Configuration, ways: Sequence[_Way], *, site: str, actor: str) -> None:
    ids = [way.order.pk for way in ways]
    cause = f"Sent to {site}: chosen by {actor}"
    _decide(config, ways, site=site, actor=actor)
    gone = _withdraw(ways, cause=cause, actor=actor)
    released = _release_held(ids, cause=cause, actor=actor)
    _reserve(config, ways, site=site)
    _post(config, ways, cause=cause, actor=actor)
    hub.mark(config.customer_id, [Milestone(order_id, "", cause) for order_id in ids])
    problems.close_problems([*gone, *released], actor=actor, cause=cause)
    follow_ups.release(config.customer_id, ids)
    onward.tell_channels(config, {line["sku"] for way in ways for line in way.order.body["lines"]})


def _decide(config: Configuration, ways: Sequence[_Way], *, site: str, actor: str) -> None:
    text = f"{site} chosen by {actor}"
    explanation: dict[str, Any] = {
        "chosen": site,
        "problem": None,
        "text": text,
        "rules": [],
        "rank": [],
    }
    RouteDecision.objects.bulk_create(
        RouteDecision(
            record=way.order,
            record_version=way.order.version,
            chosen=site,
            rules_version=config.rules_version,
            explanation={**explanation, "sites": [{"site": site, "place": 1, "why": text}]},
            actor=actor[:80],
        )
        for way in ways
    )


def _withdraw(ways: Sequence[_Way], *, cause: str, actor: str) -> list[UUID]:
    """Take back what waits for the other warehouses; what goes elsewhere, to an ERP say, stays."""
    pairs = [(way.order.pk, flow.id) for way in ways for flow in way.others]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH open AS (
                SELECT m.id, m.state FROM integrations_message m
                JOIN unnest(%s::uuid[], %s::bigint[]) AS pair(record_id, flow_id)
                    USING (record_id, flow_id)
                WHERE m.direction = 'out' AND m.state IN ('waiting', 'held')
                ORDER BY m.id FOR UPDATE OF m
            ), gone AS (
                UPDATE integrations_message m SET state = 'superseded', updated_at = now()
                FROM open WHERE m.id = open.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, state, 'superseded', %s, %s FROM open RETURNING message_id
            """,
            [[p[0] for p in pairs], [p[1] for p in pairs], actor[:80], cause[:300]],
        )
        return [row[0] for row in cursor.fetchall()]


def _release_held(order_ids: Sequence[UUID], *, cause: str, actor: str) -> list[UUID]:
    """Received orders that were held for want of a warehouse, and for nothing else, are applied."""
    others = Problem.objects.filter(closed_at=None).exclude(code__in=NO_SITE)
    held = Message.objects.filter(record_id__in=order_ids, direction="in", state="held")
    ids = list(held.exclude(pk__in=others.values("message_id")).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH freed AS (
                UPDATE integrations_message SET state = 'applied', updated_at = now()
                WHERE id = ANY(%s) AND state = 'held' RETURNING id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, 'held', 'applied', %s, %s FROM freed RETURNING message_id
            """,
            [ids, actor[:80], cause[:300]],
        )
        return [row[0] for row in cursor.fetchall()]


def _reserve(config: Configuration, ways: Sequence[_Way], *, site: str) -> None:
    ids = [way.order.pk for way in ways]
    for other in {e.site for e in config.endpoints.values() if e.site and e.site != site}:
        claims.move(ids, to="released", of=claims.OPEN, site=other)
    holds = [onward.claims_of(way.order.pk, site, way.order.body) for way in ways]
    claims.hold(config.customer_id, [one for of_order in holds for one in of_order])


def _post(config: Configuration, ways: Sequence[_Way], *, cause: str, actor: str) -> None:
    now = clock.now()
    postings = [
        Posting(
            way.flow.id, way.flow.target_id, "order", way.order.pk, way.order.version, way.order.pk,
            way.order.business_key, way.flow.next_due(now),
        )
        for way in ways
    ]  # fmt: skip
    _revive(postings, cause=cause, actor=actor)
    outbox.post(config.customer_id, postings)


def _revive(postings: Sequence[Posting], *, cause: str, actor: str) -> None:
    """An order that was taken back from this very warehouse before: its message waits again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH back AS (
                SELECT m.id, m.state, p.due_at FROM integrations_message m
                JOIN unnest(%s::bigint[], %s::uuid[], %s::int[], %s::timestamptz[])
                    AS p(flow_id, record_id, record_version, due_at)
                    USING (flow_id, record_id, record_version)
                WHERE m.direction = 'out' AND m.state IN ('superseded', 'skipped')
            ), waits AS (
                UPDATE integrations_message m SET state = 'waiting', due_at = back.due_at,
                    attempts = 0, interchange_id = NULL, updated_at = now()
                FROM back WHERE m.id = back.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, state, 'waiting', %s, %s FROM back
            """,
            [
                [p.flow_id for p in postings],
                [p.record_id for p in postings],
                [p.record_version for p in postings],
                [p.due_at for p in postings],
                actor[:80],
                cause[:300],
            ],
        )

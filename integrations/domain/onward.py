"""From the hub onward: which flows a changed record takes, and to which site an order goes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.domain import claims, follow_ups, hub, outbox, problems, rehearsal, stock
from integrations.domain.configuration import Configuration, EndpointConfig, FlowConfig
from integrations.domain.hub import Change, Milestone, Verdict
from integrations.domain.outbox import Posting
from integrations.domain.problems import Trouble
from integrations.queries import pauses
from integrations.routing import Decision, Site, decide
from portal.core import clock
from portal.core.cursors import binary_cursor

STOPPING = frozenset({"cancelled", "cancel_requested"})
LEFT = frozenset({"partially_shipped", "shipped", "invoiced", "closed"})
_untold: ContextVar[bool] = ContextVar("channels_untold", default=False)


class _Order(NamedTuple):
    """The order something belongs to."""

    source_id: int | None
    number: str


_NO_ORDER = _Order(None, "")


def send_on(config: Configuration, changes: Sequence[Change]) -> list[Trouble]:
    """Queue what `changes` mean for other systems; returns the orders no site can take.

    Unchanged and stale offers mean nothing, but for an order that came again because it has no site.
    """
    news = [change for change in changes if change.is_news]
    orders = [change for change in news if change.offer.object_type == "order"]
    orders += _without_site(config, changes)
    others = [change for change in news if change.offer.object_type != "order"]
    of_orders = _orders_of([c.record.order_id for c in others if c.record.order_id])
    now = clock.now()
    postings, troubles = _orders_onward(config, orders, now=now)
    for change in others:
        postings += _postings(config, change, of_orders, now=now)
    outbox.post(config.customer_id, postings)
    follow_ups.park(postings)
    return troubles


def tell_channels(config: Configuration, skus: Iterable[str]) -> None:
    """Let sales channels know what they may sell of these SKUs now."""
    if _untold.get():
        return
    offers = stock.availability(config, skus, now=clock.now())
    send_on(config, hub.apply(config.customer_id, offers))


@contextmanager
def channels_untold() -> Iterator[None]:
    """Inside, channels hear nothing from this thread. Orders decide by stock and not by what channels
    know, and the rows of what they know are those that live passes of one customer all write."""
    token = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(token)


def _without_site(config: Configuration, changes: Sequence[Change]) -> list[Change]:
    again = [
        c for c in changes
        if c.verdict is Verdict.UNCHANGED and c.offer.object_type == "order"
        and c.record.state == "released" and any(f.routed for f in _order_flows(config, c))
    ]  # fmt: skip
    decided = _decided([c.record.id for c in again])
    return [c for c in again if c.record.id not in decided]


def _postings(
    config: Configuration, change: Change, orders: dict[UUID, _Order], *, now: datetime
) -> list[Posting]:
    offer = change.offer
    if offer.object_type == "availability":
        return _availability_posting(config, change, now=now)
    order_id = change.record.order_id
    order = orders.get(order_id, _NO_ORDER) if order_id else _NO_ORDER
    flows = rehearsal.open_to(
        config, config.flows_from(offer.endpoint_id, offer.object_type), number=order.number
    )
    return [
        _posting(flow, change, now=now)
        for flow in flows
        if _concerns(config.endpoints[flow.target_id], change, order.source_id)
    ]


def _concerns(target: EndpointConfig, change: Change, order_source: int | None) -> bool:
    """A sales channel only hears of its own orders, of shipments only those of which something left, and of
    stock only what it may sell of it."""
    if target.channel is None:
        return True
    if change.offer.object_type == "inventory":
        return False
    if change.offer.object_type == "shipment" and change.offer.body.get("status") == "cancelled":
        return False
    return order_source is None or target.id == order_source


def _orders_of(order_ids: Sequence[UUID]) -> dict[UUID, _Order]:
    if not order_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, source_id, number FROM integrations_record WHERE id = ANY(%s)",
            [list(order_ids)],
        )
        return {order_id: _Order(source, number) for order_id, source, number in cursor.fetchall()}


def _availability_posting(config: Configuration, change: Change, *, now: datetime) -> list[Posting]:
    channel = change.offer.endpoint_id
    flows = [f for f in config.flows if f.object_type == "inventory" and f.target_id == channel]
    flows = rehearsal.open_to(config, flows, sku=change.offer.body["sku"])
    return [_posting(flow, change, now=now) for flow in flows[:1]]


def _posting(flow: FlowConfig, change: Change, *, now: datetime) -> Posting:
    record, offer = change.record, change.offer
    order_id = record.id if offer.object_type == "order" else record.order_id
    return Posting(
        flow.id, flow.target_id, offer.object_type, record.id, record.version, order_id, offer.key,
        flow.next_due(now),
    )  # fmt: skip


def _orders_onward(
    config: Configuration, changes: Sequence[Change], *, now: datetime
) -> tuple[list[Posting], list[Trouble]]:
    if not changes:
        return [], []
    used = outbox.flows_already_used(
        [c.record.id for c in changes if c.verdict is not Verdict.CREATED]
    )
    _follow_status(config, [c for c in changes if c.is_news], had={order for order, _ in used})
    going = [c for c in changes if c.record.state != "on_hold"]
    live = [c for c in going if c.record.state not in STOPPING]
    sites, troubles = _choose_sites(config, live)
    postings = [
        _posting(flow, change, now=now)
        for change in going
        for flow in _order_flows(config, change)
        if _wants_order(config.endpoints[flow.target_id], flow, change, used=used, sites=sites)
    ]
    return postings, troubles


def _wants_order(
    target: EndpointConfig,
    flow: FlowConfig,
    change: Change,
    *,
    used: set[tuple[UUID, int]],
    sites: dict[UUID, str],
) -> bool:
    """Whether the target of `flow` is to be told of this version of an order."""
    knows_it = (change.record.id, flow.id) in used
    if change.record.state in STOPPING:
        return knows_it
    if not flow.routed:
        return change.is_news
    if change.record.state in LEFT:  # the goods are gone; a warehouse would ship them again
        return False
    return knows_it or sites.get(change.record.id) == target.site


def _follow_status(config: Configuration, changes: Sequence[Change], *, had: set[UUID]) -> None:
    """Move orders with their source's status; take back what a stopped one has not sent.

    An order that some system has (`had`) is not cancelled before that system says so, see `cancel`.
    """
    milestones, stopped = [], defaultdict(list)
    for change in changes:
        before, status = change.record.state, change.offer.body.get("status")
        after, cause = before, ""
        if change.verdict is Verdict.CREATED:
            milestones.append(Milestone(change.record.id, "received", "", change.offer.message_id))
            cause = "on hold at the source" if before == "on_hold" else ""
            milestones.append(
                Milestone(change.record.id, before, cause, change.offer.message_id, "received")
            )
            continue
        if status == "cancelled" and before not in ("cancelled", "shipped", "invoiced", "closed"):
            after = "cancel_requested" if change.record.id in had else "cancelled"
            cause = "cancelled at the source" if change.offer.message_id else "cancelled by us"
        elif status == "on_hold" and before == "released":
            after, cause = "on_hold", "put on hold at the source"
        elif status == "open" and before == "on_hold":
            again = change.record.was_taken_back
            after, cause = "released", "came again" if again else "released at the source"
        if after != before:
            stopped[after].append(change.record.id)
        change.record.state = after
        text = cause or "changed at the source"
        to_state = after if after != before else ""
        milestones.append(
            Milestone(change.record.id, to_state, text, change.offer.message_id, before)
        )
    hub.mark(config.customer_id, milestones)
    cause = "The order was cancelled or put on hold"
    withdrawn = [order for state in (*STOPPING, "on_hold") for order in stopped[state]]
    gone = outbox.withdraw(withdrawn, cause=cause)
    problems.close_problems(gone, actor="", cause=cause)
    follow_ups.release(config.customer_id, withdrawn)
    claims.move(stopped["cancelled"], to="released", of=claims.OPEN)
    claims.move(stopped["on_hold"], to="released", of=["hard"])


def _choose_sites(
    config: Configuration, changes: Sequence[Change]
) -> tuple[dict[UUID, str], list[Trouble]]:
    """Order id → chosen site. An order keeps the site it has; without one it is decided now."""
    routed = [c for c in changes if any(f.routed for f in _order_flows(config, c))]
    if not routed:
        return {}, []
    chosen = _decided([c.record.id for c in routed if c.verdict is Verdict.CHANGED])
    skus = {line["sku"] for c in routed for line in c.offer.body["lines"]}
    free = stock.free_stock(config.customer_id, skus)
    dangerous = hazmat(config.customer_id, skus)
    sites = _sites(config, routed)
    holds, decisions, troubles, waiting = [], [], [], []
    for change in routed:
        order_id, body = change.record.id, change.offer.body
        if order_id not in chosen:
            decision = decide(
                body,
                sites=sites[order_id],
                rules=config.rules,
                stock=free,
                hazmat_skus=dangerous,
                now=clock.now().astimezone(ZoneInfo(config.zone)),
            )
            decisions.append((change, decision))
            if decision.chosen is None:
                troubles.append(_no_site(config, change, decision))
                continue
            chosen[order_id] = decision.chosen
            if decision.waits:
                waiting.append((order_id, decision.chosen))
            _take(free, decision.chosen, body)
        holds += claims_of(order_id, chosen[order_id], body)
    record_decisions(config, decisions)
    claims.hold(config.customer_id, holds)
    _note_waiting(config, waiting)
    return chosen, troubles


def _note_waiting(config: Configuration, waiting: Sequence[tuple[UUID, str]]) -> None:
    """Say in the orders' journeys for which paused warehouse they wait, and who paused it."""
    if not waiting:
        return
    causes = {
        e.site: f"waiting for {e.label}, {_paused(e.id)}"
        for e in config.endpoints.values()
        if e.site in {site for _, site in waiting}
    }
    hub.mark(config.customer_id, [Milestone(order, "", causes[site]) for order, site in waiting])


def _paused(endpoint_id: int) -> str:
    name = pauses.paused_by(endpoint_id)
    return f"paused by {name}" if name else "which is paused"


def _order_flows(config: Configuration, change: Change) -> list[FlowConfig]:
    flows = config.flows_from(change.offer.endpoint_id, "order")
    return rehearsal.open_to(config, flows, number=_number(change))


def _number(change: Change) -> str:
    return change.offer.body["number"]


def _sites(config: Configuration, changes: Sequence[Change]) -> dict[UUID, list[Site]]:
    """Where each order may be sent from."""
    targets = {
        change.record.id: [config.endpoints[f.target_id] for f in _routed(config, change)]
        for change in changes
    }
    codes = {target.site for found in targets.values() for target in found}
    stocked = stock.sites_with_stock(config.customer_id, codes)
    sites = {t.id: site_of(t, stocked=t.site in stocked) for f in targets.values() for t in f}
    return {order: [sites[t.id] for t in found if t.site] for order, found in targets.items()}


def _routed(config: Configuration, change: Change) -> list[FlowConfig]:
    flows = config.flows_from(change.offer.endpoint_id, "order")
    return rehearsal.routed(config, flows, _number(change))


def site_of(target: EndpointConfig, *, stocked: bool) -> Site:
    """A warehouse endpoint as the routing rules see it."""
    settings = target.connection.settings
    return Site(
        code=target.site,
        flags=frozenset(settings.get("site_flags") or ()),
        active=target.active,
        order=int(settings.get("site_order") or 0),
        region=str(settings.get("site_region") or ""),
        stocked=stocked,
    )


def _take(free: dict[tuple[str, str], Any], site: str, body: dict[str, Any]) -> None:
    """Orders of one batch must not all count on the same units."""
    for line in body["lines"]:
        key = (site, line["sku"])
        if key in free:
            free[key] -= Decimal(line["quantity"])


def claims_of(order_id: UUID, site: str, body: dict[str, Any]) -> list[claims.Hold]:
    """What an order of this content claims of a site."""
    return [
        claims.Hold(order_id, line["line_no"][:40], site, line["sku"], Decimal(line["quantity"]))
        for line in body["lines"]
    ]


def _no_site(config: Configuration, change: Change, decision: Decision) -> Trouble:
    reason = decision.reasons[-1] if decision.reasons else "no site takes orders"
    problem = Problem(
        decision.problem or "no_site_allowed", "", "", f"No warehouse can take this order: {reason}"
    )
    offer = change.offer
    if offer.message_id is None:
        raise ValueError("an order always comes with a message")
    return Trouble(offer.message_id, config.customer_id, offer.endpoint_id, "order", [problem])


def _decided(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    if not order_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (record_id) record_id, chosen FROM integrations_routedecision"
            " WHERE record_id = ANY(%s) ORDER BY record_id, id DESC",
            [list(order_ids)],
        )
        return {order_id: site for order_id, site in cursor.fetchall() if site}


def record_decisions(
    config: Configuration, decisions: Sequence[tuple[Change, Decision]], *, actor: str = ""
) -> None:
    """Store what was decided and why."""
    if not decisions:
        return
    rows = [(c.record.id, c.record.version, d.chosen or "") for c, d in decisions]
    with binary_cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrations_routedecision (record_id, record_version, chosen, explanation,"
            " rules_version, actor) SELECT id, version, chosen, explanation, %s, %s FROM ROWS FROM"
            " (unnest(%b::uuid[], %b::int[], %b::text[]), jsonb_array_elements(%s::jsonb))"
            " AS d(id, version, chosen, explanation)",
            [
                config.rules_version,
                actor,
                *[list(column) for column in zip(*rows, strict=True)],
                json.dumps([d.explanation for _, d in decisions], default=str),
            ],
        )


def hazmat(customer_id: int, skus: set[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_key FROM integrations_record WHERE customer_id = %s"
            " AND object_type = 'product' AND business_key = ANY(%s) AND body ? 'hazmat'",
            [customer_id, sorted(skus)],
        )
        return {row[0] for row in cursor.fetchall()}

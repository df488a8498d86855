"""How orders move on: by shipments, by deliveries to a warehouse, by its acknowledgements."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.canonical.fulfilment import ends_its_order, ships_anything
from integrations.canonical.problem import Problem
from integrations.canonical.states import IllegalTransition, advance
from integrations.domain import cancel, claims, follow_ups, hub
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Change, Milestone, Verdict
from integrations.domain.problems import Trouble
from integrations.queries import fulfilments
from integrations.queries.fulfilments import Underway

STOPPING = ("cancel_requested", "cancelled")


class Followed(NamedTuple):
    """The SKUs whose stock claims changed, and what a person should know of the shipments."""

    skus: set[str]
    remarks: list[Trouble]


def follow(config: Configuration, changes: Sequence[Change]) -> Followed:
    """Move the orders whose shipments are among `changes`, and their claims."""
    shipped = [
        c for c in changes if c.is_news and c.offer.object_type == "shipment" and c.record.order_id
    ]
    if not shipped:
        return Followed(set(), [])
    orders = fulfilments.of_orders({c.record.order_id for c in shipped if c.record.order_id})
    milestones, remarks = [], []
    for change in shipped:
        order_id: UUID = change.record.order_id  # type: ignore[assignment]
        order = orders[order_id]
        cause, message_id = _shipment_words(change.offer.body), change.offer.message_id
        step = _step(order_id, order.state, _target(order, change), cause, message_id)
        orders[order_id] = order._replace(state=step.to_state or order.state)
        milestones += [step, Milestone(change.record.id, "", cause, message_id)]
        remarks += _remarks(config, order, change)
    hub.mark(config.customer_id, milestones)
    skus = claims.ship(config.customer_id, {key: order.done for key, order in orders.items()})
    cancel.confirm_by_report([c for c in shipped if ends_its_order(c.offer.body)])
    skus |= cancel.settle(config.customer_id, orders)
    return Followed(skus, remarks)


def _target(order: Underway, change: Change) -> str:
    """Where a shipment moves its order. A cancel that was asked for stands until goods leave against
    it: a correction of what left before it says nothing about it."""
    against = change.verdict is Verdict.CREATED and ships_anything(change.offer.body)
    if order.state in STOPPING and not against:
        return order.state
    if order.done.complete:
        return "shipped" if order.done.has_shipped else "cancelled"
    return "partially_shipped" if order.done.has_shipped else order.state


def _remarks(config: Configuration, order: Underway, change: Change) -> list[Trouble]:
    offer, target = change.offer, _target(order, change)
    if offer.message_id is None or target == order.state:
        return []
    if order.state in STOPPING:
        text = f"{offer.body['site']} shipped order {order.number}, which was cancelled"
        problem = Problem("shipped_after_cancel", "order_number", order.number, text)
    elif target == "cancelled":
        text = f"{offer.body['site']} cancelled order {order.number}, and nobody had asked it to"
        problem = Problem("cancelled_by_site", "order_number", order.number, text)
    else:
        return []
    return [Trouble(offer.message_id, config.customer_id, offer.endpoint_id, "shipment", [problem])]


def reached(
    customer_id: int,
    order_ids: Sequence[UUID],
    target: str,
    *,
    cause: str,
    message_id: UUID | None = None,
) -> None:
    """Move orders to `target` where their machine allows it; otherwise only note the cause. What waited
    for the orders at the systems that have them now goes on.

    That a warehouse took a document is no refusal of a requested cancel, often it was the cancel.
    """
    milestones = []
    for order_id, state in _states(order_ids).items():
        if state == "cancel_requested":
            milestones.append(Milestone(order_id, "", cause, message_id, state))
        else:
            milestones.append(_step(order_id, state, target, cause, message_id))
    hub.mark(customer_id, milestones)
    follow_ups.release(customer_id, order_ids)


def note(customer_id: int, order_ids: Sequence[UUID], cause: str) -> None:
    """A milestone that changes no state, e.g. "Harbor web shop was told". What waited for it goes on."""
    hub.mark(customer_id, [Milestone(order_id, "", cause) for order_id in order_ids])
    follow_ups.release(customer_id, order_ids)


def _step(
    order_id: UUID, current: str, target: str, cause: str, message_id: UUID | None
) -> Milestone:
    result = advance("order", current or "received", target)
    moved = not isinstance(result, IllegalTransition) and result != current
    return Milestone(order_id, target if moved else "", cause, message_id, current)


def _states(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state FROM integrations_record WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(order_ids)],
        )
        return dict(cursor.fetchall())


def shortages(body: dict[str, Any]) -> list[Problem]:
    """The lines of a shipment that were shipped short and are not on backorder."""
    found = []
    for index, line in enumerate(body["lines"]):
        if line.get("status") == "short":
            ordered = line.get("ordered") or "?"
            text = f"{line['shipped']} of {ordered} {line['sku']} shipped, the rest is not coming"
            found.append(Problem("short_shipment", f"lines[{index}].shipped", line["sku"], text))
    return found


def _shipment_words(body: dict[str, Any]) -> str:
    short = sum(1 for line in body["lines"] if line.get("status") in ("short", "backordered"))
    words = f"{body['site']} shipped {body['number']}"
    if body.get("tracking"):
        words += f", tracking {body['tracking'][0]}"
    return words + (f", {short} short" if short else "")

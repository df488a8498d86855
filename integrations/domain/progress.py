"""How orders move on: by shipments, by deliveries to a warehouse, by its acknowledgements."""

import json
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.canonical.states import IllegalTransition, advance
from integrations.domain import hub, stock
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Change, Milestone


def follow(config: Configuration, changes: Sequence[Change]) -> set[str]:
    """Move the orders that `changes` speak of. Returns the SKUs whose stock claims changed."""
    shipped = [
        c for c in changes if c.is_news and c.offer.object_type == "shipment" and c.record.order_id
    ]
    if not shipped:
        return set()
    orders = _with_shipments({c.record.order_id for c in shipped if c.record.order_id})
    milestones = []
    for change in shipped:
        order = orders[change.record.order_id]  # type: ignore[index]
        target = "shipped" if _is_complete(order) else "partially_shipped"
        cause = _shipment_words(change.offer.body)
        milestones += _step(order["id"], order["state"], target, cause, change.offer.message_id)
        milestones.append(Milestone(change.record.id, "", cause, change.offer.message_id))
    hub.mark(config.customer_id, milestones)
    skus: set[str] = set()
    for change in shipped:
        site = change.offer.body["site"]
        if change.record.order_id and site:
            skus |= set(
                stock.move([change.record.order_id], to="consumed", of=["hard", "sent"], site=site)
            )
    return skus


def reached(
    customer_id: int,
    order_ids: Sequence[UUID],
    target: str,
    *,
    cause: str,
    message_id: UUID | None = None,
) -> None:
    """Move orders to `target` where their machine allows it; otherwise only note the cause.

    That a warehouse took a document is no refusal of a requested cancel, often it was the cancel.
    """
    milestones = []
    for order_id, state in _states(order_ids).items():
        if state == "cancel_requested":
            milestones.append(Milestone(order_id, "", cause, message_id, state))
        else:
            milestones += _step(order_id, state, target, cause, message_id)
    hub.mark(customer_id, milestones)


def note(customer_id: int, order_ids: Sequence[UUID], cause: str) -> None:
    """A milestone that changes no state, e.g. "Harbor web shop was told"."""
    hub.mark(customer_id, [Milestone(order_id, "", cause) for order_id in order_ids])


def _step(
    order_id: UUID, current: str, target: str, cause: str, message_id: UUID | None
) -> list[Milestone]:
    result = advance("order", current or "received", target)
    moved = not isinstance(result, IllegalTransition) and result != current
    return [Milestone(order_id, target if moved else "", cause, message_id, current)]


def _states(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state FROM integrations_record WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(order_ids)],
        )
        return dict(cursor.fetchall())


def _with_shipments(order_ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, o.state, o.body->'lines', (
                SELECT jsonb_agg(s.body->'lines') FROM integrations_record s
                WHERE s.order_id = o.id AND s.object_type = 'shipment' AND s.state <> 'cancelled')
            FROM integrations_record o WHERE o.id = ANY(%s) ORDER BY o.id FOR UPDATE OF o
            """,
            [list(order_ids)],
        )
        names = ("id", "state", "lines", "shipments")
        return {
            row[0]: dict(zip(names, map(_parsed, row), strict=True)) for row in cursor.fetchall()
        }


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def _is_complete(order: dict[str, Any]) -> bool:
    """Whether every ordered quantity has left or was cancelled by the warehouse."""
    left: dict[str, Decimal] = defaultdict(Decimal)
    for line in order["lines"]:
        left[line["sku"]] += Decimal(line["quantity"])
    for lines in order["shipments"] or []:
        for line in lines:
            done = Decimal(line["shipped"])
            if line.get("status") == "cancelled":
                done = Decimal(line.get("ordered") or 0)
            left[line.get("substitute_for") or line["sku"]] -= done
    return all(quantity <= 0 for quantity in left.values())


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

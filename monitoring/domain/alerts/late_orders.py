"""Orders that near their cut-off and are not with their warehouse: held, or waiting to be sent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from integrations.domain import configuration, cutoffs
from monitoring.queries import limits
from monitoring.queries.limits import Near, Passed, Waiting


def find(minutes: int, *, customers: list[int] | None, now: datetime) -> list[Passed]:
    """The customers with such orders; see `queries.limits.held_orders` for what near is."""
    held = limits.held_orders(minutes, customers=customers, now=now)
    found = {one.customer_id: one for one in held}
    for one in _waiting(limits.near(minutes, now), customers=customers, now=now):
        known = found.get(one.customer_id)
        found[one.customer_id] = _together(known, one) if known else one
    return list(found.values())


def _waiting(near: Near, *, customers: list[int] | None, now: datetime) -> list[Passed]:
    by_customer: dict[int, list[Waiting]] = defaultdict(list)
    for order in limits.waiting_orders(customers=customers, now=now):
        by_customer[order.customer_id].append(order)
    found = (_of_customer(orders, near) for orders in by_customer.values())
    return [one for one in found if one]


def _of_customer(orders: Sequence[Waiting], near: Near) -> Passed | None:
    """What the warehouses' trucks and the orders' own dates say."""
    config = configuration.of(orders[0].customer_id)
    known = cutoffs.of_sent(config, [order.message_id for order in orders])
    late = [
        (known[order.message_id].at, order)
        for order in orders
        if order.message_id in known and near.since < known[order.message_id].at <= near.until
    ]
    if not late:
        return None
    worst = min(at for at, _ in late)
    amount = sum((order.amount or Decimal(0) for _, order in late), Decimal(0))
    first = late[0][1]
    return Passed(
        first.customer_id, None, first.customer, worst, len(late), amount, first.currency,
        is_past=worst <= near.strict,
    )  # fmt: skip


def _together(held: Passed, waiting: Passed) -> Passed:
    assert held.worst and waiting.worst
    return held._replace(
        worst=min(held.worst, waiting.worst),
        documents=held.documents + waiting.documents,
        amount=held.amount + waiting.amount,
        currency=held.currency or waiting.currency,
        is_past=held.is_past or waiting.is_past,
    )

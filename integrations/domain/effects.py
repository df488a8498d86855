"""What a delivery that took effect means: bindings, milestones, stock claims."""

from collections.abc import Sequence

from integrations.connectors.outbound import Outcome
from integrations.domain import bindings, cancel, claims, onward, progress
from integrations.domain.bindings import Bound
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.outbox import Claimed


def note(
    config: Configuration, target: EndpointConfig, done: Sequence[tuple[Claimed, Outcome]]
) -> None:
    """Note deliveries that took effect. Runs in the transaction that ends their messages."""
    bindings.bind(
        Bound(target.id, m.record_id, m.object_type, o.remote_id)
        for m, o in done
        if o.remote_id and m.record_id
    )
    orders = [m.order_id for m, _ in done if m.object_type == "order" and m.order_id]
    if orders and target.site:
        progress.reached(
            config.customer_id, orders, "sent_to_warehouse", cause=f"sent to {target.label}"
        )
        if any(o.confirmed for _, o in done):
            progress.reached(
                config.customer_id,
                orders,
                "acknowledged",
                cause=f"{target.label} accepted the order",
            )
            claims.move(orders, to="sent", of=["hard"])
    elif orders:
        progress.note(config.customer_id, orders, f"{target.label} has the order")
    # No order is born cancelled and sent, so a first version cancels nothing.
    changed = [m.record_id for m, o in done if o.confirmed and (m.record_version or 0) > 1]
    cancelled = [record_id for record_id in changed if record_id in orders]
    if cancelled:
        onward.tell_channels(config, cancel.settle(config.customer_id, cancelled))
    told = [m.order_id for m, _ in done if m.object_type == "shipment" and m.order_id]
    progress.note(config.customer_id, told, f"{target.label} has the shipment")

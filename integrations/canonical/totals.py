"""Does an order add up? Only ever a warning: the channel's own totals stay authoritative."""

from decimal import Decimal
from typing import Any

from integrations.canonical.problem import Problem

_CENT = Decimal("0.01")


def warnings(object_type: str, body: dict[str, Any]) -> list[Problem]:
    """What looks odd in a body that `validate` passed. Warnings are shown and hold nothing back."""
    return _total_mismatch(body) if object_type == "order" else []


def _total_mismatch(order: dict[str, Any]) -> list[Problem]:
    """Lines + shipping + tax − discount + fees against the total, within 0.01 for each line.

    Where prices include tax, channels give `lines` with or without it: either sum is right.
    """
    parts = {name: Decimal(amount) for name, amount in order["totals"].items()}
    total, tax = parts["total"], parts["tax"]
    net = parts["lines"] + parts["shipping"] - parts["discount"] + parts.get("fees", Decimal(0))
    readings = [net + tax, net] if order.get("taxes_included") else [net + tax]
    if min(abs(reading - total) for reading in readings) <= _CENT * len(order["lines"]):
        return []
    text = f"Lines, shipping, tax, discount and fees make {readings[0]}, the order says {total}."
    return [Problem("total_mismatch", "totals.total", str(total), text)]

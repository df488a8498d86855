"""What has left of an order, from all its shipments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

_NOTHING = Decimal(0)
_ENDING = ("short", "cancelled")


class Fulfilment(NamedTuple):
    """`shipped` by (site, SKU), substitutes under the SKU they stand for. `ended`: of these the rest
    is not coming. `complete`: every ordered quantity left or was cancelled by its warehouse."""

    shipped: dict[tuple[str, str], Decimal]
    ended: set[tuple[str, str]]
    complete: bool

    @property
    def has_shipped(self) -> bool:
        return any(self.shipped.values())


def fulfilment(lines: Sequence[dict[str, Any]], shipments: Iterable[dict[str, Any]]) -> Fulfilment:
    """The lines of an order against its shipments' bodies.

    Of a cancelled shipment nothing left, whatever its lines say.
    """
    left: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        left[line["sku"]] += Decimal(line["quantity"])
    shipped: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    ended = set()
    for shipment in shipments:
        for line in shipment["lines"]:
            sku = line.get("substitute_for") or line["sku"]
            gone = _gone(shipment, line)
            shipped[shipment["site"], sku] += gone
            if line.get("status") in _ENDING:
                ended.add((shipment["site"], sku))
            is_cancelled = line.get("status") == "cancelled"
            left[sku] -= max(gone, Decimal(line.get("ordered") or 0)) if is_cancelled else gone
    return Fulfilment(dict(shipped), ended, all(rest <= 0 for rest in left.values()))


def ships_anything(shipment: dict[str, Any]) -> bool:
    """Whether goods left with this shipment."""
    return any(_gone(shipment, line) for line in shipment["lines"])


def ends_its_order(shipment: dict[str, Any]) -> bool:
    """Whether it says that nothing left and nothing will: the answer to a cancel."""
    coming = any(line.get("status") == "backordered" for line in shipment["lines"])
    return not coming and not ships_anything(shipment)


def _gone(shipment: dict[str, Any], line: dict[str, Any]) -> Decimal:
    return _NOTHING if shipment["status"] == "cancelled" else Decimal(line["shipped"])

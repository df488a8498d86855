"""Bundles: what is sold as one line and leaves the warehouse as its components."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from monitoring.reconcile.amounts import Amount, plain
from monitoring.reconcile.order_rows import OrderLine

# SKU of a bundle → its components and how many of each are in one.
Kits = Mapping[str, tuple[tuple[str, Amount], ...]]


class Expected(NamedTuple):
    """A line the warehouse has to have: of which order line, and in which bundle (empty: none)."""

    line_no: str
    sku: str
    quantity: Amount
    bundle: str = ""


def explode(lines: Iterable[OrderLine], kits: Kits) -> list[Expected]:
    """Order lines as the warehouse has to get them.

    Where an order also lists the components of its bundle by themselves, as some shops do, those lines
    are the components and not more of them.
    """
    lines = list(lines)
    found = [one for line in lines for one in _components(line, kits)]
    in_bundles = _by_sku((one.sku, one.quantity) for one in found)
    for line in lines:
        if line.sku in kits:
            continue
        covered = min(in_bundles.get(line.sku, 0), line.quantity)
        if covered:
            in_bundles[line.sku] = in_bundles[line.sku] - covered
        if line.quantity > covered:
            found.append(Expected(line.line_no, line.sku, plain(line.quantity - covered)))
    return found


def _components(line: OrderLine, kits: Kits) -> list[Expected]:
    return [
        Expected(line.line_no, sku, plain(each * line.quantity), bundle=line.sku)
        for sku, each in kits.get(line.sku, ())
    ]


def pieces(lines: Iterable[OrderLine], kits: Kits) -> Amount:
    """How many pieces the warehouse has to send for these lines."""
    return plain(sum(one.quantity for one in explode(lines, kits)))


def _by_sku(pairs: Iterable[tuple[str, Amount]]) -> dict[str, Amount]:
    found: dict[str, Amount] = defaultdict(int)
    for sku, quantity in pairs:
        found[sku] += quantity
    return dict(found)

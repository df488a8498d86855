"""Reports about stock: the bodies of 846 and 947."""

from datetime import datetime
from typing import Any

from sandbox.catalog import BY_SKU
from sandbox.warehouse.picking import Site
from sandbox.warehouse.state import Books
from sandbox.x12.read import Segment

REASONS = ("06", "07", "56", "AA", "AI", "AU", "AV", "AW")


def inventory_advice(
    books: Books, where: Site, *, at: datetime, skus: list[str] | None = None
) -> list[Segment]:
    """A full report (or one of the named items): on hand, available, committed in eaches."""
    report = f"INV-{at:%Y%m%d}-{books.count('inventory_reports')}"
    segments: list[Segment] = [
        ["BIA", "00", "SI", report, at.strftime("%Y%m%d"), at.strftime("%H%M")],
        where.party(),
    ]
    rows = books.rows("SELECT sku, on_hand, committed FROM stock ORDER BY sku")
    wanted = [row for row in rows if skus is None or row[0] in skus]
    for position, (sku, on_hand, committed) in enumerate(wanted, start=1):
        product = BY_SKU.get(sku)
        upc = ["UP", product.upc] if product else []
        segments.append(["LIN", str(position), "VN", sku, *upc])
        for kind, quantity in (("17", on_hand), ("33", on_hand - committed), ("27", committed)):
            segments.append(["QTY", kind, str(max(0, quantity)), "EA"])
    return [*segments, ["CTT", str(len(wanted))]]


def adjustment_advice(
    books: Books, where: Site, lines: list[dict[str, Any]], *, at: datetime
) -> list[Segment]:
    """Change stock by {"sku", "quantity" (signed eaches), "reason"} and return the 947."""
    adjustment = f"ADJ-{where.code}-{books.count('adjustments'):06d}"
    segments: list[Segment] = [["W15", at.strftime("%Y%m%d"), adjustment], where.party()]
    for line in lines:
        sku, quantity = line["sku"], int(line["quantity"])
        reason = line.get("reason", "06" if quantity < 0 else "56")
        if reason not in REASONS or books.on_hand(sku) is None:
            raise ValueError(f"No adjustment {reason} for {sku}")
        books.move(sku, on_hand=quantity)
        product = BY_SKU.get(sku)
        upc = product.upc if product else ""
        segments.append(["W19", reason, str(quantity), "EA", upc, "VN", sku])
    return segments

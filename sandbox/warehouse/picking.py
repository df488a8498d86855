"""Filling an order from stock, and saying so: the bodies of 945 and 944."""

import zlib
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.catalog import BY_SKU, SITES, check_digit
from sandbox.warehouse.documents import factor
from sandbox.warehouse.state import Books
from sandbox.x12.read import Segment
from sandbox.x12.write import clean


class Site(NamedTuple):
    code: str
    name: str
    own_id: str

    @property
    def digits(self) -> int:
        """A number of the site's own, so that two sites never give the same tracking number."""
        return zlib.crc32(f"{self.code}{self.own_id}".encode())

    def party(self, role: str = "WH") -> Segment:
        return ["N1", role, clean(self.name, 60), "92", self.code]


def site(code: str, own_id: str) -> Site:
    return Site(code, SITES.get(code, f"WAREHOUSE {code}"), own_id)


def number(amount: Decimal | int) -> str:
    """A quantity without exponent or trailing zeros."""
    text = format(Decimal(amount), "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def sscc(where: Site, serial: int) -> str:
    """SSCC-18 behind its application identifier 00: twenty digits."""
    digits = f"0{where.digits % 10**7:07d}{serial:09d}"
    return f"00{digits}{check_digit(digits)}"


class Picked(NamedTuple):
    line: dict[str, Any]
    shipped: Decimal
    status: str


def pick(books: Books, line: dict[str, Any], *, short_by: int = 0) -> Picked:
    """Take a line from stock: what is not there is backordered, what is unknown cancelled."""
    ordered = Decimal(line["quantity"])
    on_hand = books.on_hand(line["sku"])
    if on_hand is None:
        books.error(f"Item {line['sku']} is not stocked here; its line was cancelled")
        return Picked(line, Decimal(0), "IC")
    per_unit = factor(line)
    there = Decimal(max(0, on_hand) // per_unit)
    shipped = max(Decimal(0), min(ordered - short_by, there))
    books.move(line["sku"], on_hand=-int(shipped * per_unit), committed=-int(ordered * per_unit))
    if shipped == ordered:
        return Picked(line, shipped, "CC")
    return Picked(line, shipped, "BP" if shipped or short_by else "BO")


def _pairs(ids: list[list[str]]) -> list[str]:
    return [part for pair in ids[:1] for part in pair]


def _item_segments(picked: Picked, carton: str) -> list[Segment]:
    line, ordered = picked.line, Decimal(picked.line["quantity"])
    missing = ordered - picked.shipped
    w12 = ["W12", picked.status, number(ordered), number(picked.shipped)]
    w12 += [number(missing) if missing else "", line["uom"], line["upc"], *_pairs(line["ids"])]
    reference = [["N9", "LI", line["line_ref"]]] if line["line_ref"] else []
    return [["MAN", "GM", carton], w12, *reference]


def _weight(picked: list[Picked]) -> Decimal:
    total = Decimal(0)
    for part in picked:
        product = BY_SKU.get(part.line["sku"])
        if product is not None:
            total += part.shipped * factor(part.line) * Decimal(product.weight_lb)
    return total


def shipping_advice(
    books: Books, where: Site, order: dict[str, Any], *, on: date, short_by: int = 0
) -> list[Segment]:
    """Pick the order and return the 945 that tells it; stock and shipment counters move."""
    picked = [
        pick(books, line, short_by=short_by if position == 0 else 0)
        for position, line in enumerate(order["lines"])
    ]
    serial = books.count("shipments")
    segments = _advice_header(where, order, serial=serial, on=on)
    for position, part in enumerate(picked, start=1):
        segments.append(["LX", str(position)])
        segments += _item_segments(part, sscc(where, books.count("cartons")))
    weight = _weight(picked)
    units = sum((part.shipped for part in picked), Decimal(0))
    segments.append(
        ["W03", number(units), number(weight), "LB"] if weight else ["W03", number(units)]
    )
    return segments


def _advice_header(where: Site, order: dict[str, Any], *, serial: int, on: date) -> list[Segment]:
    day = on.strftime("%Y%m%d")
    shipment = f"SH-{where.code}-{serial:06d}"
    tracking = f"1Z{where.digits % 10**6:06d}{serial:010d}"
    return [
        ["W06", "F", order["number"], day, shipment, "", order["po_number"]],
        *order["ship_to"],
        where.party(),
        ["N9", "BM", f"BOL{serial:07d}"],
        ["N9", "CN", tracking],
        ["G62", "11", day],
        ["W27", order["mode"], order["scac"], order["service"], order["payer"]],
    ]


def ghost_advice(books: Books, where: Site, *, on: date) -> list[Segment]:
    """A 945 for an order number that nobody ever sent."""
    line = {"quantity": "1", "uom": "EA", "upc": "", "ids": [["VN", "TENT-2P"]], "line_ref": ""}
    order = {
        "number": f"GHOST-{books.count('ghosts'):06d}",
        "po_number": "",
        "ship_to": [["N1", "ST", "NOBODY", "92", "X1"]],
        "mode": "M",
        "scac": "UPSN",
        "service": "GROUND",
        "payer": "PP",
    }
    carton = sscc(where, books.count("cartons"))
    return [
        *_advice_header(where, order, serial=books.count("shipments"), on=on),
        ["LX", "1"],
        *_item_segments(Picked(line, Decimal(1), "CC"), carton),
        ["W03", "1"],
    ]


def receipt_advice(
    books: Books, where: Site, inbound: dict[str, Any], *, on: date
) -> list[Segment]:
    """Put an announced delivery on the shelf and return the 944 that tells it."""
    day = on.strftime("%Y%m%d")
    receipt = f"R{where.code[:5]}{books.count('receipts'):06d}"
    segments: list[Segment] = [
        ["W17", "F", day, receipt, inbound["number"], inbound["shipment_id"]],
        where.party(),
    ]
    total = Decimal(0)
    for line in inbound["lines"]:
        quantity = Decimal(line["quantity"])
        total += quantity
        books.move(line["sku"], on_hand=int(quantity * factor(line)))
        w07 = ["W07", number(quantity), line["uom"], line["upc"], *_pairs(line["ids"])]
        reference = [["N9", "LI", line["line_ref"]]] if line["line_ref"] else []
        segments += [w07, *reference]
    return [*segments, ["W14", number(total)]]

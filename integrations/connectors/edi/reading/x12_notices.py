"""856 ship notices of suppliers. Pure."""

from collections.abc import Mapping

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.notice import (
    Fields,
    Item,
    carton,
    derive,
    derive_shipments,
    only,
    scac,
    taken_back,
)
from integrations.connectors.edi.reading.x12_orders import party_address
from integrations.connectors.edi.reading.x12_parts import own_item
from integrations.connectors.edi_files import items


def native_notice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The 856 with `derived`, as goods that come to us."""
    if taken_back(document.get("shipment_id"), document.get("purpose"), problems):
        return []
    told, lines = _told(document, problems)
    return [{**document, "derived": derive(told, lines, connection, problems)}]


def native_shipments(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The 856 with `derived`, as goods that went to the buyers of our orders."""
    if taken_back(document.get("shipment_id"), document.get("purpose"), problems):
        return []
    told, lines = _told(document, problems)
    found = derive_shipments(told, lines, connection, problems)
    return [{**document, "derived": one} for one in found]


def _told(document: Fields, problems: list[Problem]) -> tuple[Fields, list[Item]]:
    levels = document.get("levels", [])
    shipment: Fields = next((level for level in levels if level.get("level") == "S"), {})
    parties = {p.get("role", ""): p for p in reversed(shipment.get("parties", []))}
    carriage: Fields = next(iter(shipment.get("routing", [])), {})
    told = {
        "number": document.get("shipment_id"),
        "site": (parties.get("ST") or {}).get("id"),
        "po_number": only([level.get("po_number", "") for level in levels]),
        "bol": items.reference(shipment, "BM"),
        "ship_from": party_address(parties.get("SF")),
        "expected_on": items.day(shipment, "017"),
        "shipped_on": items.day(shipment, "011") or items.day(document, "011"),
        "carrier": carriage.get("id") or carriage.get("routing"),
        "scac": scac(carriage.get("id")),
        "carrier_name": carriage.get("routing"),
        "ship_to": party_address(parties.get("ST")),
        "tracking": _tracking(shipment, levels),
    }
    found = [level for level in levels if level.get("level") == "I"]
    by_id = {str(level["id"]): level for level in levels if level.get("id")}
    lines = [
        _item(level, _above(level, by_id), f"levels[{n}]", problems)
        for n, level in enumerate(found)
    ]
    return told, lines


def _above(level: Fields, by_id: Mapping[str, Fields]) -> Fields:
    """The order and the carton of an item, which stand at the levels above it; the nearest one wins."""
    found: Fields = {}
    seen = set()
    current: Fields | None = level
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        found = {key: current[key] for key in ("po_number", "sscc") if key in current} | found
        current = by_id.get(str(current.get("parent") or ""))
    return found


def _tracking(shipment: Fields, levels: list[Fields]) -> list[str]:
    of_cartons = [str(level["tracking"]) for level in levels if level.get("tracking")]
    return list(dict.fromkeys([*items.references(shipment, "CN", "2I"), *of_cartons]))


def _item(level: Fields, above: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        line_no=level.get("line_no", ""),
        item=items.item_code(level),
        gtin=items.gtin(level),
        quantity=items.quantity(level, "shipped", f"{path}.shipped", problems),
        uom=level.get("uom", ""),
        lot=items.reference(level, "LT"),
        own_item=own_item(level),
        order=str(above.get("po_number") or ""),
        ordered=items.quantity(level, "ordered", f"{path}.ordered", problems),
        sscc=carton(above.get("sscc")),
    )

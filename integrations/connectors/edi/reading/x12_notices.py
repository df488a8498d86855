"""856 ship notices of suppliers. Pure."""

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import ships_to_buyers
from integrations.connectors.edi.reading.notice import (
    Fields,
    Item,
    carton,
    derive,
    derive_shipments,
    only,
    scac,
)
from integrations.connectors.edi.reading.x12_orders import party_address
from integrations.connectors.edi.reading.x12_parts import own_item
from integrations.connectors.edi_files import items


def native_notice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The 856 with `derived`."""
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
    }
    found = [level for level in levels if level.get("level") == "I"]
    # The order and the carton of each item, which stand at the levels above it.
    above: list[Fields] = document.get("lines", [])
    lines = [
        _item(level, heir, f"levels[{n}]", problems)
        for n, (level, heir) in enumerate(zip(found, above, strict=True))
    ]
    if ships_to_buyers(connection):
        told |= {
            "scac": scac(carriage.get("id")),
            "carrier_name": carriage.get("routing"),
            "ship_to": party_address(parties.get("ST")),
            "tracking": _tracking(shipment, levels),
        }
        shipments = derive_shipments(told, lines, connection, problems)
        return [{**document, "derived": one} for one in shipments]
    return [{**document, "derived": derive(told, lines, connection, problems)}]


def _tracking(shipment: Fields, levels: list[Fields]) -> list[str]:
    of_cartons = [str(level["tracking"]) for level in levels if level.get("tracking")]
    return list(dict.fromkeys([*items.references(shipment, "CN", "2I"), *of_cartons]))


def _item(level: Fields, heir: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        line_no=level.get("line_no", ""),
        item=items.item_code(level),
        gtin=items.gtin(level),
        quantity=items.quantity(level, "shipped", f"{path}.shipped", problems),
        uom=level.get("uom", ""),
        lot=items.reference(level, "LT"),
        own_item=own_item(level),
        order=str(heir.get("po_number") or ""),
        ordered=items.quantity(level, "ordered", f"{path}.ordered", problems),
        sscc=carton(heir.get("sscc")),
    )

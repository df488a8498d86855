"""856 ship notices of suppliers. Pure."""

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.notice import Fields, Item, derive, only
from integrations.connectors.edi.reading.x12_orders import party_address
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
    lines = [_item(level, f"levels[{n}]", problems) for n, level in enumerate(found)]
    return [{**document, "derived": derive(told, lines, connection, problems)}]


def _item(level: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        line_no=level.get("line_no", ""),
        item=items.item_code(level),
        gtin=items.gtin(level),
        quantity=items.quantity(level, "shipped", f"{path}.shipped", problems),
        uom=level.get("uom", ""),
        lot=items.reference(level, "LT"),
    )

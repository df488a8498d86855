"""DESADV of suppliers. Pure."""

from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_parts import (
    date_only,
    day,
    gtin,
    item_code,
    own_item,
    party_address,
    quantity,
    reference,
    uom,
)
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
from integrations.formats.edifact.finish import lines_of

_DESPATCHED: Final = ("12",)
_ORDERED: Final = ("21",)
_SSCC: Final = "BJ"
_BATCH: Final = frozenset({"BX", "NB"})


def native_notice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The DESADV with `derived`, as goods that come to us."""
    if taken_back(document.get("number"), document.get("function"), problems):
        return []
    told, items = _told(document, problems)
    return [{**document, "derived": derive(told, items, connection, problems)}]


def native_shipments(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The DESADV with `derived`, as goods that went to the buyers of our orders."""
    if taken_back(document.get("number"), document.get("function"), problems):
        return []
    told, items = _told(document, problems)
    found = derive_shipments(told, items, connection, problems)
    return [{**document, "derived": one} for one in found]


def _told(document: Fields, problems: list[Problem]) -> tuple[Fields, list[Item]]:
    parties = {p.get("role", ""): p for p in reversed(document.get("parties", []))}
    carriage: Fields = next(iter(document.get("transports", [])), {})
    lines = list(lines_of(document))
    orders = [reference(holder, "ON") or "" for holder in (document, *lines)]
    told = {
        "number": document.get("number"),
        "site": (parties.get("DP") or parties.get("ST") or {}).get("id"),
        "po_number": only(orders),
        "bol": reference(document, "BM"),
        "ship_from": party_address(parties.get("SF") or parties.get("PW")),
        "expected_on": date_only(day(document, "17", "132", "2")),
        "shipped_on": date_only(day(document, "11", "137")),
        "carrier": carriage.get("carrier") or carriage.get("carrier_name"),
        "scac": scac(carriage.get("carrier")),
        "carrier_name": carriage.get("carrier_name"),
        "ship_to": party_address(parties.get("DP") or parties.get("ST")),
        "tracking": _tracking(document),
    }
    cartons = _cartons(document)
    return told, [
        _item(line, cartons.get(id(line)), f"lines[{n}]", problems) for n, line in enumerate(lines)
    ]


def _cartons(document: Fields) -> dict[int, str]:
    """Which carton each line is in: the GIN+BJ of its level of packing."""
    found: dict[int, str] = {}
    for level in document.get("levels", []):
        marks = [mark for pack in level.get("packagings", []) for mark in pack.get("marks", [])]
        numbers = [n for mark in marks for n in mark.get("numbers", [])]
        codes = (carton(n.get("id")) for n in numbers if n.get("qualifier") == _SSCC)
        sscc = next((code for code in codes if code), None)
        found |= {id(line): sscc for line in level.get("lines", []) if sscc}
    return found


def _tracking(document: Fields) -> list[str]:
    refs = (ref for ref in document.get("refs", []) if ref.get("qualifier") == "CN")
    return [ref["value"] for ref in refs if ref.get("value")]


def _item(line: Fields, sscc: str | None, path: str, problems: list[Problem]) -> Item:
    return Item(
        line_no=line.get("line_no", ""),
        item=item_code(line),
        gtin=gtin(line),
        quantity=quantity(line, _DESPATCHED, f"{path}.quantity", problems),
        uom=uom(line, _DESPATCHED),
        lot=_lot(line),
        own_item=own_item(line),
        order=reference(line, "ON") or "",
        sscc=sscc,
        ordered=quantity(line, _ORDERED, f"{path}.ordered", problems),
    )


def _lot(line: Fields) -> str | None:
    marks = [number for mark in line.get("marks", []) for number in mark.get("numbers", [])]
    numbers = [*line.get("numbers", []), *marks]
    return next((n.get("id") for n in numbers if n.get("qualifier") in _BATCH), None)

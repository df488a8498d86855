"""ORDERS and their ORDCHG changes. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import drop_ship_code
from integrations.connectors.edi.reading import changes
from integrations.connectors.edi.reading.edifact_parts import (
    amount,
    date_only,
    day,
    description,
    gtin,
    item_code,
    number_of,
    party_address,
    quantity,
    reference,
    text_of,
    uom,
)
from integrations.connectors.edi.reading.order import (
    Fields,
    Line,
    Order,
    derive,
    place_or_problem,
)
from integrations.formats.edifact.codes import FUNCTION

_DELETED: Final = frozenset({"2", "7"})
_ORDERED: Final = ("21", "1")
FREIGHT: Final = frozenset({"FC", "DL"})


def native_order(
    kind: str, document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The message with `derived`."""
    number = str((kind == "ORDCHG" and reference(document, "ON")) or document.get("number") or "")
    code = str(document.get("function", ""))
    purpose = FUNCTION.get(code, code)
    ordered = [line for line in document.get("lines", []) if line.get("action") not in _DELETED]
    problem = changes.held(
        number,
        purpose,
        has_lines=bool(ordered),
        changes=kind == "ORDCHG",
        connection=connection,
    )
    if problem is not None:
        problems.append(problem)
        return []
    order = Order(number=number, placed=_placed(document, kind))
    order.cancelled = purpose == changes.CANCELLATION
    if kind == "ORDCHG":
        order.changed = day(document, "137") or order.placed
    _head(order, document, connection)
    _parties(order, document, connection, problems)
    order.lines = [_line(line, f"lines[{n}]", problems) for n, line in enumerate(ordered)]
    return [{**document, "derived": found} for found in derive(order, connection, problems)]


def _placed(document: Fields, kind: str) -> str:
    """DTM 137 is the document's own date; a change says when its order was placed with DTM 4."""
    order = day(document, "4")
    for ref in document.get("refs", []):
        if ref.get("qualifier") == "ON" and kind == "ORDCHG":
            order = order or day(ref, "171") or day(ref, "4")
    return order or day(document, "137") or ""


def _head(order: Order, document: Fields, connection: Connection) -> None:
    agreed = drop_ship_code(connection)
    order.dropship = bool(agreed) and document.get("document_type") == agreed
    order.currency = next((c["currency"] for c in document.get("currencies", [])), "")
    order.requested_delivery = date_only(day(document, "2", "69"))
    order.requested_ship = date_only(day(document, "10", "37"))
    order.cancel_after = date_only(day(document, "61"))
    carriage: Fields = next(iter(document.get("transports", [])), {})
    order.carrier = carriage.get("carrier", "")
    order.service = carriage.get("carrier_name", "")
    order.notes = [text_of(text) for text in document.get("texts", []) if text_of(text)]
    department = reference(document, "DP") or reference(document, "API")
    order.tags = [f"DP:{department}"] if department else []
    customer = reference(document, "CO") or reference(document, "UC")
    order.references = [{"kind": "CO", "value": customer}] if customer else []
    for charge in document.get("charges", []):
        money = amount(charge, "8", "23", "204")
        if charge.get("kind") == "A":
            order.discount += money
        elif charge.get("service") in FREIGHT:
            order.shipping += money
        else:
            order.fees += money


def _parties(
    order: Order, document: Fields, connection: Connection, problems: list[Problem]
) -> None:
    parties: dict[str, Fields] = {}
    for party in document.get("parties", []):
        parties.setdefault(party.get("role", ""), party)
    buyer = parties.get("BY") or parties.get("OB") or {}
    order.buyer_code, order.buyer_name = buyer.get("id", ""), buyer.get("name", "")
    order.bill_to = party_address(parties.get("IV"))
    order.mark_for = party_address(parties.get("UC") or parties.get("SN"))
    # Without a delivery party the goods go to the buyer (EANCOM ORDERS, NAD).
    place = parties.get("DP") or parties.get("ST") or parties.get("CN") or buyer
    order.ship_to = party_address(place)
    if order.ship_to is None and place.get("id"):
        order.ship_to = place_or_problem(place["id"], connection, problems)
    elif order.ship_to is None:
        text = "The order does not say where it goes: there is no NAD+DP with an address or a code."
        problems.append(Problem("address_invalid", "ship_to", "", text))


def _line(line: Fields, path: str, problems: list[Problem]) -> Line:
    return Line(
        line_no=line.get("line_no", ""),
        item=item_code(line),
        gtin=gtin(line),
        description=description(line),
        quantity=quantity(line, _ORDERED, f"{path}.quantity", problems),
        uom=uom(line, _ORDERED),
        price=price_of(line, f"{path}.unit_price", problems),
    )


def price_of(line: Fields, path: str, problems: list[Problem]) -> Decimal | None:
    """PRI AAA is net of allowances; without one the gross price."""
    found = _price(line)
    price = number_of(found, "price", path, problems)
    basis = number_of(found, "basis", path, problems)
    return price / basis if price is not None and basis else price


def price_unit(line: Fields) -> str:
    """The unit that price is of, where it says so; else it is that of the quantity."""
    return str(_price(line).get("basis_uom") or "")


def _price(line: Fields) -> Fields:
    prices = {p.get("qualifier", ""): p for p in line.get("prices", [])}
    return next((prices[q] for q in ("AAA", "AAB", "CT") if q in prices), {})

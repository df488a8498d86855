"""850 purchase orders and their 860 changes. Pure."""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading import changes
from integrations.connectors.edi.reading.order import (
    Fields,
    Line,
    Order,
    address,
    derive,
    place_or_problem,
)
from integrations.connectors.edi.reading.x12_parts import FREIGHT, price_of
from integrations.connectors.edi_files import items
from integrations.formats.x12.codes import PURPOSE
from integrations.formats.x12.values import parse_number

_DELETED: Final = "DI"
_DROP_SHIP: Final = "DS"
_TAGS: Final = ("DP", "IA", "PD", "MR")  # asked back in shipping notices and invoices
_REFERENCES: Final = ("CO", "CR")


def native_order(
    kind: str, document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The set with `derived`, once for each store it is split over."""
    number = _number(document)
    code = str(document.get("purpose", ""))
    purpose = PURPOSE.get(code, code)
    ordered = [line for line in document.get("lines", []) if line.get("change") != _DELETED]
    problem = changes.held(
        number,
        purpose,
        has_lines=bool(ordered),
        changes=kind == "860",
        connection=connection,
    )
    if problem is not None:
        problems.append(problem)
        return []
    order = Order(
        number=number, placed=_placed(document), cancelled=purpose == changes.CANCELLATION
    )
    if kind == "860":
        order.changed = str(document.get("change_date") or order.placed)
    _head(order, document)
    _money(order, document)
    order.lines = [_line(line, f"lines[{n}]", problems) for n, line in enumerate(ordered)]
    split = any(line.splits for line in order.lines)
    _parties(order, document, connection, [] if split else problems)
    return [{**document, "derived": found} for found in derive(order, connection, problems)]


def _number(document: Fields) -> str:
    """A release of a blanket order is an order of its own."""
    parts = (document.get("po_number"), document.get("release"))
    return "-".join(str(part) for part in parts if part)


def _placed(document: Fields) -> str:
    """BEG05, or BCH06: in a change, too, the date of the order itself."""
    return str(document.get("date") or document.get("order_date") or "")


def _head(order: Order, document: Fields) -> None:
    order.dropship = document.get("type") == _DROP_SHIP
    order.currency = document.get("currency", {}).get("code", "")
    order.requested_delivery = items.day(document, "002") or items.day(document, "067")
    order.requested_ship = items.day(document, "010") or items.day(document, "037")
    order.cancel_after = items.day(document, "001")
    carriage: Fields = next(iter(document.get("routing", [])), {})
    order.carrier = carriage.get("id", "") if carriage.get("id_qualifier") == "2" else ""
    order.service = carriage.get("routing", "")
    order.terms = _terms(next(iter(document.get("terms", [])), {}))
    order.notes = [_note(note) for note in document.get("notes", []) if _note(note)]
    order.tags = [f"{q}:{value}" for q in _TAGS for value in items.references(document, q)]
    order.references = [
        {"kind": q, "value": value} for q in _REFERENCES for value in items.references(document, q)
    ]


def _terms(terms: Fields) -> str:
    if terms.get("text"):
        return str(terms["text"])
    discount = ""
    if terms.get("discount_percent") and terms.get("discount_days"):
        discount = f"{terms['discount_percent']}% {terms['discount_days']}"
    net = f"net {terms['net_days']}" if terms.get("net_days") else ""
    return " ".join(filter(None, (discount, net)))


def _note(note: Fields) -> str:
    texts = [message.get("text", "") for message in note.get("messages", [])]
    return " ".join(filter(None, texts))


def _money(order: Order, document: Fields) -> None:
    for charge in document.get("charges", []):
        amount = _decimal(charge, "amount")
        if charge.get("kind") == "A":
            order.discount += amount
        elif charge.get("kind") == "C" and charge.get("code") in FREIGHT:
            order.shipping += amount
        elif charge.get("kind") == "C":
            order.fees += amount
    order.tax = sum((_decimal(tax, "amount") for tax in document.get("taxes", [])), Decimal(0))


def _decimal(holder: Fields, key: str) -> Decimal:
    return parse_number(str(holder.get(key) or "")) or Decimal(0)


def _parties(
    order: Order, document: Fields, connection: Connection, problems: list[Problem]
) -> None:
    parties: dict[str, Fields] = {}
    for party in document.get("parties", []):
        parties.setdefault(party.get("role", ""), party)
    buyer = parties.get("BY") or parties.get("OB") or {}
    order.buyer_code, order.buyer_name = buyer.get("id", ""), buyer.get("name", "")
    order.bill_to = party_address(parties.get("BT"))
    order.mark_for = party_address(parties.get("MA") or parties.get("Z7"))
    place = parties.get("ST")
    order.ship_to = party_address(place)
    if order.ship_to is None and place and place.get("id"):
        order.ship_to = place_or_problem(place["id"], connection, problems)
    elif order.ship_to is None:
        text = "The order does not say where it goes: there is no N1*ST with an address or a code."
        problems.append(Problem("address_invalid", "ship_to", "", text))


def party_address(party: Fields | None) -> Fields | None:
    """The address of an N1 loop; None where it is not all there."""
    if party is None:
        return None
    given: Fields = party.get("address", {})
    more = [street.get(key) for street in given.get("N3_more", []) for key in ("line1", "line2")]
    channels = [c.get("channels", {}) for c in party.get("contacts", [])]
    return address(
        (party.get("name"), party.get("name2"), party.get("name3")),
        (given.get("line1"), given.get("line2"), *more),
        code=party.get("id"),
        city=given.get("city"),
        region=given.get("region") or given.get("location"),
        postal_code=given.get("postal_code"),
        country=given.get("country"),
        phone=next((c["TE"] for c in channels if c.get("TE")), None),
        email=next((c["EM"] for c in channels if c.get("EM")), None),
    )


def _line(line: Fields, path: str, problems: list[Problem]) -> Line:
    return Line(
        line_no=line.get("line_no", ""),
        item=items.item_code(line),
        gtin=items.gtin(line),
        description=line.get("description", ""),
        quantity=items.quantity(line, "quantity", f"{path}.quantity", problems),
        uom=str(line.get("uom") or "EA"),
        price=price_of(line, f"{path}.unit_price", problems),
        splits=_splits(line),
    )


def _splits(line: Fields) -> dict[str, Decimal]:
    """SDQ: store → quantity."""
    stores: dict[str, Any] = {}
    for split in line.get("splits", []):
        stores |= split.get("stores", {})
    found = {store: parse_number(str(amount)) for store, amount in stores.items()}
    return {store: amount for store, amount in found.items() if amount}

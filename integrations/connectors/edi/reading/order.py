"""What an order says in either syntax, as the mapping takes it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi import places
from portal.core.decimals import plain_number

_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_MOST_STREETS: Final = 4

Fields = dict[str, Any]


@dataclass
class Line:
    """A line as it was ordered. `splits`: store → quantity, where it is for several."""

    line_no: str
    item: str | None
    gtin: str | None
    description: str
    quantity: Decimal | None
    uom: str
    price: Decimal | None
    splits: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class Order:
    """An order. Dates are texts such as 2026-03-03, addresses those of the canonical model."""

    number: str
    placed: str
    store: str = ""  # one of those an order is split over
    changed: str = ""
    cancelled: bool = False
    dropship: bool = False
    currency: str = ""
    ship_to: Fields | None = None
    bill_to: Fields | None = None
    mark_for: Fields | None = None
    buyer_code: str = ""
    buyer_name: str = ""
    requested_ship: str | None = None
    requested_delivery: str | None = None
    cancel_after: str | None = None
    carrier: str = ""
    service: str = ""
    terms: str = ""
    discount: Decimal = _ZERO
    shipping: Decimal = _ZERO
    tax: Decimal = _ZERO
    fees: Decimal = _ZERO
    notes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    references: list[Fields] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def derive(order: Order, connection: Connection, problems: list[Problem]) -> list[Fields]:
    """The order as the mapping takes it; one for each store where its lines are split over several.

    What is missing or wrong is added to the problems.
    """
    _check_lines(order.lines, problems)
    stores = list(dict.fromkeys(store for line in order.lines for store in line.splits))
    if not stores:
        return [_derived(order, connection, problems)]
    found = []
    for store in stores:
        part = replace(
            order,
            store=store,
            ship_to=place_or_problem(store, connection, problems),
            lines=[_of_store(line, store) for line in order.lines if store in line.splits],
        )
        found.append(_derived(part, connection, problems))
    return found


def place_or_problem(code: str, connection: Connection, problems: list[Problem]) -> Fields | None:
    """The address of a place that is named by its code only."""
    place = places.place_of(code, connection)
    if place is None:
        text = (
            f"The order goes to place {shorten(code)} and gives no address. Enter the place at the"
            " endpoint under “Ship-to places”."
        )
        problems.append(Problem("shipto_unknown", "ship_to", shorten(code), text))
    return place


def address(
    names: Iterable[str | None],
    streets: Iterable[str | None],
    *,
    code: str | None,
    **fields: str | None,
) -> Fields | None:
    """An address of the canonical model; None where a name, a street or the city is missing."""
    named = list(dict.fromkeys(name for name in names if name))
    lines = [street for street in streets if street][:_MOST_STREETS]
    if not named or not lines or not fields.get("city"):
        return None
    found: Fields = {"name": named[-1], "lines": lines, **fields, "location_id": code}
    if len(named) > 1:
        found["company"] = named[0]
    found["country"] = (fields.get("country") or "US")[:2]
    return {name: value for name, value in found.items() if value}


def _check_lines(lines: Sequence[Line], problems: list[Problem]) -> None:
    split = [bool(line.splits) for line in lines]
    if any(split) and not all(split):
        text = "Some lines are split over stores and some are not, so nobody knows where those go."
        problems.append(Problem("missing_field", "lines", "", text))
    for number, line in enumerate(lines):
        place = f"lines[{number}]"
        if line.quantity is None:
            text = f"{place} does not say how much is ordered."
            problems.append(Problem("missing_field", f"{place}.quantity", "", text))
        if line.price is None:
            text = f"{place} has no price."
            problems.append(Problem("missing_field", f"{place}.unit_price", "", text))
        if line.splits and sum(line.splits.values()) != line.quantity:
            text = f"The stores of {place} do not get as much together as it orders."
            problems.append(Problem("total_mismatch", f"{place}.quantity", "", text))


def _of_store(line: Line, store: str) -> Line:
    return replace(line, quantity=line.splits[store], splits={})


def _derived(order: Order, connection: Connection, problems: list[Problem]) -> Fields:
    settings = connection.settings
    placed = moment(order.placed, connection, problems)
    sum_of_lines = sum((_total(line) for line in order.lines), _ZERO)
    total = sum_of_lines - order.discount + order.shipping + order.tax + order.fees
    return {
        "number": "-".join(filter(None, (order.number, order.store))),
        "po_number": order.number,
        "channel": connection.slug,
        "placed_at": placed,
        "source_updated_at": moment(order.changed, connection, problems)
        if order.changed
        else placed,
        "status": "cancelled" if order.cancelled else "open",
        "type": "dropship" if order.dropship else "wholesale",
        "currency": order.currency or str(settings["currency"] or "USD"),
        "customer": {
            "account": order.buyer_code or str(settings["partner_id"] or "") or None,
            "name": order.buyer_name or str(settings["partner_name"] or "") or None,
        },
        "ship_to": order.ship_to,
        "bill_to": order.bill_to,
        "mark_for": order.mark_for,
        "requested_ship": order.requested_ship,
        "requested_delivery": order.requested_delivery,
        "cancel_after": order.cancel_after,
        "carrier": order.carrier or None,
        "service": order.service or None,
        "terms": order.terms or None,
        "totals": {
            "lines": _money(sum_of_lines),
            "discount": _money(order.discount),
            "shipping": _money(order.shipping),
            "tax": _money(order.tax),
            "fees": _money(order.fees),
            "total": _money(total),
        },
        "notes": [{"audience": "warehouse", "text": text} for text in order.notes],
        "tags": order.tags,
        "references": order.references,
        "lines": [_line(line) for line in order.lines],
    }


def moment(text: str, connection: Connection, problems: list[Problem]) -> str | None:
    """A date, or date and time, of the partner's own clock, in UTC."""
    try:
        zone = ZoneInfo(str(connection.settings["time_zone"] or "UTC"))
        local = datetime.fromisoformat(text).replace(tzinfo=zone)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        sentence = f"“{shorten(text)}” is no date of an order."
        problems.append(Problem("wrong_format", "date", shorten(text), sentence))
        return None
    return local.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _total(line: Line) -> Decimal:
    return ((line.quantity or _ZERO) * (line.price or _ZERO)).quantize(_CENT)


def _money(amount: Decimal) -> str:
    return plain_number(amount)


def _line(line: Line) -> Fields:
    return {
        "line_no": line.line_no or None,
        "item": line.item,
        "gtin": line.gtin,
        "description": line.description or None,
        "quantity": None if line.quantity is None else plain_number(line.quantity),
        "uom": line.uom,
        "unit_price": None if line.price is None else plain_number(line.price),
        "total": _money(_total(line)),
    }

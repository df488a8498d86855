"""What a supplier's catalogue says in either syntax: a price list, and items. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from portal.core.decimals import plain_number

Fields = dict[str, Any]


@dataclass(frozen=True)
class Price:
    """What one of a unit costs from a quantity on. `since`: where it is told of this price alone."""

    amount: Decimal
    uom: str
    min_quantity: Decimal | None
    since: str | None


@dataclass(frozen=True)
class Item:
    """A line of a catalogue. `ended`: it is there to say that it is sold no more."""

    item: str | None
    gtin: str | None
    title: str
    ended: bool
    prices: Sequence[Price]


@dataclass(frozen=True)
class Catalogue:
    """A catalogue. `whole`: what it does not name has no price any more."""

    number: str
    currency: str
    valid_from: str | None
    valid_to: str | None
    whole: bool
    items: Sequence[Item] = field(default_factory=list)


def native_catalogue(
    object_type: str,
    document: Fields,
    catalogue: Catalogue,
    connection: Connection,
    problems: list[Problem],
) -> list[Fields]:
    """The document with `derived`: as a price list, or as one product for each item."""
    if not catalogue.items:
        problems.append(Problem("missing_field", "lines", "", "The catalogue names no item."))
    head = {name: value for name, value in document.items() if name != "lines"}
    if object_type == "product":
        return [{**head, "derived": _product(item)} for item in catalogue.items]
    return [{**document, "derived": _price_list(catalogue, connection, problems)}]


def _product(item: Item) -> Fields:
    return {
        "item": item.item,
        "title": item.title or item.item,
        "status": "discontinued" if item.ended else "active",
        "gtins": [{"gtin": item.gtin}] if item.gtin else [],
    }


def _price_list(catalogue: Catalogue, connection: Connection, problems: list[Problem]) -> Fields:
    settings = connection.settings
    named = settings["price_list"] or settings["partner_code"] or settings["partner_id"]
    if not catalogue.whole:
        text = (
            f"Catalogue {shorten(catalogue.number)} says only what changes of the prices. Ask for a whole"
            " one: what a price list shall be is not guessed."
        )
        problems.append(Problem("not_supported", "purpose", "", text))
    sold = [(n, item) for n, item in enumerate(catalogue.items) if not item.ended]
    for number, item in sold:
        if not item.prices:
            text = f"lines[{number}] has no price that we would pay."
            problems.append(Problem("missing_field", f"lines[{number}].prices", "", text))
    return {
        "number": catalogue.number,
        "list": str(named or ""),
        "currency": catalogue.currency or str(settings["currency"] or "USD"),
        "valid_from": _valid_from(catalogue, problems),
        "valid_to": catalogue.valid_to,
        "prices": [_price(item, price) for _, item in sold for price in item.prices],
    }


def _valid_from(catalogue: Catalogue, problems: list[Problem]) -> str | None:
    """The day of the heading, or the one that all prices name: a price list has those of one day."""
    prices = [price for item in catalogue.items for price in item.prices]
    days = {price.since or catalogue.valid_from for price in prices}
    if len(days) > 1:
        text = (
            f"Its prices hold from {len(days)} different days, and a price list has those of one."
        )
        problems.append(Problem("not_supported", "lines", "", text))
    return next(iter(days)) if len(days) == 1 else catalogue.valid_from


def _price(item: Item, price: Price) -> Fields:
    least = price.min_quantity
    return {
        "item": item.item,
        "uom": price.uom or "EA",
        "min_quantity": plain_number(least) if least else None,
        "price": plain_number(price.amount),
    }

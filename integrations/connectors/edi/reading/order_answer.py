"""What a supplier's answer to an order says in either syntax. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import sends_prices
from integrations.connectors.outbound import ORDER_ANSWER
from portal.core.decimals import plain_number

Fields = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """A line of an answer. `uom`: of what is confirmed, `price_uom`: of which the price is of one; "" where
    they do not say. `about`: whether its date is of "ship" or "delivery"."""

    line_no: str
    item: str | None
    own_item: str | None
    gtin: str | None
    refused: bool = False
    confirmed: Decimal | None = None
    backordered: Decimal | None = None
    uom: str = ""
    price: Decimal | None = None
    price_uom: str = ""
    date: str | None = None
    about: str = ""
    other_item: str | None = None
    reason: str = ""


def derive(
    number: str | None,
    lines: Sequence[Answered],
    connection: Connection,
    problems: list[Problem],
    *,
    refused: bool,
    reason: str = "",
) -> list[Fields]:
    """The answer as the portal holds it against the order; none without the order's number, nor where
    something of it could not be read: half of an answer takes no order."""
    if not number:
        text = "The answer does not say which order it is to."
        problems.append(Problem("missing_field", "po_number", "", text))
    if not number or problems:
        return []
    priced = sends_prices(connection)
    told = [_line(line, priced=priced) for line in lines]
    return [{ORDER_ANSWER: {"number": number, "refused": refused, "reason": reason, "lines": told}}]


def _line(line: Answered, *, priced: bool) -> Fields:
    told = {
        "line_no": line.line_no,
        "item": line.item,
        "own_item": line.own_item,
        "gtin": line.gtin,
        "refused": line.refused,
        "confirmed": _plain(line.confirmed),
        "backordered": _plain(line.backordered),
        "uom": line.uom,
        "price": _plain(line.price) if priced else None,
        "price_uom": line.price_uom if priced and line.price is not None else "",
        "date": line.date,
        "about": line.about,
        "other_item": line.other_item,
        "reason": line.reason,
    }
    return {name: value for name, value in told.items() if value not in (None, "", False)}


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else plain_number(number)

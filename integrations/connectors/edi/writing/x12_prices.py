"""Our price list as an 832. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import price_items
from integrations.connectors.edi.writing.x12_parts import (
    Document,
    item_ids,
    them,
    us,
    without_blanks,
)

_CATALOGUE: Final = "PC"
_REPLACES: Final = "05"
_NET: Final = "NET"
_SELLER: Final = "SE"


def catalogue(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral 832: one line for each item, with a price for each quantity."""
    problems += price_items.nothing_sold(document)
    dates = [
        {"qualifier": kind, "date": document[name]}
        for kind, name in (("007", "valid_from"), ("197", "valid_to"))
        if document.get(name)
    ]
    return without_blanks(
        purpose_code=_CATALOGUE,
        number=document.get("list"),
        purpose=_REPLACES,
        currency={"role": _SELLER, "code": document.get("currency")},
        dates=dates,
        parties=[*us("SE", connection), *them("BY", connection)],
        lines=[
            {
                "line_no": str(number),
                "ids": item_ids(prices[0]),
                "prices": list(map(_price, prices)),
            }
            for number, prices in enumerate(price_items.by_item(document), 1)
        ],
    )


def _price(line: Mapping[str, Any]) -> Document:
    return without_blanks(
        kind=_NET,
        price=line.get("price"),
        quantity=line.get("min_quantity") or "1",
        uom=line.get("uom") or "EA",
    )

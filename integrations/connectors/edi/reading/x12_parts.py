"""What X12 documents of trading partners have in common: prices, and whose number an item has. Pure."""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.edi_files import items

FREIGHT: Final = frozenset({"D240", "G821", "D500", "G830"})
_PER: Final = {"HP": 100, "HT": 100, "TP": 1000, "TH": 1000}  # prices per hundred, per thousand
_OF_BUYERS: Final = ("IN", "BP", "PI", "CB", "SK")

Fields = dict[str, Any]


def price_of(line: Fields, path: str, problems: list[Problem]) -> Decimal | None:
    """The price of one."""
    price = items.quantity(line, "unit_price", path, problems)
    per = _PER.get(line.get("price_basis", ""))
    return price / per if price is not None and per else price


def own_item(line: Fields) -> str | None:
    """Our number of the item in a supplier's document, where he repeats it: to him it is the buyer's."""
    ids = line.get("ids", {})
    return next((ids[kind] for kind in _OF_BUYERS if ids.get(kind)), None)

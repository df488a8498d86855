"""832 catalogues of suppliers. Pure."""

from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.prices import (
    Catalogue,
    Fields,
    Item,
    Price,
    native_catalogue,
)
from integrations.connectors.edi_files import items

# 236 of what we pay, the surest first; a line may tell what consumers pay besides.
_COST: Final = ("NET", "CON", "UCP", "WHL", "CAT", "LPR")
_RETAIL: Final = frozenset({"MSR", "RES", "RTL", "SRP"})
_PER: Final = {"HP": 100, "HT": 100, "TP": 1000, "TH": 1000}
# BCT10: added, deleted, changed.
_PARTIAL: Final = frozenset({"02", "03", "04"})


def native_prices(
    object_type: str, document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The 832 with `derived`."""
    lines = document.get("lines", [])
    found = Catalogue(
        number=str(document.get("number") or ""),
        currency=str((document.get("currency") or {}).get("code") or ""),
        valid_from=_since(document),
        valid_to=items.day(document, "197") or items.day(document, "036"),
        whole=document.get("purpose") not in _PARTIAL,
        items=[_item(line, f"lines[{n}]", problems) for n, line in enumerate(lines)],
    )
    return native_catalogue(object_type, document, found, connection, problems)


def _since(holder: Fields) -> str | None:
    return items.day(holder, "007") or items.day(holder, "196")


def _item(line: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        item=items.item_code(line),
        gtin=items.gtin(line),
        title=str(line.get("description") or ""),
        ended=False,
        prices=_prices(line, path, problems),
    )


def _prices(line: Fields, path: str, problems: list[Problem]) -> list[Price]:
    """All of the surest kind that is there: one, or one for each quantity."""
    told = [price for price in line.get("prices", []) if price.get("kind") not in _RETAIL]
    kinds = {str(price.get("kind", "")) for price in told}
    known = [kind for kind in _COST if kind in kinds]
    kind = next(iter(known or (kinds if len(kinds) == 1 else ())), None)
    found = []
    for number, price in enumerate(told):
        where = f"{path}.prices[{number}]"
        amount = items.quantity(price, "price", f"{where}.price", problems)
        if price.get("kind", "") == kind and amount is not None:
            least = items.quantity(price, "quantity", f"{where}.quantity", problems)
            per = _PER.get(str(price.get("basis", "")), 1)
            found.append(Price(amount / per, str(price.get("uom") or ""), least, _since(price)))
    return found

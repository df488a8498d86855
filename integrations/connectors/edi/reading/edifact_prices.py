"""PRICAT of suppliers. Pure."""

from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_parts import (
    date_only,
    day,
    description,
    gtin,
    item_code,
    number_of,
    unit_name,
)
from integrations.connectors.edi.reading.prices import (
    Catalogue,
    Fields,
    Item,
    Price,
    native_catalogue,
)
from integrations.formats.edifact.finish import lines_of

# 5125 of what we pay, the surest first: net, gross, contract.
_COST: Final = ("AAA", "AAB", "CT")
# 5387: what consumers pay.
_RETAIL: Final = frozenset({"RTP", "SRP"})
# 1225: added, deleted, changed. 1229: deleted.
_PARTIAL: Final = frozenset({"2", "3", "4"})
_ENDED: Final = "2"


def native_prices(
    object_type: str, document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The PRICAT with `derived`."""
    lines = list(lines_of(document))
    currencies = [c.get("currency") for c in document.get("currencies", [])]
    found = Catalogue(
        number=str(document.get("number") or ""),
        currency=str(next(filter(None, currencies), "")),
        valid_from=_since(document),
        valid_to=date_only(day(document, "206", "36")),
        whole=document.get("function") not in _PARTIAL,
        items=[_item(line, f"lines[{n}]", problems) for n, line in enumerate(lines)],
    )
    return native_catalogue(object_type, document, found, connection, problems)


def _since(holder: Fields) -> str | None:
    return date_only(day(holder, "157", "7", "194"))


def _item(line: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        item=item_code(line),
        gtin=gtin(line),
        title=description(line),
        ended=line.get("action") == _ENDED,
        prices=_prices(line, path, problems),
    )


def _prices(line: Fields, path: str, problems: list[Problem]) -> list[Price]:
    """All of the surest kind that is there: one, or one for each range of quantities."""
    told = [p for p in line.get("prices", []) if p.get("specification") not in _RETAIL]
    kinds = {str(price.get("qualifier", "")) for price in told}
    kind = next((kind for kind in _COST if kind in kinds), None)
    found = []
    for number, price in enumerate(told):
        where = f"{path}.prices[{number}]"
        amount = number_of(price, "price", f"{where}.price", problems)
        if price.get("qualifier") == kind and amount is not None:
            basis = number_of(price, "basis", f"{where}.basis", problems)
            span: Fields = price.get("range", {})
            least = number_of(span, "minimum", f"{where}.range", problems)
            uom = unit_name(price.get("basis_uom") or span.get("uom")) or "EA"
            found.append(Price(amount / basis if basis else amount, uom, least, _since(price)))
    return found

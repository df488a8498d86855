"""What our X12 documents have in common: parties, items, references. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import echo
from integrations.connectors.edi_files import x12_parties

Document = dict[str, Any]


def item_ids(line: Mapping[str, Any]) -> Document:
    """The buyer's number, ours, and the bar code."""
    pairs = [("IN", echo.buyer_item(line)), ("VN", line.get("sku"))]
    code = echo.bar_code(line)
    return {kind: value for kind, value in [*pairs, *([code] if code else [])] if value}


def us(role: str, connection: Connection) -> list[Document]:
    """Ourselves, by the number the partner gave us."""
    settings = connection.settings
    code = str(settings["own_code"] or "")
    if not code and not settings["own_name"]:
        return []
    return [without_blanks(role=role, name=settings["own_name"], **x12_parties.identified(code))]


def them(role: str, connection: Connection) -> list[Document]:
    """The partner."""
    settings = connection.settings
    code = str(settings["partner_code"] or "")
    if not code and not settings["partner_name"]:
        return []
    return [
        without_blanks(role=role, name=settings["partner_name"], **x12_parties.identified(code))
    ]


def place(role: str, address: Mapping[str, Any] | None) -> list[Document]:
    """A party of an address; its location is the code the buyer knows it by."""
    if not address:
        return []
    return [x12_parties.party(role, {**address, "id": address.get("location_id")})]


def refs(pairs: Iterable[tuple[str, str | None]]) -> list[Document]:
    """REF segments of what there is."""
    return [{"qualifier": kind, "value": value} for kind, value in pairs if value]


def without_blanks(**fields: Any) -> Document:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}

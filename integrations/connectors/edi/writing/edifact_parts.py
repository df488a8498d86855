"""What our EDIFACT messages have in common: parties, items, dates, references. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import echo
from integrations.connectors.edi_files.x12_parties import wrap

_GS1: Final = "9"
_GLN_LENGTH: Final = 13
_TEXT: Final = 35
_PIECES: Final = {"EA": "PCE"}

Document = dict[str, Any]


def head(document_type: str, number: Any, function: str = "9") -> Document:
    """BGM."""
    return {"document_type": document_type, "number": str(number or ""), "function": function}


def dates(pairs: Iterable[tuple[str, str | None]]) -> list[Document]:
    """DTM segments of what there is; the writer sees the format by the text."""
    return [{"qualifier": kind, "value": value} for kind, value in pairs if value]


def refs(pairs: Iterable[tuple[str, str | None]]) -> list[Document]:
    """RFF segments of what there is."""
    return [{"qualifier": kind, "value": value} for kind, value in pairs if value]


def us(connection: Connection) -> Document:
    """NAD+SU: who sells to a buyer."""
    return _us("SU", connection)


def them(connection: Connection) -> Document:
    """NAD+BY: the buyer."""
    return _them("BY", connection)


def as_buyer(connection: Connection) -> Document:
    """NAD+BY: who buys of a supplier."""
    return _us("BY", connection)


def as_supplier(connection: Connection) -> Document:
    """NAD+SU: the supplier."""
    return _them("SU", connection)


def _us(role: str, connection: Connection) -> Document:
    settings = connection.settings
    code = str(settings["own_code"] or settings["own_id"] or "")
    return _named(role, code, str(settings["own_name"] or ""))


def _them(role: str, connection: Connection) -> Document:
    settings = connection.settings
    code = str(settings["partner_code"] or settings["partner_id"] or "")
    return _named(role, code, str(settings["partner_name"] or ""))


def _named(role: str, code: str, name: str) -> Document:
    party: Document = {"role": role, **_identified(code)}
    return {**party, "name": name[:_TEXT]} if name else party


def _identified(code: str) -> Document:
    """A GLN says by its agency what it is; other codes are those of the buyer (92)."""
    if not code:
        return {}
    is_gln = len(code) == _GLN_LENGTH and code.isdigit()
    return {"id": code, "id_agency": _GS1 if is_gln else "92"}


def place(role: str, address: Mapping[str, Any] | None) -> list[Document]:
    """A party of an address; names and streets are spread over lines of 35 characters."""
    if not address:
        return []
    found: Document = {"role": role, **_identified(str(address.get("location_id") or ""))}
    given = [address.get("company"), address.get("name")]
    names = [part for name in dict.fromkeys(given) if name for part in wrap(str(name), _TEXT)]
    streets = [part for line in address.get("lines") or [] for part in wrap(str(line), _TEXT)]
    found |= {f"name{_nth(n)}": text for n, text in enumerate(names[:5])}
    found |= {f"street{_nth(n)}": text for n, text in enumerate(streets[:4])}
    region = str(address.get("region") or "").rpartition("-")[2]
    rest = {
        "city": address.get("city"),
        "region": region if len(region) <= 9 else "",
        "postal_code": address.get("postal_code"),
        "country": address.get("country"),
    }
    return [found | {name: value for name, value in rest.items() if value}]


def _nth(index: int) -> str:
    return str(index + 1) if index else ""


def item(number: int, line: Mapping[str, Any]) -> Document:
    """LIN with the buyer's line number and the bar code, and PIA with the other numbers."""
    found: Document = {"line_no": str(line.get("line_no") or number)}
    code = echo.bar_code(line)
    if code:
        found |= {"item_id": code[1], "item_id_type": "EN" if code[0] != "UP" else "UP"}
    others = [(line.get("sku"), "SA"), (echo.buyer_item(line), "IN")]
    named = [(value, kind) for value, kind in others if value]
    ids: Document = {"qualifier": "1" if code else "5"}
    for index, (value, kind) in enumerate(named):
        ids |= {f"id{_nth(index)}": value, f"type{_nth(index)}": kind}
    return {**found, "ids": [ids]} if named else found


def quantity(kind: str, amount: Any, uom: Any) -> Document:
    """QTY; each is PCE here."""
    unit = str(uom or "EA")
    return {"qualifier": kind, "quantity": str(amount), "uom": _PIECES.get(unit, unit)}


def description(line: Mapping[str, Any]) -> list[Document]:
    """IMD of free text, of at most two lines of 35 characters."""
    parts = wrap(str(line.get("description") or ""), _TEXT)[:2]
    if not parts:
        return []
    return [{"kind": "F", **{f"text{_nth(n)}": part for n, part in enumerate(parts)}}]

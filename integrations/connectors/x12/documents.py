"""From what a mapping gives to what the X12 writer takes: parties, notes, dates, references. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.x12_parties import Document, identified, party, put, wrap

# Fields of a mapping's document that become N1 loops, in the order of the file.
_PARTIES: Final = {"ship_to": "ST", "mark_for": "MA", "ship_from": "SF"}
_NOTE_LENGTH: Final = 80
_DESCRIPTION_LENGTH: Final = 45
_LONGEST_SCAC: Final = 4


def prepare(document: Mapping[str, Any], connection: Connection) -> Document:
    """The neutral X12 document. Keys it does not know stay, so a mapping can use every segment."""
    mapped = {**_PARTIES, "dates": "", "notes": "", "lines": "", "carrier": ""}
    result: Document = {name: value for name, value in document.items() if name not in mapped}
    result["parties"] = [*_parties(document, connection), *document.get("parties", [])]
    put(result, "dates", _dates(document.get("dates")))
    put(result, "notes", _notes(document.get("notes", [])))
    put(result, "carrier", _carrier(document.get("carrier", {})))
    put(result, "lines", [_line(line) for line in document.get("lines", [])])
    return result


def _parties(document: Mapping[str, Any], connection: Connection) -> list[Document]:
    settings = connection.settings
    named = [party(role, document[name]) for name, role in _PARTIES.items() if document.get(name)]
    if settings["depositor_name"]:
        named.append({"role": "DE", "name": settings["depositor_name"]})
    if settings["warehouse_name"]:
        named.append(
            {"role": "WH", "name": settings["warehouse_name"], **identified(settings["site"])}
        )
    return named


def _dates(dates: Any) -> list[Document]:
    if isinstance(dates, Mapping):
        return [{"qualifier": kind, "date": date} for kind, date in dates.items() if date]
    return dates or []


def _notes(notes: list[Mapping[str, Any]]) -> list[Document]:
    return [
        {"kind": note.get("kind", "GEN"), "text": part}
        for note in notes
        for part in wrap(note.get("text") or "", _NOTE_LENGTH)
    ]


def _carrier(carrier: Mapping[str, Any]) -> Document:
    """A carrier that is no SCAC goes where the routing text is."""
    scac = carrier.get("scac") or ""
    if not scac or (scac.isalpha() and scac.isupper() and 2 <= len(scac) <= _LONGEST_SCAC):
        return dict(carrier)
    rest = {name: value for name, value in carrier.items() if name != "scac"}
    return {**rest, "routing": " ".join((scac, rest.get("routing", ""))).strip()}


def _line(line: Mapping[str, Any]) -> Document:
    """`reference` as N9*LI, a long description as several G69."""
    result = {
        name: value for name, value in line.items() if name not in ("reference", "description")
    }
    if line.get("reference"):
        result["refs"] = [*line.get("refs", []), {"qualifier": "LI", "value": line["reference"]}]
    words = wrap(line.get("description") or "", _DESCRIPTION_LENGTH)
    if words:
        result["description"] = words[0]
        put(result, "G69_more", [{"description": text} for text in words[1:5]])
    return result

"""From what a mapping gives to what the X12 writer takes: parties, notes, dates, references. Pure."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection

# Fields of a mapping's document that become N1 loops, in the order of the file.
_PARTIES: Final = {"ship_to": "ST", "mark_for": "MA", "ship_from": "SF"}
_REGION_LENGTH: Final = 2
_NOTE_LENGTH: Final = 80
_STREET_LENGTH: Final = 55
_NAME_LENGTH: Final = 60
_DESCRIPTION_LENGTH: Final = 45
_LONGEST_SCAC: Final = 4

Document = dict[str, Any]


def prepare(document: Mapping[str, Any], connection: Connection) -> Document:
    """The neutral X12 document. Keys it does not know stay, so a mapping can use every segment."""
    mapped = {**_PARTIES, "dates": "", "notes": "", "lines": "", "carrier": ""}
    result: Document = {name: value for name, value in document.items() if name not in mapped}
    result["parties"] = [*_parties(document, connection), *document.get("parties", [])]
    _put(result, "dates", _dates(document.get("dates")))
    _put(result, "notes", _notes(document.get("notes", [])))
    _put(result, "carrier", _carrier(document.get("carrier", {})))
    _put(result, "lines", [_line(line) for line in document.get("lines", [])])
    return result


def _put(result: Document, name: str, value: Any) -> None:
    if value:
        result[name] = value


def _parties(document: Mapping[str, Any], connection: Connection) -> list[Document]:
    settings = connection.settings
    named = [_party(role, document[name]) for name, role in _PARTIES.items() if document.get(name)]
    if settings["depositor_name"]:
        named.append({"role": "DE", "name": settings["depositor_name"]})
    if settings["warehouse_name"]:
        named.append({"role": "WH", "name": settings["warehouse_name"], **_id(settings["site"])})
    return named


def _party(role: str, address: Mapping[str, Any]) -> Document:
    name, company = address.get("name"), address.get("company")
    names = [text for text in dict.fromkeys((company, name)) if text]
    first, rest = _cut(names[0], _NAME_LENGTH) if names else ("", "")
    more = [text for text in (rest, *names[1:]) if text]
    party: Document = {"role": role, "name": first, **_id(address.get("id"))}
    party |= {f"name{number}": text for number, text in enumerate(more, 2)}
    _put(party, "address", _address(address))
    _put(party, "contacts", _contacts(address))
    return {key: value for key, value in party.items() if value}


def _id(code: str | None) -> Document:
    return {"id_qualifier": "92", "id": code} if code else {}


def _address(address: Mapping[str, Any]) -> Document:
    """Streets two to a segment, a long one over two elements; the region where N4 has room."""
    streets = [part for line in address.get("lines") or [] for part in _wrap(line, _STREET_LENGTH)]
    pairs = [_street(streets[n : n + 2]) for n in range(0, len(streets), 2)]
    found: Document = dict(pairs[0]) if pairs else {}
    for name in ("city", "postal_code", "country"):
        _put(found, name, address.get(name))
    region = (address.get("region") or "").rpartition("-")[2]
    if len(region) == _REGION_LENGTH:
        found["region"] = region
    elif region:
        found |= {"location_qualifier": "SP", "location": region}
    _put(found, "N3_more", pairs[1:])
    return found


def _street(lines: list[str]) -> Document:
    return {f"line{number}": text for number, text in enumerate(lines, 1)}


def _contacts(address: Mapping[str, Any]) -> list[Document]:
    kinds = (("TE", address.get("phone")), ("EM", address.get("email")))
    channels = {kind: value for kind, value in kinds if value}
    if not channels:
        return []
    name = (address.get("name") or "")[:_NAME_LENGTH]
    return [{"function": "RE", **({"name": name} if name else {}), "channels": channels}]


def _dates(dates: Any) -> list[Document]:
    if isinstance(dates, Mapping):
        return [{"qualifier": kind, "date": date} for kind, date in dates.items() if date]
    return dates or []


def _notes(notes: list[Mapping[str, Any]]) -> list[Document]:
    return [
        {"kind": note.get("kind", "GEN"), "text": part}
        for note in notes
        for part in _wrap(note.get("text") or "", _NOTE_LENGTH)
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
    words = _wrap(line.get("description") or "", _DESCRIPTION_LENGTH)
    if words:
        result["description"] = words[0]
        _put(result, "G69_more", [{"description": text} for text in words[1:5]])
    return result


def _wrap(text: str, longest: int) -> list[str]:
    plain = " ".join(text.split())
    if len(plain) <= longest:  # nearly always; textwrap would cost more than all the rest
        return [plain] if plain else []
    return textwrap.wrap(plain, longest)


def _cut(text: str, longest: int) -> tuple[str, str]:
    first, *rest = _wrap(text, longest) or [""]
    return first, " ".join(rest)

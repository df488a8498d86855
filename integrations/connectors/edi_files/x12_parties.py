"""Addresses of the canonical model as N1 loops; what does not fit is spread, never cut. Pure."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

_REGION_LENGTH: Final = 2
_STREET_LENGTH: Final = 55
_NAME_LENGTH: Final = 60

Document = dict[str, Any]


def put(result: Document, name: str, value: Any) -> None:
    """Set it, where there is something to set."""
    if value:
        result[name] = value


def identified(code: str | None) -> Document:
    """A code that the buyer assigned."""
    return {"id_qualifier": "92", "id": code} if code else {}


def party(role: str, address: Mapping[str, Any]) -> Document:
    """An N1 loop of an address of the canonical model."""
    name, company = address.get("name"), address.get("company")
    names = [text for text in dict.fromkeys((company, name)) if text]
    first, rest = _cut(names[0], _NAME_LENGTH) if names else ("", "")
    more = [text for text in (rest, *names[1:]) if text]
    found: Document = {"role": role, "name": first, **identified(address.get("id"))}
    found |= {f"name{number}": text for number, text in enumerate(more, 2)}
    put(found, "address", _address(address))
    put(found, "contacts", _contacts(address))
    return {key: value for key, value in found.items() if value}


def _address(address: Mapping[str, Any]) -> Document:
    """Streets two to a segment, a long one over two elements; the region where N4 has room."""
    streets = [part for line in address.get("lines") or [] for part in wrap(line, _STREET_LENGTH)]
    pairs = [_street(streets[n : n + 2]) for n in range(0, len(streets), 2)]
    found: Document = dict(pairs[0]) if pairs else {}
    for name in ("city", "postal_code", "country"):
        put(found, name, address.get(name))
    region = (address.get("region") or "").rpartition("-")[2]
    if len(region) == _REGION_LENGTH:
        found["region"] = region
    elif region:
        found |= {"location_qualifier": "SP", "location": region}
    put(found, "N3_more", pairs[1:])
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


def wrap(text: str, longest: int) -> list[str]:
    """A text in pieces of at most `longest` characters, cut between words."""
    plain = " ".join(text.split())
    if len(plain) <= longest:  # nearly always; textwrap would cost more than all the rest
        return [plain] if plain else []
    return textwrap.wrap(plain, longest)


def _cut(text: str, longest: int) -> tuple[str, str]:
    first, *rest = wrap(text, longest) or [""]
    return first, " ".join(rest)

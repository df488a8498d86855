"""The partner's places, which its orders name by a code only. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from integrations.connectors.connection import Connection

_FIELDS: Final = ("code", "name", "street", "city", "region", "postal_code", "country")
_NEEDED: Final = (0, 1, 2, 3, 6)

Address = Mapping[str, Any]


def fault(text: str) -> str:
    """What is wrong with the lines, in a sentence; "" for none."""
    seen = set()
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        parts = _parts(line)
        if len(parts) != len(_FIELDS) or not all(parts[place] for place in _NEEDED):
            return f"Place {number} wants {' | '.join(_FIELDS)}; only region and postal code may be empty."
        if len(parts[-1]) != 2 or not parts[-1].isalpha():
            return f"The country of place {number} is two letters, such as US."
        if parts[0] in seen:
            return f"The code {parts[0]} is there twice."
        seen.add(parts[0])
    return ""


def place_of(code: str, connection: Connection) -> dict[str, Any] | None:
    """The address of a code, None for one that was not entered."""
    found = _places(tuple(connection.lines("places"))).get(code)
    return dict(found) if found else None


@lru_cache(maxsize=256)
def _places(lines: tuple[str, ...]) -> Mapping[str, Address]:
    return {parts[0]: _address(parts) for parts in map(_parts, lines) if len(parts) == len(_FIELDS)}


def _address(parts: list[str]) -> Address:
    code, name, street, city, region, postal_code, country = parts
    named = {
        "name": name, "lines": [street], "city": city, "region": region,
        "postal_code": postal_code, "country": country.upper(), "location_id": code,
    }  # fmt: skip
    return {field: value for field, value in named.items() if value}


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]

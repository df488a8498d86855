"""The part of OData's `$filter` that a test's system understands: eq, ne, gt, ge, and, or, brackets."""

import re
from datetime import UTC, datetime
from typing import Any

from integrations.connectors.odata import values

TOKEN = re.compile(
    r"\s*(?:(?P<mark>[()])|datetime'(?P<day>[^']*)'|(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\dT[0-9:.]+Z)|(?P<word>[A-Za-z_]\w*))"
)


class Malformed(ValueError):
    pass


def matches(row: dict[str, Any], text: str) -> bool:
    tokens = _tokens(text)
    found, rest = _either(row, tokens)
    if rest:
        raise Malformed(text)
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if not match:
            raise Malformed(text[at:])
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return found


def _either(row: dict[str, Any], tokens: list) -> tuple[bool, list]:
    found, tokens = _both(row, tokens)
    while tokens and tokens[0] == ("word", "or"):
        more, tokens = _both(row, tokens[1:])
        found = found or more
    return found, tokens


def _both(row: dict[str, Any], tokens: list) -> tuple[bool, list]:
    found, tokens = _one(row, tokens)
    while tokens and tokens[0] == ("word", "and"):
        more, tokens = _one(row, tokens[1:])
        found = found and more
    return found, tokens


def _one(row: dict[str, Any], tokens: list) -> tuple[bool, list]:
    if tokens[:1] == [("mark", "(")]:
        found, tokens = _either(row, tokens[1:])
        if tokens[:1] != [("mark", ")")]:
            raise Malformed("a bracket is open")
        return found, tokens[1:]
    (_, name), (_, operator), (kind, literal), *rest = tokens
    if name not in row:
        raise Malformed(f"Property '{name}' not found")
    value = row[name]
    if kind == "text":
        wanted: Any = literal[1:-1].replace("''", "'")
        value = "" if value is None else value
    else:
        wanted = datetime.fromisoformat(literal).replace(tzinfo=UTC)
        value = values.moment(value) or datetime(1, 1, 1, tzinfo=UTC)
    return {"eq": value == wanted, "ne": value != wanted, "gt": value > wanted,
            "ge": value >= wanted}[operator], rest  # fmt: skip

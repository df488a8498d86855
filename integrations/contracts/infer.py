"""A first contract from samples."""

import re
from collections.abc import Sequence
from typing import Any, Final

from integrations.contracts.kinds import joined, kind_of

DEEPEST: Final = 40
_ENOUGH: Final = 3  # samples before a field that was always there counts as required
_MOST_CHOICES, _LONGEST_CHOICE = 12, 24
_OFTEN: Final = 3  # each choice was seen this often on average
# Fields whose values are choices wherever they stand; numbers, names and dates never are.
_CHOICE_NAMES: Final = re.compile(
    r"(^|_)(status|state|type|kind|currency|unit|uom|country|method|code|class)($|_)", re.IGNORECASE
)
_CHOICE: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _./-]*")


def infer(documents: Sequence[Any]) -> dict[str, Any]:
    """The JSON Schema that all of `documents` (decoded JSON) meet.

    A field is required where it stood in each of at least three; a text is a choice (`enum`) where its
    name says so and few short values repeat. KeyError never; without documents everything is allowed.
    """
    return _schema(list(documents), name="", depth=0) if documents else {}


def _schema(values: list[Any], *, name: str, depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": joined(map(kind_of, values))}
    if len(schema["type"]) == 1:
        schema["type"] = schema["type"][0]
    groups = [value for value in values if isinstance(value, dict)]
    entries = [entry for value in values if isinstance(value, list) for entry in value]
    if depth >= DEEPEST:
        return schema
    if groups:
        schema |= _members(groups, depth=depth)
    if entries:
        schema["items"] = _schema(entries, name=name, depth=depth + 1)
    choices = _choices(values, name)
    if choices:
        schema["enum"] = choices
    return schema


def _members(groups: list[dict[str, Any]], *, depth: int) -> dict[str, Any]:
    names = list(dict.fromkeys(name for group in groups for name in group))
    found: dict[str, Any] = {
        "properties": {
            name: _schema(
                [group[name] for group in groups if name in group], name=name, depth=depth + 1
            )
            for name in names
        }
    }
    always = [name for name in names if all(name in group for group in groups)]
    if always and len(groups) >= _ENOUGH:
        found["required"] = always
    return found


def _choices(values: list[Any], name: str) -> list[Any]:
    """The values of a field that is a choice; empty for any other."""
    texts = [value for value in values if value is not None]
    if not _CHOICE_NAMES.search(name) or not all(isinstance(text, str) for text in texts):
        return []
    different = sorted(set(texts))
    short = all(len(text) <= _LONGEST_CHOICE and _CHOICE.fullmatch(text) for text in different)
    often = len(texts) >= _OFTEN * len(different)
    if not short or not often or not 0 < len(different) <= _MOST_CHOICES:
        return []
    return [*different, None] if len(texts) < len(values) else different

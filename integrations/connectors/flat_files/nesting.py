"""Columns ↔ documents: a column called `ship_to.city` is a field within a group. Pure.

A step that is a number is a place in a list, counted from 1: `ship_to.lines.2`. A cell that is empty is a
field that is not there.
"""

from collections.abc import Mapping
from typing import Any, Final

_MOST_PLACES: Final = 1_000


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The document that flat names describe. A name that cannot be one among others stays as it is."""
    found: dict[str, Any] = {}
    for name, value in flat.items():
        if value is None:
            continue
        steps = name.split(".")
        below = (
            [nested(e) if isinstance(e, dict) else e for e in value] if _is_list(value) else value
        )
        if not all(steps) or not _put(found, steps, below):
            found[name] = below
    return {name: _listed(value) for name, value in found.items()}


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _put(group: dict[str, Any], steps: list[str], value: Any) -> bool:
    for step in steps[:-1]:
        group = group.setdefault(step, {})
        if not isinstance(group, dict):
            return False
    if steps[-1] in group:
        return False
    group[steps[-1]] = value
    return True


def _listed(value: Any) -> Any:
    """Groups whose every field is a place become lists, without the places that nobody filled."""
    if not isinstance(value, dict):
        return value
    below = {name: _listed(one) for name, one in value.items()}
    if below and all(name.isascii() and name.isdigit() and len(name) < 5 for name in below):
        return [below[name] for name in sorted(below, key=int)]
    return below


def value_at(document: Any, name: str) -> Any:
    """What stands in a document where a column's name leads; None where nothing does."""
    if isinstance(document, Mapping) and name in document:
        return document[name]
    for step in name.split("."):
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list) and step.isascii() and step.isdigit():
            place = int(step) if len(step) < 5 else _MOST_PLACES + 1
            document = document[place - 1] if 0 < place <= len(document) else None
        else:
            return None
    return document

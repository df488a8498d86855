"""Two documents line by line: every place with what stands there before and after."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from integrations.domain.foresee import Pair

MOST = 600
_AROUND = 1


def rows(pair: Pair) -> list[dict[str, Any]]:
    """Every place of both documents, and at the end what becomes of the whole. `path` `old` `new`
    `changed`; a place that one of them has not reads "not there"."""
    old, new = (dict(_places(side.document, "")) for side in (pair.before, pair.after))
    found = [_row(path, old.get(path), new.get(path)) for path in _merged(old, new)[:MOST]]
    return [*found, _state(pair)]


def _merged(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """The places in the order of the new document; one that only the old has follows what it followed."""
    order = list(new)
    for before, path in pairwise(["", *old]):
        if path not in new:
            order.insert(order.index(before) + 1 if before else 0, path)
    return order


def _places(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, f"{path}[{index}]")
    elif value is not None:
        yield path, str(value)


def _row(path: str, old: str | None, new: str | None) -> dict[str, Any]:
    missing = "not there"
    return {
        "path": path,
        "old": missing if old is None else old,
        "new": missing if new is None else new,
        "changed": old != new,
    }


def _state(pair: Pair) -> dict[str, Any]:
    passes = pair.foreseen.verdict == "pass"
    new = pair.foreseen.text if passes else f"held: {pair.foreseen.text}"
    return {"path": "state", "old": "held", "new": new, "changed": passes}


def changes(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changed lines with one unchanged on either side."""
    changed = [n for n, line in enumerate(lines) if line["changed"]]
    near = {n + step for n in changed for step in range(-_AROUND, _AROUND + 1)}
    return [line for n, line in enumerate(lines) if n in near]


def veiled(line: dict[str, Any]) -> dict[str, Any]:
    """A line for who may not see documents: the place, and how long what stands there is."""
    if line["path"] == "state":
        return {**line, "new": "passes" if line["changed"] else "held"}
    return {**line, "old": _length(line["old"]), "new": _length(line["new"])}


def _length(text: str) -> str:
    return text if text == "not there" else f"{len(text)} characters"

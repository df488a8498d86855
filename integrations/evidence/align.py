"""Which entry of the old list is which entry of the new one."""

from collections import defaultdict, deque
from collections.abc import Hashable
from typing import Any, Final, NamedTuple

# What names an entry, best first. A pair names it where one alone stands twice.
_NAMES: Final[tuple[tuple[str, ...], ...]] = (
    ("line_no",),
    ("number",),
    ("id",),
    ("sku",),
    ("item",),
    ("sku", "lot"),
    ("sku", "uom"),
    ("sku", "uom", "min_quantity"),
    ("gtin",),
    ("sscc",),
    ("kind",),
    ("kind", "value"),
    ("role",),
    ("uom",),
    ("reference",),
    ("code",),
    ("name",),
)


class Matched(NamedTuple):
    """Places: pairs (old, new) in the order of the old list, and those left alone on either side."""

    pairs: list[tuple[int, int]]
    lost: list[int]
    added: list[int]


def align(old: list[Any], new: list[Any]) -> Matched:
    """Entries by a name they share, else equal ones; what is left is paired by its place only where
    both sides have as many left."""
    places: dict[Hashable, deque[int]] = defaultdict(deque)
    old_marks, new_marks = _marks(old, new)
    for place, mark in enumerate(new_marks):
        places[mark].append(place)
    pairs: list[tuple[int, int]] = []
    lost: list[int] = []
    for place, mark in enumerate(old_marks):
        if found := places.get(mark):
            pairs.append((place, found.popleft()))
        else:
            lost.append(place)
    added = sorted(place for left in places.values() for place in left)
    if len(lost) == len(added):
        return Matched(sorted([*pairs, *zip(lost, added, strict=True)]), [], [])
    return Matched(pairs, lost, added)


def _marks(old: list[Any], new: list[Any]) -> tuple[list[Hashable], list[Hashable]]:
    if all(isinstance(entry, dict) for entry in (*old, *new)):
        for names in _NAMES:
            before, after = _named(old, names), _named(new, names)
            if before and after and before & after:
                return [_mark(e, names) for e in old], [_mark(e, names) for e in new]
    return [repr(entry) for entry in old], [repr(entry) for entry in new]


def _named(entries: list[dict[str, Any]], names: tuple[str, ...]) -> set[Hashable]:
    """The marks of all entries, or nothing where an entry has none or two have the same."""
    if not all(name in entry for entry in entries for name in names):
        return set()
    marks = {_mark(entry, names) for entry in entries}
    return marks if len(marks) == len(entries) else set()


def _mark(entry: dict[str, Any], names: tuple[str, ...]) -> Hashable:
    return tuple(repr(entry.get(name)) for name in names)

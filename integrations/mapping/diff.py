"""What changed from one version of a mapping's rows to the next, in words."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal, NamedTuple

from integrations.canonical.problem import shorten
from integrations.mapping.form import describe, read_form
from integrations.mapping.source import Row

Key = tuple[str, int]


class RowChange(NamedTuple):
    """`before` and `after` are sources, "" where there is none; `text` says it on one line.

    A row that moved and changed is changed: its place alone alters nothing but the order of the
    body's fields.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    target: str
    before: str
    after: str
    text: str


def diff_rows(old: Sequence[Row], new: Sequence[Row]) -> list[RowChange]:
    """The changes, those of new rows in their order, then what was removed in the old order.

    Rows are the same if they have the same target; of a target that stands there twice the first
    is compared with the first.
    """
    before, after = _keyed(old), _keyed(new)
    moved = _moved(list(before), list(after))
    found = [_compare(key, before.get(key), row, key in moved) for key, row in after.items()]
    gone = [_removed(row) for key, row in before.items() if key not in after]
    return [change for change in found if change] + gone


def _keyed(rows: Sequence[Row]) -> dict[Key, Row]:
    seen: dict[str, int] = {}
    keyed = {}
    for row in rows:
        seen[row.target] = seen.get(row.target, 0) + 1
        keyed[row.target, seen[row.target]] = row
    return keyed


def _compare(key: Key, before: Row | None, after: Row, moved: bool) -> RowChange | None:
    target = key[0]
    if before is None:
        text = f"{target} is new: {_words(after)}."
        return RowChange("added", target, "", after.source, text)
    if before.source.strip() != after.source.strip():
        return RowChange("changed", target, before.source, after.source, _changed(before, after))
    if moved:
        text = f"{target} stands at another place; its value stays the same."
        return RowChange("moved", target, before.source, after.source, text)
    return None


def _changed(before: Row, after: Row) -> str:
    was, now = _words(before), _words(after)
    if was == now:
        return f"{after.target} is written in another way: {now}."
    return f"{after.target} was {was}; it becomes {now}."


def _removed(row: Row) -> RowChange:
    text = f"{row.target} is no longer filled; it was {_words(row)}."
    return RowChange("removed", row.target, row.source, "", text)


def _words(row: Row) -> str:
    return shorten(describe(read_form(row)))


def _moved(old: Sequence[Key], new: Sequence[Key]) -> set[Key]:
    """The fewest keys that, taken out, leave the others in the order they were in."""
    place = {key: index for index, key in enumerate(old)}
    common = [key for key in new if key in place]
    return set(common) - set(_longest_rising([place[key] for key in common], common))


def _longest_rising(places: Sequence[int], keys: Sequence[Key]) -> list[Key]:
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(at[length - 1] if length else -1)
        ends[length:] = [place, *ends[length + 1 :]]
        at[length:] = [index, *at[length + 1 :]]
    rising = []
    index = at[-1] if at else -1
    while index >= 0:
        rising.append(keys[index])
        index = before[index]
    return rising

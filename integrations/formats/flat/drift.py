"""Columns found beside columns expected."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from integrations.canonical.problem import Problem
from integrations.contracts.contract import Drift

_ALIKE: Final = 75.0  # of 100
CODE: Final = "schema_drift"


class Renamed(NamedTuple):
    """A column that is missing and one that is new, and seem to be the same."""

    before: str
    now: str


class Moved(NamedTuple):
    """A column that stands elsewhere among the others. Places are counted from 1."""

    name: str
    before: int
    now: int


class ColumnDrift(NamedTuple):
    """How a set of columns changed. Empty, and false: not at all."""

    missing: tuple[str, ...]
    new: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    moved: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return any(self)

    @property
    def set_changed(self) -> bool:
        """Whether other columns are there, whatever their order."""
        return bool(self.missing or self.new or self.renamed)

    def drifts(self) -> list[Drift]:
        """The same in the words of contracts, where a column is a field."""
        return list(self._drifts())

    def problems(self) -> list[Problem]:
        """The same as problems of the hub."""
        return [Problem(CODE, drift.path, drift.found, drift.text) for drift in self._drifts()]

    def _drifts(self) -> Iterator[Drift]:
        for name in self.missing:
            text = f"The column {name} has always been there and is missing"
            yield Drift("missing_field", name, "there", "missing", text)
        for before, now in self.renamed:
            yield Drift("renamed_field", before, before, now, f"{before} seems to be {now} now")
        for name in self.new:
            yield Drift("new_field", name, "not there", name, f"The column {name} is new")
        for name, old, place in self.moved:
            text = f"The column {name} has moved from place {old} to place {place}"
            yield Drift("moved_field", name, f"place {old}", f"place {place}", text)


def column_drift(expected: Sequence[str], found: Sequence[str]) -> ColumnDrift:
    """How `found` differs from `expected`, both as the file names its columns, in its order.

    A missing and a new column seem the same if their names differ in capitals and marks only, are much
    alike, or stand at the same place of as many columns. Moved are as few as explain the new order.
    """
    theirs, ours = set(found), set(expected)
    missing = [name for name in expected if name not in theirs]
    new = [name for name in found if name not in ours]
    renamed = _renamed(missing, new, expected, found)
    gone = {pair.before for pair in renamed}
    come = {pair.now for pair in renamed}
    return ColumnDrift(
        tuple(name for name in missing if name not in gone),
        tuple(name for name in new if name not in come),
        tuple(renamed),
        tuple(_moved(expected, found)),
    )


def _renamed(
    missing: list[str], new: list[str], expected: Sequence[str], found: Sequence[str]
) -> list[Renamed]:
    as_many = len(expected) == len(found)
    scored = sorted(
        (-_likeness(b, n, same_place=as_many and expected.index(b) == found.index(n)), i, j)
        for i, b in enumerate(missing[:100])
        for j, n in enumerate(new[:100])
    )
    pairs: dict[int, int] = {}
    for score, i, j in scored:
        if -score >= _ALIKE and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [Renamed(missing[i], new[j]) for i, j in sorted(pairs.items())]


def _likeness(before: str, now: str, *, same_place: bool) -> float:
    plain, other = _plain(before), _plain(now)
    if plain and plain == other:
        return 200.0
    return max(fuzz.ratio(plain, other), _ALIKE if same_place else 0.0)


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _moved(expected: Sequence[str], found: Sequence[str]) -> list[Moved]:
    """The columns beside the longest run that kept its order."""
    place = {name: i for i, name in enumerate(found)}
    common = [(i, place[name], name) for i, name in enumerate(expected) if name in place]
    kept = _longest_rising([now for _, now, _ in common])
    return [Moved(name, i + 1, now + 1) for i, now, name in common if now not in kept]


def _longest_rising(numbers: list[int]) -> set[int]:
    """The numbers of a longest rising part."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    kept: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept

"""Two sides at one instant, key by key: what agrees, what does not, and what cannot be said."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from monitoring.reconcile.amounts import Amount, size, worth
from monitoring.reconcile.definition import Definition
from monitoring.reconcile.levels import NOBODY, Key, Keying, Levels, Place, index
from monitoring.reconcile.rolling import Moved, Moves, correction, explains, moves, recent
from monitoring.reconcile.snapshot import Item, Movement, Snapshot, cut_off

State = Literal[
    "match",
    "in_tolerance",
    "in_flight",
    "variance",
    "missing_left",
    "missing_right",
    "not_comparable",
]
# What is told to people once enough runs agree.
DIFFERENT: Final = ("variance", "missing_left", "missing_right")


class Row(NamedTuple):
    """One key that does not match. `left` and `right` as the sides said it, `left_at` and `right_at` at
    the instant of the run, all in base units; None: the side has no row. `gap` = right − left.

    `moved`: stock of it moved so lately that one side may be behind. `value` of the gap, without sign.
    `note`: why it cannot be compared.
    """

    key: Key
    state: State
    left: Amount | None
    right: Amount | None
    left_at: Amount
    right_at: Amount
    gap: Amount = 0
    moved: bool = False
    value: Decimal = Decimal(0)
    movements: tuple[Moved, ...] = ()
    note: str = ""


@dataclass(slots=True)
class Tally:
    """All pairs of one location. `units`, `value`: of the left side; `agreed_value` of what agrees.

    `off` adds the gaps up without their signs, `net` with them. `phantom`: pairs of which only the left
    side has stock.
    """

    pairs: int = 0
    agreed: int = 0
    units: Amount = 0
    value: Decimal = Decimal(0)
    agreed_value: Decimal = Decimal(0)
    off: Amount = 0
    net: Amount = 0
    off_value: Decimal = Decimal(0)
    phantom: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found. `rows`: all but the matches, by key. `refused`: why nothing was compared.

    `agreed`: of the keys that were watched, those that were compared and match.
    """

    at: datetime
    rows: tuple[Row, ...] = ()
    matched: int = 0
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    refused: str = ""
    agreed: frozenset[Key] = frozenset()

    def counts(self) -> dict[str, int]:
        """Rows by state, the matches too."""
        found: dict[str, int] = defaultdict(int)
        found["match"] = self.matched
        for row in self.rows:
            found[row.state] += 1
        return dict(found)


def compare(
    definition: Definition,
    left: Snapshot,
    right: Snapshot,
    *,
    at: datetime,
    items: Mapping[str, Item],
    movements: Iterable[Movement] = (),
    light: bool = False,
    watched: Iterable[Key] = (),
) -> Result:
    """Both sides rolled to `at` and joined. The same input gives the same result, row by row.

    `light`: only items of class A, and what is zero or below at one side. `watched`: keys of which the
    result says whether they match. ValueError for a quantity that is no number.
    """
    refused = cut_off(left) or cut_off(right)
    if refused:
        return Result(at, refused=refused)
    keying = Keying(definition.keys, left.rows, right.rows)
    return _Comparison(
        definition=definition,
        sides=(left, right),
        levels=(index(left.rows, keying, items), index(right.rows, keying, items)),
        at=at,
        items=items,
        moves=moves(movements, keying, items),
        light=light,
        watched=frozenset(watched),
    ).result()


@dataclass(slots=True)
class _Comparison:
    definition: Definition
    sides: tuple[Snapshot, Snapshot]
    levels: tuple[Levels, Levels]
    at: datetime
    items: Mapping[str, Item]
    moves: Moves
    light: bool
    watched: frozenset[Key]
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    matched: int = 0
    broken: set[Place] = field(default_factory=set)
    agreed: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        left, right = self.levels
        units = {key for key, uom in left.units.items() if right.units.get(key, uom) != uom}
        self.broken = {*left.broken, *right.broken, *units}

    def result(self) -> Result:
        rows = sorted((row for row in self._rows() if row is not None), key=lambda row: row.key)
        tallies = {name: self.tallies[name] for name in sorted(self.tallies)}
        agreed = frozenset(self.agreed)
        return Result(self.at, tuple(rows), self.matched, tallies, agreed=agreed)

    def _rows(self) -> Iterator[Row | None]:
        left, right = self.levels
        unusual: set[Place] = {*self.moves, *self.broken, *self.watched}
        other, get, tallies = right.said.get, self.items.get, self.tallies
        for key, said in left.said.items():
            heard = other(key)
            item = get(key[1], NOBODY)
            if self.light and not _is_urgent(item, said, heard):
                continue
            if said != heard or key in unusual:
                yield self._row(key, item, said, heard)
                continue
            # The way of nearly all pairs, so it stands here and calls nothing.
            tally = tallies[key[0]]
            tally.pairs += 1
            tally.agreed += 1
            tally.units += said
            value = item.value * said if type(said) is int else worth(said, item.value)
            tally.value += value
            tally.agreed_value += value
            self.matched += 1
        for key in [*(right.said.keys() - left.said.keys()), *self._only_broken()]:
            item, heard = get(key[1], NOBODY), other(key)
            if not self.light or _is_urgent(item, None, heard):
                yield self._row(key, item, None, heard)

    def _only_broken(self) -> set[Place]:
        left, right = self.levels
        return self.broken - left.said.keys() - right.said.keys()

    def _row(self, key: Place, item: Item, said: Amount | None, heard: Amount | None) -> Row | None:
        moved = self.moves.get(key, ())
        start, end = (self._rolled(key, n, (said, heard)[n] or 0, moved) for n in (0, 1))
        note = self._why_not(key, said, heard, moved)
        if note:
            return Row(Key._make(key), "not_comparable", said, heard, start, end, note=note)
        state = self._state(key, item, (said, heard), (start, end))
        self._count(key[0], item, state, start, end)
        if state == "match":
            self.agreed.update(self.watched & {Key._make(key)})
            return None
        return Row(
            key=Key._make(key),
            state=state,
            left=said,
            right=heard,
            left_at=start,
            right_at=end,
            gap=end - start,
            moved=bool(self._recent(key)),
            value=worth(end - start, item.value),
            movements=tuple(
                sorted(moved, key=lambda one: (one.movement.at, one.movement.reference))
            ),
        )

    def _rolled(self, key: Place, side: int, said: Amount, moved: Iterable[Moved]) -> Amount:
        snapshot = self.sides[side]
        as_of = self.levels[side].at.get(key, snapshot.as_of)
        return said + correction(moved, snapshot.side, as_of=as_of, at=self.at)

    def _recent(self, key: Place) -> list[Moved]:
        moved = self.moves.get(key, ())
        return recent(moved, at=self.at, within=self.definition.in_flight)

    def _why_not(
        self, key: Place, said: Amount | None, heard: Amount | None, moved: Iterable[Moved]
    ) -> str:
        if key in self.broken:
            units = {levels.broken.get(key) or levels.units.get(key, "") for levels in self.levels}
            named = " and ".join(sorted(units - {""}))
            return f"Item {key[1]} has no conversion for the unit {named}. Add it to the item."
        if any(effect is None for _, effect in moved):
            return f"A movement of item {key[1]} is in a unit the item has no conversion for."
        for snapshot, level in zip(self.sides, (said, heard), strict=True):
            if level is None and not snapshot.full:
                return f"A report of changes, as {snapshot.side} sent it, cannot prove that it has none."
        return ""

    def _state(
        self,
        key: Place,
        item: Item,
        said: tuple[Amount | None, Amount | None],
        rolled: tuple[Amount, Amount],
    ) -> State:
        gap = rolled[1] - rolled[0]
        tolerance = self.definition.tolerance(item.item_class, weighed=item.weighed)
        if gap == 0:
            return "match"
        if explains(gap, self._recent(key)):
            return "in_flight"
        if said[0] is None:
            return "missing_left"
        if said[1] is None:
            return "missing_right"
        return "in_tolerance" if tolerance.allows(gap, *rolled) else "variance"

    def _count(self, location: str, item: Item, state: State, start: Amount, end: Amount) -> None:
        tally, gap, value = self.tallies[location], end - start, worth(start, item.value)
        agrees = state in ("match", "in_tolerance")
        tally.pairs += 1
        tally.units += start
        tally.value += value
        tally.agreed += agrees
        tally.agreed_value += value if agrees else 0
        tally.off += size(gap)
        tally.net += gap
        tally.off_value += worth(gap, item.value)
        tally.phantom += start > 0 and end == 0
        self.matched += state == "match"


def _is_urgent(item: Item, said: Amount | None, heard: Amount | None) -> bool:
    return item.item_class == "A" or not said or not heard or said <= 0 or heard <= 0

"""Both sides to the same instant: what a side has not booked yet, and what it booked since."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from monitoring.reconcile.amounts import Amount, amount, plain, size
from monitoring.reconcile.levels import NOBODY, Keying, Place, factor
from monitoring.reconcile.snapshot import Item, Movement


class Moved(NamedTuple):
    """A movement and what it does to the stock, in base units. None: its unit has no conversion."""

    movement: Movement
    effect: Amount | None


Moves = Mapping[Place, list[Moved]]


def moves(movements: Iterable[Movement], keying: Keying, items: Mapping[str, Item]) -> Moves:
    """Movements under the keys of the comparison."""
    found: dict[Place, list[Moved]] = {}
    for one in movements:
        found.setdefault(keying.of(one), []).append(Moved(one, _effect(one, items)))
    return found


def _effect(one: Movement, items: Mapping[str, Item]) -> Amount | None:
    per_unit = factor(items.get(one.sku, NOBODY), one.uom)
    return None if per_unit is None else plain(amount(one.quantity) * per_unit)


def correction(moved: Iterable[Moved], side: str, *, as_of: datetime, at: datetime) -> Amount:
    """What has to be added to the figure that `side` had `as_of`, so that it is the one of the instant `at`.

    It lacks what happened until then and was not booked; it has too much what was booked and came later.
    """
    missing: Amount = 0
    for movement, effect in moved:
        posted = movement.posted.get(side)
        is_in = posted is not None and posted <= as_of
        belongs = movement.at <= at
        if effect is not None and is_in != belongs:
            missing += effect if belongs else -effect
    return plain(missing)


def recent(moved: Iterable[Moved], *, at: datetime, within: timedelta) -> list[Moved]:
    """The movements so short before the instant, or after it, that one side may not have them yet."""
    return [one for one in moved if one.movement.at > at - within]


def explains(gap: Amount, moved: Iterable[Moved]) -> bool:
    """Whether some of these movements together are just the gap, seen from either side.

    Of more than 12 every sum is taken to be possible up to all of them.
    """
    effects = [effect for _, effect in moved if effect]
    if len(effects) > 12:
        return size(gap) <= sum(size(effect) for effect in effects)
    sums: set[Amount] = {0}
    for effect in effects:
        sums |= {total + effect for total in sums}
    return gap in sums or -gap in sums

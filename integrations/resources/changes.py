"""Following a table by its change column, so that no change is left out and none is told for ever.

Rows come in the order of (change, key). A pass begins some seconds before where the last one ended, for rows
that were committed late; what it saw of those seconds it remembers, and tells only what is new. The first
pass tells nothing: it learns what is there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from integrations.resources import asking, values
from integrations.resources.definition import Definition
from integrations.resources.relations import Condition, Order, Reading

OVERLAP_SECONDS: Final = 120
MOST_SEEN: Final = 20_000
Row = Mapping[str, Any]


class Position(NamedTuple):
    """`after`: change and key of the row read last; empty before the first. `within` a pass, the next page
    goes on right behind it. `top`: where the pass before ended. `seen`: digest → change of the rows of the
    last seconds. `floor`: no pass looks back behind it; there were more rows than can be remembered. `tells`:
    it is past the first pass."""

    after: tuple[Any, ...] = ()
    within: bool = False
    top: tuple[Any, ...] = ()
    seen: Mapping[str, Any] = MappingProxyType({})
    floor: tuple[Any, ...] = ()
    tells: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Position":
        """From a stored cursor that is not empty."""
        return cls(
            tuple(kept["after"]), bool(kept["within"]), tuple(kept["top"]), dict(kept["seen"]),
            tuple(kept["floor"]), bool(kept["tells"]),
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """As `of` takes it."""
        return {**self._asdict(), "seen": dict(self.seen)}


class Step(NamedTuple):
    """What one page said: the rows to tell, and where to go on."""

    told: list[Row]
    position: Position


def newest(definition: Definition) -> Reading:
    """The row that changed last: what comes after it is told, and nothing before."""
    order = [one._replace(descending=True) for one in _order(definition)]
    return _reading(definition, order=order, limit=1)


def begin(definition: Definition, rows: Sequence[Row]) -> Position:
    """Behind the newest row; where there is none, before everything that may come."""
    if not rows:
        return Position(seen={}, tells=True)
    place = _place(definition, rows[0])
    return Position(place, top=place, seen={})


def reading(definition: Definition, position: Position) -> Reading:
    """The next page behind a position."""
    after = position.after or None
    found = _reading(definition, order=_order(definition), limit=definition.page_size)
    back = None if position.within or after is None else earlier(after[0])
    if back is None:
        return found._replace(after=after)
    if _rank(position.floor) >= (1, back):
        return found._replace(after=position.floor)
    return found._replace(conditions=[Condition(definition.changed_by, ">=", back)])


def step(definition: Definition, position: Position, rows: Sequence[Row]) -> Step:
    """What a page tells and where it ends. A page that is not full ends the pass."""
    marks = {digest(one): values.mark(one[definition.changed_by]) for one in rows}
    told = [one for one in rows if digest(one) not in position.seen] if position.tells else []
    place = _place(definition, rows[-1]) if rows else position.after
    seen, floor = {**position.seen, **marks}, position.floor
    if len(seen) > MOST_SEEN:
        seen, floor = {}, place
    if len(rows) >= definition.page_size:
        return Step(told, position._replace(after=place, within=True, seen=seen, floor=floor))
    top = max(place, position.top, key=_rank)
    return Step(told, Position(top, False, top, _recent(seen, top), floor, True))


def _reading(definition: Definition, *, order: list[Order], limit: int) -> Reading:
    wanted = asking.columns(definition)
    return Reading(
        definition.relation, wanted, order=order, limit=limit, deleted=asking.marked(definition)
    )


def _recent(seen: Mapping[str, Any], top: tuple[Any, ...]) -> Mapping[str, Any]:
    """What the next pass may see again; of row versions, which are not looked back for, nothing."""
    back = earlier(top[0]) if top else None
    if back is None:
        return {}
    return {mark: changed for mark, changed in seen.items() if str(changed) >= back}


def _order(definition: Definition) -> list[Order]:
    keys = [Order(one.column) for one in definition.key_fields]
    return [
        Order(definition.changed_by),
        *(one for one in keys if one.column != definition.changed_by),
    ]


def _place(definition: Definition, row: Row) -> tuple[Any, ...]:
    return tuple(values.mark(row[one.column]) for one in _order(definition))


def digest(row: Row) -> str:
    """The row as it is, in short."""
    plain = {name: values.mark(value) for name, value in sorted(row.items())}
    text = json.dumps(plain, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _rank(place: tuple[Any, ...]) -> tuple[int, Any]:
    """Of one table's marks, which are all of one kind. Before the first row there is none."""
    if not place:
        return (-1, 0)
    return (0, place[0]) if isinstance(place[0], int) else (1, str(place[0]))


def earlier(mark: Any) -> str | None:
    """A time set back by the overlap, in its own notation; None for what is no time: a row version."""
    if not isinstance(mark, str) or len(mark) < 19 or mark.isdigit():
        return None
    try:
        moment = datetime.fromisoformat(mark) - timedelta(seconds=OVERLAP_SECONDS)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(sep=mark[10], timespec="seconds")

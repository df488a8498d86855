"""Following a table by its change column, so that no change is left out and none is told for ever.

Rows come in the order of (change, key). A pass begins some seconds before where the last one ended, for
rows that were committed late; what it saw of those seconds it remembers, and tells only what is new.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from integrations.connectors.relations import Condition, Order, Reading
from integrations.resources import asking, values
from integrations.resources.definition import Definition

OVERLAP_SECONDS: Final = 120
MOST_SEEN: Final = 5_000
Row = Mapping[str, Any]


class Position(NamedTuple):
    """`after`: change and key of the row read last. `within`: the pass goes on right behind it; otherwise it
    looks back. `seen`: key → digest of the rows of the last seconds."""

    after: tuple[Any, ...] = ()
    within: bool = False
    seen: Mapping[str, str] = {}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Position":
        """From a stored cursor; an empty one has not begun."""
        if not kept:
            return cls()
        return cls(tuple(kept["after"]), bool(kept["within"]), dict(kept["seen"]))

    @property
    def has_begun(self) -> bool:
        return bool(self.after)


class Step(NamedTuple):
    """What one page said: the rows to tell, and where to go on."""

    told: list[Row]
    position: Position


def newest(definition: Definition) -> Reading:
    """The row that changed last: what comes after it is told, and nothing before."""
    changed = Order(definition.changed_by, descending=True)
    keys = [Order(one.column, descending=True) for one in definition.key_fields]
    wanted = asking.columns(definition)
    return Reading(
        definition.relation, wanted, (), [changed, *keys], None, 1, asking.marked(definition)
    )


def reading(definition: Definition, position: Position) -> Reading:
    """The next page behind a position."""
    found = Reading(
        definition.relation, asking.columns(definition), (), _order(definition), position.after,
        definition.page_size, asking.marked(definition),
    )  # fmt: skip
    if position.within:
        return found
    back = earlier(position.after[0])
    if back is None:
        return found
    return found._replace(after=None, conditions=[Condition(definition.changed_by, ">=", back)])


def begin(definition: Definition, rows: Sequence[Row]) -> Position:
    """Behind the newest row; without one, before everything that may come."""
    after = _place(definition, rows[0]) if rows else ("",)
    return Position(after, within=False, seen=_digests(definition, rows))


def step(definition: Definition, position: Position, rows: Sequence[Row]) -> Step:
    """What a page tells and where it ends. A page that is not full ends the pass."""
    told = [one for one in rows if position.seen.get(_key(definition, one)) != digest(one)]
    full = len(rows) >= definition.page_size
    after = _place(definition, rows[-1]) if rows else position.after
    if not position.within and rows and not full:
        after = max(after, position.after, key=lambda place: _comparable(place[0]))
    seen = dict(list({**position.seen, **_digests(definition, rows)}.items())[-MOST_SEEN:])
    if not full:
        seen = _recent(definition, seen, rows) if not position.within else seen
    return Step(told, Position(after, full, seen))


def _recent(definition: Definition, seen: Mapping[str, str], rows: Sequence[Row]) -> dict[str, str]:
    """A whole pass in one page looked at all of the last seconds: what it did not see is past."""
    there = {_key(definition, one) for one in rows}
    return {key: mark for key, mark in seen.items() if key in there}


def _order(definition: Definition) -> list[Order]:
    keys = [Order(one.column) for one in definition.key_fields]
    return [Order(definition.changed_by), *keys]


def _place(definition: Definition, row: Row) -> tuple[Any, ...]:
    keys = [values.mark(row[one.column]) for one in definition.key_fields]
    return (values.mark(row[definition.changed_by]), *keys)


def _key(definition: Definition, row: Row) -> str:
    return asking.key_of(definition, row)


def _digests(definition: Definition, rows: Sequence[Row]) -> dict[str, str]:
    return {_key(definition, one): digest(one) for one in rows}


def digest(row: Row) -> str:
    """The row as it is, in short."""
    plain = {name: values.mark(value) for name, value in sorted(row.items())}
    text = json.dumps(plain, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _comparable(mark: Any) -> tuple[int, Any]:
    """Numbers before texts: a table's marks are all of one kind."""
    return (0, mark) if isinstance(mark, int) else (1, str(mark))


def earlier(mark: Any) -> str | None:
    """A time set back by the overlap, in its own notation; None for what is no time: a row version."""
    if not isinstance(mark, str) or len(mark) < 19 or mark.isdigit():
        return None
    try:
        moment = datetime.fromisoformat(mark) - timedelta(seconds=OVERLAP_SECONDS)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(sep=mark[10], timespec="seconds")

"""Where the reading of a list stands, so that no row is skipped. Pure.

A pass asks for what changed since one moment and reads page after page to the end. Then its mark moves to
the newest change it saw, but not behind the moment it began at, by the system's own clock: what changed
while it read may stand on a page that it had read already. The next pass looks back behind the mark by the
overlap, so that rows of one moment, and rows committed late, are met again; the dedup key tells them.

Pages by number or offset have a trap besides: where rows are in the order of change, one that changes
moves to the end, and the row at the next page's edge slips onto a page that was read. Where `ascending`
says that this is the order, pages are asked for by the change of the last row instead, and by number only
inside one moment. Where pages were asked for by number and something changed meanwhile, they are read
again, five times at most.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.connectors.described import paging, places, times
from integrations.connectors.described.paging import At
from integrations.connectors.described.rows import Row
from integrations.connectors.described.system import Incremental, Stream

MOST_AGAIN: Final = 5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class EndlessListError(ValueError):
    """A list that leads from page to page for ever."""


@dataclass(frozen=True)
class Position:
    """`mark`: all changes up to it were read. The rest is about the running pass: `asked` is since when it
    asks, `at` its page, `pages` how many it read, `newest` the newest change it saw, `begun` when it
    began, `again` how often it was begun anew, `last` its last page, `shaky` from which change on it asked
    for pages by their number, `by` the kind of paging it began with. Times are text, as a cursor is JSON."""

    mark: str = ""
    within: bool = False
    asked: str = ""
    at: At = None
    pages: int = 0
    newest: str = ""
    begun: str = ""
    again: int = 0
    last: str = ""
    shaky: str | None = None
    by: str = ""

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "Position":
        return cls(**{name: cursor[name] for name in cls.__dataclass_fields__ if name in cursor})

    def cursor(self) -> dict[str, Any]:
        """The position as it is stored: what is as at the beginning is left out."""
        plain = asdict(Position())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}

    def begin(self, stream: Stream, now: datetime) -> "Position":
        """The position to ask from: inside a pass as it is, else at the beginning of a new one. A pass of
        another kind of paging, from before somebody changed the description, is left."""
        if self.within and self.by == stream.paging.kind:
            return self
        asked = ""
        if changes := stream.incremental:
            asked = _text(_since(changes, self.mark, now))
        by = stream.paging.kind
        return Position(mark=self.mark, within=True, asked=asked, again=self.again, by=by)

    def left(self) -> "Position | None":
        """The position to begin anew from, once the system refuses the cursor or link it gave: it may be too
        old. None where there is none, and where that has been tried often enough."""
        if not isinstance(self.at, str) or self.again >= MOST_AGAIN:
            return None
        return Position(mark=self.mark, again=self.again + 1)

    def params(self, stream: Stream) -> dict[str, str]:
        """The parameters of the page."""
        found = dict(stream.ask.params) | paging.params(stream.paging, self.at)
        changes = stream.incremental
        if changes and self.asked:
            asked = _moment(self.asked)
            found[changes.param] = times.write(asked, changes.form)
            if changes.floor:
                floor = max(asked, _EPOCH + timedelta(days=changes.floor_days))
                floor -= timedelta(days=changes.floor_days)
                found[changes.floor] = times.write(floor, changes.form)
        return found

    def move(
        self, stream: Stream, rows: list[Row], *, at: At, told: datetime | None, most_pages: int
    ) -> tuple["Position", bool]:
        """The position behind a page, and whether more follow in this pass. `at` is where the next page
        is, None behind the last; `told` the time in the answer's Date header.

        ValueError, with a sentence, for a row whose change time cannot be read and for a list without end.
        """
        changes = stream.incremental
        changed = [_changed(changes, row, stream.name) for row in rows] if changes else []
        here = self._seen(changes, changed, told)
        digest = hashlib.sha256("\n".join(row.raw for row in rows).encode("utf-8", "replace"))
        here = replace(here, last=digest.hexdigest()[:16])
        # Some systems give their last page again to whoever asks for the one behind it.
        same = stream.paging.kind in {"page", "offset"} and here.last == self.last
        if at is None or same:
            return here._ended(stream), False
        if changes and changes.ascending and changed and changed[-1] is not None:
            asked = _text(changed[-1] - times.step(changes.form))
            if asked > here.asked:
                return replace(here, asked=asked, at=None, pages=1, last=""), True
        if at == self.at or here.pages >= most_pages:
            raise EndlessListError(
                f"The list never comes to an end: page {here.pages} leads to another."
            )
        return replace(here, at=at), True

    def _seen(
        self, changes: Incremental | None, changed: list[datetime | None], told: datetime | None
    ) -> "Position":
        newest = max([self.newest, *(_text(one) for one in changed)])
        by_number = self.at is not None and bool(changed)
        shaky = self.asked if by_number and self.shaky is None else self.shaky
        begun = self.begun or _text(told)
        if not begun and self.pages == 0 and changes and not changes.ascending:
            begun = newest  # a system that tells no time is not behind the newest change it shows
        return replace(self, newest=newest, begun=begun, pages=self.pages + 1, shaky=shaky)

    def _ended(self, stream: Stream) -> "Position":
        changes = stream.incremental
        if changes is None:
            return Position()
        bound = min(self.newest, self.begun)
        if changes.ascending and not self.begun:
            bound = self.newest
        if self._is_disturbed(stream) and self.again < MOST_AGAIN:
            bound = min(bound, self.shaky or "")
            return Position(mark=max(self.mark, bound), again=self.again + 1)
        return Position(mark=max(self.mark, bound))

    def _is_disturbed(self, stream: Stream) -> bool:
        """Whether something changed in a pass that asked for pages by their number."""
        numbered = stream.paging.kind in {"page", "offset"} and self.shaky is not None
        return numbered and self.newest >= self.begun


def _since(changes: Incremental, mark: str, now: datetime) -> datetime | None:
    if mark:
        return _moment(mark) - timedelta(seconds=changes.overlap)
    return now - timedelta(days=1) if changes.a_day else changes.start


def _changed(changes: Incremental, row: Row, stream: str) -> datetime | None:
    """When a row changed; None for one that does not say."""
    said = places.word(places.find(row.entry, changes.updated))
    if not said:
        return None
    try:
        return max(times.read(said, changes.row_form or changes.form), _EPOCH)
    except ValueError:
        where = places.spoken(changes.updated)
        text = f"A row of {stream} says “{said[:40]}” at {where}, which is no time."
        raise ValueError(text) from None


def _text(at: datetime | None) -> str:
    """A time as text that sorts like the time."""
    if at is None:
        return ""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

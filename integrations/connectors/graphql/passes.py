"""Where the reading of a list by change time stands, so that no row is skipped. Pure.

A pass asks for what changed since one moment, oldest change first, and reads page after page. Then its mark
moves to the newest change it saw, but not behind the moment it began at, by the system's own clock: what
changed while it read may have left a page that was not read yet. The next pass looks back behind the mark by
the overlap, so that rows of one moment, and rows committed late, are met again; the dedup key tells them.

A cursor that points at a row stays where it is when rows before it move away. One that counts rows slips:
there (`steady` False) the next page is asked for by the change of the last row instead, and by cursor only
inside one moment.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

MOST_PAGES: Final = 5000
MOST_AGAIN: Final = 3
_TICK: Final = timedelta(seconds=1)


class EndlessListError(ValueError):
    """A list that leads from page to page for ever."""


@dataclass(frozen=True)
class Position:
    """`mark`: all changes up to it were read. The rest is about the running pass: `asked` is since when it
    asks, `after` its cursor, `pages` how many it read, `newest` the newest change it saw, `begun` when it
    began, `again` how often it was begun anew. Times are text that sorts like the time."""

    mark: str = ""
    within: bool = False
    asked: str = ""
    after: str | None = None
    pages: int = 0
    newest: str = ""
    begun: str = ""
    again: int = 0

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "Position":
        return cls(**{name: cursor[name] for name in cls.__dataclass_fields__ if name in cursor})

    def cursor(self) -> dict[str, Any]:
        """The position as it is stored: what is as at the beginning is left out."""
        plain = asdict(Position())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}

    @property
    def since(self) -> datetime | None:
        """Changes from here on are asked for; None: all there are."""
        return moment(self.asked) if self.asked else None

    def begin(self, *, overlap: float, first: datetime | None) -> "Position":
        """The position to ask from: inside a pass as it is, else at the beginning of a new one, which is
        `first` as long as nothing was read."""
        if self.within:
            return self
        since = moment(self.mark) - timedelta(seconds=overlap) if self.mark else first
        return Position(mark=self.mark, within=True, asked=text_of(since), again=self.again)

    def anew(self) -> "Position | None":
        """The position to begin anew from, once the system refuses the cursor it gave: it may be too old.
        None where there is none, and where that has been tried often enough."""
        if self.after is None or self.again >= MOST_AGAIN:
            return None
        return Position(mark=self.mark, again=self.again + 1)

    def move(
        self,
        changed: list[datetime | None],
        *,
        after: str | None,
        told: datetime | None,
        steady: bool = True,
    ) -> tuple["Position", bool]:
        """The position behind a page, and whether more follow in this pass.

        `changed`: when each of its rows changed; `after`: the cursor of the next page, None behind the last;
        `told`: the time by the system's clock. EndlessListError for a list without end.
        """
        newest = max([self.newest, *(text_of(one) for one in changed)])
        begun = self.begun or text_of(told)
        here = replace(self, newest=newest, begun=begun, pages=self.pages + 1)
        if after is None:
            return here._ended(), False
        last = changed[-1] if changed else None
        if not steady and last is not None and (asked := text_of(last - _TICK)) > self.asked:
            return replace(here, asked=asked, after=None, pages=1), True
        if after == self.after or here.pages >= MOST_PAGES:
            raise EndlessListError(f"The list never comes to an end: page {here.pages} leads on.")
        return replace(here, after=after), True

    def _ended(self) -> "Position":
        bound = min(self.newest, self.begun) if self.begun else self.newest
        return Position(mark=max(self.mark, bound))


def text_of(at: datetime | None) -> str:
    """A time as text that sorts like the time; one without a zone is UTC."""
    if at is None:
        return ""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """A time as a system or `text_of` writes it (ISO 8601); one without a zone is UTC."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

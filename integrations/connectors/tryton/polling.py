"""Reading what changed, page by page, without skipping a record. Pure.

Tryton tells when a record was made and when it was written last. A pass asks for all records changed since
the last one, in the order of their ids, each page for the ids behind the last: no record can slip over an
edge. One that changes behind the running page is met by the next pass, which looks back behind the moment
this one began at, by Tryton's own clock, and by the overlap: a transaction that takes long is seen late,
and its records bear the time it began at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from integrations.connectors.tryton import wire

PER_PAGE: Final = 100


@dataclass(frozen=True)
class Position:
    """`mark`: everything changed before it was read. The rest is about the running pass: `since` when it
    asks, `after` the last id it read, `begun` when it began, `newest` the newest change it saw."""

    mark: str = ""
    since: str = ""
    after: int | None = None
    begun: str = ""
    newest: str = ""

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "Position":
        return cls(**{name: cursor[name] for name in cls.__dataclass_fields__ if name in cursor})

    def cursor(self) -> dict[str, Any]:
        """As it is stored: what says nothing is left out."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}

    def begin(self, *, overlap: int, first: datetime | None) -> "Position":
        """The position to ask from: inside a pass as it is, else at the beginning of a new one."""
        if self.after is not None:
            return self
        since = _moment(self.mark) - timedelta(seconds=overlap) if self.mark else first
        return Position(mark=self.mark, since=_text(since), after=0)

    def changed(self, paths: Sequence[str]) -> list[Any]:
        """The part of a domain: what was made or written since then, itself or at one of `paths`."""
        if not self.since:
            return []
        since = wire.time(_moment(self.since))
        names = [f"{path}{name}" for path in paths for name in ("create_date", "write_date")]
        return [["OR", *([name, ">=", since] for name in names)]]

    def move(
        self,
        ids: Sequence[int],
        changes: Sequence[str],
        *,
        told: datetime,
        per_page: int = PER_PAGE,
    ) -> tuple["Position", bool]:
        """The position behind a page, and whether more follow in this pass. `told` is the answer's time."""
        newest = max([self.newest, *changes])
        here = replace(self, begun=self.begun or _text(told), newest=newest)
        if len(ids) >= per_page:
            return replace(here, after=ids[-1]), True
        bound = min(filter(None, (here.newest, here.begun)))
        return Position(mark=max(self.mark, bound)), False


def change_of(record: Mapping[str, Any], paths: Sequence[str]) -> str:
    """The newest time at which a record says it was made or written; empty where it tells none."""
    found = [""]
    for path in paths:
        at: Any = record
        for step in filter(None, path.split(".")):
            at = at.get(step) if isinstance(at, Mapping) else at
        for holder in at if isinstance(at, list) else [at]:
            if isinstance(holder, Mapping):
                found += [str(holder.get(name) or "") for name in ("create_date", "write_date")]
    return max(found)


def told_of(header: str | None, now: datetime) -> datetime:
    """When an answer was made by its Date header; ours where it has none."""
    try:
        at = parsedate_to_datetime(header or "")
    except ValueError:
        return now
    return at.replace(tzinfo=at.tzinfo or UTC)


def first_moment(entered: str, now: datetime) -> datetime:
    """Where the first poll starts: as entered, else a day ago. ValueError for what is no time."""
    return _moment(entered) if entered else now - timedelta(days=1)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _text(at: datetime | None) -> str:
    """A time as text that sorts like the time, as Tryton's times do."""
    if at is None:
        return ""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")

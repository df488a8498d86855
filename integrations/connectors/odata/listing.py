"""A list that is polled: what it is asked, page by page. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors.described.system import Ask, Incremental, Paging, Place, Stream
from integrations.connectors.odata import values, version

_DAY: Final = 86_400
_CHANGED: Final[Place] = ("changed",)


@dataclass(frozen=True)
class Listing:
    """`key` tells a row from the others, and rows are asked for in its order where `by_key`; else the system
    leads on by its own links. `changed` are the properties that say when a row changed, none for a list that
    does not tell; `in_days`: they tell the day only. `where` is a filter of its own; `a_day`: the first poll
    begins a day back and not at the beginning of time."""

    name: str
    object_type: str
    path: str
    key: str
    changed: tuple[str, ...] = ()
    in_days: bool = False
    by_key: bool = False
    where: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    size: int = 100
    a_day: bool = False
    start: datetime | None = field(default=None)

    @property
    def stream(self) -> Stream:
        """The list as a position reads it."""
        changes = None
        if self.changed:
            # A day of their clock may be another than ours; a row may be stored late.
            overlap = _DAY if self.in_days else 300
            changes = Incremental(
                param="", form="iso", updated=_CHANGED, overlap=overlap, ascending=False,
                start=self.start, a_day=self.a_day and self.start is None,
            )  # fmt: skip
        paging = Paging("cursor") if self.by_key else Paging("link")
        asked = Ask(self.path, {})
        return Stream(self.name, self.object_type, asked, (), (), None, paging, changes)

    def asked(self, *, since: str, after: str | None) -> dict[str, str]:
        """The parameters of a page: `since` as a position keeps it (empty: from the beginning), `after` the
        key of the last row before it."""
        wanted = [f"({self.where})"] if self.where else []
        if since and self.changed:
            wanted.append(self._since(datetime.fromisoformat(since).replace(tzinfo=UTC)))
        found = dict(self.parameters)
        if self.by_key:
            if after is not None:
                wanted.append(f"{self.key} gt {values.literal(after)}")
            found |= {"$orderby": self.key, "$top": str(self.size)}
        if wanted:
            found["$filter"] = " and ".join(wanted)
        return found

    def _since(self, at: datetime) -> str:
        # Some systems leave the change empty until the first one after the creation: any of them will do.
        say = version.day_literal(at) if self.in_days else version.moment_literal(at)
        return "(" + " or ".join(f"{name} ge {say}" for name in self.changed) + ")"

    def changed_at(self, row: dict[str, Any]) -> str:
        """When a row changed, as ISO 8601; empty where it does not say. ValueError for what is no time."""
        found = [at for name in self.changed if (at := values.moment(row.get(name)))]
        return max(found).isoformat() if found else ""

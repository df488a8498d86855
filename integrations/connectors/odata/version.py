"""What differs between version 2 and version 4 of OData on the wire. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from integrations.connectors.described import places
from integrations.connectors.described.system import Place


@dataclass(frozen=True)
class Version:
    """`rows`: where a list stands in an answer, `next` where the link to its next page does, `entity`
    where one entity does, `etag` where an entity says its own version."""

    rows: Place
    next: Place
    entity: Place
    etag: Place
    accept: str
    parameters: tuple[tuple[str, str], ...]  # of every GET

    def found(self, answer: Any) -> dict[str, Any]:
        """The entity in an answer; empty where there is none."""
        entity = places.find(answer, self.entity) if self.entity else answer
        return entity if isinstance(entity, dict) else {}

    def etag_of(self, entity: dict[str, Any]) -> str:
        """What If-Match wants; empty for an entity that keeps no versions."""
        return places.word(places.find(entity, self.etag))


V2: Final = Version(
    rows=("d", "results"),
    next=("d", "__next"),
    entity=("d",),
    etag=("__metadata", "etag"),
    accept="application/json",
    parameters=(("$format", "json"),),
)
V4: Final = Version(
    rows=("value",),
    next=("@odata.nextLink",),
    entity=(),
    etag=("@odata.etag",),
    # With this word decimals come as text, where a system knows it; both are read.
    accept="application/json;IEEE754Compatible=true",
    parameters=(),
)


def day_literal(at: datetime) -> str:
    """The day of a time in a filter of version 2."""
    return f"datetime'{at:%Y-%m-%d}T00:00:00'"


def moment_literal(at: datetime) -> str:
    """A time in a filter of version 4."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

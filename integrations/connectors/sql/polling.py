"""Reading a stream page by page: where the last page ended, and what the next query is told."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from integrations.connectors.inbound import Received
from integrations.connectors.sql.rows import earlier, mark_of
from integrations.connectors.sql.specification import Query
from portal.core.errors import Permanent

FIRST_KEY = "0"
Rows = list[dict[str, Any]]


class Position(NamedTuple):
    """The last row read. `within` a pass the next page goes on right behind it."""

    at: str
    key: str
    within: bool

    @classmethod
    def of(cls, cursor: Mapping[str, Any], query: Query) -> "Position":
        """From a stored cursor; an empty one is the beginning of everything."""
        if not cursor:
            return cls(query.start, FIRST_KEY, True)
        return cls(str(cursor["at"]), str(cursor["key"]), bool(cursor["within"]))

    def values(self, *, overlap: int, limit: int) -> dict[str, Any]:
        """What the query's parameters are. A new pass looks back for rows committed late."""
        if self.within or not overlap:
            return {"since_at": self.at, "since_id": self.key, "limit": limit}
        return {"since_at": earlier(self.at, overlap), "since_id": FIRST_KEY, "limit": limit}

    def move(self, rows: Rows, query: Query, *, limit: int) -> "Position":
        """The position behind `rows`. Raises Permanent if a full page leads nowhere new."""
        full = len(rows) >= limit
        if not rows:
            return self._replace(within=False)
        last = rows[-1]
        moved = Position(
            mark_of(_column(last, query.changed_at)), str(_column(last, query.key)), full
        )
        if full and moved[:2] == self[:2]:
            text = f"The query by {query.key} gives the same {limit} rows for ever."
            raise Permanent(text, code="settings_invalid")
        return moved


def gather(rows: Rows, below: Rows, query: Query) -> Rows:
    """Each row with those of `below` that carry its key, as `lines`."""
    if not query.lines:
        return rows
    by_key: dict[Any, Rows] = {}
    for line in below:
        by_key.setdefault(_column(line, query.key), []).append(line)
    return [{**row, "lines": by_key.get(_column(row, query.key), [])} for row in rows]


def received(object_type: str, stream: str, body: bytes) -> Received:
    """The same row with the same content has the same key, so that overlap makes no second one."""
    digest = hashlib.sha256(body).hexdigest()
    return Received(object_type, f"{stream}.row", body, f"row:{stream[:30]}:{digest}")


def keys_of(rows: Sequence[Mapping[str, Any]], query: Query) -> list[Any]:
    return [_column(row, query.key) for row in rows]


def _column(row: Mapping[str, Any], name: str) -> Any:
    short = name.rpartition(".")[2]
    try:
        return row[short]
    except KeyError:
        known = json.dumps(sorted(row))[:120]
        raise Permanent(
            f"The query gives no column {short}, only {known}.", code="settings_invalid"
        ) from None

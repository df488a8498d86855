"""One page of what changed in Tryton."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.connectors.described import rows
from integrations.connectors.inbound import Page, Received
from integrations.connectors.tryton import polling, wire
from integrations.connectors.tryton.api import Api
from integrations.connectors.tryton.polling import PER_PAGE, Position
from integrations.connectors.tryton.streams import Stream
from portal.core.errors import Permanent, Retryable
from portal.core.response import Response


def page(
    api: Api, stream: Stream, cursor: Mapping[str, Any], *, overlap: int, since: str, now: datetime
) -> Page:
    """The page of `stream` at `cursor`, and where the next one is."""
    here = Position.of(cursor).begin(overlap=overlap, first=_first(stream, since, now))
    domain = [*stream.domain, *here.changed(stream.paths)]
    answer = api.search(stream.model, stream.asked, domain, limit=PER_PAGE, after=here.after)
    found = _rows(answer)
    records = [wire.plain(row.entry) for row in found]
    changes = [polling.change_of(record, stream.paths) for record in records]
    told = polling.told_of(answer.header("Date"), now)
    behind, more = here.move([record["id"] for record in records], changes, told=told)
    documents = [_received(stream, row, change) for row, change in zip(found, changes, strict=True)]
    return Page(documents, behind.cursor(), more)


def _first(stream: Stream, since: str, now: datetime) -> datetime | None:
    if not stream.recent:
        return None
    try:
        return polling.first_moment(since, now)
    except ValueError:
        text = f"“First poll starts at” is “{since[:40]}”, not a time"
        raise Permanent(text, code="bad_setting") from None


def _rows(answer: Response) -> list[rows.Row]:
    try:
        found = rows.read(answer.body, ()).rows
        if all(isinstance(row.entry, dict) and int(row.entry["id"]) for row in found):
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise Retryable(f"{answer!r} is no list of Tryton's API")


def _received(stream: Stream, row: rows.Row, change: str) -> Received:
    raw = row.raw.encode("utf-8", "surrogateescape")
    sha = hashlib.sha256(raw).hexdigest()[:32]
    key = f"{stream.object_type}:{row.entry['id']}:{change}:{sha}"
    return Received(stream.object_type, f"{stream.object_type}.polled", raw, key[:120])

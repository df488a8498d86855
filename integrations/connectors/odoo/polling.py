"""One page of a list with what stands elsewhere of its rows, and where the next one is.

Pages go on behind the last id: a row that changes or comes meanwhile shifts none. What changed is told by
`write_date`, which Odoo shows to the second and in UTC, without saying so.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.described.polling import Position
from integrations.connectors.described.rows import Row
from integrations.connectors.inbound import Page, Received
from integrations.connectors.odata import first_poll, values
from integrations.connectors.odata.sweep import MOST_PAGES, Sweep
from integrations.connectors.odoo.api import Api
from integrations.connectors.odoo.lists import LISTINGS, Listing, Rows
from integrations.connectors.web_checks import date_of
from portal.core.errors import Permanent

_LONGEST_KEY: Final = 120
_STAMP: Final = "%Y-%m-%d %H:%M:%S"
_ARCHIVED_TOO: Final = {"active_test": False}


class Reader:
    """Reads the lists of one database. Safe from any thread."""

    def __init__(self, api: Api, connection: Connection) -> None:
        self._api = api
        self._start = first_poll.start(connection)

    def page(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """The page at `cursor`, and where the next one is. KeyError for a stream that is none."""
        listing = {one.name: one for one in LISTINGS}[stream]
        try:
            return (
                self._changes(listing, cursor, now)
                if listing.changed
                else self._all(listing, cursor, now)
            )
        except ValueError as error:
            raise Permanent(f"{listing.name}: {error}", code="endless_list") from None

    def _changes(self, listing: Listing, cursor: Mapping[str, Any], now: datetime) -> Page:
        stream = listing.stream(self._start)
        here = Position.of(cursor).begin(stream, now)
        found, following, told = self._found(listing, here.asked, here.at)
        documents = self._documents(listing, found)
        changed = [changed_at(one) for one in documents]
        rows = [
            Row(_raw(one).decode(), {"changed": at})
            for one, at in zip(documents, changed, strict=True)
        ]
        behind, more = here.move(stream, rows, at=following, told=told, most_pages=MOST_PAGES)
        sent = [_received(listing, one, at) for one, at in zip(documents, changed, strict=True)]
        return Page(sent, behind.cursor(), more)

    def _all(self, listing: Listing, cursor: Mapping[str, Any], now: datetime) -> Page:
        here = Sweep.of(cursor)
        found, following, told = self._found(listing, "", here.at)
        documents = self._documents(listing, found)
        at = following if following is None else str(following)
        behind, is_news = here.move([_raw(one).decode() for one in documents], at=at)
        read_at = (told or now).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        sent = [
            _received(listing, one, str(here.number), read_at=read_at)
            for one in (documents if is_news else [])
        ]
        return Page(sent, behind.cursor(), following is not None)

    def _found(
        self, listing: Listing, since: str, at: Any
    ) -> tuple[Rows, str | None, datetime | None]:
        """The rows of a page, the id behind which the next one begins, and their server's time."""
        there = self._api.fields(listing.model)
        domain = [*since_then(listing, since), *listing.domain, *_kind(listing, there)]
        if at is not None:
            domain.append(["id", ">", int(at)])
        told = self._api.call(
            listing.model, "search_read", context=_ARCHIVED_TOO, domain=domain,
            fields=[name for name in listing.fields if name in there],
            order="id", limit=listing.size,
        )  # fmt: skip
        rows = told.value
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and type(row.get("id")) is int for row in rows
        ):
            raise Permanent(f"Odoo's search of {listing.model} gave no records", code="bad_request")
        following = str(rows[-1]["id"]) if len(rows) >= listing.size else None
        return rows, following, date_of(told.answer)

    def _documents(self, listing: Listing, rows: Rows) -> list[dict[str, Any]]:
        return listing.join(self._read, rows) if rows else []

    def _read(self, model: str, domain: list[Any], fields: Sequence[str]) -> Rows:
        return self._api.search(model, domain, fields, context=_ARCHIVED_TOO)


def since_then(listing: Listing, since: str) -> list[Any]:
    """The domain of what changed since a moment, as a position keeps it. Pure."""
    if not since:
        return []
    at = datetime.fromisoformat(since).strftime(_STAMP)
    asked = [[name, ">=", at] for name in listing.changed]
    return ["|"] * (len(asked) - 1) + asked


def changed_at(document: Mapping[str, Any]) -> str:
    """When a document changed, in ISO 8601; empty where it does not say. ValueError for what is no time."""
    said = [document["record"].get("write_date")]
    said += [row.get("write_date") for row in document.get("templates", [])]
    found = [datetime.fromisoformat(str(one)).replace(tzinfo=UTC) for one in said if one]
    return max(found).isoformat() if found else ""


def _kind(listing: Listing, there: Mapping[str, Any]) -> list[Any]:
    """Products that are counted: said in another way since Odoo 18."""
    if listing.name != "stock":
        return []
    return [["is_storable", "=", True]] if "is_storable" in there else [["type", "=", "product"]]


def _raw(document: Mapping[str, Any]) -> bytes:
    return values.encode(dict(document))


def _received(
    listing: Listing, document: dict[str, Any], said: str, *, read_at: str = ""
) -> Received:
    """A document. The same record in the same words has the same dedup key. With `read_at` it is told when it
    was read, as what stands there has no time of its own."""
    raw = _raw(document)
    sha = hashlib.sha256(raw).hexdigest()[:32]
    key = f"{listing.name}:{document['record']['id']}:{said}"[: _LONGEST_KEY - 33]
    if read_at:
        raw = _raw({"read_at": read_at, **document})
    return Received(listing.object_type, f"{listing.name}.polled", raw, f"{key}:{sha}")

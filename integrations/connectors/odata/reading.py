"""One page of a list: asked for, judged, taken apart, and where the next one is."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from integrations.connectors.described import paging, places, rows
from integrations.connectors.described.polling import Position
from integrations.connectors.described.rows import Row
from integrations.connectors.inbound import Page, Received
from integrations.connectors.odata import answers
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.sweep import MOST_PAGES, Sweep
from portal.core.errors import Permanent, Retryable
from portal.core.response import Response

_LONGEST_KEY: Final = 120


class Reader:
    """Reads the lists of one system. Safe from any thread."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def page(self, listing: Listing, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """The page of `listing` at `cursor`, and where the next one is."""
        try:
            if listing.changed:
                return self._changes(listing, cursor, now)
            return self._all(listing, cursor, now)
        except rows.NoJsonError as error:
            raise Retryable(f"{listing.name}: {error}") from None
        except ValueError as error:
            raise Permanent(f"{listing.name}: {error}", code="endless_list") from None

    def _changes(self, listing: Listing, cursor: Mapping[str, Any], now: datetime) -> Page:
        here = Position.of(cursor).begin(listing.stream, now)
        at = None if here.at is None else str(here.at)
        response = self._ask(listing, since=here.asked, at=at)
        try:
            answers.judge(response, writing=False)
        except Permanent:
            # A link may be too old by now: then the pass begins anew.
            if listing.by_key or (anew := here.left()) is None:
                raise
            return Page([], anew.cursor(), False)
        found, following = self._taken(listing, response)
        changed = [listing.changed_at(row.entry) for row in found]
        dated = [Row(row.raw, {"changed": at}) for row, at in zip(found, changed, strict=True)]
        behind, more = here.move(
            listing.stream, dated, at=following, told=_told(response), most_pages=MOST_PAGES
        )
        documents = [
            received(listing, row, f"{_name(listing, row)}:{at}")
            for row, at in zip(found, changed, strict=True)
        ]
        return Page(documents, behind.cursor(), more)

    def _all(self, listing: Listing, cursor: Mapping[str, Any], now: datetime) -> Page:
        here = Sweep.of(cursor)
        response = self._ask(listing, since="", at=here.at)
        try:
            answers.judge(response, writing=False)
        except Permanent:
            if listing.by_key or here.at is None:
                raise
            return Page([], here.anew().cursor(), False)
        found, following = self._taken(listing, response)
        behind, is_news = here.move([row.raw for row in found], at=following)
        told = (_told(response) or now).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        documents = [
            received(listing, row, f"{_name(listing, row)}:{here.number}", read_at=told)
            for row in (found if is_news else [])
        ]
        return Page(documents, behind.cursor(), following is not None)

    def _ask(self, listing: Listing, *, since: str, at: str | None) -> Response:
        if at is not None and not listing.by_key:
            return self._api.poll(at, {})
        return self._api.poll(listing.path, listing.asked(since=since, after=at))

    def _taken(self, listing: Listing, response: Response) -> tuple[list[Row], str | None]:
        """The rows of an answer, and where the next page is."""
        answer = rows.read(response.body, self._api.version.rows)
        if any(not isinstance(row.entry, dict) for row in answer.rows):
            raise ValueError("A row is no object.")
        link = places.word(places.find(answer.data, self._api.version.next))
        if not listing.by_key:
            within = paging.within(self._api.base, response.url, link) if link else None
            return answer.rows, within
        # Behind the last key rather than behind a number: a row that comes or goes shifts no page.
        goes_on = bool(link) or len(answer.rows) >= listing.size
        last = _name(listing, answer.rows[-1]) if answer.rows else ""
        return answer.rows, last if goes_on and last else None


def _name(listing: Listing, row: Row) -> str:
    return places.word(row.entry.get(listing.key))


def received(listing: Listing, row: Row, said: str, *, read_at: str = "") -> Received:
    """A row as a document. The same row in the same words has the same dedup key. With `read_at` it is told
    when it was read, as a row of a list that does not tell changes has no time of its own."""
    raw = row.raw.encode("utf-8", "surrogateescape")
    sha = hashlib.sha256(raw).hexdigest()[:32]
    dedup_key = f"{f'{listing.name}:{said}'[: _LONGEST_KEY - 33]}:{sha}"
    if read_at:
        raw = b'{"read_at":"' + read_at.encode() + b'","row":' + raw + b"}"
    return Received(listing.object_type, f"{listing.name}.polled", raw, dedup_key)


def _told(response: Response) -> datetime | None:
    """When the answer was made, by the system's own clock."""
    try:
        at = parsedate_to_datetime(response.header("Date") or "")
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)

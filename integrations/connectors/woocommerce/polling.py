"""Reading a store's lists page by page, by change time, without skipping a row.

WooCommerce pages by number: a row that changes while pages are read moves to the end, and the row
at the next page's edge slips back to a page that was read already. So pages are asked for by the
change time of the last row instead, and the number is used only inside one second that holds more
than a page. With no edge to slip over, no upper bound behind the clock is needed; what the store
commits late is met again by the overlap.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from integrations.connectors.inbound import Received
from portal.core.errors import Permanent, Retryable
from portal.core.response import Response

PER_PAGE: Final = 100
# A store that keeps giving full pages of one second is broken, not busy.
MOST_PAGES_PER_SECOND: Final = 500
_DECODE: Final = json.JSONDecoder(parse_float=str).raw_decode
_STAMP: Final = "%Y-%m-%dT%H:%M:%S"


class Row(NamedTuple):
    """One entry of a list: its bytes as the store sent them, and the entry itself."""

    raw: str
    entry: dict[str, Any]

    @property
    def modified(self) -> str:
        return str(self.entry.get("date_modified_gmt") or "")


class ByChange(NamedTuple):
    """Where a poll by change time stands.

    `modified` and `id` are the newest row read; `after` and `page` say where the running pass goes
    on, `after` None: the next fetch begins a new pass.
    """

    modified: str | None = None
    id: int = 0
    after: str | None = None
    page: int = 1

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "ByChange":
        return cls(**{name: cursor[name] for name in cls._fields if name in cursor})

    def begin(self, *, overlap: int, first: datetime) -> "ByChange":
        """The position to ask from: inside a pass as it is, else a new pass with its overlap."""
        if self.after is not None:
            return self
        start = _moment(self.modified) - timedelta(seconds=overlap) if self.modified else first
        return self._replace(after=start.strftime(_STAMP), page=1)

    def params(self) -> dict[str, str]:
        """The query of the next page: rows changed after `after` (exclusive), oldest first."""
        return {
            "modified_after": self.after or "",
            "dates_are_gmt": "true",
            "orderby": "modified",
            "order": "asc",
            "per_page": str(PER_PAGE),
            "page": str(self.page),
        }

    def move(self, rows: list[Row]) -> tuple["ByChange", bool]:
        """The position behind `rows`, and whether more may follow in this pass.

        Raises Permanent for a store that never comes to an end.
        """
        here = self._newest(rows)
        if len(rows) < PER_PAGE:
            return here._replace(after=None, page=1), False
        after = _just_before(rows[-1].modified)
        if after > (self.after or ""):
            return here._replace(after=after, page=1), True
        if self.page >= MOST_PAGES_PER_SECOND:
            raise Permanent("The store's list never comes to an end", code="endless_list")
        return here._replace(page=self.page + 1), True

    def _newest(self, rows: list[Row]) -> "ByChange":
        if not rows or (rows[-1].modified, rows[-1].entry["id"]) <= (self.modified or "", self.id):
            return self
        return self._replace(modified=rows[-1].modified, id=rows[-1].entry["id"])


class BySweep(NamedTuple):
    """Where a full reading stands, for lists that do not tell what changed: pages by id."""

    page: int = 1

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "BySweep":
        return cls(cursor.get("page", 1))

    def params(self) -> dict[str, str]:
        return {
            "orderby": "id",
            "order": "asc",
            "per_page": str(PER_PAGE),
            "page": str(self.page),
        }

    def move(self, rows: list[Row]) -> tuple["BySweep", bool]:
        """The position behind `rows`, and whether more follow; after the last page, the first."""
        more = len(rows) == PER_PAGE
        return BySweep(self.page + 1 if more else 1), more


def rows_of(answer: Response) -> list[Row]:
    """The entries of a list. Raises Retryable when it is none: mostly a page for people."""
    # Bytes that are no UTF-8 pass as they are, for the mapper to tell a person where they stand.
    text = answer.body.decode("utf-8", "surrogateescape")
    try:
        return list(_scan(text))
    except (ValueError, KeyError, TypeError, RecursionError):
        text = f"{answer!r} is not a list of this store's API"
        raise Retryable(text, code="unavailable") from None


def _scan(text: str) -> Any:
    at = text.index("[") + 1
    if text[: at - 1].strip("\ufeff \r\n\t"):
        raise ValueError("no list")
    while (at := _skip(text, at)) < len(text) and text[at] != "]":
        entry, end = _DECODE(text, at)
        int(entry["id"])
        if entry.get("date_modified_gmt"):
            _moment(entry["date_modified_gmt"])
        yield Row(text[at:end], entry)
        at = end
    if at >= len(text):
        raise ValueError("cut short")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in ", \r\n\t":
        at += 1
    return at


def received(object_type: str, topic: str, row: Row, *, body: str | None = None) -> Received:
    """A row as a document. The same row in the same words has the same dedup key."""
    raw = (row.raw if body is None else body).encode("utf-8", "surrogateescape")
    sha = hashlib.sha256(raw).hexdigest()[:32]
    return Received(object_type, topic, raw, f"poll:{row.entry['id']}:{row.modified}:{sha}"[-120:])


def first_moment(entered: str, now: datetime) -> datetime:
    """Where the first poll of orders starts: as entered, else a day ago.

    Raises Permanent for what is not a time.
    """
    if not entered:
        return now - timedelta(days=1)
    try:
        return _moment(entered)
    except ValueError:
        text = f"“First poll starts at” is “{entered[:40]}”, not a time"
        raise Permanent(text, code="bad_setting") from None


def _just_before(modified: str) -> str:
    """A second earlier: rows of the same second may stand on the next page. Empty for no time."""
    return (_moment(modified) - timedelta(seconds=1)).strftime(_STAMP) if modified else ""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

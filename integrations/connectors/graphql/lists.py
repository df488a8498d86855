"""Lists of a GraphQL server (Relay connections): a page, all pages, and a page of a poll."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.passes import MOST_PAGES, EndlessListError, Position, moment
from integrations.connectors.inbound import Received
from portal.core.errors import NeedsPerson, Permanent
from portal.core.response import Response

Node = dict[str, Any]
_LONGEST_KEY: Final = 120
_NUMBER: Final = re.compile(r'"\\u0000(-?[0-9][0-9.eE+-]*)\\u0000"')


def by_cursor(per_page: int, after: str | None) -> Mapping[str, Any]:
    """The variables of a page that begins behind a row."""
    return {"first": per_page, "after": after}


def by_count(per_page: int, after: str | None) -> Mapping[str, Any]:
    """The variables of a page that begins behind so many rows: its cursor is their number."""
    return {"take": per_page, "skip": int(after or 0)}


@dataclass(frozen=True)
class Listing:
    """A document that asks for one list, and how. Its variables are those of `paged`, which is `by_cursor`
    for a connection and `by_count` for a list of `items` with their `totalItems`, and those that `since`
    makes of a moment. `root` leads to the list in `data`; `changed` names a row's change time."""

    document: str
    root: tuple[str, ...]
    since: Callable[[datetime | None], Mapping[str, Any]] = lambda _: {}
    changed: str = "updatedAt"
    per_page: int = 50
    steady: bool = True
    paged: Callable[[int, str | None], Mapping[str, Any]] = by_cursor


class Nodes(NamedTuple):
    """One page: its rows, and the cursor of the next; None behind the last."""

    nodes: list[Node]
    after: str | None
    answer: Response


def page(
    conversation: Conversation, listing: Listing, variables: Mapping[str, Any], after: str | None
) -> Nodes:
    """One page of a list."""
    asked = {**listing.paged(listing.per_page, after), **variables}
    said = conversation.ask(listing.document, asked)
    found: Any = said.data
    for step in listing.root:
        found = found.get(step) if isinstance(found, dict) else None
    if listing.paged is by_count:
        return Nodes(*_counted(found, int(after or 0)), said.answer)
    return Nodes(*read(found), said.answer)


def _counted(found: Any, skipped: int) -> tuple[list[Node], str | None]:
    """The rows of a list that counts, and the cursor of the next page."""
    if not isinstance(found, dict):
        return [], None
    nodes = [node for node in found.get("items") or [] if isinstance(node, dict)]
    behind = skipped + len(nodes)
    return nodes, str(behind) if nodes and behind < int(found.get("totalItems") or 0) else None


def read(found: Any) -> tuple[list[Node], str | None]:
    """The rows of a connection, given as `nodes` or as `edges`, and the cursor of the next page."""
    if not isinstance(found, dict):
        return [], None
    nodes = found.get("nodes")
    if nodes is None:
        nodes = [edge.get("node") for edge in found.get("edges") or [] if isinstance(edge, dict)]
    info = found.get("pageInfo") or {}
    after = info.get("endCursor") if info.get("hasNextPage") else None
    return [node for node in nodes if isinstance(node, dict)], after


def everything(
    conversation: Conversation,
    listing: Listing,
    variables: Mapping[str, Any] | None = None,
    *,
    after: str | None = None,
) -> Iterator[Node]:
    """All rows, page after page, from `after` on. Permanent for a list without end."""
    for _ in range(MOST_PAGES):
        got = page(conversation, listing, variables or {}, after)
        yield from got.nodes
        if got.after is None:
            return
        if got.after == after:
            break
        after = got.after
    raise Permanent("The list never comes to an end", code="endless_list")


def poll(
    conversation: Conversation,
    listing: Listing,
    cursor: Mapping[str, Any],
    *,
    overlap: float,
    first: datetime | None,
    more: Mapping[str, Any] | None = None,
) -> tuple[list[Node], dict[str, Any], bool]:
    """The page of a poll by change time at `cursor`: its rows, the cursor behind it, and whether more follow.

    `more`: further variables of the document. Permanent for a list without end, and for a row whose change
    time cannot be read.
    """
    here = Position.of(cursor).begin(overlap=overlap, first=first)
    try:
        asked = {**(more or {}), **listing.since(here.since)}
        got = page(conversation, listing, asked, here.after)
    except (NeedsPerson, Permanent):
        if (anew := here.anew()) is None:
            raise
        return [], anew.cursor(), True
    try:
        changed = [_changed(node, listing) for node in got.nodes]
        behind, follows = here.move(
            changed, after=got.after, told=_told(got.answer), steady=listing.steady
        )
    except EndlessListError as error:
        raise Permanent(str(error), code="endless_list") from None
    return got.nodes, behind.cursor(), follows


def _changed(node: Node, listing: Listing) -> datetime | None:
    said = node.get(listing.changed)
    if not said:
        return None
    try:
        return moment(str(said))
    except ValueError:
        text = f"A row of {'.'.join(listing.root)} says “{str(said)[:40]}”, which is no time"
        raise Permanent(text, code="refused") from None


def _told(answer: Response) -> datetime | None:
    """When the answer was made, by the system's own clock."""
    try:
        at = parsedate_to_datetime(answer.header("Date") or "")
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)


def received(
    object_type: str, topic: str, node: Node, *, changed: str = "updatedAt", key: str = "id"
) -> Received:
    """A row as a document. The same row in the same words has the same dedup key; one that changed twice
    within its clock's tick has another."""
    body = exactly(node)
    sha = hashlib.sha256(body).hexdigest()[:32]
    named = f"{object_type}:{node.get(key)}:{node.get(changed) or ''}"[: _LONGEST_KEY - 33]
    return Received(object_type, topic, body, f"{named}:{sha}")


def exactly(node: Any) -> bytes:
    """JSON with fractions as the system wrote them: they were read as Decimal, which is not rounded."""
    text = json.dumps(node, ensure_ascii=True, separators=(",", ":"), default=_marked)
    text = _NUMBER.sub(r"\1", text)
    return text.encode()


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"\0{value}\0"
    raise TypeError(f"{type(value).__name__} is no JSON")

"""The stock a shop shows: set by the number it should be, if it is still what we saw."""

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import refusals
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, Node
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.shopify import catalogue, documents
from integrations.connectors.shopify.api import refused
from integrations.connectors.shopify.ids import number_of
from integrations.connectors.shopify.settings import location_of
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable

PER_BATCH: Final = 100
_LISTING: Final = Listing(documents.STOCK_OF, ("productVariants",), per_page=100)
_STALE: Final = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
_BUSY: Final = "IDEMPOTENCY_CONCURRENT_REQUEST"
_TRIES: Final = 3
_KEYS: Final = UUID("0b1f7f1e-6d7c-4c52-9a0f-5d3f6b8d9a11")


class _Change(NamedTuple):
    """One item whose available quantity is to be another."""

    item: Outbound
    variant: str
    entry: dict[str, Any]


class StockWriter:
    """Sets available quantities; an outcome for every message, never an error. Safe from any thread."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation, self._connection = conversation, connection
        self._lock = Lock()
        self._location: str | None = None

    def write(self, items: Sequence[Outbound]) -> list[Outcome]:
        """Look what the shop has, set what is not so, and look again where somebody was faster.

        One call is all or nothing: where one entry is refused the others go by themselves.
        """
        left, done = list(items), list[Outcome]()
        for _ in range(_TRIES):
            try:
                changes = self._changes(left, done)
                stale = self._set_all(changes, done)
            except CrossdockError as error:
                told = {outcome.message_id for outcome in done}
                left = [item for item in left if item.message_id not in told]
                return done + [Outcome(item.message_id, error=error) for item in left]
            if not stale:
                return done
            left = stale
        text = "The shop's stock changed each time before it could be set"
        return done + [Outcome(item.message_id, error=Retryable(text)) for item in left]

    def _changes(self, items: list[Outbound], done: list[Outcome]) -> list[_Change]:
        """What is to be set; what needs nothing, or cannot be set, has its outcome in `done`."""
        location = self._place()
        skus = [str(item.document.get("sku") or "") for item in items]
        found = catalogue.by_sku(self._conversation, _LISTING, skus, {"location": location})
        changes = []
        for item, sku in zip(items, skus, strict=True):
            try:
                wanted = _whole(item.document.get("quantity"))
                node = _only(found.get(sku, []), sku)
                has, variant = _available(node, sku), number_of(node.get("id"))
            except NeedsPerson as error:
                done.append(Outcome(item.message_id, error=error))
                continue
            if has == wanted:
                answer = {"found": True}
                done.append(Outcome(item.message_id, remote_id=variant, answer=answer))
                continue
            entry = {
                "inventoryItemId": node["inventoryItem"]["id"],
                "locationId": location,
                "quantity": wanted,
                "changeFromQuantity": has,
            }
            changes.append(_Change(item, variant, entry))
        return changes

    def _set_all(self, changes: list[_Change], done: list[Outcome]) -> list[Outbound]:
        """Those that somebody else changed meanwhile. The others have their outcome in `done`."""
        if not changes:
            return []
        outcomes, stale = self._set(changes)
        if outcomes is None and len(changes) > 1:
            return [item for change in changes for item in self._set_all([change], done)]
        done += outcomes or []
        return [change.item for change in changes] if stale else []

    def _set(self, changes: list[_Change]) -> tuple[list[Outcome] | None, bool]:
        """Outcomes of one call, and whether what it compares with is stale. None: one of several is
        refused."""
        entries = [change.entry for change in changes]
        given = {"name": "available", "reason": "correction", "quantities": entries}
        sent = encode(given)
        asked = {"input": given, "key": _key(changes)}
        said = self._conversation.ask(documents.SET_STOCK, asked)
        payload = said.data.get("inventorySetQuantities")
        codes = refusals.codes_of(payload)
        if _BUSY in codes:
            raise Retryable("Shopify is still busy with the same change", code="unavailable")
        problems = refused(payload)
        is_stale = bool(problems) and set(codes) <= _STALE
        if problems and len(changes) > 1:
            return None, False
        if is_stale:
            return [], True
        error = NeedsPerson(problems) if problems else None
        answer = describe(said.answer)
        return [
            Outcome(c.item.message_id, error, True, None if error else c.variant, sent, answer)
            for c in changes
        ], False

    def _place(self) -> str:
        """The location's id: the one that is entered, else the shop's primary one."""
        with self._lock:
            if self._location is None:
                asked = {"location": location_of(self._connection)}
                found = self._conversation.ask(documents.LOCATION, asked).data.get("location")
                if not isinstance(found, dict):
                    text = "The shop has no location of the number that is entered"
                    raise Permanent(text, code="bad_setting")
                self._location = str(found["id"])
            return self._location


def _key(changes: list[_Change]) -> str:
    """The same for the same change of the same messages, so that one that may have arrived has one effect."""
    parts = [[str(change.item.message_id), change.entry] for change in changes]
    return str(uuid5(_KEYS, json.dumps(parts, sort_keys=True)))


def _only(nodes: list[Node], sku: str) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    if nodes:
        text = (
            f"{len(nodes)} variants of the shop have this SKU: it is not known which one is meant."
        )
        raise NeedsPerson([Problem("unknown_sku", "sku", shorten(sku), text)])
    text = "The shop has no variant with this SKU."
    raise NeedsPerson([Problem("unknown_sku", "sku", shorten(sku), text)])


def _available(node: Node, sku: str) -> int:
    item = node.get("inventoryItem") or {}
    level = item.get("inventoryLevel")
    if not item.get("tracked"):
        text = "The shop does not track the quantity of this variant."
        raise NeedsPerson([Problem("rejected", "sku", shorten(sku), text)])
    if not isinstance(level, dict):
        text = "This variant is not stocked at the location of the shop."
        raise NeedsPerson([Problem("rejected", "sku", shorten(sku), text)])
    return int(next((one["quantity"] for one in level.get("quantities") or []), 0))


def _whole(quantity: Any) -> int:
    try:
        return int(Decimal(str(quantity)))
    except (InvalidOperation, ValueError, OverflowError):
        text = f"quantity is “{shorten(quantity)}”; a number is needed."
        problem = Problem("wrong_format", "quantity", shorten(quantity), text)
        raise NeedsPerson([problem]) from None

"""Changes of a shop's variants: what is in stock, and what they cost."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, Node, by_count
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.vendure import documents
from integrations.connectors.vendure.amounts import smallest
from integrations.connectors.vendure.settings import digits
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent

PER_BATCH: Final = 100
_LISTING: Final = Listing(documents.BY_SKU, ("productVariants",), per_page=200, paged=by_count)


def by_sku(conversation: Conversation, skus: Iterable[str]) -> dict[str, list[Node]]:
    """The variants with exactly these SKUs. A SKU may stand on several."""
    wanted = [sku for sku in dict.fromkeys(skus) if sku]
    found: dict[str, list[Node]] = {}
    for start in range(0, len(wanted), PER_BATCH):
        chunk = wanted[start : start + PER_BATCH]
        for node in lists.everything(conversation, _LISTING, {"skus": chunk}):
            found.setdefault(str(node.get("sku")), []).append(node)
    return found


class StockWriter:
    """Sets what lies at the location; an outcome for every message, never an error. Safe from any thread."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation = conversation
        self._entered = str(connection.settings.get("stock_location") or "").strip()
        self._lock = Lock()
        self._location: str | None = None

    def write(self, items: Sequence[Outbound]) -> list[Outcome]:
        """Look what the shop has, and set what is not so. One call is all or nothing: where several are
        refused they go one by one."""
        done: list[Outcome] = []
        try:
            changes = self._changes(items, done)
            return done + self._set(changes)
        except CrossdockError as error:
            told = {outcome.message_id for outcome in done}
            left = [item for item in items if item.message_id not in told]
            return done + [Outcome(item.message_id, error=error) for item in left]

    def _changes(
        self, items: Sequence[Outbound], done: list[Outcome]
    ) -> list[tuple[Outbound, dict[str, Any]]]:
        """What is to be set; what needs nothing, or cannot be set, has its outcome in `done`."""
        location = self._place()
        skus = [str(item.document.get("sku") or "") for item in items]
        found = by_sku(self._conversation, skus)
        changes = []
        for item, sku in zip(items, skus, strict=True):
            try:
                variant = _only(found.get(sku, []), sku)
                has, wanted = _on_hand(variant, location, _whole(item.document.get("quantity")))
            except NeedsPerson as error:
                done.append(Outcome(item.message_id, error=error))
                continue
            number = str(variant["id"])
            if has == wanted:
                done.append(Outcome(item.message_id, remote_id=number, answer={"found": True}))
                continue
            level = {"stockLocationId": location, "stockOnHand": wanted}
            changes.append((item, {"id": number, "stockLevels": [level]}))
        return changes

    def _set(self, changes: list[tuple[Outbound, dict[str, Any]]]) -> list[Outcome]:
        if not changes:
            return []
        asked = {"input": [entry for _, entry in changes]}
        try:
            said = self._conversation.ask(documents.SET_VARIANTS, asked)
        except (NeedsPerson, Permanent) as error:
            if len(changes) > 1:
                return [outcome for change in changes for outcome in self._set([change])]
            return [Outcome(changes[0][0].message_id, error=error, sent=encode(asked))]
        sent, answer = encode(asked), describe(said.answer)
        return [
            Outcome(item.message_id, remote_id=entry["id"], sent=sent, answer=answer)
            for item, entry in changes
        ]

    def _place(self) -> str:
        """The location's id: the one that is entered, else the only one."""
        with self._lock:
            if self._location is None:
                self._location = location_of(self._conversation, self._entered)
            return self._location


def location_of(conversation: Conversation, entered: str) -> str:
    """The id of the location whose name or number is entered, else of the only one. Permanent for none."""
    said = conversation.ask(documents.LOCATIONS).data.get("stockLocations")
    known = [one for one in (said or {}).get("items") or [] if isinstance(one, dict)]
    fitting = [one for one in known if not entered or entered in (str(one["id"]), one.get("name"))]
    if len(fitting) == 1:
        return str(fitting[0]["id"])
    names = ", ".join(str(one.get("name")) for one in known[:5]) or "none"
    text = f"“Stock location” must name one of the shop's locations, which are: {names}"
    raise Permanent(text, code="bad_setting")


class PriceWriter:
    """Sets prices; an outcome, never an error. Safe from any thread."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation, self._digits = conversation, digits(connection)

    def write(self, item: Outbound) -> Outcome:
        """All prices of one price list; what is refused or unknown is told at the end."""
        sent = encode(item.document)
        prices = [one for one in item.document.get("prices") or [] if isinstance(one, dict)]
        skus = [str(one.get("sku") or "") for one in prices]
        problems: list[Problem] = []
        entries: list[dict[str, Any]] = []
        try:
            currency = self._currency(item.document.get("currency"))
            found = by_sku(self._conversation, skus)
            for n, (price, sku) in enumerate(zip(prices, skus, strict=True)):
                units = smallest(price.get("price"), f"prices[{n}].price", self._digits)
                nodes = found.get(sku, [])
                if isinstance(units, Problem):
                    problems.append(units)
                elif not nodes:
                    problems.append(_no_variant(f"prices[{n}].sku", sku))
                else:
                    said = {"currencyCode": currency, "price": units}
                    entries += [{"id": node["id"], "prices": [said]} for node in nodes]
            for start in range(0, len(entries), PER_BATCH):
                asked = {"input": entries[start : start + PER_BATCH]}
                self._conversation.ask(documents.SET_VARIANTS, asked)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=sent)
        failure = NeedsPerson(problems) if problems else None
        return Outcome(item.message_id, error=failure, sent=sent)

    def _currency(self, listed: Any) -> str:
        channel: Any = self._conversation.ask(documents.CURRENCIES).data.get("activeChannel") or {}
        known = [str(code) for code in channel.get("availableCurrencyCodes") or []]
        if listed in known:
            return str(listed)
        text = f"The prices of the channel are in {', '.join(known)}."
        raise NeedsPerson([Problem("rejected", "currency", shorten(listed), text)])


def _only(nodes: list[Node], sku: str) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    if nodes:
        text = (
            f"{len(nodes)} variants of the shop have this SKU: it is not known which one is meant."
        )
        raise NeedsPerson([Problem("unknown_sku", "sku", shorten(sku), text)])
    raise NeedsPerson([_no_variant("sku", sku)])


def _no_variant(path: str, sku: str) -> Problem:
    return Problem("unknown_sku", path, shorten(sku), "The shop has no variant with this SKU.")


def _on_hand(variant: Node, location: str, free: int) -> tuple[int, int]:
    """What lies at the location by the shop's word, and what should, so that `free` are for sale: what
    orders wait for lies there, too."""
    if variant.get("trackInventory") == "FALSE":
        text = "The shop does not track the stock of this variant."
        raise NeedsPerson([Problem("rejected", "sku", shorten(variant.get("sku")), text)])
    for level in variant.get("stockLevels") or []:
        if str(level.get("stockLocationId")) == location:
            return int(level["stockOnHand"]), free + int(level.get("stockAllocated") or 0)
    return 0, free


def _whole(quantity: Any) -> int:
    try:
        return int(Decimal(str(quantity)))
    except (InvalidOperation, ValueError, OverflowError):
        text = f"quantity is “{shorten(quantity)}”; a number is needed."
        problem = Problem("wrong_format", "quantity", shorten(quantity), text)
        raise NeedsPerson([problem]) from None

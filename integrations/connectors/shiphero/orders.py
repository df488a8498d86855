"""Orders to ShipHero: made once, held, released and cancelled."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation, Said
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.shiphero import documents
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent

_CANCELLED: Final = frozenset({"canceled", "cancelled"})
_LONGEST_ID: Final = 120


class OrderWriter:
    """An outcome for every message, never an error. Safe from any thread, but for two messages of one
    order."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation = conversation
        settings = connection.settings
        customer = settings["customer_account_id"]
        self._customer = {"customer_account_id": customer} if customer else {}
        self._warehouse = settings["warehouse_id"]

    def write(self, item: Outbound) -> Outcome:
        """Make the order, unless it is there; then hold, release or cancel it."""
        try:
            if item.object_type != "order":
                text = f"ShipHero takes no {item.object_type} from us"
                raise Permanent(text, code="not_supported")
            order = self._order(item)
            is_known = item.remote_id or item.retried or item.document.get("status") == "cancelled"
            found = self._find(order) if is_known else None
            if found is None and item.remote_id and item.document.get("status") == "cancelled":
                found = {"id": item.remote_id}
            return self._change(item, order, found) if found else self._make(item, order)
        except CrossdockError as error:
            return Outcome(item.message_id, error=_for_a_person(error), sent=encode(item.document))

    def _order(self, item: Outbound) -> dict[str, Any]:
        order: dict[str, Any] = dict(item.document.get("order") or {})
        lines = [dict(line) for line in order.get("line_items") or []]
        for n, line in enumerate(lines):
            line["quantity"] = _whole(line.get("quantity"), n)
            line["price"] = str(line.get("price") or "0.00")
            if self._warehouse:
                line["warehouse_id"] = self._warehouse
        return order | {"line_items": lines} | self._customer

    def _find(self, order: Mapping[str, Any]) -> dict[str, Any] | None:
        asked = {
            "partner": order.get("partner_order_id"),
            "customer": self._customer.get("customer_account_id"),
        }
        data: Any = self._conversation.ask(documents.FIND, asked).data
        nodes, _ = lists.read((data.get("orders") or {}).get("data"))
        return nodes[0] if nodes else None

    def _make(self, item: Outbound, order: dict[str, Any]) -> Outcome:
        status = item.document.get("status")
        if status == "cancelled":
            # It never arrived there, and there is nothing to take back.
            return Outcome(item.message_id, remote_id=item.remote_id, answer={"found": False})
        if status == "on_hold":
            order = order | {"holds": {"client_hold": True}}
        said = self._conversation.ask(documents.CREATE, {"data": order})
        return self._outcome(item, order, said, "order_create")

    def _change(self, item: Outbound, order: dict[str, Any], found: dict[str, Any]) -> Outcome:
        status, remote_id = item.document.get("status"), str(found["id"])[:_LONGEST_ID]
        is_cancelled = found.get("fulfillment_status") in _CANCELLED
        if status == "cancelled":
            if is_cancelled:
                return Outcome(item.message_id, remote_id=remote_id, answer={"found": True})
            asked = {"order_id": found["id"], "reason": "Cancelled by the sender", **self._customer}
            said = self._conversation.ask(documents.CANCEL, {"data": asked})
            return self._outcome(item, asked, said, "order_cancel")
        if _goods(found) != Counter(_pairs(order["line_items"])):
            text = "ShipHero has the order with other goods: change them there, or cancel it."
            raise NeedsPerson([Problem("rejected", "order.line_items", "", text)])
        if item.remote_id is None:
            return Outcome(item.message_id, remote_id=remote_id, answer={"found": True})
        asked = {"order_id": found["id"], "client_hold": status == "on_hold", **self._customer}
        said = self._conversation.ask(documents.HOLD, {"data": asked})
        return self._outcome(item, asked, said, "order_update_holds")

    def _outcome(self, item: Outbound, asked: Mapping[str, Any], said: Said, name: str) -> Outcome:
        order = (said.data.get(name) or {}).get("order") or {}
        remote_id = str(order.get("id") or item.remote_id or "")[:_LONGEST_ID] or None
        answer = describe(said.answer)
        return Outcome(item.message_id, remote_id=remote_id, sent=encode(asked), answer=answer)


def _goods(found: Mapping[str, Any]) -> Counter[tuple[str, int]]:
    nodes, _ = lists.read(found.get("line_items"))
    return Counter(_pairs(nodes))


def _pairs(lines: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(str(line.get("sku")), int(line.get("quantity") or 0)) for line in lines]


def _whole(quantity: Any, n: int) -> int:
    try:
        if quantity == int(quantity) and quantity > 0:
            return int(quantity)
    except (TypeError, ValueError, OverflowError):
        pass
    path, text = f"order.line_items[{n}].quantity", "ShipHero counts whole pieces."
    raise NeedsPerson([Problem("wrong_format", path, shorten(quantity), text)])


def _for_a_person(error: CrossdockError) -> CrossdockError:
    """ShipHero refuses data in `errors`, as it does everything: what it says is for a person to mend."""
    if isinstance(error, Permanent) and error.code == "refused":
        return NeedsPerson([Problem("rejected", "", "", str(error))])
    return error

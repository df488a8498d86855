"""Changes of a shop's orders: fulfilments with their tracking numbers, and cancellations."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.store_deliveries import order_id_of
from integrations.connectors.vendure import allotting, documents, states
from integrations.connectors.vendure.api import refused_by
from integrations.connectors.vendure.settings import PENDING, SHIPPED
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent

_HANDLER: Final = "manual-fulfillment"
_BEFORE_SHIPPED: Final = frozenset({"Created", PENDING})
_UNCHANGED: Final = {"found": True}


class OrderWriter:
    """Changes orders; an outcome for every message, never an error. Safe from any thread, but for two
    messages of one order."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation = conversation
        self._ships = connection.settings["fulfilment_state"] == SHIPPED

    def write(self, item: Outbound) -> Outcome:
        """Fulfil or cancel one order."""
        try:
            return self._fulfil(item) if item.object_type == "shipment" else self._cancel(item)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=encode(item.document))

    def _fulfil(self, item: Outbound) -> Outcome:
        """Look first, always: Vendure takes the same fulfilment twice while pieces are left."""
        document = item.document
        if document.get("shipped") == "cancelled":
            text = "A Vendure fulfilment is not cancelled from here: cancel it in the shop"
            raise Permanent(text, code="not_supported")
        order = self._order(item)
        found = allotting.standing(order, document)
        if found is not None:
            return self._shipped(Outcome(item.message_id, answer=_UNCHANGED), found)
        if order.get("state") == states.CANCELLED:
            text = "The order was cancelled in the shop before it shipped."
            raise NeedsPerson([Problem("rejected", "order_id", shorten(order.get("code")), text)])
        allotted = allotting.allot(document, order)
        problems = [one for one in allotted if isinstance(one, Problem)]
        if problems:
            raise NeedsPerson(problems)
        method, code = allotting.code_of(document)
        handler = {
            "code": _HANDLER,
            "arguments": [
                {"name": "method", "value": method},
                {"name": "trackingCode", "value": code},
            ],
        }
        asked = {"lines": allotted, "handler": handler}
        outcome, made = self._change(
            item, documents.FULFIL, {"input": asked}, "addFulfillmentToOrder", "Fulfillment"
        )
        return outcome if outcome.error else self._shipped(outcome, made)

    def _shipped(self, outcome: Outcome, fulfilment: Mapping[str, Any]) -> Outcome:
        """The outcome once the fulfilment is in the state it should be in. A try that broke off between
        the two calls is completed by the next one."""
        outcome = outcome._replace(remote_id=str(fulfilment["id"]))
        if not self._ships or fulfilment.get("state") not in _BEFORE_SHIPPED:
            return outcome
        asked = {"id": fulfilment["id"], "state": SHIPPED}
        name = "transitionFulfillmentToState"
        try:
            moved = self._conversation.ask(documents.MOVE_FULFILMENT, asked).data.get(name)
        except CrossdockError as error:
            return outcome._replace(error=error)
        problems = refused_by(moved, "Fulfillment")
        return outcome._replace(error=NeedsPerson(problems)) if problems else outcome

    def _cancel(self, item: Outbound) -> Outcome:
        if item.document.get("status") != "cancelled":
            # A shop has no other state that is set from outside.
            known = _order_id(item)
            return Outcome(item.message_id, remote_id=known, answer={"unchanged": True})
        order = self._order(item)
        number = str(order["id"])
        if order.get("state") == states.CANCELLED:
            return Outcome(item.message_id, remote_id=number, answer=_UNCHANGED)
        if order.get("state") in states.SHIPPED:
            # Vendure would cancel it, and book the goods that have left back into stock.
            text = "The order has shipped, in whole or in part: cancel it in the shop."
            raise NeedsPerson([Problem("rejected", "status", shorten(order["state"]), text)])
        asked = {"orderId": number, "reason": "Cancelled", "cancelShipping": True}
        outcome, _ = self._change(item, documents.CANCEL, {"input": asked}, "cancelOrder", "Order")
        return outcome if outcome.error else outcome._replace(remote_id=number)

    def _order(self, item: Outbound) -> dict[str, Any]:
        asked = {"id": _order_id(item)}
        order = self._conversation.ask(documents.STANDING, asked).data.get("order")
        if not isinstance(order, dict):
            raise NeedsPerson([_unknown(item)])
        return order

    def _change(
        self, item: Outbound, document: str, asked: Mapping[str, Any], name: str, wanted: str
    ) -> tuple[Outcome, dict[str, Any]]:
        said = self._conversation.ask(document, asked)
        made = said.data.get(name)
        problems = refused_by(made, wanted)
        error = NeedsPerson(problems) if problems else None
        answer = describe(said.answer)
        return Outcome(item.message_id, error, sent=encode(asked), answer=answer), made or {}


def _order_id(item: Outbound) -> str:
    found = str(order_id_of(item) or "").strip()
    if not found:
        raise NeedsPerson([_unknown(item)])
    return found


def _unknown(item: Outbound) -> Problem:
    number = item.document.get("order_number") or item.business_key
    text = f"The shop has no order that is known here as {shorten(number)}."
    return Problem("unknown_order", "order_id", shorten(number), text)

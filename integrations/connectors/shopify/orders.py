"""Changes of a shop's orders: fulfilments with their tracking numbers, and cancellations."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.shopify import allotting, documents
from integrations.connectors.shopify.allotting import Part
from integrations.connectors.shopify.api import refused
from integrations.connectors.shopify.ids import gid, number_of
from integrations.connectors.shopify.settings import location_of
from integrations.connectors.store_deliveries import order_id_of
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent

_ORDERS: Final = Listing(documents.FULFILMENT_ORDERS, ("order", "fulfillmentOrders"), per_page=6)
_LINES: Final = Listing(documents.FULFILMENT_LINES, ("fulfillmentOrder", "lineItems"), per_page=200)
_UNCHANGED: Final = {"found": True}


class OrderWriter:
    """Changes orders; an outcome for every message, never an error. Safe from any thread, but for two
    messages of one order."""

    def __init__(self, conversation: Conversation, connection: Connection) -> None:
        self._conversation, self._connection = conversation, connection

    def write(self, item: Outbound) -> Outcome:
        """Fulfil or cancel one order."""
        try:
            return self._fulfil(item) if item.object_type == "shipment" else self._cancel(item)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=encode(item.document))

    def _fulfil(self, item: Outbound) -> Outcome:
        """Look first, always: Shopify takes the same fulfilment twice while pieces are left."""
        document = item.document
        if document.get("shipped") == "cancelled":
            text = "A Shopify fulfilment is not cancelled from here: cancel it in the shop"
            raise Permanent(text, code="not_supported")
        order_id = _order_id(item)
        order = self._conversation.ask(documents.FULFILMENT, {"id": order_id}).data.get("order")
        if not isinstance(order, dict):
            raise NeedsPerson([_unknown(item)])
        tracking = [str(number) for number in document.get("tracking") or [] if number]
        if found := allotting.standing(order, tracking):
            return Outcome(item.message_id, remote_id=number_of(found), answer=_UNCHANGED)
        if order.get("cancelledAt"):
            text = "The order was cancelled in the shop before it shipped."
            raise NeedsPerson([Problem("rejected", "order_id", shorten(order.get("name")), text)])
        first = location_of(self._connection)
        allotted = allotting.allot(document, self._orders_of(order), first=first)
        if allotted and isinstance(allotted[0], Problem):
            if item.retried and not tracking and _was_last(order):
                return Outcome(item.message_id, remote_id=_was_last(order), answer=_UNCHANGED)
            raise NeedsPerson(allotted)  # type: ignore[arg-type]
        return self._create(item, allotted, tracking)  # type: ignore[arg-type]

    def _orders_of(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """All fulfilment orders with all their lines."""
        rows, after = lists.read(order.get("fulfillmentOrders"))
        if after is not None:
            asked = {"id": order["id"]}
            rows = [*rows, *lists.everything(self._conversation, _ORDERS, asked, after=after)]
        for row in rows:
            lines, behind = lists.read(row.get("lineItems"))
            if behind is not None:
                rest = lists.everything(self._conversation, _LINES, {"id": row["id"]}, after=behind)
                lines = [*lines, *rest]
            row["lineItems"] = {"nodes": lines}
        return rows

    def _create(self, item: Outbound, parts: list[Part], tracking: list[str]) -> Outcome:
        by_order: dict[str, list[dict[str, Any]]] = {}
        for part in parts:
            by_order.setdefault(part.order, []).append({"id": part.line, "quantity": part.quantity})
        fulfilment: dict[str, Any] = {
            "lineItemsByFulfillmentOrder": [
                {"fulfillmentOrderId": order, "fulfillmentOrderLineItems": lines}
                for order, lines in by_order.items()
            ],
            "notifyCustomer": bool(self._connection.settings["notify_customer"]),
        }
        if tracking:
            company = item.document.get("company")
            named = {"company": company} if company else {}
            fulfilment["trackingInfo"] = {"numbers": tracking, **named}
        said = self._conversation.ask(documents.FULFIL, {"fulfillment": fulfilment})
        return self._outcome(item, fulfilment, said, "fulfillmentCreate", "userErrors")

    def _cancel(self, item: Outbound) -> Outcome:
        order_id = _order_id(item)
        number = number_of(order_id)
        if item.document.get("status") != "cancelled":
            # A shop has no other state that is set from outside.
            return Outcome(item.message_id, remote_id=number, answer={"unchanged": True})
        order = self._conversation.ask(documents.STATE, {"id": order_id}).data.get("order")
        if not isinstance(order, dict):
            raise NeedsPerson([_unknown(item)])
        if order.get("cancelledAt"):
            return Outcome(item.message_id, remote_id=number, answer=_UNCHANGED)
        settings = self._connection.settings
        asked = {
            "id": order_id,
            "notify": bool(settings["notify_customer"]),
            "refund": {"originalPaymentMethodsRefund": bool(settings["refund_cancelled"])},
            "note": None,
        }
        said = self._conversation.ask(documents.CANCEL, asked)
        outcome = self._outcome(item, asked, said, "orderCancel", "orderCancelUserErrors")
        return outcome if outcome.error else outcome._replace(remote_id=number)

    def _outcome(
        self, item: Outbound, asked: Mapping[str, Any], said: Any, name: str, errors: str
    ) -> Outcome:
        payload = said.data.get(name)
        problems = refused(payload, name=errors)
        error = NeedsPerson(problems) if problems else None
        made = (payload.get("fulfillment") or {}).get("id") if isinstance(payload, dict) else None
        return Outcome(
            item.message_id,
            error=error,
            remote_id=None if error else number_of(made) or None,
            sent=encode(asked),
            answer=describe(said.answer),
        )


def _order_id(item: Outbound) -> str:
    if found := gid("Order", order_id_of(item)):
        return found
    raise NeedsPerson([_unknown(item)])


def _unknown(item: Outbound) -> Problem:
    number = item.document.get("order_number") or item.business_key
    text = f"The shop has no order that is known here as {shorten(number)}."
    return Problem("unknown_order", "order_id", shorten(number), text)


def _was_last(order: Mapping[str, Any]) -> str | None:
    """The newest fulfilment, of an order with nothing left: what a try that may have arrived has made."""
    fulfilments = order.get("fulfillments") or []
    return number_of(fulfilments[-1].get("id")) if fulfilments else None

"""Changes of a store's orders: their status, and the shipments they are told of."""

import re
from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.store_deliveries import order_id_of
from integrations.connectors.woocommerce import changes
from integrations.connectors.woocommerce.api import Api, check
from integrations.connectors.woocommerce.settings import TRACKING_ITEMS
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson

_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


class OrderWriter:
    """Changes orders, each in a call of its own; an outcome for every message, never an error."""

    def __init__(self, api: Api, settings: Mapping[str, Any]) -> None:
        self._api = api
        self._settings = settings

    def write(self, item: Outbound) -> Outcome:
        """Change the order of one order or shipment."""
        sent, answer = b"", {}
        try:
            path = f"/orders/{_checked_id(item)}"
            meta = self._meta(path, item)
            if item.object_type == "shipment" and changes.is_noted(item.document, meta):
                return Outcome(item.message_id, remote_id=_remote_id(item), answer={"found": True})
            change = self._change(item, meta)
            sent = encode(change)
            response = self._api.write("PUT", path, change)
            answer = describe(response)
            check(response)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=sent, answer=answer)
        return Outcome(item.message_id, remote_id=_remote_id(item), sent=sent, answer=answer)

    def _meta(self, path: str, item: Outbound) -> list[dict[str, Any]]:
        """What the order's meta data says, where that matters: a list of the plug-in's is extended,
        and a try that may have arrived is looked for."""
        extends = self._settings["tracking_style"] == TRACKING_ITEMS
        if item.object_type == "order" or not (item.retried or extends):
            return []
        order = self._api.get(path).json()
        return order.get("meta_data") or []

    def _change(self, item: Outbound, meta: list[dict[str, Any]]) -> dict[str, Any]:
        if item.object_type == "order":
            return {"status": item.document.get("status")}
        return changes.of_shipment(item.document, meta, self._settings)


def _checked_id(item: Outbound) -> str:
    order_id = order_id_of(item)
    if order_id is not None and _ID.fullmatch(str(order_id)):
        return str(order_id)
    number = item.document.get("order_number") or item.business_key
    text = f"The store has no order that is known here as {shorten(number)}."
    raise NeedsPerson([Problem("unknown_order", "order_id", shorten(number), text)])


def _remote_id(item: Outbound) -> str:
    order_id = _checked_id(item)
    if item.object_type == "order":
        return order_id
    return f"{order_id}:{item.document.get('shipment_number')}"[:120]

"""Sales orders: created with all their items at once, changed where SAP takes it, and rejected as a whole."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.odata import answers, values
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.changing import Changed, change
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.sap.services import ITEMS, ORDERS
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable

LONGEST_REFERENCE: Final = 35
_WITH_ITEMS: Final = {"$expand": "to_Item"}
# What is ours in a mapped document, and none of SAP's.
_OURS: Final = frozenset({"status"})
# Of the header of an order that is there.
_CHANGEABLE: Final = ("RequestedDeliveryDate", "ShippingCondition", "CustomerPurchaseOrderDate")
_FIXED: Final = ("SoldToParty", "PurchaseOrderByCustomer", "TransactionCurrency")


class OrderWriter:
    """Writes one order. Safe from any thread; an outcome for every message, never an error."""

    def __init__(self, api: Api, settings: Mapping[str, Any]) -> None:
        self._api = api
        self._reason = str(settings["rejection_reason"]).strip()

    def __call__(self, item: Outbound) -> Outcome:
        try:
            if item.object_type != "order":
                text = f"SAP takes no {item.object_type}"
                raise Permanent(text, code="not_supported")
            return self._write(item)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error)

    def _write(self, item: Outbound) -> Outcome:
        known = item.remote_id or (self._look_up(item) if item.retried else None)
        if item.document.get("status") == "cancelled":
            return self._cancel(item, known)
        if known and item.remote_id is None:
            return Outcome(item.message_id, remote_id=known, answer={"found": True})
        return self._change(item, known) if known else self._create(item)

    def _create(self, item: Outbound) -> Outcome:
        _check_reference(item)
        body, answer = _body(item), {}
        try:
            response = self._api.write("POST", ORDERS, body)
            answer = describe(response)
            answers.judge(response, writing=True)
            number = self._api.version.found(response.json()).get("SalesOrder")
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=body, answer=answer)
        if not number:
            text = f"{response!r} names no sales order"
            lost = Retryable(text, uncertain=True)
            return Outcome(item.message_id, error=lost, sent=body, answer=answer)
        return Outcome(item.message_id, remote_id=str(number), sent=body, answer=answer)

    def _look_up(self, item: Outbound) -> str | None:
        """The order that an earlier try made, if it arrived."""
        reference = str(item.document.get("PurchaseOrderByCustomer") or "")
        sold_to = str(item.document.get("SoldToParty") or "")
        if not reference:
            return None
        wanted = f"PurchaseOrderByCustomer eq {values.literal(reference)}"
        if sold_to:
            wanted += f" and SoldToParty eq {values.literal(sold_to)}"
        asked = {"$filter": wanted, "$orderby": "SalesOrder", "$top": "1", "$select": "SalesOrder"}
        rows = self._api.rows(ORDERS, asked)
        return str(rows[0]["SalesOrder"]) if rows and rows[0].get("SalesOrder") else None

    def _change(self, item: Outbound, number: str) -> Outcome:
        wanted = values.plain({k: v for k, v in item.document.items() if k not in _OURS})
        sent, answer = change(
            self._api,
            f"{ORDERS}({values.key(number)})",
            lambda entity: _changes(item, wanted, values.plain(entity)),
            parameters=_WITH_ITEMS,
        )
        return Outcome(item.message_id, remote_id=number, sent=sent, answer=answer)

    def _cancel(self, item: Outbound, number: str | None) -> Outcome:
        if number is None:
            text = f"SAP has no order that is known here as {shorten(item.business_key)}."
            raise NeedsPerson([Problem("unknown_order", "", shorten(item.business_key), text)])
        if not self._reason:
            text = "No reason for rejection is entered, so a person has to cancel the order in SAP."
            raise NeedsPerson([Problem("change_not_supported", "status", "cancelled", text)])
        order = self._api.entity(f"{ORDERS}({values.key(number)})", _WITH_ITEMS)
        done = Changed(b"", {"found": True})
        body = encode({"SalesDocumentRjcnReason": self._reason})
        for line in values.plain(order).get("to_Item") or []:
            if line.get("SalesDocumentRjcnReason"):
                continue
            place = f"SalesOrder={values.key(number)},SalesOrderItem={values.key(_number(line))}"
            done = change(
                self._api,
                f"{ITEMS}({place})",
                lambda entity: None if entity.get("SalesDocumentRjcnReason") else body,
                parameters={},
            )
        return Outcome(item.message_id, remote_id=number, sent=done.sent, answer=done.answer)


def _number(line: Mapping[str, Any]) -> str:
    return str(line.get("SalesOrderItem") or "")


def _body(item: Outbound) -> bytes:
    native = {name: value for name, value in item.document.items() if name not in _OURS}
    return encode(values.written(native))


def _check_reference(item: Outbound) -> None:
    """Without its reference an order would not be found again, and a longer one SAP would cut."""
    reference = str(item.document.get("PurchaseOrderByCustomer") or "")
    path = "PurchaseOrderByCustomer"
    if not reference:
        text = "An order without a customer reference could not be found again: map one."
        raise NeedsPerson([Problem("missing_field", path, "", text)])
    if len(reference) > LONGEST_REFERENCE:
        text = f"SAP keeps {LONGEST_REFERENCE} characters of a customer reference."
        raise NeedsPerson([Problem("too_large", path, shorten(reference), text)])


def _changes(item: Outbound, wanted: dict[str, Any], there: dict[str, Any]) -> bytes | None:
    """What to write into the order's header. NeedsPerson for what is changed in SAP itself."""
    differ: list[str] = [
        name
        for name in _FIXED
        if name in wanted and _shape(wanted[name]) != _shape(there.get(name))
    ]
    if _lines(wanted) != _lines(there):
        differ.append("to_Item")
    if differ:
        text = (
            f"The order is in SAP as {there.get('SalesOrder')} and differs in {', '.join(differ)}:"
            " change it there."
        )
        raise NeedsPerson(
            [Problem("change_not_supported", differ[0], shorten(item.business_key), text)]
        )
    changed = {
        name: wanted[name]
        for name in _CHANGEABLE
        if wanted.get(name) and str(wanted[name])[:10] != str(there.get(name) or "")[:10]
    }
    return encode(values.written(changed)) if changed else None


def _shape(value: Any) -> str:
    return str(value or "").lstrip("0")


def _lines(order: dict[str, Any]) -> Counter[tuple[str, str]]:
    lines = order.get("to_Item") or []
    return Counter(
        (_shape(line.get("Material")), _quantity(line))
        for line in lines
        if isinstance(line, dict) and not line.get("HigherLevelItem")
    )


def _quantity(line: Mapping[str, Any]) -> str:
    value = str(line.get("RequestedQuantity") or "0")
    try:
        return format(Decimal(value).normalize(), "f")
    except InvalidOperation:
        return value

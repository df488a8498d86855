"""Sales orders: created with all their lines at once, changed in their header, deleted where wanted."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.businesscentral import services
from integrations.connectors.businesscentral.settings import DELETED, GUID
from integrations.connectors.connection import Connection
from integrations.connectors.odata import answers, values
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.changing import change
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.http import describe
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable

LONGEST_REFERENCE: Final = 35
_REFERENCE: Final = "externalDocumentNumber"
_LINES: Final = "salesOrderLines"
_WITH_LINES: Final = {"$expand": _LINES}
# What is ours in a mapped document, and none of theirs.
_OURS: Final = frozenset({"status"})
_NUMBERS: Final = frozenset({"quantity", "unitPrice", "discountAmount"})
_FIXED: Final = ("customerNumber", _REFERENCE)


class OrderWriter:
    """Writes one order. Safe from any thread; an outcome for every message, never an error."""

    def __init__(self, api: Api, connection: Connection) -> None:
        self._api = api
        self._path = f"{services.company(connection)}/salesOrders"
        self._deletes = connection.settings["cancels"] == DELETED

    def __call__(self, item: Outbound) -> Outcome:
        try:
            if item.object_type != "order":
                text = f"Business Central takes no {item.object_type}"
                raise Permanent(text, code="not_supported")
            return self._write(item)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error)

    def _write(self, item: Outbound) -> Outcome:
        known = item.remote_id or (self._look_up(item) if item.retried else None)
        if item.document.get("status") == "cancelled":
            return self._cancel(item, known)
        return self._change(item, known) if known else self._create(item)

    def _create(self, item: Outbound) -> Outcome:
        body, answer = _body(item), {}
        try:
            _check_reference(item)
            response = self._api.write("POST", self._path, body)
            answer = describe(response)
            answers.judge(response, writing=True)
            made = self._api.version.found(response.json()).get("id")
            if not made:
                raise Retryable(f"{response!r} names no order", uncertain=True)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=body, answer=answer)
        return Outcome(item.message_id, remote_id=str(made), sent=body, answer=answer)

    def _look_up(self, item: Outbound) -> str | None:
        """The order that an earlier try made, if it arrived."""
        reference = str(item.document.get(_REFERENCE) or "")
        customer = str(item.document.get("customerNumber") or "")
        if not reference:
            return None
        wanted = f"{_REFERENCE} eq {values.literal(reference)}"
        if customer:
            wanted += f" and customerNumber eq {values.literal(customer)}"
        rows = self._api.rows(self._path, {"$filter": wanted, "$top": "1", "$select": "id,number"})
        return str(rows[0]["id"]) if rows and rows[0].get("id") else None

    def _change(self, item: Outbound, order_id: str) -> Outcome:
        wanted = _native(item)
        sent, answer = change(
            self._api,
            self._order(order_id),
            lambda there: _changes(item, wanted, there),
            parameters=_WITH_LINES,
        )
        return Outcome(item.message_id, remote_id=order_id, sent=sent, answer=answer)

    def _cancel(self, item: Outbound, order_id: str | None) -> Outcome:
        if order_id is None:
            text = (
                f"Business Central has no order that is known here as {shorten(item.business_key)}."
            )
            raise NeedsPerson([Problem("unknown_order", "", shorten(item.business_key), text)])
        if not self._deletes:
            text = (
                "Orders are not deleted by us here: a person has to cancel it in Business Central."
            )
            raise NeedsPerson([Problem("change_not_supported", "status", "cancelled", text)])
        try:
            _, answer = change(
                self._api, self._order(order_id), _may_go, parameters=_WITH_LINES, method="DELETE"
            )
        except Permanent as error:
            # What an earlier try deleted is gone.
            if not (item.retried and error.code == "not_found"):
                raise
            answer = {"found": True}
        return Outcome(item.message_id, remote_id=order_id, answer=answer)

    def _order(self, order_id: str) -> str:
        if not GUID.fullmatch(order_id):
            text = f"{shorten(order_id)} is no id of a sales order."
            raise NeedsPerson([Problem("unknown_order", "", shorten(order_id), text)])
        return f"{self._path}({order_id})"


def _native(item: Outbound) -> dict[str, Any]:
    """The document as they take it: what are numbers there are numbers with just their digits."""
    native = {name: value for name, value in item.document.items() if name not in _OURS}
    lines = native.get(_LINES) or []
    return {**native, _LINES: [_numbered(line) for line in lines if isinstance(line, dict)]}


def _numbered(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _number(name, value) if name in _NUMBERS else value for name, value in line.items()
    }


def _number(name: str, value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if found.is_finite():
        return found
    text = f"{name} is “{shorten(value)}”; a number is needed."
    raise NeedsPerson([Problem("wrong_format", f"{_LINES}.{name}", shorten(value), text)])


def _body(item: Outbound) -> bytes:
    return values.encode(_native(item))


def _check_reference(item: Outbound) -> None:
    """Without its reference an order would not be found again, and a longer one is refused."""
    reference = str(item.document.get(_REFERENCE) or "")
    if not reference:
        text = "An order without an external document number could not be found again: map one."
        raise NeedsPerson([Problem("missing_field", _REFERENCE, "", text)])
    if len(reference) > LONGEST_REFERENCE:
        text = (
            f"Business Central keeps {LONGEST_REFERENCE} characters of an external document number."
        )
        raise NeedsPerson([Problem("too_large", _REFERENCE, shorten(reference), text)])


def _changes(item: Outbound, wanted: dict[str, Any], there: dict[str, Any]) -> bytes | None:
    """What to write into the order's header. NeedsPerson for what is changed in Business Central itself."""
    differ = [name for name in _FIXED if wanted.get(name) and wanted[name] != there.get(name)]
    if _lines(wanted) != _lines(there):
        differ.append(_LINES)
    if differ:
        text = (
            f"The order is in Business Central as {there.get('number')} and differs in"
            f" {', '.join(differ)}: change it there."
        )
        raise NeedsPerson(
            [Problem("change_not_supported", differ[0], shorten(item.business_key), text)]
        )
    changed = {
        name: value
        for name, value in wanted.items()
        if name == "requestedDeliveryDate" or name.startswith("shipTo")
        if value and value != there.get(name)
    }
    return values.encode(changed) if changed else None


def _lines(order: dict[str, Any]) -> Counter[tuple[str, str]]:
    return Counter(
        (
            str(line.get("lineObjectNumber")),
            format(_number("quantity", line.get("quantity")).normalize(), "f"),
        )
        for line in order.get(_LINES) or []
        if isinstance(line, dict) and line.get("lineType", "Item") == "Item"
    )


def _may_go(there: dict[str, Any]) -> bytes:
    """Nothing to send with it. NeedsPerson for an order of which something has left."""
    for line in there.get(_LINES) or []:
        if any(
            _number(name, line.get(name) or 0) for name in ("shippedQuantity", "invoicedQuantity")
        ):
            text = f"Goods of the order {there.get('number')} have left, so it is not deleted."
            raise NeedsPerson([Problem("order_not_open", "status", "cancelled", text)])
    return b""

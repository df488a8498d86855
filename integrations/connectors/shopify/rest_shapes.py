"""A webhook's body in the shape that GraphQL gives the same thing. Pure.

Webhooks are REST-shaped: other names, statuses in small letters, times in the shop's zone. Their numeric ids
may be beyond what JSON numbers hold exactly elsewhere, so `admin_graphql_api_id` is read.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

Document = dict[str, Any]

_FULFILMENT: Final = {
    "": "UNFULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "fulfilled": "FULFILLED",
    "restocked": "RESTOCKED",
}
_ORDER_MONEY: Final = {
    "current_total_price_set": "currentTotalPriceSet",
    "current_total_tax_set": "currentTotalTaxSet",
    "current_shipping_price_set": "currentShippingPriceSet",
    "current_total_duties_set": "currentTotalDutiesSet",
    "current_total_additional_fees_set": "currentTotalAdditionalFeesSet",
}


def is_rest(document: Document) -> bool:
    """Whether a document came by webhook."""
    return "admin_graphql_api_id" in document


def to_graphql(object_type: str, document: Document) -> Document:
    """The document in GraphQL's shape. What has it already is given back."""
    shape = _SHAPES.get(object_type)
    return shape(document) if shape and is_rest(document) else document


def _order(rest: Document) -> Document:
    order: Document = {
        "id": rest["admin_graphql_api_id"],
        "name": rest.get("name"),
        "createdAt": rest.get("created_at"),
        "updatedAt": rest.get("updated_at"),
        "cancelledAt": rest.get("cancelled_at"),
        "test": rest.get("test"),
        "currencyCode": rest.get("currency"),
        "taxesIncluded": rest.get("taxes_included"),
        "poNumber": rest.get("po_number"),
        "note": rest.get("note"),
        "tags": [tag.strip() for tag in _text(rest, "tags").split(",") if tag.strip()],
        "email": rest.get("email"),
        "displayFinancialStatus": _text(rest, "financial_status").upper() or None,
        "displayFulfillmentStatus": _FULFILMENT.get(
            _text(rest, "fulfillment_status"), "UNFULFILLED"
        ),
        "paymentGatewayNames": rest.get("payment_gateway_names") or [],
        "customer": _buyer(rest.get("customer")),
        "shippingAddress": _address(rest.get("shipping_address")),
        "billingAddress": _address(rest.get("billing_address")),
        "shippingLine": next((_title(line) for line in _objects(rest, "shipping_lines")), None),
        "totalTipReceivedSet": _money(rest.get("total_tip_received")),
        "lineItems": {"nodes": [_line(line) for line in _objects(rest, "line_items")]},
    }
    return order | {ours: _bag(rest.get(theirs)) for theirs, ours in _ORDER_MONEY.items()}


def _line(rest: Document) -> Document:
    return {
        "id": rest.get("admin_graphql_api_id") or rest.get("id"),
        "sku": rest.get("sku"),
        "name": rest.get("name"),
        "quantity": rest.get("quantity"),
        "currentQuantity": rest.get("current_quantity", rest.get("quantity")),
        "requiresShipping": rest.get("requires_shipping"),
        "originalUnitPriceSet": _bag(rest.get("price_set")) or _money(rest.get("price")),
        "discountAllocations": [
            {"allocatedAmountSet": _bag(one.get("amount_set")) or _money(one.get("amount"))}
            for one in _objects(rest, "discount_allocations")
        ],
        "taxLines": [
            {"priceSet": _bag(one.get("price_set")) or _money(one.get("price"))}
            for one in _objects(rest, "tax_lines")
        ],
    }


def _customer(rest: Document) -> Document:
    return {
        "id": rest["admin_graphql_api_id"],
        "displayName": _name(rest) or rest.get("email") or rest.get("phone"),
        "updatedAt": rest.get("updated_at"),
        "defaultEmailAddress": _wrapped("emailAddress", rest.get("email")),
        "defaultPhoneNumber": _wrapped("phoneNumber", rest.get("phone")),
        "defaultAddress": _address(rest.get("default_address")),
    }


def _refund(rest: Document) -> Document:
    """A refund by webhook names its order by its number alone."""
    return {
        "id": rest["admin_graphql_api_id"],
        "createdAt": rest.get("created_at"),
        "updatedAt": rest.get("processed_at") or rest.get("created_at"),
        "note": rest.get("note"),
        "order": {"id": rest.get("order_id")},
        "totalRefundedSet": _money(_refunded(rest)),
        "refundLineItems": {
            "nodes": [_refund_line(one) for one in _objects(rest, "refund_line_items")]
        },
    }


def _refunded(rest: Document) -> str | None:
    """What was paid back, where it was paid back in the shop's own currency."""
    own = {
        (line.get("subtotal_set") or {}).get("shop_money", {}).get("currency_code")
        for line in _objects(rest, "refund_line_items")
    }
    paid = [one for one in _objects(rest, "transactions") if one.get("kind") == "refund"]
    if not paid or own != {one.get("currency") for one in paid}:
        return None
    try:
        done = [Decimal(str(one["amount"])) for one in paid if one.get("status") == "success"]
    except (KeyError, InvalidOperation):
        return None
    return format(sum(done, Decimal(0)), "f")


def _refund_line(rest: Document) -> Document:
    line = rest.get("line_item")
    return {
        "quantity": rest.get("quantity"),
        "restockType": _text(rest, "restock_type").upper(),
        "lineItem": _line(line) if isinstance(line, dict) else {},
    }


def _buyer(rest: Any) -> Document | None:
    if not isinstance(rest, dict):
        return None
    return {
        "id": rest.get("admin_graphql_api_id") or rest.get("id"),
        "displayName": _name(rest) or rest.get("email"),
    }


def _address(rest: Any) -> Document | None:
    if not isinstance(rest, dict):
        return None
    same = ("company", "address1", "address2", "city", "zip", "phone")
    return {
        "firstName": rest.get("first_name"),
        "lastName": rest.get("last_name"),
        "provinceCode": rest.get("province_code"),
        "countryCodeV2": rest.get("country_code"),
    } | {name: rest.get(name) for name in same}


def _name(rest: Document) -> str:
    return f"{rest.get('first_name') or ''} {rest.get('last_name') or ''}".strip()


def _title(rest: Document) -> Document:
    return {"title": rest.get("title")}


def _wrapped(name: str, value: Any) -> Document | None:
    return {name: value} if value else None


def _bag(rest: Any) -> Document | None:
    """What stands in `shop_money`: the shop's own currency, never the customer's."""
    money = rest.get("shop_money") if isinstance(rest, Mapping) else None
    return _money(money.get("amount")) if isinstance(money, Mapping) else None


def _money(amount: Any) -> Document | None:
    return None if amount is None else {"shopMoney": {"amount": amount}}


def _text(rest: Document, name: str) -> str:
    found = rest.get(name)
    return found if isinstance(found, str) else ""


def _objects(rest: Document, name: str) -> list[Document]:
    found = rest.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


_SHAPES: Final[dict[str, Callable[[Document], Document]]] = {
    "order": _order,
    "customer": _customer,
    "return": _refund,
}

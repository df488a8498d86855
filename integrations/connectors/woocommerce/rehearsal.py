"""A test order in a store: placed through the store's own API, and taken away again."""

from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.client import Placed
from integrations.connectors.connection import Connection
from integrations.connectors.woocommerce import polling
from integrations.connectors.woocommerce.api import Api, check
from integrations.connectors.woocommerce.settings import released
from portal.core.errors import NeedsPerson
from portal.core.recovery import raise_for_recovery

_BUYER: Final = {
    "first_name": "TEST",
    "last_name": "DO NOT SHIP",
    "company": "",
    "address_1": "1 Test Street",
    "address_2": "",
    "city": "Reno",
    "state": "NV",
    "postcode": "89502",
    "country": "US",
}
_GONE: Final = frozenset({404, 410})


def place(api: Api, connection: Connection, sku: str, *, note: str) -> Placed:
    """Order one of `sku`. NeedsPerson when the store sells no such product or refuses the order."""
    product = _product(api, sku)
    status = min(released(connection), default="processing")
    made: dict[str, Any] = check(
        api.write("POST", "/orders", _order(product, status=status, note=note))
    )
    row = polling.rows_of(api.get("/orders", {"include": str(made["id"])}))[0]
    document = polling.received("order", "order.polled", row)
    return Placed(str(made["number"]), str(made["id"]), document)


def _product(api: Api, sku: str) -> dict[str, Any]:
    found = polling.rows_of(api.get("/products", {"sku": sku}))
    if not found:
        text = f"The store sells no product with the SKU {sku}"
        raise NeedsPerson([Problem("not_found", "sku", sku, text)])
    return found[0].entry


def _order(product: dict[str, Any], *, status: str, note: str) -> dict[str, Any]:
    price = str(product.get("price") or "1.00")
    line = {"product_id": product["id"], "sku": product["sku"], "name": product.get("name", ""),
            "quantity": 1, "price": float(price), "subtotal": price, "total": price}  # fmt: skip
    return {
        "status": status,
        "customer_note": note,
        "billing": {**_BUYER, "email": "test@example.com", "phone": ""},
        "shipping": _BUYER,
        "line_items": [line],
    }


def remove(api: Api, remote_id: str) -> None:
    """Delete the order for good."""
    answer = api.write("DELETE", f"/orders/{int(remote_id)}?force=true", None)
    if answer.status not in _GONE:
        raise_for_recovery(answer)

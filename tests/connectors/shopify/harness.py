"""The Shopify connector against a shop of our own that keeps to Shopify's schema."""

import copy
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from integrations.connectors.shopify.settings import CLIENT as BY_CLIENT
from tests.connectors.answering import Answering
from tests.connectors.conformance import (
    HTTP_FAULTS,
    SECRET_MARK,
    Sample,
    client_of,
    connection,
    read_stream,
)
from tests.connectors.shopify.server import CLIENT, OLD_TOKEN, SECRET, Server
from tests.connectors.shopify.shop import NOON

NAMESPACE = UUID("64b8f0a2-8c7f-4f0e-9d7b-0d6f5f2f7a51")


class Harness:
    slug = "shopify"
    faults = HTTP_FAULTS
    streams = {"orders": 15, "products": 12, "customers": 60, "refunds": 2, "stock": 98}

    def __init__(self) -> None:
        self.server = Server()
        self.answering = Answering()
        self.connector = registry.get("shopify")
        shop = self.server.shop
        for n in range(13):  # a dozen of one second, more than two pages
            shop.order(1000 + n, at=NOON + timedelta(seconds=max(0, n - 11)))
        long = [shop.line(2000, n, "TENT-2P", 1) for n in range(30)]
        for n in range(2):
            shop.order(2000 + n, lines=copy.deepcopy(long), at=NOON + timedelta(minutes=n))
        for n in range(2):
            order = shop.order(1000 + n)
            shop.refund(500 + n, order, [(shop.line(1000 + n, 1, "TENT-2P", 1), 1)])
        shop.product(300, ["TENT-2P", "TENT-4P", None])
        shop.product(301, ["STOVE-1"])
        for n in range(9):
            shop.product(310 + n, [f"GEAR-{n}"])
        shop.product(340, [f"ROPE-{n:02}" for n in range(85)])
        for n in range(60):
            shop.customer(n, at=NOON + timedelta(seconds=n))

    def close(self) -> None:
        self.server.close()
        self.answering.close()

    def connection(self, **settings: Any) -> Connection:
        return self._connection(self.server.url, **settings)

    def _connection(self, url: str, *, secret: str = SECRET, **settings: Any) -> Connection:
        entered = {"url": url, "client_id": CLIENT, "orders_since": "2026-01-01", **settings}
        secrets = {"client_secret": secret, "access_token": OLD_TOKEN}
        return connection(self.connector, settings=entered, secrets=secrets)

    def with_wrong_key(self) -> Connection:
        return self._connection(self.server.url, secret=f"wrong {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self._connection("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self._connection(self.answering.url, access="access token")

    def samples(self) -> list[Sample]:
        with client_of(self.connector, self.connection(access=BY_CLIENT)) as client:
            found = []
            for stream in self.streams:
                documents, _ = next(iter(read_stream(client, stream, {})))
                found.append(Sample(*documents[0][:3]))
        return found

    def minimal(self) -> list[Sample]:
        address = {"lastName": "Reyes", "address1": "1 Pier", "city": "Reno", "countryCodeV2": "US"}
        price = {"shopMoney": {"amount": "12.0"}}
        line = {"id": "gid://shopify/LineItem/7", "sku": "TENT-2P", "currentQuantity": 1}
        moment = "2026-11-30T12:00:00Z"
        bodies: dict[str, Any] = {
            "order": {
                "id": "gid://shopify/Order/5",
                "name": "#5",
                "createdAt": moment,
                "updatedAt": moment,
                "currencyCode": "USD",
                "displayFinancialStatus": "PAID",
                "risk": {"recommendation": "NONE", "assessments": []},
                "shippingAddress": address,
                "currentTotalPriceSet": price,
                "lineItems": {"nodes": [line | {"quantity": 1, "originalUnitPriceSet": price}]},
            },
            "product": {
                "id": "gid://shopify/Product/5",
                "title": "Tent",
                "status": "ACTIVE",
                "updatedAt": moment,
                "variants": {"nodes": [{"id": "gid://shopify/ProductVariant/6", "sku": "T"}]},
            },
            "customer": {
                "id": "gid://shopify/Customer/5",
                "displayName": "Sam",
                "updatedAt": moment,
            },
            "return": {
                "id": "gid://shopify/Refund/6",
                "createdAt": moment,
                "order": {"id": "gid://shopify/Order/5", "name": "#5"},
                "refundLineItems": {"nodes": [{"quantity": 1, "lineItem": line}]},
            },
            "inventory": {
                "id": "gid://shopify/InventoryLevel/6",
                "updatedAt": moment,
                "item": {"sku": "TENT-2P"},
                "location": {"name": "Reno"},
                "quantities": [{"name": "on_hand", "quantity": 4}],
            },
        }
        return [Sample(kind, "", json.dumps(body).encode()) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        stranger = {"new2027": {"a": [1, 2.5, {"b": None}], "ü": "🏕️"}}
        return [
            sample._replace(body=json.dumps(json.loads(sample.body) | stranger).encode())
            for sample in self.samples()
        ]

    def order_like(self, *, name: str, lines: int) -> Sample:
        sample = self.minimal()[0]
        order = json.loads(sample.body)
        order["shippingAddress"] |= {"firstName": None, "lastName": name}
        line = order["lineItems"]["nodes"][0]
        order["lineItems"]["nodes"] = [
            line | {"id": f"gid://shopify/LineItem/{n}"} for n in range(lines)
        ]
        return Sample("order", "orders/updated", json.dumps(order).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        order = self.server.shop.orders["gid://shopify/Order/1005"]
        if not any(part["items"][0]["remainingQuantity"] for part in order["parts"]):
            self.server.shop.order(1005)
        return shipment("1005", number=key, tracking=[f"1Z-{key}"], retried=retried)

    def effects(self) -> int:
        return len(self.server.shop.effects)


def shipment(order: str, *, number: str = "S1", retried: bool = False, **more: Any) -> Outbound:
    """A shipment as the default mapping writes it."""
    document = {
        "order_id": order,
        "shipment_number": number,
        "tracking": [],
        "company": "UPS",
        "shipped": "partial",
        "lines": [{"line_no": f"{order}001", "sku": "TENT-2P", "quantity": "1"}],
        **more,
    }
    return Outbound(
        message_id=uuid5(NAMESPACE, f"{order}/{number}"),
        object_type="shipment",
        business_key=f"RNO1/{number}",
        document=document,
        remote_id=None,
        retried=retried,
    )

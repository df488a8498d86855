"""The Vendure connector against a shop of our own that keeps to Vendure's manners."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import (
    HTTP_FAULTS,
    SECRET_MARK,
    Sample,
    client_of,
    connection,
    read_stream,
)
from tests.connectors.vendure.server import KEY, Server
from tests.connectors.vendure.shop import NOON

NAMESPACE = UUID("5c6de0ce-1d10-45ce-8a0c-90c1a7a7c0de")


class Harness:
    slug = "vendure"
    faults = HTTP_FAULTS
    streams = {"orders": 120, "products": 60, "customers": 55}

    def __init__(self) -> None:
        self.server = Server()
        self.answering = Answering()
        self.connector = registry.get("vendure")
        shop = self.server.shop
        for n in range(120):  # the first 60 of one second: more than a page
            shop.order(1000 + n, at=NOON + timedelta(seconds=max(0, n - 59)))
        for n in range(60):
            shop.variant(300 + n, f"GEAR-{n}", at=NOON + timedelta(seconds=n))
        for n in range(55):
            shop.customer(n + 1, at=NOON + timedelta(milliseconds=0, seconds=n))

    def close(self) -> None:
        self.server.close()
        self.answering.close()

    def connection(self, **settings: Any) -> Connection:
        return self._connection(self.server.url, **settings)

    def _connection(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        entered = {"url": url, "orders_since": "2026-01-01", **settings}
        return connection(self.connector, settings=entered, secrets={"api_key": key})

    def with_wrong_key(self) -> Connection:
        return self._connection(self.server.url, key=f"wrong {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self._connection("http://127.0.0.1:1/admin-api")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self._connection(f"{self.answering.url}/admin-api")

    def samples(self) -> list[Sample]:
        with client_of(self.connector, self.connection()) as client:
            found = []
            for stream in self.streams:
                documents, _ = next(iter(read_stream(client, stream, {})))
                found.append(Sample(*documents[0][:3]))
        return found

    def minimal(self) -> list[Sample]:
        moment = "2026-11-30T12:00:00.000Z"
        line = {"id": "7", "quantity": 1, "unitPrice": 1200, "linePrice": 1200}
        address = {
            "fullName": "Reyes",
            "streetLine1": "1 Pier",
            "city": "Reno",
            "countryCode": "US",
        }
        bodies: dict[str, Any] = {
            "order": {
                "id": "5",
                "code": "ORD5",
                "state": "PaymentSettled",
                "updatedAt": moment,
                "orderPlacedAt": moment,
                "currencyCode": "USD",
                "shippingAddress": address,
                "lines": [line | {"proratedLinePrice": 1200, "productVariant": {"sku": "TENT-2P"}}],
                "shipping": 0,
                "total": 1200,
                "totalWithTax": 1200,
            },
            "product": {"id": "6", "sku": "TENT-2P", "name": "Tent", "updatedAt": moment},
            "customer": {
                "id": "8",
                "firstName": "",
                "lastName": "",
                "emailAddress": "sam@example.com",
                "updatedAt": moment,
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
        order["shippingAddress"] |= {"fullName": name}
        line = order["lines"][0]
        order["lines"] = [line | {"id": str(n)} for n in range(lines)]
        order["total"] = order["totalWithTax"] = 1200 * lines
        return Sample("order", "orders.changed", json.dumps(order).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        order = self.server.shop.orders["1005"]
        line = order["lines"][0]
        if sum(one["quantity"] for one in line["fulfillmentLines"]) == line["quantity"]:
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
        "lines": [{"line_no": f"{order}1", "sku": "TENT-2P", "quantity": "1"}],
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

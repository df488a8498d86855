"""The WooCommerce connector against the sandbox store, a process of its own."""

import copy
import json
import random
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import requests

from integrations.connectors import registry
from integrations.connectors.client import Fetches
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received
from integrations.connectors.outbound import Outbound
from sandbox.orders import build_order
from tests.connectors.answering import Answering
from tests.connectors.conformance import (
    HTTP_FAULTS,
    SECRET_MARK,
    Sample,
    client_of,
    connection,
    read_stream,
)
from tests.connectors.counterparts import start_process, stop_process

KEY, SECRET = f"ck_{SECRET_MARK}", f"cs_{SECRET_MARK}"
NAMESPACE = UUID("5f0c2a64-3f0e-4f5e-9c0e-0f8a2f1d7b11")


class Harness:
    slug = "woocommerce"
    faults = HTTP_FAULTS
    streams = {"orders": 230, "products": 51, "customers": 30, "refunds": 2}

    def __init__(self) -> None:
        self.process, line = start_process("sandbox.store", "--key", KEY, "--secret", SECRET)
        self.url = line.split()[2]
        self.answering = Answering()
        self.connector = registry.get("woocommerce")
        # More than two pages that changed in one second, then one page in another.
        self.orders = self._place(120)
        time.sleep(1.1)
        self._place(110)
        for order_id in self.orders[:2]:
            self._refund(order_id)

    def _place(self, count: int) -> list[int]:
        wanted = {"count": count, "webhooks": False, "seed": count}
        answer = requests.post(f"{self.url}/_sandbox/orders", json=wanted, timeout=10)
        return answer.json()["ids"]

    def _refund(self, order_id: int) -> None:
        lines = [{"sku": "TENT-2P", "quantity": -1, "total": "-1.00"}]
        self.api(
            "POST", f"/orders/{order_id}/refunds", json={"amount": "1.00", "line_items": lines}
        )

    def api(self, method: str, path: str, **named: Any) -> Any:
        url = f"{self.url}/wp-json/wc/v3{path}"
        answer = requests.request(method, url, auth=(KEY, SECRET), timeout=10, **named)
        answer.raise_for_status()
        return answer.json()

    def misbehave(self, **faults: Any) -> None:
        requests.post(f"{self.url}/_sandbox/misbehave", json=faults, timeout=10).raise_for_status()

    def told(self) -> dict[str, Any]:
        return requests.get(f"{self.url}/_sandbox/effects", timeout=10).json()

    def close(self) -> None:
        stop_process(self.process)
        self.answering.close()

    def connection(self, **settings: Any) -> Connection:
        return self._connection(self.url, **settings)

    def _connection(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={"url": url, **settings},
            secrets={
                "consumer_key": key,
                "consumer_secret": SECRET,
                "webhook_secret": f"w {SECRET_MARK}",
            },
        )

    def with_wrong_key(self) -> Connection:
        return self._connection(self.url, key=f"ck_wrong_{SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self._connection("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self._connection(self.answering.url)

    def samples(self) -> list[Sample]:
        with client_of(self.connector, self.connection()) as client:
            firsts = [self._first(client, stream) for stream in self.streams]
        return [Sample(first.object_type, first.topic, first.body) for first in firsts]

    def _first(self, client: Fetches, stream: str) -> Received:
        return next(
            document for documents, _ in read_stream(client, stream, {}) for document in documents
        )

    def minimal(self) -> list[Sample]:
        address = {"first_name": "Sam", "address_1": "1 Pier", "city": "Reno", "country": "US"}
        line = {"id": 1, "sku": "TENT-2P", "quantity": 1, "total": "12.00"}
        moment = "2026-03-02T13:58:04"
        bodies: dict[str, Any] = {
            "order": {
                "id": 5,
                "number": "5",
                "status": "processing",
                "currency": "USD",
                "date_created_gmt": moment,
                "total": "12.00",
                "billing": address,
                "line_items": [line],
            },
            "product": {"id": 5, "sku": "TENT-2P", "name": "Tent", "status": "publish"},
            "customer": {"id": 5, "email": "sam@example.com"},
            "return": {
                "order": {"number": "5"},
                "refund": {"id": 6, "line_items": [{"sku": "TENT-2P", "quantity": -1}]},
            },
        }
        return [Sample(kind, "", json.dumps(body).encode()) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        return [sample._replace(body=_with_strangers(sample.body)) for sample in self.samples()]

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = build_order(9, rng=random.Random(9), placed_at=datetime(2026, 3, 2, tzinfo=UTC))
        for address in (order["billing"], order["shipping"]):
            address.update(first_name=name, last_name="")
        line = order["line_items"][0]
        order["line_items"] = [{**copy.deepcopy(line), "id": number} for number in range(lines)]
        return Sample("order", "order.created", json.dumps(order).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        return Outbound(
            message_id=uuid5(NAMESPACE, key),
            object_type="shipment",
            business_key=f"RNO1/{key}",
            document={
                "order_id": str(self.orders[5]),
                "shipment_number": key,
                "tracking": [f"1Z-{key}"],
                "provider": "UPS",
                "shipped_at": "2026-03-03",
                "shipped": "complete",
            },
            remote_id=None,
            retried=retried,
        )

    def effects(self) -> int:
        told = self.told()
        return sum(len(found) for found in told["shipments"].values()) + told["double_effects"]


def _with_strangers(body: bytes) -> bytes:
    document = json.loads(body)
    stranger = {"x_plugin": {"a": [1, 2.5, {"b": None}], "ü": "🏕️"}}
    for holder in [document, *document.get("line_items", [])]:
        holder.update(stranger)
    return json.dumps(document).encode()

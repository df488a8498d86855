"""The ShipHero connector against an account of our own, written from ShipHero's published schema."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.conformance import (
    HTTP_FAULTS,
    SECRET_MARK,
    Sample,
    client_of,
    connection,
    read_stream,
)
from tests.connectors.shiphero.server import NOON, REFRESH, Server

NAMESPACE = UUID("2f8f2f0a-19a7-4f1b-8a3e-3c1f0c1f7f01")


class Harness:
    slug = "shiphero"
    faults = HTTP_FAULTS
    streams = {"shipments": 25, "stock": 130}

    def __init__(self) -> None:
        self.server, self.broken = Server(), Server()
        self.connector = registry.get("shiphero")
        for n in range(25):
            self.server.ship(9000 + n, at=NOON + timedelta(seconds=n // 12))
        for n in range(130):
            self.server.keep(f"SKU-{n}", 10 + n, at=NOON + timedelta(seconds=n))

    def close(self) -> None:
        self.server.close()
        self.broken.close()

    def connection(self, **settings: Any) -> Connection:
        return to(self.server.url, **settings)

    def with_wrong_key(self) -> Connection:
        return to(self.server.url, secret=f"wrong {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return to("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.broken.fault = fault
        return to(self.broken.url)

    def samples(self) -> list[Sample]:
        found = []
        with client_of(self.connector, self.connection()) as client:
            for stream in self.streams:
                documents, _ = next(iter(read_stream(client, stream, {})))
                found.append(Sample(*documents[0][:3]))
        return found

    def minimal(self) -> list[Sample]:
        shipment = {
            "id": "U1",
            "created_date": "2026-11-30T12:00:00",
            "order": {"order_number": "1042"},
            "warehouse": {"identifier": "Primary"},
            "line_items": {"edges": [{"node": {"quantity": 1, "line_item": {"sku": "A"}}}]},
        }
        stock = {
            "id": "W1",
            "sku": "A",
            "on_hand": 3,
            "updated_at": "2026-11-30T12:00:00+00:00",
            "warehouse": {"identifier": "Primary"},
        }
        bodies = {"shipment": shipment, "inventory": stock}
        return [Sample(kind, "", json.dumps(body).encode()) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        stranger = {"new2027": {"a": [1, 2.5, None], "ü": "🏕️"}}
        return [
            sample._replace(body=json.dumps(json.loads(sample.body) | stranger).encode())
            for sample in self.samples()
        ]

    def order_like(self, *, name: str, lines: int) -> Sample:
        shipment = json.loads(self.minimal()[0].body)
        shipment["shipping_labels"] = [{"tracking_number": "1Z", "carrier": name}]
        shipment["line_items"]["edges"] *= lines
        return Sample("shipment", "", json.dumps(shipment).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        return order(key, retried=retried)

    def effects(self) -> int:
        return len(self.server.orders)


def to(url: str, *, secret: str = REFRESH, **settings: Any) -> Connection:
    entered = {"url": url, "shipments_since": "2026-01-01", **settings}
    return connection(registry.get("shiphero"), settings=entered, secrets={"refresh_token": secret})


def order(
    number: str, *, retried: bool = False, remote_id: str | None = None, **more: Any
) -> Outbound:
    """An order as the default mapping writes it."""
    line = {"sku": "TENT-2P", "partner_line_item_id": "1", "quantity": 2, "price": "39.99"}
    body = {
        "order_number": number,
        "partner_order_id": f"web-{number}",
        "shop_name": "Orders",
        "shipping_address": {
            "first_name": "Dana Reyes",
            "address1": "12 Dock Road",
            "city": "Reno",
        },
        "line_items": [line],
    }
    document = {"order_id": remote_id, "status": "open", "order": body, **more}
    return Outbound(
        message_id=uuid5(NAMESPACE, number),
        object_type="order",
        business_key=f"web/{number}",
        document=document,
        remote_id=remote_id,
        retried=retried,
    )

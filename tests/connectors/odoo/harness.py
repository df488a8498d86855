"""Odoo under the conformance suite: a server of our own that behaves as Odoo does."""

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.odoo.settings import JSON_RPC
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import HTTP_FAULTS, SECRET_MARK, Sample, connection
from tests.connectors.odoo.server import DATABASE, LOGIN, OdooServer
from tests.connectors.odoo.world import filled

GOLDEN = Path(__file__).parent / "golden"
READS = ("shipment", "inventory", "product", "customer", "invoice")


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


class Harness:
    slug = "odoo"
    faults = HTTP_FAULTS
    # More than a page of what comes in pages of 50 and 100.
    streams = {"deliveries": 60, "stock": 110, "products": 111, "customers": 3, "invoices": 3}

    def __init__(self) -> None:
        self.connector = registry.get("odoo")
        self.key = f"k{SECRET_MARK}"
        self.answering = Answering()
        self.odoo = filled(self.key, version=17, deliveries=60, products=110)

    def close(self) -> None:
        self.odoo.close()
        self.answering.close()

    def connection(self, **settings: Any) -> Connection:
        return self.to(self.odoo, **settings)

    def to(self, odoo: OdooServer, *, key: str = "", **settings: Any) -> Connection:
        given = {
            "url": odoo.url,
            "database": DATABASE,
            "protocol": JSON_RPC,
            "login": LOGIN,
            "documents_since": "2026-01-01T00:00:00",
            **settings,
        }
        return connection(self.connector, settings=given, secrets={"api_key": key or self.key})

    def with_wrong_key(self) -> Connection:
        return self.to(self.odoo, key=f"wrong{SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection(url="http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self.connection(url=self.answering.url)

    def samples(self) -> list[Sample]:
        return [_sample(kind, golden(f"{kind}.native")) for kind in READS]

    def minimal(self) -> list[Sample]:
        line = {"id": 1, "product_id": [7, "[T] Tent"], "quantity": 1.0}
        bodies: dict[str, Any] = {
            "shipment": {
                "record": {"id": 8, "name": "WH/OUT/8", "date_done": "2026-03-03 09:12:00"},
                "lines": [line],
                "products": [{"id": 7, "default_code": "T"}],
                "orders": [{"id": 3, "name": "S00003", "client_order_ref": False}],
                "warehouses": [{"id": 1, "code": "WH"}],
            },
            "inventory": {
                "read_at": "2026-03-03T09:12:00Z",
                "record": {"id": 7, "default_code": "T"},
                "quants": [{"location_id": [8, "WH/Stock"], "quantity": 0.0}],
                "locations": [{"id": 8, "warehouse_id": [1, "Reno"]}],
                "warehouses": [{"id": 1, "code": "WH"}],
            },
            "product": {"record": {"id": 7, "default_code": "T", "barcode": False}},
            "customer": {"record": {"id": 41, "ref": False}},
            "invoice": {
                "record": {"id": 9, "name": "INV/9", "invoice_date": "2026-03-04", "amount_total": 1.0,
                           "amount_untaxed": 1.0, "amount_tax": 0.0, "currency_id": [1, "USD"]},
            },
        }  # fmt: skip
        return [_sample(kind, body) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        return [_sample(kind, _strange(golden(f"{kind}.native"))) for kind in READS]

    def order_like(self, *, name: str, lines: int) -> Sample:
        document = golden("invoice.native")
        line = {**document["lines"][0], "name": name}
        document["lines"] = [{**line, "id": n, "sequence": n} for n in range(lines)]
        return _sample("invoice", document)

    def outbound(self, *, key: str, retried: bool = False, **changed: Any) -> Outbound:
        document = {
            "status": "open",
            "client_order_ref": key,
            "partner_ref": "17100041",
            "date_order": "2026-03-02T13:58:04Z",
            "commitment_date": "2026-03-06",
            "currency": "USD",
            "order_line": [
                {"default_code": "TENT-0", "product_uom_qty": "3", "uom": "Units", "price_unit": "133.00"},
                {"default_code": "TENT-1", "product_uom_qty": "12", "uom": "Units", "price_unit": "10.00",
                 "discount_amount": "6.00"},
            ],
            "partner_shipping": {"name": "Sam Reyes", "street": "12 Pier Road", "zip": "89502",
                                 "city": "Reno", "state": "NV", "country": "US"},
        }  # fmt: skip
        return Outbound(
            message_id=uuid5(NAMESPACE_URL, key),
            object_type="order",
            business_key=key,
            document=document | changed,
            remote_id=None,
            retried=retried,
        )

    def effects(self) -> int:
        return self.odoo.created


def _sample(object_type: str, document: Any) -> Sample:
    return Sample(object_type, f"{object_type}.polled", json.dumps(document).encode())


def _strange(value: Any) -> Any:
    """With fields at every level that nobody knows."""
    if isinstance(value, list):
        return [_strange(one) if isinstance(one, dict) else one for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _strange(one) for name, one in value.items()}
    return {**found, "x_studio_own": {"a": [1, 2.5, None], "ü": "🏕️"}}

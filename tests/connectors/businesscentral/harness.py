"""Business Central under the conformance suite: a system of our own, after the published schema of API v2.0."""

import copy
import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import HTTP_FAULTS, SECRET_MARK, Sample, connection
from tests.connectors.odata.server import ODataServer

GOLDEN = Path(__file__).parent / "golden"
TENANT = "7d0e3f5c-0a56-4a3a-9d2b-1f3c6f1f7a11"
COMPANY = "5d115c9c-44e3-ea11-bb43-000d3a2feca1"
ROOT = f"/v2.0/{TENANT}/Production/api/v2.0"
HOME = f"/companies({COMPANY})"
ORDERS, SHIPMENTS, ITEMS = f"{HOME}/salesOrders", f"{HOME}/salesShipments", f"{HOME}/items"
CUSTOMERS, INVOICES, MEMOS = (
    f"{HOME}/customers",
    f"{HOME}/salesInvoices",
    f"{HOME}/salesCreditMemos",
)
READS = ("shipment", "inventory", "product", "customer", "invoice")


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def several(row: dict[str, Any], count: int, **more: Any) -> list[dict[str, Any]]:
    """`count` rows like this one, under ids and numbers of their own."""
    return [
        {**copy.deepcopy(row), **more, "id": str(UUID(int=UUID(row["id"]).int + n)),
         "number": f"{row['number']}-{n}"}
        for n in range(count)
    ]  # fmt: skip


class Harness:
    slug = "businesscentral"
    faults = HTTP_FAULTS
    streams = {
        "shipments": 5,
        "stock": 3,
        "items": 4,
        "customers": 3,
        "invoices": 3,
        "credit_memos": 2,
    }

    def __init__(self) -> None:
        self.connector = registry.get("businesscentral")
        self.secret = f"c {SECRET_MARK}"
        self.answering = Answering()
        self.system = self.fresh()

    def fresh(self) -> ODataServer:
        """Another system with the same documents."""
        system = ODataServer(4, root=ROOT, secret=self.secret)
        system.fill(SHIPMENTS, "id", several(golden("shipment.native")["shipment"], 5))
        item = golden("product.native")
        service = {**item, "id": str(UUID(int=7)), "number": "FIT", "type": "Service"}
        system.fill(ITEMS, "id", [*several(item, 3), service])
        system.fill(CUSTOMERS, "id", several(golden("customer.native"), 3))
        invoice = golden("invoice.native")
        draft = {**invoice, "id": str(UUID(int=9)), "status": "Draft"}
        system.fill(INVOICES, "id", [*several(invoice, 3), draft])
        system.fill(MEMOS, "id", several(golden("credit_memo.native"), 2))
        system.fill(ORDERS, "id", [])
        system.creates[ORDERS] = "salesOrderLines"
        return system

    def close(self) -> None:
        self.system.close()
        self.answering.close()

    def connection(self, **settings: Any) -> Connection:
        return self.to(self.system, **settings)

    def to(self, system: ODataServer, *, secret: str = "", **settings: Any) -> Connection:
        given = {
            "url": system.url,
            "token_url": system.token_url,
            "tenant": TENANT,
            "company": COMPANY,
            "client_id": "portal",
            "documents_since": "2026-01-01T00:00:00",
            **settings,
        }
        secrets = {"client_secret": secret or self.secret}
        return connection(self.connector, settings=given, secrets=secrets)

    def with_wrong_key(self) -> Connection:
        return self.to(self.system, secret=f"wrong {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection(url="http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self.connection(url=self.answering.url)

    def samples(self) -> list[Sample]:
        return [_sample(kind, golden(f"{kind}.native")) for kind in READS]

    def minimal(self) -> list[Sample]:
        line = {"sequence": 10000, "lineObjectNumber": "T", "quantity": 1}
        bodies: dict[str, Any] = {
            "shipment": {"shipment": {"number": "S", "orderNumber": "O", "postingDate": "2026-03-03",
                                      "salesShipmentLines": [line]}},
            "inventory": {"read_at": "2026-03-03T09:12:00Z", "row": {"number": "T", "inventory": 0}},
            "product": {"number": "T"},
            "customer": {"number": "C"},
            "invoice": {"number": "I", "invoiceDate": "2026-03-03", "currencyCode": "USD",
                        "totalAmountIncludingTax": 1},
        }  # fmt: skip
        return [_sample(kind, body) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        return [_sample(kind, _strange(golden(f"{kind}.native"))) for kind in READS]

    def order_like(self, *, name: str, lines: int) -> Sample:
        document = golden("invoice.native")
        line = {**document["salesInvoiceLines"][0], "description": name}
        document["salesInvoiceLines"] = [{**line, "sequence": n} for n in range(lines)]
        return _sample("invoice", document)

    def outbound(self, *, key: str, retried: bool = False, **changed: Any) -> Outbound:
        line = {
            "lineType": "Item",
            "lineObjectNumber": "TENT-2P",
            "quantity": "3",
            "unitPrice": "133.10",
        }
        document = {
            "status": "open",
            "externalDocumentNumber": key,
            "customerNumber": "10000",
            "requestedDeliveryDate": "2026-03-06",
            "shipToCity": "Reno",
            "salesOrderLines": [line],
        }
        return Outbound(
            message_id=uuid5(NAMESPACE_URL, key),
            object_type="order",
            business_key=key,
            document=document | changed,
            remote_id=None,
            retried=retried,
        )

    def effects(self) -> int:
        return self.system.created


def _sample(object_type: str, document: Any) -> Sample:
    return Sample(object_type, f"{object_type}.polled", json.dumps(document).encode())


def _strange(value: Any) -> Any:
    """With fields at every level that nobody knows."""
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _strange(one) for name, one in value.items()}
    return {**found, "x_own": {"a": [1, 2.5, None], "ü": "🏕️"}}

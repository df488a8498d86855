"""SAP under the conformance suite: a system of our own that behaves as SAP's gateway does."""

import copy
import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import HTTP_FAULTS, SECRET_MARK, Sample, connection
from tests.connectors.odata.server import ODataServer

GOLDEN = Path(__file__).parent / "golden"
ROOT = "/sap/opu/odata/sap"
ORDERS = "/API_SALES_ORDER_SRV/A_SalesOrder"
DELIVERIES = "/API_OUTBOUND_DELIVERY_SRV;v=0002/A_OutbDeliveryHeader"
STOCK = "/API_MATERIAL_STOCK_SRV/A_MaterialStock"
PRODUCTS = "/API_PRODUCT_SRV/A_Product"
PARTNERS = "/API_BUSINESS_PARTNER/A_BusinessPartner"
INVOICES = "/API_BILLING_DOCUMENT_SRV/A_BillingDocument"
READS = ("shipment", "inventory", "product", "customer", "invoice")


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def several(row: dict[str, Any], key: str, count: int, **more: Any) -> list[dict[str, Any]]:
    """`count` rows like this one, under numbers of their own."""
    return [{**copy.deepcopy(row), **more, key: f"{row[key]}-{n}"} for n in range(count)]


class Harness:
    slug = "sap"
    faults = HTTP_FAULTS
    streams = {"deliveries": 5, "stock": 4, "products": 3, "customers": 3, "billing_documents": 3}

    def __init__(self) -> None:
        self.connector = registry.get("sap")
        self.secret = f"c {SECRET_MARK}"
        self.answering = Answering()
        self.system = self.fresh()

    def fresh(self) -> ODataServer:
        """Another system with the same documents."""
        system = ODataServer(2, root=ROOT, secret=self.secret)
        delivery = golden("shipment.native")["shipment"]
        waiting = several(delivery, "DeliveryDocument", 1, OverallGoodsMovementStatus="A")
        waiting[0]["DeliveryDocument"] = "80000099"
        system.fill(
            DELIVERIES, "DeliveryDocument", several(delivery, "DeliveryDocument", 5) + waiting
        )
        system.fill(STOCK, "Material", several(golden("inventory.native")["row"], "Material", 4))
        system.fill(PRODUCTS, "Product", several(golden("product.native"), "Product", 3))
        partner = golden("customer.native")
        supplier = {**partner, "BusinessPartner": "17300001", "Customer": ""}
        system.fill(
            PARTNERS, "BusinessPartner", [*several(partner, "BusinessPartner", 3), supplier]
        )
        system.fill(
            INVOICES, "BillingDocument", several(golden("invoice.native"), "BillingDocument", 3)
        )
        order = {"SalesOrder": "4711", "OverallDeliveryStatus": "C", "PurchaseOrderByCustomer": "HB-1",
                 "SoldToParty": "17100001", "to_Item": {"results": []}, "__metadata": {"etag": 'W/"1"'}}  # fmt: skip
        system.fill(ORDERS, "SalesOrder", [order])
        system.creates[ORDERS] = "to_Item"
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
            "client_id": "portal",
            "sales_organization": "1710",
            "distribution_channel": "10",
            "division": "00",
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
        item = {"Material": "T", "ActualDeliveryQuantity": "1", "ReferenceSDDocument": "1"}
        delivery = {"DeliveryDocument": "8", "OverallGoodsMovementStatus": "C", "ShippingPoint": "1710",
                    "ActualGoodsMovementDate": "/Date(1772496000000)/",
                    "to_DeliveryDocumentItem": {"results": [item]}}  # fmt: skip
        level = {"Plant": "1710", "InventoryStockType": "01", "MatlWrhsStkQtyInMatlBaseUnit": "0"}
        bodies: dict[str, Any] = {
            "shipment": {"shipment": delivery},
            "inventory": {"read_at": "2026-03-03T09:12:00Z",
                          "row": {"Material": "T", "to_MatlStkInAcctMod": {"results": [level]}}},
            "product": {"Product": "T"},
            "customer": {"Customer": "1"},
            "invoice": {"BillingDocument": "9", "BillingDocumentDate": "/Date(1772582400000)/",
                        "TransactionCurrency": "USD", "TotalNetAmount": "1.00"},
        }  # fmt: skip
        return [_sample(kind, body) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        return [_sample(kind, _strange(golden(f"{kind}.native"))) for kind in READS]

    def order_like(self, *, name: str, lines: int) -> Sample:
        document = golden("invoice.native")
        line = {**document["to_Item"]["results"][0], "BillingDocumentItemText": name}
        document["to_Item"]["results"] = [
            {**line, "BillingDocumentItem": str(n)} for n in range(lines)
        ]
        return _sample("invoice", document)

    def outbound(self, *, key: str, retried: bool = False, **changed: Any) -> Outbound:
        line = {"Material": "TENT-2P", "RequestedQuantity": "3", "RequestedQuantityUnit": "PC"}
        document = {
            "status": "open",
            "SalesOrderType": "OR",
            "SoldToParty": "17100001",
            "PurchaseOrderByCustomer": key,
            "TransactionCurrency": "USD",
            "RequestedDeliveryDate": "2026-03-06",
            "to_Item": [line],
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
    if not isinstance(value, dict) or set(value) == {"4711"}:
        return value
    found = {name: _strange(one) for name, one in value.items()}
    return (
        found if "results" in value else {**found, "YY1_Own_ITM": {"a": [1, 2.5, None], "ü": "🏕️"}}
    )

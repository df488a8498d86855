"""The Walmart connector against a seller's account of the tests."""

import copy
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.conformance import Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness
from tests.connectors.walmart.seller import CLIENT, Seller

ADDRESS = {"name": "Sam", "address1": "1 Pier", "city": "Reno", "country": "USA"}
CHARGE = {"chargeType": "PRODUCT", "chargeAmount": {"currency": "USD", "amount": 12}}


class Harness(VendorHarness):
    slug = "walmart"
    here = Path(__file__).parent
    streams = {"orders": 60}
    bare = {
        "order": {
            "purchaseOrderId": "109000000005",
            "orderDate": 1796121000000,
            "shippingInfo": {"postalAddress": ADDRESS},
            "orderLines": {
                "orderLine": [
                    {
                        "lineNumber": "1",
                        "item": {"sku": "TENT-2P"},
                        "charges": {"charge": [CHARGE]},
                        "orderLineQuantity": {"amount": "1"},
                        "orderLineStatuses": {"orderLineStatus": [{"status": "Created"}]},
                    }
                ]
            },
        }
    }

    def __init__(self) -> None:
        super().__init__(Seller(self.golden("order.native"), orders=self.streams["orders"]))

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        token_url = f"{self.server.url}/v3/token"
        return connection(
            self.connector,
            settings={"url": url, "token_url": token_url, "client_id": CLIENT, **settings},
            secrets={"client_secret": key},
        )

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = self.golden("order.native")
        order["shippingInfo"]["postalAddress"]["name"] = name
        line = order["orderLines"]["orderLine"][0]
        many = [{**copy.deepcopy(line), "lineNumber": str(n)} for n in range(lines)]
        order["orderLines"]["orderLine"] = many
        return self._sample("order", order)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = {
            "order_id": "1090000000001",
            "number": key,
            "carrier": "UPS",
            "tracking_number": f"1Z-{key}",
            "shipped_at": "2026-11-30T17:20:00Z",
            "lines": [{"line_no": "1", "sku": "TENT-2P", "quantity": "1"}],
        }
        return Outbound(self.message(key), "shipment", f"harbor/{key}", document, None, retried)

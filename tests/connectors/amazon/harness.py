"""The Amazon connector against a seller's account of the tests."""

import copy
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.amazon.seller import REFRESH, Seller
from tests.connectors.conformance import Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness

MOMENT = "2026-11-20T10:30:00Z"
ADDRESS = {"name": "Sam", "addressLine1": "1 Pier", "city": "Reno", "countryCode": "US"}
PRICE = {"unitPrice": {"amount": "12.00", "currencyCode": "USD"}}


class Harness(VendorHarness):
    slug = "amazon"
    here = Path(__file__).parent
    streams = {"orders": 60}
    bare = {
        "order": {
            "orderId": "114-0000000-0000005",
            "createdTime": MOMENT,
            "lastUpdatedTime": MOMENT,
            "salesChannel": {"channelName": "AMAZON"},
            "fulfillment": {"fulfillmentStatus": "UNSHIPPED"},
            "recipient": {"deliveryAddress": ADDRESS},
            "orderItems": [
                {
                    "orderItemId": "1",
                    "quantityOrdered": 1,
                    "product": {"sellerSku": "TENT-2P", "price": PRICE},
                }
            ],
        }
    }

    def __init__(self) -> None:
        super().__init__(Seller(self.golden("order.native"), orders=self.streams["orders"]))

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={
                "url": url,
                "token_url": f"{self.server.url}/auth/o2/token",
                "seller_id": "A2HARBOR1",
                "client_id": "amzn1.harbor",
                **settings,
            },
            secrets={"client_secret": key, "refresh_token": REFRESH},
        )

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = self.golden("order.native")
        order["recipient"]["deliveryAddress"]["name"] = name
        line = order["orderItems"][0]
        order["orderItems"] = [{**copy.deepcopy(line), "orderItemId": str(n)} for n in range(lines)]
        return self._sample("order", order)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = {
            "order_id": "114-0000000-0000001",
            "package": {"carrierCode": "UPS", "trackingNumber": "1Z", "shipDate": MOMENT},
            "lines": [{"line_no": "60012345678901", "sku": "TENT-2P", "quantity": "1"}],
        }
        return Outbound(self.message(key), "shipment", f"harbor/{key}", document, None, retried)

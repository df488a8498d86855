"""The BigCommerce connector against a store of the tests."""

import copy
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.bigcommerce.store import Store
from tests.connectors.conformance import Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness

MOMENT = "Mon, 02 Mar 2026 13:58:04 +0000"
ADDRESS = {"first_name": "Sam", "street_1": "1 Pier", "city": "Reno", "country_iso2": "US"}
LINE = {
    "id": 1,
    "sku": "TENT-2P",
    "quantity": 1,
    "price_ex_tax": "12.0000",
    "total_ex_tax": "12.0000",
}


class Harness(VendorHarness):
    slug = "bigcommerce"
    here = Path(__file__).parent
    streams = {"orders": 60, "products": 4, "customers": 3}
    bare = {
        "order": {
            "id": 5,
            "status_id": 11,
            "currency_code": "USD",
            "date_created": MOMENT,
            "total_inc_tax": "12.0000",
            "billing_address": ADDRESS,
            "order_products": [LINE],
        },
        "product": {"id": 5, "sku": "TENT-2P", "name": "Tent"},
        "customer": {"id": 5, "email": "sam@example.com"},
    }

    def __init__(self) -> None:
        super().__init__(Store(self.golden("order.native"), orders=self.streams["orders"]))

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={"url": url, "store_hash": "harb0r", **settings},
            secrets={"access_token": key},
        )

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = self.golden("order.native")
        order["billing_address"] |= {"first_name": name, "last_name": ""}
        line = order["order_products"][0]
        order["order_products"] = [{**copy.deepcopy(line), "id": n} for n in range(lines)]
        return self._sample("order", order)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = {
            "order_id": "101",
            "comments": key,
            "tracking_number": "1Z",
            "shipping_provider": "",
            "tracking_carrier": "ups",
            "lines": [{"line_no": "31", "sku": "TENT-2P", "quantity": "1"}],
        }
        return Outbound(self.message(key), "shipment", f"harbor/{key}", document, None, retried)

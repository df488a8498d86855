"""The Magento connector against a shop of the tests."""

import copy
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.conformance import Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness
from tests.connectors.magento.shop import CONSUMER, Shop

MOMENT = "2026-03-02 13:58:04"
ADDRESS = {"firstname": "Sam", "street": ["1 Pier"], "city": "Reno", "country_id": "US"}
ITEM = {"item_id": 1, "sku": "TENT-2P", "qty_ordered": 1, "price": 12, "row_total": 12}


class Harness(VendorHarness):
    slug = "magento"
    here = Path(__file__).parent
    streams = {"orders": 120, "products": 3, "customers": 2, "creditmemos": 1}
    bare = {
        "order": {
            "entity_id": 5,
            "increment_id": "5",
            "status": "processing",
            "order_currency_code": "USD",
            "created_at": MOMENT,
            "grand_total": 12,
            "billing_address": ADDRESS,
            "items": [ITEM],
        },
        "product": {"id": 5, "sku": "TENT-2P", "name": "Tent", "status": 1},
        "customer": {"id": 5, "email": "sam@example.com"},
        "return": {
            "entity_id": 6,
            "increment_id": "6",
            "items": [{"sku": "TENT-2P", "qty": 1}],
            "order": {"increment_id": "5"},
        },
    }

    def __init__(self) -> None:
        goldens = {kind: self.golden(f"{kind}.native") for kind in ("order", "return")}
        super().__init__(Shop(goldens, orders=self.streams["orders"]))

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        names = ("consumer_key", "consumer_secret", "access_token_secret")
        secrets = dict(zip(names, CONSUMER, strict=True)) | {"access_token": key}
        return connection(self.connector, settings={"url": url, **settings}, secrets=secrets)

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = self.golden("order.native")
        order["billing_address"] |= {"firstname": name, "lastname": ""}
        item = order["items"][0]
        order["items"] = [{**copy.deepcopy(item), "item_id": n} for n in range(lines)]
        return self._sample("order", order)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = {
            "order_id": "1",
            "number": key,
            "title": "UPS",
            "carrier_code": "ups",
            "tracking": ["1Z"],
            "lines": [{"line_no": "61", "sku": "TENT-2P", "quantity": "1"}],
        }
        return Outbound(self.message(key), "shipment", f"harbor/{key}", document, None, retried)

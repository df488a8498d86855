"""The EasyPost connector against an account of the tests."""

import copy
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.conformance import Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness
from tests.connectors.easypost.account import Account

DOCUMENT = {
    "site": "RNO1",
    "order_number": "1001",
    "status": "complete",
    "weight": {"value": "2.5", "uom": "LB"},
    "to_address": {"name": "Sam Reyes", "street1": "1 Pier Road", "city": "Reno", "state": "NV",
                   "zip": "89501", "country": "US"},
}  # fmt: skip


class Harness(VendorHarness):
    slug = "easypost"
    here = Path(__file__).parent
    streams = {"shipments": 130}
    bare = {
        "shipment": {
            "id": "shp_05",
            "reference": "RNO1:S-5",
            "created_at": "2026-03-03T17:20:00Z",
            "postage_label": {"id": "pl_05"},
        }
    }

    def __init__(self) -> None:
        native = self.golden("shipment.native")
        account = Account(native, shipments=self.streams["shipments"])
        account.lists_new = False
        super().__init__(account)

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={
                "url": url,
                "services": ["USPS GroundAdvantage", "USPS Priority"],
                "from_addresses": ["adr_01"],
                "parcel": "12 x 9 x 4",
                **settings,
            },
            secrets={"api_key": key},
        )

    def order_like(self, *, name: str, lines: int) -> Sample:
        shipment = self.golden("shipment.native")
        shipment["to_address"]["name"] = name
        items = shipment["customs_info"]["customs_items"]
        shipment["customs_info"]["customs_items"] = [copy.deepcopy(items[0]) for _ in range(lines)]
        return self._sample("shipment", shipment)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = copy.deepcopy(DOCUMENT) | {"number": key}
        return Outbound(self.message(key), "shipment", f"RNO1/{key}", document, None, retried)

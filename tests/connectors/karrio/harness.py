"""The Karrio connector against a server of the tests."""

import copy
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.conformance import Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness
from tests.connectors.karrio.server import Server

SETTINGS = {
    "services": ["canadapost canadapost_expedited_parcel", "canadapost canadapost_priority"],
    "senders": ["Harbor Outdoor; 9 Dock St; Vancouver; BC; V6M2V9; CA"],
    "parcel": "12 x 9 x 4 IN",
}
DOCUMENT = {
    "site": "YVR1",
    "order_number": "1001",
    "status": "complete",
    "weight": {"value": "2.5", "uom": "LB"},
    "recipient": {"person_name": "Sam Reyes", "address_line1": "125 Church St", "city": "Moncton",
                  "state_code": "NB", "postal_code": "E1C4Z8", "country_code": "CA"},
}  # fmt: skip


class Harness(VendorHarness):
    slug = "karrio"
    here = Path(__file__).parent
    streams = {"shipments": 130}
    bare = {
        "shipment": {
            "id": "shp_05",
            "reference": "YVR1:S-5",
            "status": "created",
            "created_at": "2026-03-03T17:20:00Z",
            "tracking_number": "1Z5",
        }
    }

    def __init__(self) -> None:
        server = Server(self.golden("shipment.native"), shipments=self.streams["shipments"])
        server.lists_new = False
        super().__init__(server)

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={"url": f"{url}/v1", **SETTINGS, **settings},
            secrets={"token": key},
        )

    def order_like(self, *, name: str, lines: int) -> Sample:
        shipment = self.golden("shipment.native")
        shipment["recipient"]["person_name"] = name
        [parcel] = shipment["parcels"]
        parcel["items"] = [copy.deepcopy(parcel["items"][0]) for _ in range(lines)]
        return self._sample("shipment", shipment)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = copy.deepcopy(DOCUMENT) | {"number": key}
        return Outbound(self.message(key), "shipment", f"YVR1/{key}", document, None, retried)

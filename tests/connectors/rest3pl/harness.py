"""The REST 3PL connector against a warehouse of the tests."""

import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from portal.core.errors import NeedsPerson
from tests.connectors.conformance import HTTP_FAULTS, Sample, connection
from tests.connectors.described.vendor import KEY, VendorHarness
from tests.connectors.rest3pl.warehouse import Warehouse

KINDS = {
    "shipments": "shipment",
    "receipts": "receipt",
    "adjustments": "adjustment",
    "returns": "return",
}


def filled(goldens: dict[str, Any], count: int) -> Warehouse:
    """A warehouse in which so many shipments, and one of all else, changed within the last hours."""
    made, begun = Warehouse(), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    for stream, kind in KINDS.items():
        for number in range(count if kind == "shipment" else 1):
            at = (begun + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
            made.rows[stream].append(goldens[kind] | {"id": number, "updated_at": at})
    made.rows["stock"] = [goldens["inventory"] | {"sku": f"T-{n}"} for n in range(120)]
    return made


class Harness(VendorHarness):
    slug = "rest3pl"
    here = Path(__file__).parent
    # Too late is for a person to see to.
    faults = {**HTTP_FAULTS, "409": NeedsPerson}
    streams = {"shipments": 250, "receipts": 1, "adjustments": 1, "returns": 1, "stock": 120}
    bare = {
        "shipment": {
            "number": "S-1",
            "order_number": "1001",
            "shipped_at": "2026-03-03",
            "status": "complete",
            "lines": [{"sku": "TENT-2P", "shipped": 1}],
        },
        "inventory": {"sku": "TENT-2P", "on_hand": 1, "as_of": "2026-03-02T02:00:00Z"},
        "receipt": {
            "number": "RC-1",
            "received_on": "2026-03-01",
            "lines": [{"sku": "TENT-2P", "received": 1}],
        },
        "adjustment": {
            "number": "A-1",
            "adjusted_on": "2026-03-01",
            "lines": [{"sku": "TENT-2P", "delta": 1}],
        },
        "return": {"number": "R-1", "status": "received"},
    }

    def __init__(self) -> None:
        goldens = {kind: self.golden(f"{kind}.native") for kind in self.bare}
        super().__init__(filled(goldens, self.streams["shipments"]))

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        entered = {"url": f"{url}/v1", "site": "RNO1", **settings}
        return connection(self.connector, settings=entered, secrets={"token": key})

    def order_like(self, *, name: str, lines: int) -> Sample:
        shipment = self.golden("shipment.native")
        shipment["carrier"]["name"] = name
        line = shipment["lines"][0]
        shipment["lines"] = [{**copy.deepcopy(line), "line_no": n} for n in range(lines)]
        return self._sample("shipment", shipment)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        document = {"number": key, "status": "open", "lines": [{"sku": "TENT-2P", "quantity": "1"}]}
        return Outbound(self.message(key), "order", f"harbor/{key}", document, None, retried)

"""Flat files under the conformance suite, over SFTP: the cheapest real place that has a login, a host key and
faults of its own. The other places pass the same exchange in tests/transports, and test_places here."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.flat_files import defaults
from integrations.connectors.outbound import Outbound
from integrations.transports import sftp
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable
from tests.connectors.conformance import SECRET_MARK, Sample, connection
from tests.connectors.x12.server import Server

GOLDEN = Path(__file__).parent.parent / "http" / "golden"
PASSWORD = f"pw {SECRET_MARK}"
RECEIVED = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
SHIPMENTS = (
    "shipment,order,site,shipped on,status,scac,tracking,sku,quantity,lot\n"
    "S-1,1001,RNO1,2026-03-03,complete,UPSN,1Z999,TENT-2P,2,\n"
    "S-1,1001,RNO1,2026-03-03,complete,UPSN,1Z999,STOVE-1,1,L7\n"
    "END,2\n"
)
STOCK = "site,sku,on hand,available,damaged\nRNO1,TENT-2P,40,37,\nEND,1\n"
# With trailers a file is known to be whole, and need not stand still for ten seconds.
AGREEMENT = defaults.AGREEMENT.replace("    add:", "      trailer: {tag: END, count: 2}\n    add:")
RECIPIENTS = """
incoming:
  shipments:
    name: ship*.csv
    object: shipment
    profile:
      format: delimited
      columns: [{name: number}, {name: ship_to.name}, {name: sku}, {name: shipped, kind: decimal}]
      group_by: {columns: [number], head: [ship_to.name]}
    add: {order_number: "1001", site: RNO1, shipped_at: "2026-03-03", status: complete,
      ship_to.city: Reno, ship_to.country: US, ship_to.lines.1: 1 Pier, ship_to.postal_code: "89502",
      ship_to.region: NV}
"""


class Harness:
    slug = "files"
    faults: dict[str, type[CrossdockError] | str] = {
        "401": NeedsCredentials,
        "403": NeedsCredentials,
        "404": NeedsCredentials,
        "409": "a file that stands there already is the same file, or a defect: see test_writing",
        "429": "SFTP has no word for coming back later",
        "500": Retryable,
        "no answer": Retryable,
        "cut off": Retryable,
    }
    streams = {"files": 3}

    def __init__(self) -> None:
        self.server = Server(PASSWORD)
        self.failing = Server(PASSWORD)
        self.connector = registry.get(self.slug)

    def close(self) -> None:
        self.server.close()
        self.failing.close()

    def connection(self) -> Connection:
        """The server as new: three files wait, and have stood still."""
        sftp.IDLE_SECONDS = 60.0
        for path in self.server.root.rglob("*.csv*"):
            path.unlink()
        self.server.put("ship-1.csv", SHIPMENTS.encode())
        self.server.put("ship-2.csv", SHIPMENTS.replace("S-1", "S-2").encode())
        self.server.put("stock.csv", STOCK.encode())
        return self.connection_to(self.server)

    def connection_to(
        self, server: Server, *, password: str = PASSWORD, **settings: Any
    ) -> Connection:
        return connection(
            self.connector,
            settings={**server.address, "agreement": AGREEMENT, **settings},
            secrets={"password": password},
        )

    def with_wrong_key(self) -> Connection:
        return self.connection_to(self.server, password=f"wrong {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection_to(self.server, port=1)

    def meeting(self, fault: str) -> Connection:
        if fault == "401":
            return self.with_wrong_key()
        if fault == "404":
            return self.connection_to(self.server, pick_up_folder="nowhere")
        sftp.IDLE_SECONDS = 0.5
        self.failing.fail(fault)
        return self.connection_to(self.failing)

    def samples(self) -> list[Sample]:
        """From a file where the agreement has one; the others as a file with their fields would give."""
        from_files = {
            "shipment": self.of_file(SHIPMENTS, "shipments:ship-1.csv"),
            "inventory": self.of_file(STOCK, "stock:stock.csv"),
        }
        return [
            from_files.get(kind) or Sample(kind, "", (GOLDEN / f"{kind}.json").read_bytes())
            for kind in sorted(self.connector.manifest.reads)
        ]

    def of_file(self, text: str, topic: str, **settings: Any) -> Sample:
        [part] = self.connector.mapper.split(
            text.encode(),
            self.connection_to(self.server, **settings),
            received=RECEIVED,
            topic=topic,
        ).parts
        return Sample(part.object_type, part.topic, part.body)

    def minimal(self) -> list[Sample]:
        ship = "shipment,order,site,shipped on,status,scac,tracking,sku,quantity,lot\n"
        least = {
            "shipment": f"{ship}S-1,1001,RNO1,2026-03-03,complete,,,TENT-2P,2,\nEND,1\n",
            "inventory": "site,sku,on hand,available,damaged\nRNO1,TENT-2P,40,,\nEND,1\n",
        }
        topics = {"shipment": "shipments", "inventory": "stock"}
        return [
            self.of_file(least[s.object_type], topics[s.object_type])
            if s.object_type in least
            else s
            for s in self.samples()
        ]

    def with_unknown_fields(self) -> list[Sample]:
        stranger = {"x_plugin": "7", "ü.column": "🏕️"}
        return [
            sample._replace(body=json.dumps(json.loads(sample.body) | stranger).encode())
            for sample in self.samples()
        ]

    def order_like(self, *, name: str, lines: int) -> Sample:
        quoted = name.replace('"', '""')
        rows = "".join(f'S-1,"{quoted}",SKU-{n},1\n' for n in range(lines))
        head = "number,ship_to.name,sku,shipped\n"
        return self.of_file(head + rows, "shipments", agreement=RECIPIENTS)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound | None:
        return None

    def effects(self) -> int:
        return 0

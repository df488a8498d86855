"""The described order desk, a process of its own, under the conformance suite."""

import copy
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import requests
import yaml

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import HTTP_FAULTS, SECRET_MARK, Sample, connection
from tests.connectors.counterparts import start_process, stop_process

HERE = Path(__file__).parent
# A described system may speak the canonical shapes: the default mappings are one to one.
GOLDEN = HERE.parent / "http" / "golden"
DESCRIPTION = yaml.safe_load((HERE / "orderdesk.yaml").read_text())["endpoints"][0]["settings"][
    "description"
].replace("rate: {per_second: 20}\n", "")
UNRULED = DESCRIPTION.replace("{status: 409, means: confirmed}, ", "")
ORDERS = 65  # three pages of 20 and a short one, 7 orders in each second
TOKEN = f"t {SECRET_MARK}"
NAMESPACE = UUID("9b0a0c1e-7a55-4c0b-8f0e-6f4f3c1a2d33")


class Harness:
    slug = "rest"
    faults = HTTP_FAULTS
    streams = {"orders": ORDERS}

    def __init__(self) -> None:
        self.process, line = start_process("sandbox.orderdesk", "--token", TOKEN)
        self.url = line.split()[2]
        self.tell("orders", count=ORDERS, at_once=7)
        self.answering = Answering()
        self.connector = registry.get("rest")

    def tell(self, verb: str, **body: Any) -> Any:
        return requests.post(f"{self.url}/_sandbox/{verb}", json=body, timeout=10).json()

    def close(self) -> None:
        stop_process(self.process)
        self.answering.close()

    def connection(self) -> Connection:
        return self.connection_to(f"{self.url}/v1")

    def connection_to(
        self, url: str, *, token: str = TOKEN, description: str = DESCRIPTION
    ) -> Connection:
        return connection(
            self.connector,
            settings={"url": url, "description": description},
            secrets={"token": token},
        )

    def with_wrong_key(self) -> Connection:
        return self.connection_to(f"{self.url}/v1", token=f"other {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection_to("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self.connection_to(self.answering.url, description=UNRULED)

    def samples(self) -> list[Sample]:
        return [Sample(kind, kind, (GOLDEN / f"{kind}.json").read_bytes()) for kind in OBJECT_TYPES]

    def minimal(self) -> list[Sample]:
        return [sample._replace(body=_required_only(sample)) for sample in self.samples()]

    def with_unknown_fields(self) -> list[Sample]:
        stranger = {"x_plugin": {"a": [1, 2.5, {"b": None}], "ü": "🏕️"}}
        return [
            sample._replace(body=json.dumps(json.loads(sample.body) | stranger).encode())
            for sample in self.samples()
        ]

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = json.loads((GOLDEN / "order.json").read_bytes())
        order["ship_to"]["name"] = name
        line = order["lines"][0]
        order["lines"] = [{**copy.deepcopy(line), "line_no": str(n)} for n in range(lines)]
        return Sample("order", "order", json.dumps(order).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        return Outbound(
            message_id=uuid5(NAMESPACE, key),
            object_type="shipment",
            business_key=f"harbor/{key}",
            document={"order_id": 1, "number": key, "tracking": ["1Z999"]},
            remote_id=None,
            retried=retried,
        )

    def effects(self) -> int:
        told = requests.get(f"{self.url}/_sandbox/effects", timeout=10).json()
        return len(told["parcels"])


def _required_only(sample: Sample) -> bytes:
    wanted = schema_of(sample.object_type)["required"]
    document = json.loads(sample.body)
    return json.dumps({name: document[name] for name in wanted}).encode()

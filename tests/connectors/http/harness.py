"""The generic HTTP connector against the sandbox sink, a process of its own."""

import copy
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import requests

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import HTTP_FAULTS, SECRET_MARK, Sample, connection
from tests.connectors.counterparts import start_process, stop_process

GOLDEN = Path(__file__).parent / "golden"
NAMESPACE = UUID("9b0a0c1e-7a55-4c0b-8f0e-6f4f3c1a2d22")


class Harness:
    slug = "http"
    faults = HTTP_FAULTS
    streams: dict[str, int] = {}

    def __init__(self) -> None:
        self.process, line = start_process("sandbox.sink")
        self.url = line.split()[2]
        self.answering = Answering()
        self.refusing = Answering()
        self.refusing.meet("401")
        self.connector = registry.get("http")

    def close(self) -> None:
        stop_process(self.process)
        self.answering.close()
        self.refusing.close()

    def connection(self, **settings: Any) -> Connection:
        return self.connection_to(self.url, **settings)

    def connection_to(self, url: str, *, concurrency: int = 4, **settings: Any) -> Connection:
        return connection(
            self.connector,
            settings={"url": url, **settings},
            secrets={
                "auth_token": f"Bearer {SECRET_MARK}",
                "webhook_secret": f"w {SECRET_MARK}",
            },
            concurrency=concurrency,
        )

    def with_wrong_key(self) -> Connection:
        return self.connection_to(self.refusing.url)

    def with_nobody_there(self) -> Connection:
        return self.connection_to("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self.connection_to(self.answering.url)

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
            object_type="order",
            business_key=f"harbor/{key}",
            document={"number": key, "lines": [{"sku": "TENT-2P", "quantity": "1"}]},
            remote_id=None,
            retried=retried,
        )

    def effects(self) -> int:
        told = requests.get(f"{self.url}/_sandbox/effects", timeout=10).json()
        return told["effects"]


def _required_only(sample: Sample) -> bytes:
    wanted = schema_of(sample.object_type)["required"]
    document = json.loads(sample.body)
    return json.dumps({name: document[name] for name in wanted}).encode()

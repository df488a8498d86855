"""An application calls the hub and is never called: there is no counterpart to start."""

import copy
import json
from pathlib import Path
from typing import Any

from integrations.canonical.schema import schema_of
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.conformance import FAULTS, Sample, connection

GOLDEN = Path(__file__).parent / "golden"
NEVER_CALLED = "the hub never calls an application"


class Harness:
    slug = "application"
    faults = dict.fromkeys(FAULTS, NEVER_CALLED)
    streams: dict[str, int] = {}

    def close(self) -> None:
        """Nothing was started."""

    def connection(self) -> Connection:
        return connection(registry.get("application"), settings={}, secrets={}, slug="counterapp")

    with_wrong_key = connection
    with_nobody_there = connection

    def meeting(self, fault: str) -> Connection:
        raise AssertionError(NEVER_CALLED)

    def samples(self) -> list[Sample]:
        return [_sample(_order())]

    def minimal(self) -> list[Sample]:
        order = _order()
        wanted = [name for name in schema_of("order")["required"] if name != "channel"]
        return [_sample({name: order[name] for name in wanted})]

    def with_unknown_fields(self) -> list[Sample]:
        return [_sample(_order() | {"x_app": {"a": [1, 2.5, {"b": None}], "ü": "🏕️"}})]

    def order_like(self, *, name: str, lines: int) -> Sample:
        order = _order()
        order["ship_to"]["name"] = name
        line = order["lines"][0]
        order["lines"] = [{**copy.deepcopy(line), "line_no": str(n)} for n in range(lines)]
        return _sample(order)

    def outbound(self, *, key: str, retried: bool = False) -> Outbound | None:
        return None

    def effects(self) -> int:
        return 0


def _order() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / "order.json").read_bytes())
    return found


def _sample(order: dict[str, Any]) -> Sample:
    return Sample("order", "order", json.dumps(order).encode())

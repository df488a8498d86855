"""The whole conversation with the sandbox warehouse, a process that reads X12 by itself."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import paramiko
import pytest
import requests

from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.client import FilesClient
from integrations.connectors.inbound import Part
from integrations.connectors.outbound import Controls
from integrations.connectors.x12 import CONNECTOR, mapper
from portal.core.errors import Retryable
from tests.connectors.counterparts import start_process, stop_process
from tests.connectors.x12.conftest import agreed
from tests.connectors.x12.test_envelope import inbound_shipment, order
from tests.connectors.x12.translating import to_bodies, to_document


class Warehouse:
    """The process, its control, and our client of it."""

    def __init__(self, root: Path) -> None:
        key = root / "host_key"
        self.process, line = start_process(
            "sandbox.warehouse", "--root", str(root / "files"), "--user", "portal",
            "--password", "pw", "--host-key", str(key), "--ship-after", "0.1",
        )  # fmt: skip
        words = line.split()
        self.control = next(word for word in words if word.startswith("http"))
        port = next(word for word in words if word.startswith("sftp")).rpartition(":")[2]
        public = _public_line(key)
        self.connection = agreed(
            secrets={"password": "pw"},
            host="127.0.0.1",
            port=int(port),
            user="portal",
            host_key=public,
        )
        self.client = FilesClient(self.connection)
        self.parts: list[Part] = []
        self.answers: list[dict[str, Any]] = []
        self._controls = 0

    def send(self, kind: str, *documents: dict[str, Any]) -> None:
        self._controls += 1
        envelope = CONNECTOR.envelope(
            self.connection,
            [(uuid4(), kind, document) for document in documents],
            Controls(self._controls, self._controls, 1),
            datetime.now(UTC),
        )
        assert envelope.problems == {}
        self.client.put_file(envelope.file_name, envelope.body)

    def wait_for(self, object_type: str, *, count: int = 1) -> list[Part]:
        """Pick up until so many documents of the type are there; answers are sent at the end."""
        until = time.monotonic() + 15
        while time.monotonic() < until:
            self._pick_up()
            found = [part for part in self.parts if part.object_type == object_type]
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise AssertionError(f"no {object_type} came; there are {self.parts}")

    def _pick_up(self) -> None:
        page = self.client.fetch("files", {}, now=datetime.now(UTC))
        for document in page.documents:
            split = mapper.split(document.body, self.connection, received=datetime.now(UTC))
            assert split is not None
            assert split.problems == []
            self.parts += split.parts
            self.answers += [e.answer for e in split.envelopes if e.answer]
        page.after_stored()

    def tell(self, path: str, **body: Any) -> Any:
        return requests.post(f"{self.control}/_sandbox/{path}", json=body, timeout=10).json()

    def effects(self) -> dict[str, Any]:
        return requests.get(f"{self.control}/_sandbox/effects", timeout=10).json()

    def close(self) -> None:
        self.client.close()
        stop_process(self.process)


def _public_line(path: Path) -> str:
    key = paramiko.PKey.from_path(path)
    return f"{key.get_name()} {key.get_base64()}"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    made = Warehouse(tmp_path)
    yield made
    made.close()


def document(to: Connection, **changes: Any) -> dict[str, Any]:
    return to_document("order", order(**changes), to)


def test_an_order_is_acknowledged_and_shipped_and_our_answer_is_taken(
    warehouse: Warehouse,
) -> None:
    numbers = [f"SO-{number}" for number in range(1, 6)]
    orders = [document(warehouse.connection, number=number) for number in numbers]
    warehouse.send("order", *orders)
    [acknowledgement] = warehouse.wait_for("acknowledgement")
    native = mapper.read(
        "acknowledgement", acknowledgement.topic, acknowledgement.body, warehouse.connection
    )
    [answer] = native.documents
    assert (answer["group_control"], answer["code"]) == ("1", "A")
    assert [s["control"] for s in answer["sets"]] == ["0001", "0002", "0003", "0004", "0005"]
    shipments = [
        body
        for part in warehouse.wait_for("shipment", count=5)
        for body in to_bodies(part, warehouse.connection)
    ]
    assert sorted(s["order_number"] for s in shipments) == numbers
    assert {s["status"] for s in shipments} == {"complete"}
    assert [line["line_no"] for line in shipments[0]["lines"]] == ["501", "502"]
    assert all(len(s["tracking"]) == 1 for s in shipments)
    told = warehouse.effects()
    assert told["orders"] == dict.fromkeys(numbers, 1)
    assert told["errors"] == []
    warehouse.send("acknowledgement", *warehouse.answers)
    _until(lambda: warehouse.effects()["acks_received"])
    assert set(warehouse.effects()["acks_received"].values()) == {"A"}


def test_a_refused_order_is_told_with_the_warehouses_reason(warehouse: Warehouse) -> None:
    warehouse.tell("misbehave", reject=1)
    warehouse.send("order", document(warehouse.connection))
    [part] = warehouse.wait_for("acknowledgement")
    [answer] = mapper.read(part.object_type, part.topic, part.body, warehouse.connection).documents
    assert answer["code"] == "R"
    assert any("W01" in text for text in answer["sets"][0]["errors"])


def test_an_inbound_advice_is_answered_by_a_receipt(warehouse: Warehouse) -> None:
    advice = to_document("inbound_shipment", inbound_shipment(), warehouse.connection)
    warehouse.send("inbound_shipment", advice)
    [part] = warehouse.wait_for("receipt")
    [receipt] = to_bodies(part, warehouse.connection)
    assert receipt["order_number"] == "IN-7"
    assert [(line["sku"], line["received"]) for line in receipt["lines"]] == [
        ("TENT-2P", "120"),
        ("MUG-12", "10"),
    ]


def test_stock_reports_and_adjustments_arrive(warehouse: Warehouse) -> None:
    warehouse.tell("inventory")
    [part] = warehouse.wait_for("inventory")
    levels = to_bodies(part, warehouse.connection)
    assert len(levels) == 50
    assert all(level["site"] == "RNO1" for level in levels)
    warehouse.tell("adjust", lines=[{"sku": "MUG-12", "quantity": -3}])
    [part] = warehouse.wait_for("adjustment")
    [adjustment] = to_bodies(part, warehouse.connection)
    assert [(line["sku"], line["delta"]) for line in adjustment["lines"]] == [("MUG-12", "-3")]


def test_the_same_file_sent_twice_ships_once(warehouse: Warehouse, tmp_path: Path) -> None:
    envelope = CONNECTOR.envelope(
        warehouse.connection,
        [(uuid4(), "order", document(warehouse.connection))],
        Controls(7, 7, 1),
        datetime.now(UTC),
    )
    for _ in range(2):
        warehouse.client.put_file(envelope.file_name, envelope.body)
        _until(lambda: not list((tmp_path / "files" / "in").glob("*.edi")))
    warehouse.wait_for("shipment")
    assert warehouse.effects()["orders"] == {"SO-10442": 1}


def test_an_outage_is_survived(warehouse: Warehouse) -> None:
    warehouse.send("order", document(warehouse.connection))
    warehouse.tell("misbehave", outage=60)
    with pytest.raises(Retryable):
        warehouse.client.put_file("940_x.edi", b"x")
    warehouse.tell("misbehave", outage=0)
    warehouse.wait_for("shipment")
    assert warehouse.effects()["orders"] == {"SO-10442": 1}


def _until(holds: Any) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)

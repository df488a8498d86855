"""An order travels from a real store to a real warehouse and back: HTTP and SFTP between processes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest
import requests

from integrations.domain import deliver, poll, receive, rollup
from integrations.models import (
    Endpoint,
    LookupRow,
    LookupTable,
    Message,
    PollCursor,
    Record,
    Reservation,
    RouteDecision,
)
from monitoring.domain import legs
from monitoring.models import ExceptionCase, Leg
from portal.core import clock
from tests import pipeline
from tests.connectors.counterparts import start_process, stop_process

pytestmark = pytest.mark.db


class System:
    """A sandbox process and its control."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.process, line = start_process(module, *arguments)
        self.words = line.split()
        self.url = next(word for word in self.words if word.startswith("http"))

    @property
    def sftp_port(self) -> int:
        return int(next(w for w in self.words if w.startswith("sftp")).rpartition(":")[2])

    def tell(self, path: str, **body: Any) -> Any:
        answer = requests.post(f"{self.url}/_sandbox/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def effects(self) -> dict[str, Any]:
        return requests.get(f"{self.url}/_sandbox/effects", timeout=10).json()


@pytest.fixture
def systems(tmp_path: Path) -> Iterator[Callable[..., System]]:
    started: list[System] = []

    def start(module: str, *arguments: str) -> System:
        started.append(System(module, *arguments))
        return started[-1]

    yield start
    for system in started:
        stop_process(system.process)


@pytest.fixture
def store(systems: Callable[..., System], tmp_path: Path) -> System:
    state = str(tmp_path / "store.sqlite")
    return systems("sandbox.store", "--state", state, "--key", "ck_1", "--secret", "cs_1")


@pytest.fixture
def warehouse(systems: Callable[..., System], tmp_path: Path) -> System:
    return systems(
        "sandbox.warehouse", "--root", str(tmp_path / "wms"), "--user", "portal", "--password", "pw",
        "--host-key", str(tmp_path / "host.key"), "--ship-after", "0.1", "--site", "RNO1",
    )  # fmt: skip


class House:
    """Harbor's endpoints and flows, and the lanes that serve them."""

    def __init__(self, customer_id: int, store: System, warehouse: System, tmp_path: Path) -> None:
        self.customer_id = customer_id
        host_key = paramiko.PKey.from_path(tmp_path / "host.key")
        self.shop = pipeline.endpoint(
            customer_id, "harborweb", "woocommerce", settings={"url": store.url},
            secrets={"consumer_key": "ck_1", "consumer_secret": "cs_1", "webhook_secret": "x"},
            channel={"share": 1, "buffer": 5},
        )  # fmt: skip
        self.warehouse = pipeline.endpoint(
            customer_id, "northwind", "x12", site="RNO1", label="Northwind RNO1",
            secrets={"password": "pw"},
            settings={
                "host": "127.0.0.1", "port": warehouse.sftp_port, "user": "portal", "site": "RNO1",
                "host_key": f"{host_key.get_name()} {host_key.get_base64()}",
                "own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T",
            },
        )  # fmt: skip
        pipeline.flow(self.shop, self.warehouse, "order", routed=True)
        pipeline.flow(self.warehouse, self.shop, "shipment")
        pipeline.flow(self.warehouse, self.shop, "inventory")
        table = LookupTable.objects.create(customer_id=customer_id, name="sku", default="master")
        self.skus = table

    def poll_every(self, stream: str, of: Endpoint) -> None:
        PollCursor.objects.create(endpoint=of, stream=stream, every_seconds=0, due_at=clock.now())

    def work(self, until: Callable[[], bool], *, seconds: float = 20) -> None:
        """Run every lane until the question is answered yes."""
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, "\n".join(pipeline.story())
            for endpoint in (self.shop, self.warehouse):
                poll.poll(endpoint.pk)
                deliver.deliver(endpoint.pk)
            receive.receive(self.customer_id)


@pytest.fixture
def house(kestrel, store, warehouse, tmp_path) -> House:
    made = House(kestrel.harbor, store, warehouse, tmp_path)
    made.poll_every("orders", made.shop)
    made.poll_every("files", made.warehouse)
    return made


def _know(customer_id: int, *skus: str) -> None:
    """What the ERP's product feed would bring."""
    source = pipeline.endpoint(customer_id, "erp", settings={})
    products = [
        {
            "sku": s,
            "title": s,
            "status": "active",
            "base_uom": "EA",
            "units": [{"uom": "EA", "factor": "1"}],
        }
        for s in skus
    ]
    pipeline.store(source, *products, object_type="product")
    pipeline.run(customer_id)


def test_an_order_goes_to_the_warehouse_and_its_tracking_comes_back(house, store, warehouse):
    store.tell("orders", count=3, webhooks=False)
    numbers = {line for line in store.effects()["status"]}
    house.skus.default = "pass"
    house.skus.save()
    house.work(lambda: len(store.effects()["shipments"]) == 3)
    assert set(store.effects()["shipments"]) == numbers
    assert store.effects()["double_effects"] == 0
    assert warehouse.effects()["double_effects"] == 0
    assert set(warehouse.effects()["orders"].values()) == {1}
    orders = Record.objects.filter(object_type="order")
    assert set(orders.values_list("state", flat=True)) == {"shipped"}
    assert set(Reservation.objects.values_list("state", flat=True)) == {"consumed"}
    assert set(RouteDecision.objects.values_list("chosen", flat=True)) == {"RNO1"}
    house.work(
        lambda: not Message.objects.filter(state__in=("waiting", "sending", "delivered")).exists()
    )
    assert ExceptionCase.objects.count() == 0, list(
        ExceptionCase.objects.values_list("title", flat=True)
    )
    legs.advance()
    assert set(Leg.objects.values_list("kind", "outcome")) == {
        (kind, "done")
        for kind in ("ingest", "transmit", "acknowledge", "ship", "confirm", "answer")
    }
    assert rollup.differences() == []


def test_the_warehouse_stock_report_reaches_the_shop_as_availability(house, store, warehouse):
    house.skus.default = "pass"
    house.skus.save()
    warehouse.tell("inventory")
    house.work(lambda: Record.objects.filter(object_type="availability").exists())
    house.work(lambda: not Message.objects.filter(state__in=("waiting", "sending")).exists())
    on_hand = warehouse.effects()["stock"]["TENT-2P"]
    assert store.effects()["stock"]["TENT-2P"] == on_hand - 5
    assert ExceptionCase.objects.count() == 0


def test_an_unknown_sku_is_one_case_and_one_lookup_row_ships_all_its_orders(
    house, store, warehouse
):
    from integrations.domain import replay
    from sandbox.catalog import LEGACY_LISTING, PRODUCTS

    _know(house.customer_id, *[product.sku for product in PRODUCTS])
    store.tell("orders", count=8, unknown_sku=3, webhooks=False)
    house.work(lambda: len(store.effects()["shipments"]) == 5)
    case = ExceptionCase.objects.get()
    assert (case.documents, case.value, case.code) == (3, LEGACY_LISTING, "unknown_sku")
    LookupRow.objects.create(table=house.skus, code=LEGACY_LISTING, value="TENT-2P")
    held = Message.objects.filter(state="held").values_list("pk", flat=True)
    assert replay.replay(list(held), actor="Ana Ruiz", cause="lookup added") == 3
    house.work(lambda: len(store.effects()["shipments"]) == 8)
    case.refresh_from_db()
    assert case.state == "resolved"
    assert store.effects()["double_effects"] == warehouse.effects()["double_effects"] == 0

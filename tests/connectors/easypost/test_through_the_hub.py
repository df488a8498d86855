"""A shipment on its way from a warehouse to its label, and what its carrier says back in the hub."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.domain import poll
from integrations.models import Endpoint, LookupTable, Message, PollCursor, Record, RecordEvent
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.bigcommerce.store import Store
from tests.connectors.described.lists import Lists
from tests.connectors.described.vendor import KEY
from tests.connectors.easypost.account import Account
from tests.connectors.rest3pl.warehouse import Warehouse

pytestmark = pytest.mark.db

GOLDENS = Path(__file__).parents[1]


def golden(slug: str, name: str) -> Any:
    return json.loads((GOLDENS / slug / "golden" / f"{name}.json").read_bytes())


class Trade:
    """A store, a warehouse and an account at EasyPost, each with its endpoint."""

    def __init__(self, kestrel: Any) -> None:
        self.shop = Store(golden("bigcommerce", "order.native"), orders=1)
        self.wms, self.office = Warehouse(), Account(golden("easypost", "shipment.native"))
        self.servers = [Lists() for _ in range(3)]
        for server, vendor in zip(self.servers, (self.shop, self.wms, self.office), strict=True):
            server.answer = vendor.answer
        urls = [server.url for server in self.servers]
        fast = {"rate_per_second": 1000}
        self.store = pipeline.endpoint(
            kestrel.harbor, "shop", "bigcommerce",
            settings={"url": urls[0], "store_hash": "harb0r"}, secrets={"access_token": KEY}, **fast,
        )  # fmt: skip
        self.warehouse = pipeline.endpoint(
            kestrel.harbor, "wms", "rest3pl",
            settings={"url": f"{urls[1]}/v1", "site": "RNO1"}, secrets={"token": KEY}, **fast,
        )  # fmt: skip
        self.labels = pipeline.endpoint(
            kestrel.harbor, "labels", "easypost",
            settings={"url": urls[2], "services": ["USPS GroundAdvantage"],
                      "from_addresses": ["adr_01"], "default_weight": 40},
            secrets={"api_key": KEY}, **fast,
        )  # fmt: skip
        for name in ("sku", "sku_out"):
            LookupTable.objects.create(customer_id=kestrel.harbor, name=name, default="pass")
        streams = (
            (self.store, "orders"),
            (self.warehouse, "shipments"),
            (self.labels, "shipments"),
        )
        for endpoint, stream in streams:
            PollCursor.objects.create(endpoint=endpoint, stream=stream, due_at=clock.now())
        pipeline.flow(self.store, self.warehouse, "order")
        pipeline.flow(self.warehouse, self.labels, "shipment")

    def until(self, done: Callable[[], Any]) -> None:
        """Let all lanes have their turns, at the times that they ask for."""
        endpoints: list[Endpoint] = [self.store, self.warehouse, self.labels]
        with clock.freeze(clock.now()) as frozen:
            for _ in range(12):
                for endpoint in endpoints:
                    poll.poll(endpoint.pk)
                pipeline.run(endpoints[0].customer_id)
                if done():
                    return
                frozen.move(60)
        raise AssertionError("\n".join(pipeline.story()))

    def ship(self) -> None:
        now = datetime.now(UTC)
        lines = [{"line_no": "31", "sku": "TENT-2P", "shipped": 2, "lot": "L7"}]
        self.wms.rows["shipments"].append(
            golden("rest3pl", "shipment.native")
            | {
                "id": 1,
                "order_number": "101",
                "shipped_at": now.isoformat(),
                "updated_at": (now - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "lines": lines,
                "packages": [],
                "tracking": [],
            }
        )


@pytest.fixture
def trade(kestrel) -> Iterator[Trade]:
    made = Trade(kestrel)
    yield made
    for server in made.servers:
        server.close()


def test_a_label_is_bought_and_its_parcel_followed(trade: Trade) -> None:
    trade.until(lambda: trade.wms.put)
    trade.ship()
    trade.until(trade.office.effects)
    [there] = trade.office.shipments.values()
    assert there["to_address"]["street1"]  # the order said where it goes
    trade.until(lambda: "freight" in Record.objects.get(object_type="shipment").body)
    record = Record.objects.get(object_type="shipment")
    assert record.body["tracking"] == [there["tracking_code"]]
    assert record.body["carrier"] == {"name": "USPS", "service": "GroundAdvantage", "scac": "USPS"}
    assert record.body["freight"] == {"amount": "7.40", "currency": "USD"}
    assert record.body["labels"] == ["https://files.example.com/l.pdf"]
    # What the warehouse said of its inside stays.
    assert record.body["lines"][0]["lot"] == "L7"
    assert (record.state, record.version) == ("shipped", 2)
    for status in ("in_transit", "delivered"):
        there["status"] = status
        trade.until(lambda now=status: Record.objects.get(object_type="shipment").state == now)
    told = Message.objects.filter(object_type="shipment", direction="in", state="unchanged").count()
    there["status"] = "out_for_delivery"  # a scan that came late
    trade.until(
        lambda: Message.objects.filter(object_type="shipment", state="unchanged").count() > told
    )
    record.refresh_from_db()
    assert (record.state, record.version) == ("delivered", 2)
    moves = RecordEvent.objects.filter(
        record_id=record.pk, to_state__in=["in_transit", "delivered"]
    )
    assert list(moves.order_by("pk").values_list("from_state", "to_state")) == [
        ("shipped", "in_transit"),
        ("in_transit", "delivered"),
    ]
    assert trade.office.effects() == 1
    assert ExceptionCase.objects.count() == 0, pipeline.story()


def test_what_others_ship_with_the_same_account_is_none_of_ours(trade: Trade) -> None:
    stranger = golden("easypost", "shipment.native") | {"reference": "RNO1:T-9"}
    trade.office.add(stranger, datetime.now(UTC))
    trade.until(lambda: Message.objects.filter(object_type="shipment", direction="in").exists())
    assert not Record.objects.filter(object_type="shipment").exists()
    assert ExceptionCase.objects.count() == 0, pipeline.story()

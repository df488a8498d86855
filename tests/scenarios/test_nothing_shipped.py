"""A warehouse that reports that it sent nothing."""

import pytest

from integrations.models import Record
from integrations.queries import ledger, orders
from tests import pipeline
from tests.integrations.books import standing_flow

pytestmark = pytest.mark.db


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(
        kestrel.harbor, "shop", settings={}, channel={"share": 1, "buffer": 0}, rate_per_second=1000
    )


@pytest.fixture
def reno(kestrel, shop, sink):
    house = pipeline.endpoint(
        kestrel.harbor, "reno", site="RNO1", settings={"url": sink.url}, rate_per_second=1000
    )
    standing_flow(shop, house, routed=True)
    standing_flow(house, shop, "shipment")
    return house


def reported(kestrel, shop, reno, *, status: str, shipped: str):
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    body = {
        "number": "S-1", "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
        "status": status, "tracking": ["1Z1"], "lines": [{"sku": "TENT-2P", "shipped": shipped}],
    }  # fmt: skip
    pipeline.store(reno, body, object_type="shipment")
    pipeline.run(kestrel.harbor)
    return Record.objects.get(object_type="order").pk


def test_the_shop_is_not_told_of_a_shipment_of_nothing_and_none_is_missed(kestrel, shop, reno):
    order = reported(kestrel, shop, reno, status="cancelled", shipped="0")
    assert pipeline.states(direction="in", object_type="shipment") == ["applied"]
    assert pipeline.states(direction="out", object_type="shipment") == []
    assert orders.tracking([order]) == {}
    assert ledger.balance().findings == []


def test_the_shop_is_told_of_what_left(kestrel, shop, reno):
    order = reported(kestrel, shop, reno, status="partial", shipped="1")
    assert len(pipeline.states(direction="out", object_type="shipment")) == 1
    assert orders.tracking([order]) == {order: "1Z1"}

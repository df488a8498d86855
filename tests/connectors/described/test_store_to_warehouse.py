"""An order on its way from a store to a warehouse and back, through the hub and two described connectors."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.domain import poll
from integrations.models import Endpoint, LookupTable, Message, PollCursor
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.bigcommerce.store import Store
from tests.connectors.described.lists import Lists
from tests.connectors.described.vendor import KEY
from tests.connectors.magento.shop import Shop
from tests.connectors.rest3pl.warehouse import Warehouse

pytestmark = pytest.mark.db

GOLDENS = Path(__file__).parents[1]


def golden(slug: str, kind: str) -> Any:
    return json.loads((GOLDENS / slug / "golden" / f"{kind}.native.json").read_bytes())


def serve(vendor: Any) -> Lists:
    server = Lists()
    server.answer = vendor.answer
    return server


@pytest.fixture
def warehouse(kestrel) -> Iterator[tuple[Warehouse, Endpoint]]:
    made = Warehouse()
    server = serve(made)
    yield (
        made,
        pipeline.endpoint(
            kestrel.harbor,
            "wms",
            "rest3pl",
            settings={"url": f"{server.url}/v1", "site": "RNO1"},
            secrets={"token": KEY},
            rate_per_second=1000,
        ),
    )
    server.close()


def until(done: Callable[[], Any], *endpoints: Endpoint) -> None:
    """Let all lanes have their turns, at the times that they ask for."""
    with clock.freeze(clock.now()) as frozen:
        for _ in range(12):
            for endpoint in endpoints:
                poll.poll(endpoint.pk)
            pipeline.run(endpoints[0].customer_id)
            if done():
                return
            frozen.move(60)
    raise AssertionError("\n".join(pipeline.story()))


def shipped(number: str, line: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return golden("rest3pl", "shipment") | {
        "id": 1,
        "order_number": number,
        "shipped_at": now.isoformat(),
        "updated_at": (now - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lines": [{"line_no": line, "sku": "TENT-2P", "shipped": 2}],
    }


def connect(kestrel, store: Endpoint, warehouse: Endpoint) -> None:
    for name in ("sku", "sku_out"):
        LookupTable.objects.create(customer_id=kestrel.harbor, name=name, default="pass")
    for endpoint, stream in ((store, "orders"), (warehouse, "shipments")):
        PollCursor.objects.create(endpoint=endpoint, stream=stream, due_at=clock.now())
    pipeline.flow(store, warehouse, "order")
    pipeline.flow(warehouse, store, "shipment")


def test_bigcommerce_and_a_warehouse(kestrel, warehouse) -> None:
    there, wms = warehouse
    shop = Store(golden("bigcommerce", "order"), orders=2)
    server = serve(shop)
    store = pipeline.endpoint(
        kestrel.harbor,
        "shop",
        "bigcommerce",
        settings={"url": server.url, "store_hash": "harb0r"},
        secrets={"access_token": KEY},
        rate_per_second=1000,
    )
    connect(kestrel, store, wms)
    until(lambda: len(there.put) == 2, store, wms)
    assert there.put["orders/101"]["lines"][0] == {
        "line_no": "31",
        "sku": "TENT-2P",
        "description": "Tent for two",
        "quantity": "3",
        "uom": "EA",
        "gtin": "012345678905",
    }
    there.rows["shipments"].append(shipped("101", "31"))
    until(lambda: shop.effects(), store, wms)
    [parcel] = shop.shipments[101]
    assert parcel["items"] == [{"order_product_id": 31, "quantity": 2}]
    assert (parcel["comments"], parcel["tracking_carrier"]) == ("S-1", "ups")
    server.close()
    assert ExceptionCase.objects.count() == 0, pipeline.story()
    assert set(Message.objects.values_list("state", flat=True)) <= {
        "applied",
        "unchanged",
        "confirmed",
    }


def test_magento_and_a_warehouse(kestrel, warehouse) -> None:
    there, wms = warehouse
    goldens = {kind: golden("magento", kind) for kind in ("order", "return")}
    shop = Shop(goldens, orders=2)
    server = serve(shop)
    store = pipeline.endpoint(
        kestrel.harbor,
        "shop",
        "magento",
        settings={"url": server.url},
        secrets={"access_token": KEY},
        rate_per_second=1000,
    )
    connect(kestrel, store, wms)
    until(lambda: len(there.put) == 2, store, wms)
    assert there.put["orders/000000001"]["ship_to"]["name"] == "Kim Reyes"
    there.rows["shipments"].append(shipped("000000001", "61"))
    until(lambda: shop.effects(), store, wms)
    [parcel] = shop.shipments
    assert parcel["items"] == [{"order_item_id": 61, "qty": 2}]
    server.close()
    assert ExceptionCase.objects.count() == 0, pipeline.story()

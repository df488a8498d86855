"""What an endpoint has received shows what its sender sends."""

import json

import pytest

from integrations.domain.discover import discover_received
from tests import pipeline

pytestmark = pytest.mark.db


def test_the_newest_documents_of_each_type_are_taken_apart(kestrel) -> None:
    shop = pipeline.endpoint(kestrel.harbor, "shop")
    orders = [{**pipeline.order(str(number)), "zone": "B"} for number in range(1001, 1024)]
    pipeline.store(shop, *orders)
    pipeline.store(shop, {"sku": "TENT-2P", "title": "Tent"}, object_type="product")
    found = {f.object_type: f for f in discover_received(shop)}
    assert set(found) == {"order", "product"}
    assert [d["number"] for d in found["order"].documents][:2] == ["1023", "1022"]
    assert len(found["order"].documents) == 20
    assert [json.loads(s)["number"] for s in found["order"].samples] == ["1023", "1022", "1021"]
    assert found["order"].custom_fields == ["zone"]


def test_an_endpoint_that_received_nothing_shows_nothing(kestrel) -> None:
    assert discover_received(pipeline.endpoint(kestrel.harbor, "shop")) == []

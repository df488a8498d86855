"""A buyer's return that is answered, and a supplier's catalogue."""

import pytest

from integrations.models import Record
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.connectors.edi.files import X12, file_of
from tests.connectors.x12.server import Server
from tests.scenarios.test_trading_partner import arrives, ours, partner

pytestmark = pytest.mark.db


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


def test_a_return_by_180_is_kept_with_its_order_and_answered_when_it_is_approved(kestrel, server):
    retailer = partner(kestrel, server, **X12)
    house = pipeline.endpoint(kestrel.harbor, "house", settings={})
    pipeline.flow(retailer, house, "return")
    pipeline.flow(house, retailer, "return")
    arrives(kestrel, retailer, server, "po.edi", file_of("850"))
    arrives(kestrel, retailer, server, "return.edi", file_of("180", control=772))
    asked = Record.objects.get(object_type="return")
    assert (asked.number, asked.state) == ("RMA-551", "requested"), pipeline.story()
    assert asked.order_id == Record.objects.get(object_type="order").pk
    assert not [name for name in server.names("in") if name.startswith("180_")]

    pipeline.store(house, {**asked.body, "status": "approved"}, object_type="return")
    pipeline.run(kestrel.harbor)
    answer = ours(server, "180")
    assert "*RMA-551~\nRDR*RA~\nN9*RZ*RMA-551~\nN9*PO*PO-7781~" in answer
    assert pipeline.states(direction="out", object_type="return", endpoint=retailer) == [
        "delivered"
    ]


@pytest.mark.parametrize(
    ("catalogue", "products"), [("prices", []), ("prices and products", ["MUG-12", "TENT-2P"])]
)
def test_a_catalogue_is_a_price_list_and_where_agreed_its_items_are_products(
    kestrel, server, catalogue, products
):
    supplier = partner(kestrel, server, **X12, partner_is="supplier", catalogue=catalogue)
    arrives(kestrel, supplier, server, "832.edi", file_of("832"))
    prices = Record.objects.get(object_type="price_list")
    assert (prices.number, len(prices.body["prices"])) == ("HARBOR", 3), pipeline.story()
    found = Record.objects.filter(object_type="product", source=supplier)
    assert sorted(found.values_list("number", flat=True)) == products
    assert "AK1*SC*771~" in ours(server, "997")
    assert not ExceptionCase.objects.exists()

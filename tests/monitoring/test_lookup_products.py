"""Where a table leads to products, a value that is none is refused: one typo is not many cases."""

import pytest

from integrations.models import ChangeRequest, LookupRow, LookupTable
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.hands import mend, page_of, tried, use
from tests.pages.scenery import texts

pytestmark = pytest.mark.db
REFUSED = "NOPE-1 is no product of Harbor Outfitters. Did you mean TENT-2P?"


@pytest.fixture
def products(harbor):
    """The table asks the item list, which has two tents."""
    LookupTable.objects.update(default="master")
    bodies = [
        {"sku": sku, "title": "Tent", "status": "active", "base_uom": "EA", "units": []}
        for sku in ("TENT-2P", "MUG-12")
    ]
    pipeline.store(harbor.shop, *bodies, object_type="product")
    pipeline.run(harbor.customer_id)


def test_a_remedy_that_leads_to_no_product_is_refused_with_the_nearest_one(
    operator, harbor, products, sink
):
    case = hold(harbor, "1001", "1002")
    response = use(operator, case, "lookup", value="NOPE-1")
    assert response.status_code == 422
    assert texts(page_of(response), "form#remedy .field-error") == [REFUSED]
    assert pipeline.states(object_type="order") == ["held", "held"]
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    mend(operator, case, "lookup", value="TENT-2P")
    assert sorted(o["number"] for o in sink.taken) == ["1001", "1002"]


def test_the_value_itself_is_compared_before_the_code(operator, harbor, products):
    response = use(operator, hold(harbor, "1001"), "lookup", value="mug-21")
    assert texts(page_of(response), "form#remedy .field-error") == [
        "mug-21 is no product of Harbor Outfitters. Did you mean MUG-12?"
    ]


def test_a_person_who_insists_may_use_a_product_that_is_not_known_yet(
    operator, harbor, products, sink
):
    case = hold(harbor, "1001")
    shown = page_of(use(operator, case, "lookup", value="TENT-9P"))
    box = shown.select_one("form#remedy label.check input[name=insist]")
    assert (box["type"], box.parent.text.strip()) == ("checkbox", "use it anyway")
    mend(operator, case, "lookup", value="TENT-9P", insist="on")
    assert LookupRow.objects.get(code="TENT-OLD").value == "TENT-9P"


def test_a_table_that_does_not_ask_the_item_list_takes_any_value(operator, harbor, sink):
    case = hold(harbor, "1001")
    fix = tried(operator, case, "lookup", value="NOPE-1")
    assert list(fix.items.values_list("verdict", flat=True)) == ["pass"]


def test_the_page_of_a_table_refuses_the_same_and_takes_it_from_who_insists(
    operator, harbor, products
):
    address = f"/lookups/{harbor.table.pk}/"
    response = operator.post(address, {"code": "TENT-OLD", "value": "NOPE-1"})
    assert response.status_code == 422
    assert REFUSED in texts(page_of(response), ".field-error p")
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    given = {"code": "TENT-OLD", "value": "NOPE-1", "insist": "on"}
    assert operator.post(address, given).status_code == 302
    assert ChangeRequest.objects.get().content["rows"]["TENT-OLD"] == "NOPE-1"


def test_a_table_of_all_customers_takes_the_product_of_any(operator, harbor, products):
    shared = LookupTable.objects.create(customer=None, name="sku", default="master")
    address = f"/lookups/{shared.pk}/"
    assert operator.post(address, {"code": "T", "value": "TENT-2P"}).status_code == 302
    response = operator.post(address, {"code": "T", "value": "QQQQ"})
    assert "QQQQ is no product of any customer." in texts(page_of(response), ".field-error p")

"""What depends on what: chosen, read, counted; and the whole integration on paper."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import configuration, drafts, touches
from integrations.domain.subjects import Subject, mapping_key
from integrations.domain.touches import Node
from integrations.models import Contract, Endpoint, LookupTable, RoutingRules
from integrations.views import dependencies
from tests import pipeline
from tests.governance.conftest import person
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db
SECRET = "never-on-paper"


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    """A shop whose orders go to an ERP and a warehouse; the warehouse's shipments go to the shop."""
    made = pipeline.endpoint(
        kestrel.harbor, "shop", settings={}, secrets={"webhook_secret": SECRET}
    )
    erp = pipeline.endpoint(kestrel.harbor, "erp", settings={"url": "http://127.0.0.1:9"})
    site = pipeline.endpoint(
        kestrel.harbor, "wms", settings={"url": "http://127.0.0.1:9"}, site="RNO1"
    )
    pipeline.flow(made, erp)
    pipeline.flow(made, site)
    pipeline.flow(site, made, "shipment")
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku", default="pass")
    table.rows.create(code="OLD", value="NEW")
    rows = [["number", "number"], ["lines[]", "lines"], ["lines[].sku", '$lookup("sku", sku)']]
    made.mappings.create(object_type="order", direction="in", version=1, rows=rows)
    out = [["order", "number"], ["items[]", "lines"], ["items[].code", "sku"]]
    erp.mappings.create(object_type="order", direction="out", version=1, rows=out)
    Contract.objects.create(
        endpoint=made, object_type="order",
        schema={"type": "object", "properties": {"number": {"type": "string"}}},
    )  # fmt: skip
    rule = {"n": 1, "if": {"channel": "web"}, "then": {"allow": "RNO1"}}
    RoutingRules.objects.create(customer_id=kestrel.harbor, version=1, rules=[rule])
    return made


def test_a_lookup_reaches_every_flow_of_the_mapping_that_asks_it(
    kestrel: Site, shop: Endpoint
) -> None:
    found = touches.ways(configuration.of(kestrel.harbor))
    reached = touches.touched(found, Node("lookup", "sku"))
    assert sorted(flow.object_type for flow in reached.flows) == ["order", "order"]
    assert Node("mapping", "shop order in") in reached.after
    assert Node("endpoint", "shop") in reached.before
    assert Node("endpoint", "erp") in reached.after


def test_a_field_is_touched_by_the_flows_whose_target_reads_it(
    kestrel: Site, shop: Endpoint
) -> None:
    found = touches.ways(configuration.of(kestrel.harbor))
    erp = next(e.id for e in configuration.of(kestrel.harbor).endpoints.values() if e.slug == "erp")
    reached = touches.touched(found, Node("field", "order lines[].sku"))
    assert erp in [flow.target_id for flow in reached.flows]
    unread = touches.touched(found, Node("field", "order ship_to.city"))
    assert erp not in [flow.target_id for flow in unread.flows]


def test_the_map_is_searched_and_a_node_tells_how_far_it_goes(
    kestrel: Site, shop: Endpoint
) -> None:
    olga = sign_in(kestrel, "operator")
    soup = page(olga.get("/dependencies/?customer=harbor&q=sku"))
    assert "sku" in texts(soup, "#dependencies th")
    assert "Shop" not in texts(soup, "#dependencies th")
    link = next(a["href"] for a in soup.select("#dependencies a") if a.text == "sku")
    soup = page(olga.get(link))
    (told,) = texts(soup, "#dependencies > section > p")
    assert told == "A change reaches 2 flows between 3 endpoints: 0 documents in the last 7 days."
    assert "Orders from Shop" in texts(soup, "#after a")
    assert texts(soup, "#before a")[0] == "Shop"


def test_another_customer_sees_nothing_of_it(kestrel: Site, shop: Endpoint) -> None:
    soup = page(sign_in(kestrel, "operator").get("/dependencies/?customer=maris&node=lookup:sku"))
    assert "Nothing depends on anything yet" in soup.text


def test_a_change_says_how_far_it_goes(kestrel: Site, shop: Endpoint) -> None:
    subject = Subject(kestrel.harbor, "mapping", mapping_key("shop", "order", "in"))
    draft = drafts.begin(subject, author=person("engineer", "Dora"))
    soup = page(sign_in(kestrel, "engineer").get(f"/changes/{draft.pk}/"))
    assert "A change reaches 2 flows" in soup.select_one("#radius").text


def test_a_change_of_what_all_customers_share_counts_them_all(
    kestrel: Site, shop: Endpoint
) -> None:
    LookupTable.objects.all().delete()
    LookupTable.objects.create(customer=None, name="sku", default="pass")
    other = pipeline.endpoint(kestrel.maris, "other", settings={})
    pipeline.flow(other, pipeline.endpoint(kestrel.maris, "plant", settings={}))
    rows = [["number", "number"], ["lines[]", "lines"], ["lines[].sku", '$lookup("sku", sku)']]
    other.mappings.create(object_type="order", direction="in", version=1, rows=rows)
    found = dependencies.radius(Subject(None, "lookup", "sku"))
    assert found
    assert found.sentence.startswith("A change reaches 3 flows of 2 customers between 5 endpoints")


def test_the_documentation_has_everything_and_no_secret(kestrel: Site, shop: Endpoint) -> None:
    answer = sign_in(kestrel, "operator").get("/customers/harbor/documentation/")
    told = page(answer).select_one("#documentation").text
    for wanted in (
        "Shop",
        "channel is web",
        "sku looked up in sku",
        "OLD",
        "Contract: orders of Shop",
    ):
        assert wanted in told, wanted
    assert SECRET not in answer.content.decode()


def test_the_documentation_asks_equally_often_for_more(kestrel: Site, shop: Endpoint) -> None:
    olga = sign_in(kestrel, "operator")
    olga.get("/customers/harbor/documentation/")
    with CaptureQueriesContext(connection) as few:
        olga.get("/customers/harbor/documentation/")
    table = LookupTable.objects.get()
    for n in range(50):
        table.rows.create(code=f"C{n}", value="x")
    with CaptureQueriesContext(connection) as more:
        olga.get("/customers/harbor/documentation/")
    assert len(more) <= len(few) + 2

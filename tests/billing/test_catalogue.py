"""What the product counts, the examples it ships, and what they are counted by."""

import pytest
from django_tenants.utils import schema_context

from billing.catalogue import BUNDLES, METRICS, WHOLESALE
from billing.domain import catalogue, plans
from billing.domain.wholesale import KEPT
from billing.domain.wholesale_prices import covers, outermost
from billing.models import Metric
from billing.rating import MODELS
from integrations.canonical.schema import OBJECT_TYPES
from integrations.models import Flow
from tests.billing import selling
from tests.people import Site

pytestmark = pytest.mark.db


def test_every_schema_has_the_products_metrics_from_the_beginning(kestrel: Site) -> None:
    codes = {one.code for one in METRICS}
    assert set(Metric.objects.values_list("code", flat=True)) == codes
    with schema_context("public"):
        assert set(Metric.objects.values_list("code", flat=True)) >= codes


def test_ensuring_again_changes_nothing_that_is_there(kestrel: Site) -> None:
    Metric.objects.filter(code="orders").update(name="Sales orders")
    Metric.objects.filter(code="returns").delete()
    for _ in range(2):
        catalogue.ensure_metrics()
    assert Metric.objects.get(code="orders").name == "Sales orders"
    assert Metric.objects.filter(code="returns").count() == 1


def test_metrics_look_at_kinds_and_values_that_there_are() -> None:
    known = {
        "object_type": set(OBJECT_TYPES),
        "latency": set(Flow.Latency.values),
        "tier": {"standard", "premium"},
    }
    for one in METRICS:
        assert set(one.kinds) <= {*KEPT, "service", "traded"}, one.code
        assert one.aggregation in Metric.Aggregation.values
        for name, values in one.filters.items():
            assert set(values) <= known[name], one.code


def test_five_bundles_in_three_tiers_use_what_there_is_to_use() -> None:
    examples = [one for bundle in BUNDLES for one in bundle.examples]
    assert len(BUNDLES) == 5
    assert [one.tier for one in examples] == ["Essential", "Professional", "Premier"] * 5
    assert len({one.slug for one in examples}) == 15
    contents = [one.content for one in examples]
    charges = [charge for content in contents for charge in content["charges"]]
    assert {one["model"] for one in charges} == MODELS.keys() - {"percentage"}
    assert any(one["ramp"] for one in charges)
    assert any(one["once"] for one in charges)
    assert any(one["included"] != "0" for one in charges)
    assert all(content["commitment"] for content in contents[2::3])  # Premier commits
    assert any(content["trial_days"] for content in contents)


@pytest.mark.parametrize("bundle", [*BUNDLES, WHOLESALE], ids=lambda one: one.name)
def test_every_example_can_be_used(kestrel: Site, bundle) -> None:
    for one in bundle.examples:
        made = plans.begin(one.name, one.slug, one.content, author=selling.ANA)
        assert made.content == one.content
        selling.publish(made)


def test_an_order_is_a_document_and_not_the_other_way_round(kestrel: Site) -> None:
    documents, orders, edi = (
        Metric.objects.get(code=code) for code in ("documents", "orders", "edi_documents")
    )
    assert covers(documents, orders)
    assert not covers(orders, documents)
    assert not covers(documents, edi)
    assert outermost([orders, documents, edi]) == ["documents", "edi_documents"]
    assert outermost([orders, orders]) == ["orders"]


def test_a_metric_that_is_archived_cannot_be_priced(kestrel: Site) -> None:
    catalogue.archive_metric(Metric.objects.get(code="returns"))
    charge = {**selling.DOCUMENTS, "metric": "returns"}
    with pytest.raises(ValueError, match="There is no metric returns"):
        plans.begin("A", "a", {"currency": "USD", "charges": [charge]}, author=selling.ANA)

"""A customer whose orders go from a shop to an ERP, and how they come to be held."""

from types import SimpleNamespace
from typing import Any

import pytest

from integrations.canonical.problem import Problem
from integrations.domain import problems
from integrations.domain.problems import Trouble
from integrations.models import LookupRow, LookupTable, Message
from monitoring.models import ExceptionCase
from portal.accounts.models import Person
from tests import pipeline
from tests.integrations.test_pipeline import sink
from tests.pages.scenery import HELD_ROWS

__all__ = ["sink"]


def place(customer_id: int, sink: Any, *, prefix: str = "") -> Any:
    """A shop with a lookup table that knows one SKU, and an ERP that takes orders."""
    shop = pipeline.endpoint(customer_id, f"{prefix}shop", label=f"{prefix}Web shop")
    erp = pipeline.endpoint(
        customer_id, f"{prefix}erp", settings={"url": sink.url}, rate_per_second=1000
    )
    pipeline.flow(shop, erp)
    table = LookupTable.objects.create(customer_id=customer_id, name="sku")
    LookupRow.objects.create(table=table, code="TENT-2P", value="TENT-2P")
    shop.mappings.create(object_type="order", direction="in", version=1, rows=HELD_ROWS)
    return SimpleNamespace(customer_id=customer_id, shop=shop, erp=erp, table=table)


@pytest.fixture
def harbor(kestrel, sink):
    return place(kestrel.harbor, sink)


@pytest.fixture
def maris(kestrel, sink):
    return place(kestrel.maris, sink, prefix="maris-")


@pytest.fixture
def houses(kestrel, sink):
    """A shop with two warehouses behind the routing rules, and an ERP that hears of every order."""
    shop = pipeline.endpoint(kestrel.harbor, "shop", label="Web shop")
    erp = pipeline.endpoint(kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000)
    pipeline.flow(shop, erp)
    found = SimpleNamespace(customer_id=kestrel.harbor, shop=shop, erp=erp)
    for order, site in enumerate(("RNO1", "ATL2")):
        one = pipeline.endpoint(
            kestrel.harbor,
            site.lower(),
            label=f"House {site}",
            site=site,
            settings={"url": sink.url, "site_order": order},
            rate_per_second=1000,
        )
        pipeline.flow(shop, one, routed=True)
        setattr(found, site, one)
    return found


@pytest.fixture
def ana(operator):
    return Person.objects.get(email="operator@kestrel.test")


@pytest.fixture
def ben(engineer):
    return Person.objects.get(email="engineer@kestrel.test")


def hold(place: Any, *numbers: str, sku: str = "TENT-OLD", **fields: Any) -> ExceptionCase:
    """Orders with an item nobody knows, and the case they make."""
    bodies = [pipeline.order(number, sku=sku, **fields) for number in numbers]
    pipeline.store(place.shop, *bodies)
    pipeline.run(place.customer_id)
    return ExceptionCase.objects.get(
        customer_id=place.customer_id, value=sku, state__in=ExceptionCase.OPEN_STATES
    )


def remarked(place: Any) -> ExceptionCase:
    """An order that went on and was remarked on, and the case that makes."""
    pipeline.store(place.shop, pipeline.order("1001", sku="TENT-2P"))
    pipeline.run(place.customer_id)
    went = Message.objects.get(direction="in")
    remark = Problem("contract_drift", "note", "", "A field nobody agreed on: note")
    problems.open_problems([Trouble(went.pk, place.customer_id, place.shop.pk, "order", [remark])])
    return ExceptionCase.objects.get()

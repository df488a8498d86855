"""A customer with a shop, a warehouse and an ERP, whose promises run since February."""

from types import SimpleNamespace

import pytest

from monitoring.domain import objectives
from portal.customers.models import Customer
from tests import pipeline
from tests.promises.scenery import at


@pytest.fixture
def harbor(kestrel):
    customer = Customer.objects.get(pk=kestrel.harbor)
    Customer.objects.update(created_at=at("02-10 09:00"))
    customer.refresh_from_db()
    shop = pipeline.endpoint(customer.pk, "shop", label="Web shop")
    house = pipeline.endpoint(
        customer.pk, "rno1", label="Northwind", site="RNO1",
        pickup={"time": "14:00", "days": "mon-sun"},
    )  # fmt: skip
    objectives.begin(customer)
    return SimpleNamespace(customer=customer, pk=customer.pk, shop=shop, house=house, site=kestrel)

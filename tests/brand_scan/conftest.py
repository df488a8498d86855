"""The partner Kestrel with something of every kind in it."""

import pytest

from tests.isolation import planting


@pytest.fixture
def house(db):
    from django_tenants.utils import schema_context

    planting.plant_all()
    with schema_context("kestrel"):
        yield

"""The partner Kestrel with something of every kind in it."""

from collections.abc import Iterator

import pytest
from django_tenants.utils import schema_context

from portal.tenants.models import Partner
from tests.brand.conftest import publish
from tests.brand.logos import raster
from tests.isolation import planting


@pytest.fixture
def partner(db: None) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


@pytest.fixture
def house(partner: Partner) -> Iterator[Partner]:
    """With all that is planted to test that nobody sees what is another one's, and a brand of its own."""
    planting.plant_all()
    with schema_context("kestrel"):
        publish(
            partner,
            logo=raster(),
            name="Kestrel Point",
            imprint="Kestrel, Reno",
            pdf_foot="Kestrel",
        )
        yield partner

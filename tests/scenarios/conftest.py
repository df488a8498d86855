"""The parties of the scenarios: a shop that sends, systems that take."""

from collections.abc import Iterator

import pytest
from django_tenants.utils import schema_context

from integrations.models import Endpoint
from tests import pipeline
from tests.people import Site
from tests.scenarios import committed, target
from tests.scenarios.target import Target


@pytest.fixture
def site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Site]:
    """Kestrel with committed rows: other threads and processes have connections of their own."""
    with django_db_blocker.unblock(), committed.swept_afterwards():
        made = committed.site("kestrel")
        with schema_context("kestrel"):
            yield made


@pytest.fixture
def sink() -> Iterator[Target]:
    with target.running() as server:
        yield server


@pytest.fixture
def depot() -> Iterator[Target]:
    """A second system that takes."""
    with target.running() as server:
        yield server


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    return pipeline.endpoint(kestrel.harbor, "shop", settings={})


@pytest.fixture
def erp(kestrel: Site, shop: Endpoint, sink: Target) -> Endpoint:
    """Takes every order of the shop, one call at a time so that the order of arrival is certain."""
    made = pipeline.endpoint(
        kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000, concurrency=1
    )
    pipeline.flow(shop, made)
    return made

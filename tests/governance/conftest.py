"""A shop and an ERP with orders behind them, and two people who change things."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connectors.http import mapper
from integrations.domain import subjects
from integrations.domain.subjects import Subject
from integrations.models import Endpoint, Kind, LookupTable, MappingVersion
from tests import pipeline
from tests.people import PASSWORD, Site
from tests.scenarios import target
from tests.scenarios.target import Target


@pytest.fixture
def sink() -> Iterator[Target]:
    with target.running() as server:
        yield server


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    return pipeline.endpoint(kestrel.harbor, "shop", settings={})


@pytest.fixture
def erp(kestrel: Site, shop: Endpoint, sink: Target) -> Endpoint:
    made = pipeline.endpoint(
        kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000, concurrency=1
    )
    pipeline.flow(shop, made)
    return made


@pytest.fixture
def orders(kestrel: Site, shop: Endpoint, erp: Endpoint) -> list[str]:
    """Twenty orders that went through."""
    numbers = [f"{1001 + n}" for n in range(20)]
    pipeline.store(shop, *[pipeline.order(number) for number in numbers])
    pipeline.run(kestrel.harbor)
    return numbers


@pytest.fixture
def channels(kestrel: Site, shop: Endpoint) -> LookupTable:
    """A lookup that the shop's orders ask."""
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="channel", default="pass")
    table.rows.create(code="shop", value="shop")
    rows = [["channel", '$lookup("channel", channel)'] if row.target == "channel" else list(row)
            for row in mapper.MAPPINGS["order", "in"]]  # fmt: skip
    MappingVersion.objects.create(
        endpoint=shop, object_type="order", direction="in", version=1, rows=rows
    )
    return table


def person(role: str, name: str) -> Any:
    from portal.accounts.models import Person, Role

    return Person.objects.create_person(
        email=f"{name.lower()}@kestrel.test",
        name=name,
        role=Role.objects.get(slug=role),
        password=PASSWORD,
    )


@pytest.fixture
def dana(kestrel: Site) -> Any:
    return person("engineer", "Dana")


@pytest.fixture
def lee(kestrel: Site) -> Any:
    return person("engineer", "Lee")


@pytest.fixture
def orders_in(kestrel: Site, shop: Endpoint) -> Subject:
    """The shop's mapping of orders."""
    key = subjects.mapping_key("shop", "order", "in")
    return Subject(kestrel.harbor, Kind.MAPPING, key)

"""A system of its own for each test that changes something, and a client to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.connectors.businesscentral.harness import Harness
from tests.connectors.conformance import client_of
from tests.connectors.odata.server import ODataServer


@pytest.fixture
def businesscentral(harnesses: Callable[[str], Any]) -> Harness:
    return harnesses("businesscentral")


@pytest.fixture
def system(businesscentral: Harness) -> Iterator[ODataServer]:
    made = businesscentral.fresh()
    yield made
    made.close()


@pytest.fixture
def client(businesscentral: Harness, system: ODataServer) -> Iterator[Any]:
    with client_of(businesscentral.connector, businesscentral.to(system)) as client:
        yield client

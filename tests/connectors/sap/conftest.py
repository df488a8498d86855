"""A system of its own for each test that changes something, and a client to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.connectors.conformance import client_of
from tests.connectors.odata.server import ODataServer
from tests.connectors.sap.harness import Harness


@pytest.fixture
def sap(harnesses: Callable[[str], Any]) -> Harness:
    return harnesses("sap")


@pytest.fixture
def system(sap: Harness) -> Iterator[ODataServer]:
    made = sap.fresh()
    yield made
    made.close()


@pytest.fixture
def client(sap: Harness, system: ODataServer) -> Iterator[Any]:
    with client_of(sap.connector, sap.to(system)) as client:
        yield client

from collections.abc import Iterator

import pytest

from tests.connectors.rest.lists import Lists


@pytest.fixture
def lists() -> Iterator[Lists]:
    server = Lists()
    yield server
    server.close()

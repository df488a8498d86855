from collections.abc import Iterator

import pytest

from tests.connectors.described.lists import Lists


@pytest.fixture
def lists() -> Iterator[Lists]:
    server = Lists()
    yield server
    server.close()

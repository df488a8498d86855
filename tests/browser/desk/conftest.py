"""One installation for everything about the desk: each test makes cases of its own items."""

from collections.abc import Iterator

import pytest

from tests import live
from tests.live import Installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with live.running(tmp_path_factory.mktemp("desk")) as made:
        made.wait_for_catalogue()
        yield made

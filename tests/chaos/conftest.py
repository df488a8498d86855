"""The installation that suffers: one for all tests of a module, as starting it takes half a minute."""

import sys
from collections.abc import Iterator

import pytest

from tests import live
from tests.live import Installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """It knows its products and stock. Nobody orders there but the test."""
    if sys.platform != "linux":
        pytest.skip("finding the processes of an installation needs /proc")
    with live.running(tmp_path_factory.mktemp("installation")) as made:
        made.wait_for_catalogue()
        yield made

"""Counterparts answer on this machine."""

from collections.abc import Iterator

import pytest

from portal.core import guard
from tests.counterparts.tryton_running import Tryton, tryton


@pytest.fixture(autouse=True)
def _this_machine_may_be_called() -> None:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8"])


@pytest.fixture(scope="module")
def erp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """A Tryton with a customer C-1 and five products, a thousand of each; each file of tests has its own."""
    with tryton(tmp_path_factory.mktemp("tryton")) as started:
        yield started

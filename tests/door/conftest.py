"""Fixtures of the door's tests: partners whose rows are committed, and a door that runs."""

import time
from collections.abc import Callable, Iterator

import pytest
from django_tenants.utils import schema_context

from integrations.models import Endpoint
from tests import pipeline
from tests.door.driver import RunningDoor
from tests.people import Site
from tests.scenarios import committed


@pytest.fixture
def written(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """What the test writes is committed, and removed after it."""
    with django_db_blocker.unblock(), committed.swept_afterwards():
        yield


@pytest.fixture
def site(written: None) -> Iterator[Site]:
    """Kestrel; the connection is in its schema."""
    made = committed.site("kestrel")
    with schema_context("kestrel"):
        yield made


@pytest.fixture
def shop(site: Site) -> Endpoint:
    return pipeline.endpoint(site.harbor, "shop", settings={})


@pytest.fixture
def door(written: None) -> Iterator[RunningDoor]:
    running = RunningDoor()
    yield running
    running.stop()


def until(holds: Callable[[], object], *, seconds: float) -> None:
    """Wait for something other threads do."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds} s")
        time.sleep(0.02)

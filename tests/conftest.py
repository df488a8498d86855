"""Fixtures everyone uses: a database with two partners of two customers each, and named people."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import database

pytest_plugins = ["tests.people", "tests.counterparts.plugin"]
# A busy machine makes values slowly: that is no fault of a strategy.
settings.register_profile("busy", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A fresh copy of a template database that is built once per set of migrations."""
    database.create(os.environ["CROSSDOCK_DATABASE_NAME"])
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
    database.drop(os.environ["CROSSDOCK_DATABASE_NAME"])


@pytest.fixture(autouse=True)
def _fresh_configuration() -> Iterator[None]:
    """What one test cached of the configuration must not reach the next, nor where it may connect to."""
    from portal.core import guard

    allowed = guard._allowed, guard._whose
    yield
    guard.set_allowed_networks(*allowed)
    from integrations.domain import clients, configuration
    from portal.webhooks.domain import wanted

    wanted.forget()
    configuration.forget()
    clients.forget()

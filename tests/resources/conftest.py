"""The same old ERP on both databases, new for each test."""

import itertools
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from portal import embedded
from sandbox.erp.__main__ import connect
from tests.resources import database
from tests.webhooks.conftest import _nothing_remembered, resolve, server

__all__ = ["_nothing_remembered", "resolve", "server"]

_numbers = itertools.count(1)


class Legacy(NamedTuple):
    """`run` speaks to it as its own people do."""

    url: str
    run: Any
    is_postgresql: bool


def _sqlite(folder: Any) -> Iterator[Legacy]:
    url = f"sqlite:///{folder / 'legacy.db'}"
    engine = connect(url)
    run = database.runner(engine)
    database.fill(run, is_postgresql=False)
    yield Legacy(url, run, False)
    engine.dispose()


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[str, Any]]:
    """A database of its own on the server the tests run on."""
    name = f"legacy_{os.getpid()}_{next(_numbers)}"
    server = embedded.url(name="test")
    owner = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with owner.connect() as opened:
        opened.execute(text(f"CREATE DATABASE {name}"))
    url = server.replace(f"/{embedded.DATABASE}?", f"/{name}?")
    engine = connect(url)
    yield url, engine
    engine.dispose()
    with owner.connect() as opened:
        opened.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    owner.dispose()


def _postgresql(server: tuple[str, Any]) -> Legacy:
    url, engine = server
    run = database.runner(engine)
    run("DROP SCHEMA public CASCADE")
    run("CREATE SCHEMA public")
    database.fill(run, is_postgresql=True)
    return Legacy(url, run, True)


@pytest.fixture(params=["sqlite", "postgresql"])
def legacy(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Legacy]:
    if request.param == "sqlite":
        yield from _sqlite(tmp_path)
    else:
        yield _postgresql(request.getfixturevalue("_server"))


@pytest.fixture
def on_sqlite(tmp_path: Any) -> Iterator[Legacy]:
    yield from _sqlite(tmp_path)


@pytest.fixture
def on_postgresql(_server: tuple[str, Any]) -> Legacy:
    return _postgresql(_server)


@pytest.fixture
def client(legacy: Legacy) -> Iterator[Any]:
    with database.client_of(legacy.url) as made:
        yield made

"""Transactions that only read, and statements that end in time: by each database's own means."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from integrations.transports.sql_errors import judge

_STEPS: Final = 10_000  # of SQLite's machine, between two looks at the clock


@contextmanager
def read_only(connection: Connection, *, seconds: int) -> Iterator[None]:
    """For the transaction that begins now."""
    guard = _GUARDS.get(connection.dialect.name, _mysql)
    with guard(connection, seconds):
        yield


@contextmanager
def _postgresql(connection: Connection, seconds: int) -> Iterator[None]:
    _say(connection, "SET TRANSACTION READ ONLY")
    _say(connection, f"SET LOCAL statement_timeout = {seconds * 1000:d}")
    yield


@contextmanager
def _mysql(connection: Connection, seconds: int) -> Iterator[None]:
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    name = "max_statement_time" if is_mariadb else "max_execution_time"
    most = seconds if is_mariadb else seconds * 1000
    _say(connection, f"SET SESSION {name} = {most:d}")
    _say(connection, "COMMIT")  # the next statement begins a transaction, which is read only
    _say(connection, "SET TRANSACTION READ ONLY")
    try:
        yield
    finally:
        if not connection.invalidated:
            _say(connection, "COMMIT")
            _say(connection, f"SET SESSION {name} = DEFAULT")


@contextmanager
def _sqlite(connection: Connection, seconds: int) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    ends = time.monotonic() + seconds
    _say(connection, "PRAGMA query_only = ON")
    driver.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
        _with_hands_free(driver)


def _with_hands_free(driver: sqlite3.Connection) -> None:
    """The connection goes back to the others, which write."""
    driver.execute("PRAGMA query_only = OFF")


_GUARDS: Final = {"postgresql": _postgresql, "sqlite": _sqlite}


def _say(connection: Connection, statement: str) -> None:
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        raise judge(error) from error

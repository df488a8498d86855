"""What a system remembers, in SQLite: a killed process finds everything it answered for."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

COUNTERS = "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER);"


class Tables:
    """All access to one system's tables; one connection, used by one thread."""

    def __init__(self, path: str, *, schema: str) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        # The process may be killed, the machine not: the page cache keeps what was written.
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.executescript(schema + COUNTERS)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept or nothing; inner calls join the outer one."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple]:
        return self.db.execute(sql, tuple(values)).fetchall()

    def count(self, name: str, by: int = 1) -> int:
        """Raise a counter and return its new value."""
        sql = (
            "INSERT INTO counters VALUES (?1, ?2) "
            "ON CONFLICT (name) DO UPDATE SET value = value + ?2 RETURNING value"
        )
        return self.db.execute(sql, (name, by)).fetchone()[0]

    def counters(self) -> dict[str, int]:
        return dict(self.rows("SELECT name, value FROM counters"))

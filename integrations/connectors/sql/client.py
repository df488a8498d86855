"""The conversation with one ERP database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.connectors.sql import mapper, polling, probe, specification
from integrations.connectors.sql.deliveries import Performer
from integrations.connectors.sql.relations import Relations
from integrations.connectors.sql.rows import encode_row
from integrations.connectors.sql.snapshots import SnapshotReader
from integrations.resources.relations import Procedure, Reading, Relation, Writing, Written
from integrations.transports.sql import Database
from integrations.transports.sql_errors import SqlRefusal
from integrations.transports.threads import Threads, never
from portal.core.errors import NeedsCredentials, Permanent


class SqlClient:
    """Reads streams and writes documents. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._settings = connection.settings
        self._connection = connection
        self._threads = Threads(connection.concurrency)

    def __repr__(self) -> str:
        return f"SqlClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, login, each query and write, and the database's clock."""
        try:
            lines = probe.lines(self._database, self._queries, self._writes)
        except NeedsCredentials as error:
            lines = checks.of_settings(error)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream` by change time and key. KeyError for a stream there is not."""
        query = self._queries[stream]
        limit = max(1, int(self._settings["page_size"]))
        position = polling.Position.of(cursor, query)
        overlap = int(self._settings["overlap_seconds"])
        rows = self._read(query.select, position.values(overlap=overlap, limit=limit))
        behind = position.move(rows, query, limit=limit)
        below = self._below(query, rows)
        object_type = mapper.STREAMS[stream]
        documents = [
            polling.received(object_type, stream, encode_row(row, self._zone))
            for row in polling.gather(rows, below, query)
        ]
        return Page(documents, behind._asdict(), behind.within)

    def _below(self, query: specification.Query, rows: polling.Rows) -> polling.Rows:
        if not rows or not query.lines:
            return []
        return self._read(query.lines, {"keys": polling.keys_of(rows, query)})

    def _read(self, statement: str, values: Mapping[str, Any]) -> polling.Rows:
        try:
            return self._database.rows(statement, values)
        except SqlRefusal as refusal:
            raise Permanent(
                f"The ERP refuses the query: {refusal.words}", code="query_refused"
            ) from refusal

    def levels(self) -> Iterator[LevelSaid]:
        """The stock, as the query `stock` of "What is compared" gives it."""
        return self._snapshots.levels()

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """The orders since a day, without their lines."""
        return self._snapshots.orders(since=since)

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        """The lines of these orders."""
        return self._snapshots.order_lines(remote_ids)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the ERP's clock."""
        return self._zone

    def relations(self) -> list[Relation]:
        """The tables and views that the login sees."""
        return self._relations.all()

    def relation(self, name: str) -> Relation | None:
        """One of them with its columns."""
        return self._relations.one(name)

    def procedures(self) -> list[Procedure]:
        """What the login may call."""
        return self._relations.procedures()

    def read_rows(self, reading: Reading) -> list[dict[str, Any]]:
        """Rows of a table or view, in a transaction that cannot write."""
        return self._relations.read(reading)

    def write_row(self, writing: Writing) -> Written:
        """Look, then write, in one transaction."""
        return self._relations.write(writing)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """One transaction per document, as many at once as the connection allows."""
        perform = Performer(self._database, self._writes, self._meanings)
        return self._threads.each(perform, batch, enough=enough)

    def close(self) -> None:
        self._threads.close()
        if "_database" in self.__dict__:
            self._database.close()

    @cached_property
    def _database(self) -> Database:
        return Database(
            str(self._settings.get("url") or ""),
            password=self._connection.secrets.get("password"),
            connections=self._connection.concurrency,
        )

    @cached_property
    def _relations(self) -> Relations:
        return Relations(self._database)

    @cached_property
    def _queries(self) -> dict[str, specification.Query]:
        return specification.queries(self._settings, dialect=self._database.dialect)

    @cached_property
    def _snapshots(self) -> SnapshotReader:
        return SnapshotReader(specification.snapshots(self._settings), self._read)

    @cached_property
    def _writes(self) -> dict[str, specification.Write]:
        return specification.writes(self._settings, dialect=self._database.dialect)

    @cached_property
    def _meanings(self) -> specification.Meanings:
        return specification.meanings(self._settings)

    @cached_property
    def _zone(self) -> ZoneInfo:
        name = str(self._settings.get("time_zone") or "UTC")
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise NeedsCredentials(f"{name} is not a time zone.", code="settings_invalid") from None

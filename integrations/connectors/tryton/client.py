"""The conversation with one Tryton."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.connectors.tryton import deliveries, probe, reading
from integrations.connectors.tryton.api import Api
from integrations.connectors.tryton.settings import text
from integrations.connectors.tryton.snapshots import SnapshotReader
from integrations.connectors.tryton.stock import StockReader
from integrations.connectors.tryton.streams import STREAMS
from integrations.connectors.tryton.warehouses import Warehouses
from integrations.transports.threads import Threads, never


class TrytonClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._api = Api(connection)
        self._warehouses = Warehouses(self._api, connection)
        self._threads = Threads(connection.concurrency)
        self._stock = StockReader(self._api, self._warehouses)
        self._snapshots = SnapshotReader(self._api, self._stock)

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether Tryton knows the key, what its user may do, and the server's clock."""
        lines = probe.lines(self._api, text(self._connection, "url"))
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        overlap = int(self._connection.settings["overlap_seconds"])
        if stream == "stock":
            return self._stock.page(cursor, overlap=overlap, now=now)
        since = text(self._connection, "since")
        return reading.page(
            self._api, STREAMS[stream], cursor, overlap=overlap, since=since, now=now
        )

    def levels(self) -> Iterator[LevelSaid]:
        """What each warehouse has of each product."""
        return self._snapshots.levels()

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """The sales entered since then."""
        return self._snapshots.orders(since=since)

    def order_lines(self, remote_ids: Sequence[str]) -> Mapping[str, list[LineSaid]]:
        """The lines of these sales, by Tryton's id."""
        return self._snapshots.order_lines(remote_ids)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """Write `batch`: the messages of one order in turn, as many orders at a time as is allowed."""
        for outcomes in self._threads.each(self._performer, deliveries.plan(batch), enough=enough):
            yield from outcomes

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _performer(self) -> deliveries.Performer:
        return deliveries.Performer(self._api, self._connection, self._warehouses)

"""The conversation with one Odoo database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page
from integrations.connectors.odata import first_poll
from integrations.connectors.odoo import probe
from integrations.connectors.odoo.api import Api
from integrations.connectors.odoo.orders import OrderWriter
from integrations.connectors.odoo.polling import Reader
from integrations.connectors.odoo.snapshots import SnapshotReader
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.transports.threads import Threads, never
from portal.core.errors import CrossdockError


class OdooClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._threads = Threads(connection.concurrency)

    def __repr__(self) -> str:
        return f"OdooClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether Odoo knows the user by the key, each list, and its clock."""
        try:
            first_poll.start(self._connection)
        except CrossdockError as error:
            return checks.of_settings(error)
        address = str(self._connection.settings["url"])
        return checks.hushed(probe.lines(address, lambda: self._api), self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        return Reader(self._api, self._connection).page(stream, cursor, now=now)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """Orders, each looked for before it is made, as many at a time as the connection allows."""
        try:
            write = OrderWriter(self._api, self._connection.settings)
        except CrossdockError as error:
            return iter([Outcome(item.message_id, error=error) for item in batch])
        return self._threads.each(write, batch, enough=enough)

    def levels(self) -> Iterator[LevelSaid]:
        """The stock of every product by warehouse and lot."""
        return SnapshotReader(self._api, self._connection).levels()

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """The sales orders placed since then, without their lines."""
        return SnapshotReader(self._api, self._connection).orders(since=since)

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        """The lines of these orders. One that is gone is left out."""
        return SnapshotReader(self._api, self._connection).order_lines(remote_ids)

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _api(self) -> Api:
        return Api(self._connection)

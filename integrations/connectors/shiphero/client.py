"""The conversation with one account."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.inbound import Page
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.shiphero import polling, probe
from integrations.connectors.shiphero.api import conversation_of
from integrations.connectors.shiphero.orders import OrderWriter
from integrations.transports.threads import Threads, never
from portal.core.errors import CrossdockError


class WarehouseClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._threads = Threads(connection.concurrency)

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the token is good, the account's warehouses, and the clock."""
        lines = probe.lines(self._connection, lambda: self._conversation)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        return polling.page(self._conversation, self._connection, stream, cursor, now=now)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """Deliver `batch`: the messages of one order in turn."""
        try:
            writer = OrderWriter(self._conversation, self._connection)
        except CrossdockError as error:
            yield from [Outcome(item.message_id, error=error) for item in batch]
            return
        by_order: dict[str, list[Outbound]] = {}
        for item in batch:
            by_order.setdefault(item.business_key, []).append(item)

        def perform(items: list[Outbound]) -> list[Outcome]:
            return [writer.write(item) for item in items]

        for outcomes in self._threads.each(perform, list(by_order.values()), enough=enough):
            yield from outcomes

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _conversation(self) -> Conversation:
        return conversation_of(self._connection)

"""The conversation with one shop."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from integrations.connectors import checks, store_deliveries
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.inbound import Page, Received
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.store_deliveries import Writers
from integrations.connectors.vendure import deliveries, probe
from integrations.connectors.vendure.api import conversation_of
from integrations.connectors.vendure.polling import Poll
from integrations.transports.threads import Threads, never
from portal.core.errors import Permanent


class ShopClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._threads = Threads(connection.concurrency)

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the shop knows the key, what it may read, and the shop's clock."""
        lines = probe.lines(self._connection, lambda: self._conversation)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        return self._poll.page(stream, cursor, now=now)

    def fetch_order(self, remote_id: str) -> Received:
        """One order as a poll would bring it now. Permanent when the shop has none."""
        found = self._poll.order(remote_id)
        if found is None:
            raise Permanent(f"The shop has no order {remote_id}.", code="not_found")
        return found

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """Deliver `batch`: shipments in turn for one order; stock by the hundred."""
        return store_deliveries.deliver(
            batch, lambda: self._writers, threads=self._threads, enough=enough
        )

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _conversation(self) -> Conversation:
        return conversation_of(self._connection)

    @cached_property
    def _poll(self) -> Poll:
        return Poll(self._conversation, self._connection)

    @cached_property
    def _writers(self) -> Writers:
        return deliveries.writers(self._conversation, self._connection)

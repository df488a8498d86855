"""The conversation with one described system."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.described import probe
from integrations.connectors.described.api import Api
from integrations.connectors.described.deliveries import Performer, Shape, as_it_is
from integrations.connectors.described.reading import Reader
from integrations.connectors.described.system import System
from integrations.connectors.inbound import Page
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.threads import Threads, never
from portal.core.errors import CrossdockError


class DescribedClient:
    """One endpoint's client; kept between batches, safe from any thread. `describe` gives the system of the
    connection and is asked when it is first needed. Raises NeedsCredentials for what cannot be read.
    `shape` makes the body of a write where its mapping alone cannot."""

    def __init__(
        self,
        connection: Connection,
        *,
        describe: Callable[[Connection], System],
        shape: Shape = as_it_is,
    ) -> None:
        self._connection = connection
        self._describe, self._shape = describe, shape
        self._threads = Threads(connection.concurrency)

    def __repr__(self) -> str:
        return f"DescribedClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the system takes the credentials, each described list, and its clock."""
        try:
            lines = probe.lines(self._connection, self._system, lambda: self._api)
        except CrossdockError as error:
            lines = checks.of_settings(error)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream that the description has not."""
        described = self._system.streams[stream]
        return Reader(self._api, self._system, self._threads).page(described, cursor, now=now)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """One call for each item, or for a few where the system takes them together; as many at a time as
        the connection allows."""
        try:
            performer = Performer(self._api, self._system, self._shape)
        except CrossdockError as error:
            yield from [Outcome(item.message_id, error=error) for item in batch]
            return
        for outcomes in self._threads.each(performer, performer.parted(batch), enough=enough):
            yield from outcomes

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _system(self) -> System:
        return self._describe(self._connection)

    @cached_property
    def _api(self) -> Api:
        return Api(self._connection, self._system)

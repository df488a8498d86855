"""The conversation with one system that speaks OData: what it lists, and orders for it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page
from integrations.connectors.odata import probe
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.reading import Reader
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.threads import Threads, never
from portal.core.errors import CrossdockError


class ODataClient(ABC):
    """One endpoint's client; kept between batches, safe from any thread. `_rights` says what to do where a
    list may not be read."""

    _rights: ClassVar[str]

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._threads = Threads(connection.concurrency)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the system takes the credentials, each list, and its clock."""
        try:
            listings = list(self._listings().values())
        except CrossdockError as error:
            return checks.of_settings(error)
        address = str(self._connection.settings["url"])
        lines = probe.lines(address, lambda: self._api, listings, rights=self._rights)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        listing = self._listings()[stream]
        page = Reader(self._api).page(listing, cursor, now=now)
        return self._with_orders(page) if listing.object_type == "shipment" else page

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """One order in one call each, as many at a time as the connection allows."""
        try:
            write = self._writer()
        except CrossdockError as error:
            return iter([Outcome(item.message_id, error=error) for item in batch])
        return self._threads.each(write, batch, enough=enough)

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _api(self) -> Api:
        return self._opened()

    @abstractmethod
    def _opened(self) -> Api:
        """The calls of the endpoint. Raises NeedsCredentials for what is not entered."""

    @abstractmethod
    def _listings(self) -> Mapping[str, Listing]:
        """Its lists by stream. Raises NeedsCredentials for what is not entered."""

    @abstractmethod
    def _with_orders(self, page: Page) -> Page:
        """Shipments with what the system says of their orders."""

    @abstractmethod
    def _writer(self) -> Callable[[Outbound], Outcome]:
        """What writes one order."""

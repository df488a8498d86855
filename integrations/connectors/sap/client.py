"""The conversation with one SAP system."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page
from integrations.connectors.odata import probe
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.orders_of import OrderStates
from integrations.connectors.odata.reading import Reader
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.sap import mapper, services
from integrations.connectors.sap.orders import OrderWriter
from integrations.transports.threads import Threads, never
from portal.core.errors import CrossdockError

_RIGHTS = (
    "Have the communication arrangements for sales orders, deliveries, stock, products, business partners"
    " and billing documents set up for our user, or leave the stream out."
)


class SapClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._threads = Threads(connection.concurrency)

    def __repr__(self) -> str:
        return f"SapClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the system takes the credentials, each list, and its clock."""
        try:
            listings = list(services.listings(self._connection).values())
        except CrossdockError as error:
            return checks.of_settings(error)
        address = str(self._connection.settings["url"])
        lines = probe.lines(address, lambda: self._api, listings, rights=_RIGHTS)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        listing = services.listings(self._connection)[stream]
        page = Reader(self._api).page(listing, cursor, now=now)
        if listing.object_type != "shipment":
            return page
        orders = OrderStates(
            self._api, services.ORDERS, number="SalesOrder", state="OverallDeliveryStatus"
        )
        return page._replace(documents=orders.joined(page.documents, mapper.orders_of))

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """One order in one call each, as many at a time as the connection allows."""
        try:
            write = OrderWriter(self._api, self._connection.settings)
        except CrossdockError as error:
            return iter([Outcome(item.message_id, error=error) for item in batch])
        return self._threads.each(write, batch, enough=enough)

    def close(self) -> None:
        self._threads.close()

    @cached_property
    def _api(self) -> Api:
        return services.api_of(self._connection)

"""The conversation with one store."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors import checks, store_deliveries
from integrations.connectors.client import Check, Placed
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page, Received
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.connectors.store_deliveries import Writers
from integrations.connectors.woocommerce import deliveries, mapper, polling, probe, rehearsal
from integrations.connectors.woocommerce.api import Api
from integrations.connectors.woocommerce.catalogue import Catalogue
from integrations.connectors.woocommerce.snapshots import SnapshotReader
from integrations.transports.http import encode
from integrations.transports.threads import Threads, never

_EVERYTHING_SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LISTS: Final = {"orders": "/orders", "products": "/products", "refunds": "/orders"}


class StoreClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._api = Api(connection)
        self._catalogue = Catalogue(self._api)
        self._threads = Threads(connection.concurrency)
        self._snapshots = SnapshotReader(self._api, connection)

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the store knows the key, what the key may do, and the store's clock."""
        lines = probe.lines(self._api, str(self._connection.settings["url"]))
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream`. KeyError for a stream this connector does not have."""
        if stream == "customers":
            return self._sweep(cursor)
        position = polling.ByChange.of(cursor).begin(
            overlap=int(self._connection.settings["overlap_seconds"]),
            first=self._first(stream, now),
        )
        rows = polling.rows_of(self._api.get(_LISTS[stream], self._query(stream, position)))
        behind, more = position.move(rows)
        return Page(self._documents(stream, rows), behind._asdict(), more)

    def _first(self, stream: str, now: datetime) -> datetime:
        if stream == "products":
            return _EVERYTHING_SINCE
        return polling.first_moment(self._connection.settings["orders_since"], now)

    def _query(self, stream: str, position: polling.ByChange) -> dict[str, str]:
        return position.params() | ({} if stream == "products" else {"status": "any"})

    def _documents(self, stream: str, rows: list[polling.Row]) -> list[Received]:
        if stream == "refunds":
            refunded = [row for row in rows if row.entry.get("refunds")]
            return [refund for row in refunded for refund in self._refunds(row)]
        object_type = mapper.STREAMS[stream]
        return [polling.received(object_type, f"{object_type}.polled", row) for row in rows]

    def _refunds(self, order: polling.Row) -> Iterator[Received]:
        """The refunds of an order, each with the number of its order, which the store omits."""
        entry = order.entry
        named = encode({"id": entry["id"], "number": str(entry.get("number", ""))}).decode()
        answer = self._api.get(f"/orders/{entry['id']}/refunds", {"per_page": "100"})
        for row in polling.rows_of(answer):
            body = f'{{"order":{named},"refund":{row.raw}}}'
            yield polling.received("return", "refund.polled", row, body=body)

    def _sweep(self, cursor: Mapping[str, Any]) -> Page:
        position = polling.BySweep.of(cursor)
        query = position.params() | {"role": "all"}
        rows = polling.rows_of(self._api.get("/customers", query))
        behind, more = position.move(rows)
        documents = [polling.received("customer", "customer.polled", row) for row in rows]
        return Page(documents, behind._asdict(), more)

    def levels(self) -> Iterator[LevelSaid]:
        """What the store shows of each product that it counts."""
        return self._snapshots.levels()

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """The orders placed since then."""
        return self._snapshots.orders(since=since)

    def order_lines(self, remote_ids: Sequence[str]) -> Mapping[str, list[LineSaid]]:
        """The lines of these orders, by the store's id."""
        return self._snapshots.order_lines(remote_ids)

    def fetch_order(self, remote_id: str) -> Received:
        """One order as a poll would bring it now. Permanent when the store has none."""
        return self._snapshots.fetch_order(remote_id)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """Deliver `batch`: one call for each order, in turn for one order; stock by the hundred."""
        return store_deliveries.deliver(batch, self._writers, threads=self._threads, enough=enough)

    def place_test_order(self, sku: str, *, note: str) -> Placed:
        """An order for one of `sku`, in a status that releases it, to an address that says it is a
        test. NeedsPerson when the store has no such product or refuses the order."""
        return rehearsal.place(self._api, self._connection, sku, note=note)

    def remove_test_order(self, remote_id: str) -> None:
        """Delete the order, past the store's bin."""
        rehearsal.remove(self._api, remote_id)

    def close(self) -> None:
        self._threads.close()

    def _writers(self) -> Writers:
        return deliveries.writers(self._api, self._catalogue, self._connection.settings)

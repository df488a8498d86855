"""The conversation with one seller's account, as `description.yaml` says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from integrations.connectors.amazon.settings import AMAZON_COM, SETTINGS
from integrations.connectors.amazon.writing import referred, shape
from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.described.settled import settle
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.threads import never

SYSTEM: Final = shipped.read(__file__, SETTINGS)


class AmazonClient(DescribedClient):
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        product_type = str(connection.settings["product_type"]).strip()
        # Amazon takes lists of ids with commas between.
        marketplaces = ",".join(connection.lines("marketplaces") or [AMAZON_COM])
        super().__init__(
            replace(connection, settings={**connection.settings, "marketplaces": marketplaces}),
            describe=lambda one: settle(SYSTEM, one.settings),
            shape=partial(shape, product_type=product_type),
        )

    def __repr__(self) -> str:
        return f"AmazonClient({self._connection.slug})"

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """One call for each item, shipments with the number that Amazon knows their package by."""
        return super().deliver([referred(item) for item in batch], enough=enough)

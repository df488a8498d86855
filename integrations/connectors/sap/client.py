"""The conversation with one SAP system."""

from collections.abc import Callable, Mapping

from integrations.connectors.inbound import Page
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.client import ODataClient
from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.orders_of import OrderStates
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.sap import mapper, services
from integrations.connectors.sap.orders import OrderWriter


class SapClient(ODataClient):
    _rights = (
        "Have the communication arrangements for sales orders, deliveries, stock, products, business partners"
        " and billing documents set up for our user, or leave the stream out."
    )

    def _opened(self) -> Api:
        return services.api_of(self._connection)

    def _listings(self) -> Mapping[str, Listing]:
        return services.listings(self._connection)

    def _with_orders(self, page: Page) -> Page:
        orders = OrderStates(
            self._api, services.ORDERS, number="SalesOrder", state="OverallDeliveryStatus"
        )
        return page._replace(documents=orders.joined(page.documents, mapper.orders_of))

    def _writer(self) -> Callable[[Outbound], Outcome]:
        return OrderWriter(self._api, self._connection.settings)

"""The conversation with one company in Business Central."""

from collections.abc import Callable, Mapping

from integrations.connectors.businesscentral import mapper, services
from integrations.connectors.businesscentral.orders import OrderWriter
from integrations.connectors.inbound import Page
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.client import ODataClient
from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.orders_of import OrderStates
from integrations.connectors.outbound import Outbound, Outcome


class BusinessCentralClient(ODataClient):
    _rights = (
        "In Business Central, on the page Microsoft Entra Applications, give the application permission sets"
        " that read these lists, such as D365 READ, and D365 SALES DOC, EDIT for orders."
    )

    def _opened(self) -> Api:
        return services.api_of(self._connection)

    def _listings(self) -> Mapping[str, Listing]:
        return services.listings(self._connection)

    def _with_orders(self, page: Page) -> Page:
        path = f"{services.company(self._connection)}/salesOrders"
        orders = OrderStates(self._api, path, number="number", state="fullyShipped")
        return page._replace(documents=orders.joined(page.documents, mapper.orders_of))

    def _writer(self) -> Callable[[Outbound], Outcome]:
        return OrderWriter(self._api, self._connection)

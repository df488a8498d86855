"""The services of an SAP system: where orders go, and which lists are polled."""

from collections.abc import Mapping
from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.odata import first_poll, values
from integrations.connectors.odata.access import basic_site, token_site
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.version import V2
from integrations.connectors.sap.settings import BASIC

ORDER_SERVICE: Final = "/API_SALES_ORDER_SRV"
ORDERS: Final = f"{ORDER_SERVICE}/A_SalesOrder"
ITEMS: Final = f"{ORDER_SERVICE}/A_SalesOrderItem"
# SAP leaves the day of the last change empty until there is one.
_CHANGED: Final = ("LastChangeDate", "CreationDate")
# A goods issue is news, whether or not it counts as a change of the delivery.
_ISSUED: Final = ("LastChangeDate", "CreationDate", "ActualGoodsMovementDate")


def api_of(connection: Connection) -> Api:
    """NeedsCredentials where what signs us in is not entered."""
    settings = connection.settings
    path = str(settings["service_path"]).strip("/ ")
    base = f"{str(settings['url']).rstrip('/')}/{path}".rstrip("/")
    headers = {"Accept-Language": str(settings["language"]).lower() or "en"}
    if client := str(settings["client"]).strip():
        headers["sap-client"] = client
    if settings["signs_in"] == BASIC:
        site = basic_site(connection, base, headers=headers)
    else:
        token_url = str(settings["token_url"] or "")
        site = token_site(connection, base, token_url=token_url, headers=headers)
    return Api(site, base, V2, session=f"{ORDER_SERVICE}/")


def listings(connection: Connection) -> Mapping[str, Listing]:
    """The lists by the names of their streams. Permanent for a first moment that is none."""
    settings = connection.settings
    organisation = str(settings["sales_organization"]).strip()
    ours = f"SalesOrganization eq {values.literal(organisation)}" if organisation else ""
    issued = "OverallGoodsMovementStatus eq 'C'"
    start = first_poll.start(connection)
    found = [
        Listing(
            "deliveries", "shipment", f"/{settings['delivery_service']}/A_OutbDeliveryHeader",
            key="DeliveryDocument", changed=_ISSUED, in_days=True, by_key=True, size=50,
            where=f"{issued} and {ours}" if ours else issued,
            parameters=(("$expand", "to_DeliveryDocumentItem"),), a_day=True, start=start,
        ),
        Listing(
            "stock", "inventory", "/API_MATERIAL_STOCK_SRV/A_MaterialStock",
            key="Material", by_key=True, size=100,
            parameters=(("$expand", "to_MatlStkInAcctMod"),),
        ),
        Listing(
            "products", "product", "/API_PRODUCT_SRV/A_Product",
            key="Product", changed=_CHANGED, in_days=True, by_key=True,
            parameters=(("$expand", "to_Description"),),
        ),
        Listing(
            "customers", "customer", "/API_BUSINESS_PARTNER/A_BusinessPartner",
            key="BusinessPartner", changed=_CHANGED, in_days=True, by_key=True, size=50,
            where="Customer ne ''",
            parameters=(
                ("$expand", "to_BusinessPartnerAddress/to_EmailAddress,"
                            "to_BusinessPartnerAddress/to_PhoneNumber"),
            ),
        ),
        Listing(
            "billing_documents", "invoice", "/API_BILLING_DOCUMENT_SRV/A_BillingDocument",
            key="BillingDocument", changed=_CHANGED, in_days=True, by_key=True, size=50,
            where=ours, parameters=(("$expand", "to_Item"),), a_day=True, start=start,
        ),
    ]  # fmt: skip
    return {listing.name: listing for listing in found}

"""The API of one company: where orders go, and which lists are polled."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from integrations.connectors.businesscentral.settings import GUID
from integrations.connectors.connection import Connection
from integrations.connectors.odata import first_poll
from integrations.connectors.odata.access import token_site
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.version import V4
from portal.core.errors import Permanent

_TOKENS: Final = "https://login.microsoftonline.com/{}/oauth2/v2.0/token"
_SCOPE: Final = "https://api.businesscentral.dynamics.com/.default"
# 6,000 calls in five minutes are a user's share; other programmes have theirs of it.
_PER_SECOND: Final = 15
_PER_PAGE: Final = 200
_POLLS_WITH: Final = {
    "Prefer": f"odata.maxpagesize={_PER_PAGE}",
    # Lists are read from a replica, where there is one: orders are not slowed down.
    "Data-Access-Intent": "ReadOnly",
}
_CHANGED: Final = ("lastModifiedDateTime",)


def api_of(connection: Connection) -> Api:
    """NeedsCredentials where what signs us in is not entered."""
    settings = connection.settings
    tenant, environment = (
        quote(str(settings[name]).strip(), safe="") for name in ("tenant", "environment")
    )
    base = f"{str(settings['url']).rstrip('/')}/v2.0/{tenant}/{environment}/api/v2.0"
    token_url = str(settings["token_url"] or "").strip() or _TOKENS.format(tenant)
    site = token_site(connection, base, token_url=token_url, scope=_SCOPE, identifies="body")
    return Api(site, base, V4, per_second=_PER_SECOND, polls_with=_POLLS_WITH)


def company(connection: Connection) -> str:
    """The path of the company. Permanent for an id that is none."""
    entered = str(connection.settings["company"]).strip()
    if not GUID.fullmatch(entered):
        raise Permanent(f"“Company” is “{entered[:40]}”, not an id", code="bad_setting")
    return f"/companies({entered})"


def listings(connection: Connection) -> Mapping[str, Listing]:
    """The lists by the names of their streams. Permanent for settings that cannot be used."""
    home, start = company(connection), first_poll.start(connection)
    found = [
        Listing(
            "shipments", "shipment", f"{home}/salesShipments", key="id", changed=_CHANGED,
            parameters=(("$expand", "salesShipmentLines"),), a_day=True, start=start,
        ),
        Listing(
            "stock", "inventory", f"{home}/items", key="id", where="type eq 'Inventory'",
            parameters=(("$select", "id,number,type,inventory,baseUnitOfMeasureCode"),),
        ),
        Listing("items", "product", f"{home}/items", key="id", changed=_CHANGED),
        Listing("customers", "customer", f"{home}/customers", key="id", changed=_CHANGED),
        Listing(
            "invoices", "invoice", f"{home}/salesInvoices", key="id", changed=_CHANGED,
            where="status ne 'Draft'",
            parameters=(("$expand", "salesInvoiceLines"),), a_day=True, start=start,
        ),
        Listing(
            "credit_memos", "invoice", f"{home}/salesCreditMemos", key="id", changed=_CHANGED,
            where="status ne 'Draft'",
            parameters=(("$expand", "salesCreditMemoLines"),), a_day=True, start=start,
        ),
    ]  # fmt: skip
    return {listing.name: listing for listing in found}

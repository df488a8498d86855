"""What a person enters for a company in Business Central."""

import re
from typing import Final

from integrations.connectors.connection import Connection, Setting
from integrations.connectors.odata import first_poll

DELETED: Final = "delete the order"
BY_HAND: Final = "a person cancels it"
GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _complaint(entered: str) -> str:
    if GUID.fullmatch(entered.strip()):
        return ""
    return "It must be an id such as 5d115c9c-44e3-ea11-bb43-000d3a2feca1."


SETTINGS = (
    Setting(
        "url",
        "Address of the API",
        "Microsoft's own, unless an installation has another.",
        kind="url",
        required=False,
        default="https://api.businesscentral.dynamics.com",
        place=True,
    ),
    Setting(
        "tenant",
        "Tenant",
        "The directory (tenant) ID of the application's registration in Microsoft Entra ID.",
        place=True,
    ),
    Setting(
        "environment",
        "Environment",
        "As the Business Central admin center calls it.",
        required=False,
        default="Production",
    ),
    Setting(
        "company",
        "Company",
        "The id of the company, as the list `companies` of the API tells it.",
        check=_complaint,
    ),
    Setting(
        "token_url",
        "Token address",
        "Empty: Microsoft's own for the tenant.",
        required=False,
        default="",
        kind="url",
        place=True,
        seldom=True,
    ),
    Setting("client_id", "Client ID", "The application (client) ID of the registration."),
    Setting("client_secret", "Client secret", "The value of the secret, not its ID.", secret=True),
    Setting(
        "house_account",
        "Customer of all orders",
        "A customer number, for a shop whose buyers are no customers of their own. Empty: the order's"
        " customer account.",
        required=False,
        default="",
    ),
    Setting(
        "cancels",
        "What a cancel does",
        "Business Central has no cancelled orders: they are deleted, as long as nothing has shipped.",
        required=False,
        default=BY_HAND,
        kind="choice",
        choices=(BY_HAND, DELETED),
    ),
    Setting(
        "site",
        "Site of stock and shipments",
        "The API tells no locations: this is the one all of it is told for.",
        required=False,
        default="MAIN",
    ),
    first_poll.SETTING,
)


def takes_cancels(connection: Connection) -> bool:
    """Whether an order can be cancelled by sending it again."""
    return connection.settings.get("cancels") == DELETED
